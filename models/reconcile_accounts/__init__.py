from . import account_bulk_reconcile
from . import account_bulk_reconcile_compat
from . import account_reconciliation_run
from . import account_reconciliation_run_account
from . import account_reconciliation_run_undo
from . import account_reconciliation_run_account_undo
from . import account_reconciliation_run_queue_job
from . import res_partner
