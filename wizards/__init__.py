from . import account_bank_statement_import
from . import account_make_payment
from . import account_plan_payments
from . import account_reconcile_accounts
from . import account_reconciliation_modify
from . import account_bank_adjustment
from . import account_bank_period_reason
from . import account_bank_transfer
