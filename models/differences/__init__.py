from . import account_difference_policy
from . import account_difference
from . import account_bank_statement_line
