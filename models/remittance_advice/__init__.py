from . import res_company
from . import res_config_settings
from . import account_remittance_advice
from . import account_remittance_advice_line
from . import account_remittance_advice_read
from . import account_remittance_advice_documents
from . import account_remittance_advice_book
from . import account_bank_statement_line
