from odoo import api, fields, models
from odoo.tools import format_datetime

from ..common.actions import notify_with_undo
from ..common.permissions import BANK, DELETE, require
from ..common.remote_calls import remote_call

KINDS = [
    ("manual", "By hand"),
    ("suggestion", "Suggestion accepted"),
    ("difference", "With its difference booked"),
    ("rule", "By a rule"),
]
STATES = [
    ("done", "Done"),
    ("undoing", "Being undone"),
    ("undone", "Undone"),
    ("kept", "Not undone, or in part"),
]


class AccountLedgerReconciliation(models.Model):
    """What was reconciled on an account at once: which lines, when and by whom; by it the reconciliation is undone."""

    _name = "account.ledger.reconciliation"
    _description = "Reconciliation of an account"
    _inherit = ["reconciliation.guarded.mixin", "reconciliation.state.mixin"]
    _order = "id desc"

    account_id = fields.Many2one(
        "account.account", required=True, readonly=True, guarded=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, guarded=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    create_uid = fields.Many2one("res.users", "By", readonly=True)
    create_date = fields.Datetime("When", readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, guarded=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="done", guarded=True)
    rule_id = fields.Many2one("account.ledger.rule", readonly=True, guarded=True, ondelete="set null")
    run_id = fields.Many2one("account.ledger.run", readonly=True, guarded=True, index=True, ondelete="set null")
    line_count = fields.Integer("Lines", readonly=True, guarded=True)
    partial_count = fields.Integer("Reconciliations", readonly=True, guarded=True)
    amount = fields.Monetary(readonly=True, guarded=True, help="What was reconciled, in company currency.")
    difference = fields.Monetary(
        readonly=True, guarded=True, help="What was left between debits and credits and booked to another account."
    )
    move_id = fields.Many2one(
        "account.move", "Entry of the difference", readonly=True, guarded=True, ondelete="set null"
    )
    line_keys = fields.Json("Journal items", readonly=True, guarded=True, help="Their numbers, also once undone.")
    partial_keys = fields.Json("Ids of the reconciliations", readonly=True, guarded=True)
    message = fields.Char("Why", readonly=True, guarded=True)

    _transitions = frozenset({
        ("done", "undoing"), ("kept", "undoing"), ("undoing", "done"), ("undoing", "undone"), ("undoing", "kept"),
    })  # fmt: skip

    @api.depends("create_date", "account_id")
    def _compute_display_name(self):
        for one in self:
            when = format_datetime(self.env, one.create_date, dt_format="short") if one.create_date else ""
            one.display_name = f"{one.account_id.display_name}, {when}"

    @api.model
    def _note(self, account, kind, lines, partials, **values):
        """Keep what was reconciled at once.

        :param account: account.account
        :param lines: the account.move.line records that were chosen
        :param partials: the account.partial.reconcile records that were made
        :return: the account.ledger.reconciliation
        """
        company = lines.company_id
        # The addon's own bookkeeping; the callers check the permission.
        return self.sudo().create({
            "account_id": account.id,
            # What concerns several branches is kept by their root.
            "company_id": (company if len(company) == 1 else company.root_id).id,
            "kind": kind,
            "line_count": len(lines),
            "line_keys": lines.ids,
            "partial_count": len(partials),
            "partial_keys": partials.ids,
            "amount": sum(partials.mapped("amount")),
            **values,
        }).with_env(self.env)  # fmt: skip

    def _notify(self, message, can_undo=True):
        """An action that says what was done, with the button that undoes it."""
        return notify_with_undo(message, self if can_undo and self.env.user.has_group(DELETE) else None)

    @remote_call(one=True)
    def action_open_lines(self):
        """List the journal items that were reconciled."""
        require(self.env, BANK)
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("account_reconciliation.action_ledger_lines")
        return {**action, "domain": [("id", "in", self.line_keys or [])], "context": {}}
