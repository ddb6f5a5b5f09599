from . import (
    test_access,
    test_allocation_order,
    test_bad_input,
    test_bank_import,
    test_bank_import_lookalikes,
    test_bank_import_tours,
    test_bulk,
    test_bulk_run,
    test_bulk_same_as_odoo,
    test_bank_discrepancies,
    test_bank_page_speed,
    test_bank_periods,
    test_bank_periods_access,
    test_bank_periods_tour,
    test_bank_quarter,
    test_bank_remittances,
    test_bank_snapshots,
    test_contention,
    test_cut_off,
    test_demo,
    test_docs,
    test_integrators,
    test_first_steps,
    test_faults,
    test_items,
    test_killed_run,
    test_lookalikes,
    test_modify_delete,
    test_online_payments,
    test_overview,
    test_planned_payments,
    test_planned_portal,
    test_planned_run,
    test_portal_items,
    test_processing_payments,
    test_queue_job,
    test_random_ledger,
    test_reconcile_accounts,
    test_report_tours,
    test_reminders,
    test_reports,
    test_schedule,
    test_statement_column_sets,
    test_statement_formats,
    test_statement_fuzz,
    test_statement_sheets,
    test_statement_tables,
    test_status,
    test_tours,
    test_waterfall,
    test_labels,
    test_scoring,
    test_assignment,
    test_matcher,
    test_match_memory,
)
from . import test_bank_match
from . import test_bank_decisions
from . import test_bank_auto
from . import test_bank_access
from . import test_bank_matching_screen, test_bank_matching_tours
from . import test_bank_match_dialogs
from . import test_hostile, test_hostile_texts
from . import test_beside_oca
from . import test_simulator
from . import test_translations, test_translatable, test_french_user
from . import test_branches
