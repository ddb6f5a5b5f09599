from odoo import api, fields, models

from ..common.context_keys import OPEN_IN_PROOF
from ..common.permissions import BANK


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # What is open on an account, oldest first (engine/ledger_accounts/open_lines_sql.py). Only lines with open amounts
    # are in it, and reconciling one is already no cheap update because of Odoo's own index over what is not reconciled.
    _ledger_open_idx = models.Index(
        "(account_id, date, id) WHERE parent_state = 'posted' AND reconciled IS NOT TRUE"
        " AND (amount_residual <> 0 OR amount_residual_currency <> 0)"
    )
    amount_open_in_proof = fields.Monetary(
        "Open on the day", compute="_compute_amount_open_in_proof", currency_field="company_currency_id", groups=BANK,
        help="What was open at the end of the day that is proved, whatever was reconciled since.",
    )  # fmt: skip

    @api.depends_context(OPEN_IN_PROOF)
    def _compute_amount_open_in_proof(self):
        number = self.env.context.get(OPEN_IN_PROOF)
        proof = self.env["account.ledger.proof"].browse(number if isinstance(number, int) else ()).exists()
        proof.check_access("read")
        amounts = {row[0]: float(row[7]) for row in proof._open_rows()} if proof else {}
        for line in self:
            line.amount_open_in_proof = amounts.get(line.id, 0.0)
