"""What uninstalling does to a ledger."""


def uninstall_hook(env):
    """Take the database functions away; the tables go with their models, Odoo's own records were never changed."""
    env.cr.execute("DROP FUNCTION IF EXISTS account_reconciliation_follow_lines() CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS account_reconciliation_follow_planned_lines() CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS account_reconciliation_follow_planned_payments() CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS account_reconciliation_plan_items(integer[]) CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS account_reconciliation_allocate_lines(integer[], integer) CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS account_reconciliation_take_partials(integer[]) CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS account_reconciliation_statuses(integer[], integer[]) CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS account_reconciliation_build_items(integer[]) CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS account_reconciliation_guard_decisions() CASCADE")
