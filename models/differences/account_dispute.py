from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.common.odoo_types import SIDE_SELECTION
from ...engine.differences.disputes_sql import is_open
from ..common import kinds
from ..common.remote_calls import remote_call
from .account_difference_policy import REASONS

DISPUTE_REASONS = [*REASONS[:-1], ("not_received", "Goods not received"), ("dispute", "Dispute"), REASONS[-1]]
STATES = [("open", "Disputed"), ("resolved", "Resolved"), ("withdrawn", "Withdrawn")]


class AccountDispute(models.Model):
    """What a client or vendor has not paid of a document for a reason that was accepted: it stays open, and is listed
    and aged apart and left out of reminders, until a payment, a credit note or a write-off settles it.

    Whether it is settled is computed from the document, whichever way that is paid.
    """

    _name = "account.dispute"
    _description = "Disputed amount"
    _inherit = ["reconciliation.guarded.mixin"]
    _order = "date desc, id desc"
    _rec_name = "move_id"

    move_id = fields.Many2one("account.move", "Document", required=True, readonly=True, guarded=True, index=True,
                              ondelete="cascade")  # fmt: skip
    statement_line_id = fields.Many2one(
        "account.bank.statement.line", "Paid short by", readonly=True, guarded=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip
    partner_id = fields.Many2one("res.partner", "Account owner", readonly=True, guarded=True, index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, readonly=True, guarded=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, guarded=True)
    side = fields.Selection(SIDE_SELECTION, "Account type", readonly=True,
                            guarded=True)  # fmt: skip
    date = fields.Date("Disputed on", required=True, readonly=True, guarded=True)
    reason = fields.Selection(DISPUTE_REASONS, required=True, readonly=True, guarded=True)
    note = fields.Char("Payer's words", readonly=True, guarded=True)
    amount = fields.Monetary("Disputed", readonly=True, guarded=True, help="What was open when it was disputed.")
    amount_open = fields.Monetary("Still open", compute="_compute_state")
    days = fields.Integer(compute="_compute_days", help="Since it was disputed.")
    date_withdrawn = fields.Date("Withdrawn on", readonly=True, guarded=True)
    # The journal items that this dispute has left out of reminders: those that a person had left out are not its own.
    marked = fields.Json(readonly=True, guarded=True, prefetch=False, groups="base.group_no_one")
    # The due lines of which something was left short; of older disputes, all of the document.
    due_lines = fields.Json("Due lines", readonly=True, guarded=True, groups="base.group_no_one")
    state = fields.Selection(STATES, compute="_compute_state", search="_search_state")
    resolution = fields.Char("Settled by", compute="_compute_state")

    _open_idx = models.UniqueIndex(
        "(move_id) WHERE date_withdrawn IS NULL",
        "This document is disputed already. Withdraw that dispute first, or look at it.",
    )

    @api.depends("move_id", "date")
    def _compute_display_name(self):
        for dispute in self:
            # A user who sees the dispute sees the number of its document.
            dispute.display_name = self.env._("%s, disputed", dispute.sudo().move_id.display_name)

    @api.depends("date_withdrawn", "amount")
    def _compute_state(self):
        for dispute in self:
            # Only how much of the document is open, and what has paid it.
            move = dispute.sudo().move_id
            if not move:
                dispute.update({"amount_open": 0.0, "resolution": False, "state": False})
                continue
            exact, lines = dispute.currency_id._exact, dispute.sudo()._disputed_lines()
            left = self._left_of(lines)
            dispute.amount_open = 0.0 if dispute.date_withdrawn else float(min(left, exact(dispute.amount)))
            dispute.resolution = False
            if dispute.date_withdrawn:
                dispute.state = "withdrawn"
            elif left:
                dispute.state = "open"
            else:
                dispute.state = "resolved"
                settled = move._reconciled_moves(lines).sorted(lambda one: (one.date, one.id))
                dispute.resolution = settled[-1:].display_name or False

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        holds = Domain("date_withdrawn", "=", False)
        self.env["account.move.line"].flush_model()
        self.flush_model()
        # Of installments a part may be settled.
        open_ones = Domain.custom(to_sql=lambda _model, alias, _query: is_open(SQL.identifier(alias)))
        domains = {
            "open": open_ones,
            "resolved": holds & ~open_ones,
            "withdrawn": Domain("date_withdrawn", "!=", False),
        }
        return Domain.OR(domains[one] for one in value if one in domains)

    def _disputed_lines(self):
        """The due lines that this dispute is about: account.move.line records."""
        owed = self.move_id._owed_lines()
        return owed & owed.browse(self.due_lines) if self.due_lines else owed

    @api.depends("date", "date_withdrawn")
    def _compute_days(self):
        for dispute in self:
            last = dispute.date_withdrawn or dispute.company_id._today()
            dispute.days = (last - dispute.date).days if dispute.date else 0

    @api.model
    def _open(self, move, reason, note="", amount=None, line=None):
        """Note that what was left short of a document is disputed, and leave it out of reminders.

        :param move: account.move
        :param reason: a key of ``DISPUTE_REASONS``
        :param amount: Decimal, in the document's currency; None for what is open of the due lines that were paid in
            part or are due, or for all that is open where there is none
        :param line: account.bank.statement.line that paid short, or None
        :return: the account.dispute record
        :raise UserError: where nothing is open, or it is disputed already
        """
        owed = move._owed_lines().filtered(lambda one: not one.reconciled)
        left = self._left_of(owed)
        if not move.is_invoice(include_receipts=True) or move.state != "posted" or not left:
            raise UserError(self.env._("Nothing of %s is open, so nothing of it can be disputed.", move.display_name))
        # Bookkeeping of the addon itself; the callers check the permission. Odoo's own mark for reminders is set on
        # the journal items, which changes no amount.
        disputes = self.sudo()
        if disputes.search_count([("move_id", "=", move.id), ("date_withdrawn", "=", False)]):
            raise UserError(self.env._("%s is disputed already. Withdraw that dispute first.", move.display_name))
        short = self._short_lines(owed, line)
        if not amount:
            amount = self._left_of(short)
        # Odoo marks a whole document: its paid lines as well, which may be open again.
        unmarked = move._owed_lines().sudo().filtered(lambda one: not one.no_followup)
        dispute = disputes.create({
            "move_id": move.id,
            "statement_line_id": line.id if line else False,
            "partner_id": move._account_owner().id,
            "company_id": move.company_id.id,
            "currency_id": move.currency_id.id,
            "side": "customer" if move.is_sale_document(include_receipts=True) else "supplier",
            "date": line.date if line else move.company_id._today(),
            "reason": reason,
            "note": note[:500],
            "amount": float(min(left, amount)),
            "marked": unmarked.ids,
            "due_lines": (short if amount <= self._left_of(short) else owed).ids,
        })  # fmt: skip
        unmarked.no_followup = True
        move.sudo().message_post(
            body=self.env._(
                "%(amount)s is disputed: %(reason)s. It stays open and is left out of reminders.",
                amount=move.currency_id.format(dispute.amount),
                reason=dispute._reason_text(),
            )
        )
        return dispute.with_env(self.env)

    @api.model
    def _left_of(self, lines):
        """What is open of due lines of one document (Decimal, above 0, in its currency)."""
        return abs(sum((line.currency_id._exact(line.amount_residual_currency) for line in lines), Decimal(0)))

    @api.model
    def _short_lines(self, owed, line):
        """The due lines of which something lacks: installments that are not due yet are not disputed.

        :param owed: account.move.line records, open due lines of a document
        :param line: account.bank.statement.line that paid short, or None
        """
        day = line.date if line else owed.company_id[:1]._today()
        paid = (owed.matched_debit_ids | owed.matched_credit_ids).sudo()
        if line:
            paid = paid.filtered(lambda one: line.move_id in (one.debit_move_id | one.credit_move_id).move_id)
        touched = owed & (paid.debit_move_id | paid.credit_move_id).with_env(owed.env)
        return touched | owed.filtered(lambda one: (one.date_maturity or one.date) <= day) or owed

    def _reason_text(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        return ", ".join(filter(None, (reasons[self.reason], self.note)))

    def _forget(self):
        """Remove disputes with the match that made them: their documents are in reminders again."""
        self._remind_again()
        self.unlink()

    def _remind_again(self):
        """Remove the marks of these disputes, unless another dispute needs them."""
        # See _open.
        for dispute in self.sudo().filtered(lambda one: not one.date_withdrawn):
            others = dispute.move_id.dispute_ids.filtered(lambda one: not one.date_withdrawn) - self
            if not others:
                (dispute.move_id._owed_lines() & self.env["account.move.line"].browse(dispute.marked or ())).write({
                    "no_followup": False,
                })  # fmt: skip

    @remote_call()
    def action_withdraw(self):
        """Withdraw disputes: their documents are owed like others again. Those whose documents are paid stay settled.

        :return: True
        :raise AccessError: without the permission to manage reconciliations or for bank reconciliation
        """
        self.env["account.move"]._require_disputes()
        self.check_access("read")
        for dispute in self.filtered(lambda one: not one.date_withdrawn and one.sudo().move_id.amount_residual):
            dispute._remind_again()
            dispute.sudo().date_withdrawn = dispute.company_id._today()
            dispute.sudo().move_id.message_post(body=self.env._("The dispute is withdrawn."))
        return True

    @remote_call(one=True)
    def action_open_document(self):
        """Open the document."""
        return self.move_id.get_formview_action()

    @remote_call(one=True)
    def action_credit_note(self):
        """Open Odoo's dialog for a credit note of the document; its draft can be cut down to what is disputed.

        :return: an action
        :raise AccessError: without the permission to manage reconciliations or for bank reconciliation
        """
        self.env["account.move"]._require_disputes()
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_view_account_move_reversal")
        return action | {
            "context": {"active_model": "account.move", "active_ids": self.move_id.ids, "active_id": self.move_id.id,
                        "default_reason": self._reason_text()},
        }  # fmt: skip

    @remote_call(one=True, preset=kinds.record("account.reconcile.model"))
    def action_write_off(self, preset):
        """Write off what is still disputed, by an entry of today that the document is reconciled with.

        :param preset: account.reconcile.model with one account and no taxes, or its id
        :return: True
        :raise AccessError: without the permission to manage reconciliations or for bank reconciliation
        :raise UserError: where nothing is disputed any more, or the preset can't be used
        """
        self.env["account.move"]._require_disputes()
        self.check_access("read")
        move, rows = self.move_id, preset.line_ids.filtered("account_id")
        if self.state != "open":
            raise UserError(self.env._("%s is not disputed any more.", move.display_name))
        if len(rows) != 1 or rows.tax_ids:
            raise UserError(
                self.env._(
                    "Choose a preset with one account and no taxes. Where tax is to be corrected, use a credit note."
                )
            )
        amount = self.amount_open
        entry = move._write_off_part(self.currency_id._exact(amount), rows.account_id, self._reason_text())
        # The addon's own bookkeeping, see _open; for the report of differences.
        self.env["account.difference"].sudo().create({
            "entry_id": entry.id,
            "move_ids": move.ids,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "date": entry.date,
            "side": self.side,
            "reason": self.reason,
            "amount": -amount,
            "balance": -sum((entry.line_ids - entry._owed_lines()).mapped("balance")),
        })  # fmt: skip
        return True
