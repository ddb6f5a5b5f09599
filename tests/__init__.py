from . import (
    test_items,
    test_modify_delete,
    test_reconcile_accounts,
    test_status,
    test_tours,
    test_waterfall,
)
