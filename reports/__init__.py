from . import account_reconciliation_transaction
from . import account_reconciliation_report
from . import account_reconciliation_breakdown
from . import account_reconciliation_payment
from . import account_reconciliation_paid_item
from . import account_reconciliation_overview
from . import printed_reports
