# The order of the capabilities is the order in which they extend each other.
from . import common
from . import items
from . import planned_payments
from . import reconcile_accounts
from . import bank_import
from . import bank_matching
from . import settlements
from . import returns
from . import differences
from . import remittance_advice
from . import bank_batches
from . import bank_periods
from . import ledger_accounts
from . import overview
