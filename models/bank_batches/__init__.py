from . import account_bank_batch
from . import account_bank_batch_part
from . import account_bank_batch_book
from . import account_payment
from . import account_bank_statement_line
