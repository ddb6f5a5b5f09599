from . import res_company
from . import res_config_settings
from . import account_settlement
from . import account_settlement_entry
from . import account_settlement_places
from . import account_settlement_book
from . import account_bank_statement_line
from . import account_journal
