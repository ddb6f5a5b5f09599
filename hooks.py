"""What installing and uninstalling do to a ledger that is already there."""

import logging

_logger = logging.getLogger(__name__)


def post_init_hook(env):
    """Give every posted document its items and every partial its reconciliation lines, set-based."""
    items = env["account.reconciliation.item"]._build_all()
    lines = env["account.reconciliation.line"]._pour_all()
    _logger.info("Existing ledger: %s items, %s reconciliation lines", items, lines)


def uninstall_hook(env):
    """Take the database functions away; the tables go with their models, Odoo's own records were never changed."""
    env.cr.execute("DROP FUNCTION IF EXISTS account_reconciliation_follow_lines() CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS account_reconciliation_follow_planned_lines() CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS account_reconciliation_follow_planned_payments() CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS account_reconciliation_plan_items(integer[]) CASCADE")
