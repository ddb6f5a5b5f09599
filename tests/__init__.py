from . import (
    test_items,
    test_modify_delete,
    test_planned_payments,
    test_reconcile_accounts,
    test_schedule,
    test_status,
    test_waterfall,
)
