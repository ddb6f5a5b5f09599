from . import (
    test_access,
    test_bad_input,
    test_bank_import,
    test_bank_import_tours,
    test_items,
    test_modify_delete,
    test_random_ledger,
    test_reconcile_accounts,
    test_status,
    test_tours,
    test_waterfall,
)
