from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.common.actions import CLOSE_DONE, notify
from ..models.common.permissions import BANK, require
from ..models.common.remote_calls import remote_call


class AccountBankMatchMany(models.TransientModel):
    """“Match several”: what is certain, good suggestions, or one preset, for all the transactions that are selected."""

    _name = "account.bank.match.many"
    _description = "Match several bank transactions"

    line_ids = fields.Many2many("account.bank.statement.line", string="Transactions", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_waiting")
    waiting_count = fields.Integer("Unmatched", compute="_compute_waiting")
    mode = fields.Selection(
        [
            ("certain", "Auto-match what is certain"),
            ("suggestions", "The best suggestion, from a confidence on"),
            ("preset", "All by one preset"),
        ],
        "Match",
        required=True,
        default="suggestions",
    )
    confidence = fields.Float(
        default=0.9, help="Suggestions that are less sure, or that have a close alternative, are skipped."
    )
    preset_id = fields.Many2one(
        "account.reconcile.model",
        domain="[('company_id', 'parent_of', company_id), ('is_preset', '=', True)]",
    )

    @api.depends("line_ids")
    def _compute_waiting(self):
        for wizard in self:
            waiting = wizard.line_ids.filtered(lambda line: line.match_status == "unmatched")
            wizard.waiting_count = len(waiting)
            wizard.company_id = waiting.company_id[:1]

    @remote_call(one=True)
    def action_match(self):
        """Match, then tell how many were."""
        require(self.env, BANK)
        waiting = self.line_ids.filtered(lambda line: line.match_status == "unmatched")
        messages = []
        if self.mode == "preset":
            if not self.preset_id:
                raise UserError(self.env._("Choose the preset that the transactions are booked by."))
            waiting.match_expense(self.preset_id)
            matched = len(waiting)
        elif self.mode == "certain":
            done = waiting.auto_match()
            matched = done["matched"] + done["by_rule"]
        else:
            done = waiting.accept_suggestions(self.confidence)
            matched, messages = done["accepted"], done["messages"]
        text = self.env._("%(matched)s of %(all)s transactions are matched.", matched=matched, all=len(waiting))
        return notify("\n".join([text, *messages]), "success" if matched else "info", then=CLOSE_DONE)
