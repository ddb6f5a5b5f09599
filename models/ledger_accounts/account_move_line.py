from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # What is open on an account, oldest first (engine/ledger_accounts/open_lines_sql.py). Only lines with open amounts
    # are in it, and reconciling one is already no cheap update because of Odoo's own index over what is not reconciled.
    _ledger_open_idx = models.Index(
        "(account_id, date, id) WHERE parent_state = 'posted' AND reconciled IS NOT TRUE"
        " AND (amount_residual <> 0 OR amount_residual_currency <> 0)"
    )
