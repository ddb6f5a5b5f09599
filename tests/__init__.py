from . import (
    test_items,
    test_killed_run,
    test_modify_delete,
    test_online_payments,
    test_planned_payments,
    test_planned_portal,
    test_planned_run,
    test_processing_payments,
    test_reconcile_accounts,
    test_schedule,
    test_status,
    test_waterfall,
)
