from . import account_bank_statement
from . import account_bank_statement_line
from . import account_journal
from . import account_journal_batches
from . import account_journal_duplicates
from . import account_journal_write
