from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..common import kinds
from ..common.permissions import BANK, MANAGE, VIEW, require
from ..common.remote_calls import remote_call
from .account_dispute import DISPUTE_REASONS


class AccountMove(models.Model):
    """A document that was paid short for an accepted reason is disputed."""

    _inherit = "account.move"

    dispute_ids = fields.One2many("account.dispute", "move_id", "Disputes", readonly=True, groups=f"{VIEW},{BANK}")
    is_disputed = fields.Boolean("Disputed", compute="_compute_connected", search="_search_is_disputed",
                                 groups=f"{VIEW},{BANK}")  # fmt: skip

    @api.depends("dispute_ids.date_withdrawn")
    def _compute_connected(self):
        return super()._compute_connected()

    def _connected_sql(self):
        queries = super()._connected_sql()
        if self.env["account.dispute"].has_access("read"):
            queries["is_disputed"] = self._counted_sql("account.dispute", SQL("TRUE"), [("state", "=", "open")])
        return queries

    def _is_in_dispute(self):
        """Whether there is an open dispute of this document, whoever asks."""
        # Only whether there is one, as the user who books it has to know.
        return "open" in self.sudo().dispute_ids.mapped("state")

    @api.model
    def _search_is_disputed(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("dispute_ids", "any" if True in value else "not any", [("state", "=", "open")])]

    @api.model
    def _require_disputes(self):
        """Refuse who may neither manage reconciliations nor reconcile with the bank.

        :raise AccessError: naming the permission
        """
        if not self.env.user.has_group(BANK):
            require(self.env, MANAGE)

    def button_cancel(self):
        """What this entry wrote off is open again, so it leaves the report of differences."""
        result = super().button_cancel()
        # The addon's own bookkeeping; Odoo checked the permission.
        self.env["account.difference"].sudo().search([("entry_id", "in", self.ids)]).unlink()
        return result

    @remote_call(one=True, reason=kinds.text, note=kinds.text)
    def dispute_rest(self, reason, note=""):
        """Accept that this document was paid short for a reason: the rest stays open as disputed.

        :param reason: ``bank_fee``, ``late_discount``, ``pricing``, ``damaged``, ``tax_withheld``, ``not_received``,
            ``dispute``, ``rounding`` or ``other``
        :param note: str, the payer's words
        :return: the account.dispute record
        :raise AccessError: without the permission to manage reconciliations or for bank reconciliation
        :raise UserError: where nothing is open, or it is disputed already
        """
        self._require_disputes()
        self.check_access("read")
        return self._dispute_rest(reason, note)

    def _dispute_rest(self, reason, note, line=None):
        """Dispute what is open of this document.

        :param line: account.bank.statement.line that paid short, or None
        :raise UserError: where the reason is none
        """
        if reason not in dict(DISPUTE_REASONS):
            raise UserError(
                self.env._(
                    "“%(reason)s” is not a reason for a dispute. Use one of: %(reasons)s.",
                    reason=kinds.shown(reason),
                    reasons=", ".join(dict(DISPUTE_REASONS)),
                )
            )
        return self.env["account.dispute"]._open(self, reason, note, line=line)

    def _write_off_part(self, amount, account, label):
        """Write a part of this document off, by an entry of today.

        :param amount: Decimal above 0, in the document's currency
        :param account: account.account
        :param label: str
        :return: account.move, the entry
        """
        owed = self._owed_lines().filtered(lambda line: not line.reconciled)
        sign = 1 if sum(owed.mapped("balance")) > 0 else -1
        company, day = self.company_id, self.company_id._today()
        # By the document's own rate, so that writing off makes no exchange difference.
        open_currency, open_balance = sum(owed.mapped("amount_residual_currency")), sum(owed.mapped("amount_residual"))
        share = abs(open_balance / open_currency) if open_currency else 1.0
        balance = company.currency_id.round(float(amount) * share)
        if amount == self.currency_id._exact(abs(open_currency)):
            balance = abs(open_balance)
        common = {"name": label, "partner_id": self.commercial_partner_id.id, "currency_id": self.currency_id.id}
        entry = self.env["account.move"].with_company(company).create({
            "move_type": "entry",
            "date": day,
            "ref": self.env._("Write-off: %s", self.display_name),
            "line_ids": [
                fields.Command.create({**common, "account_id": owed[0].account_id.id,
                                       "amount_currency": -sign * float(amount), "balance": -sign * balance}),
                fields.Command.create({**common, "account_id": account.id, "amount_currency": sign * float(amount),
                                       "balance": sign * balance}),
            ],
        })  # fmt: skip
        entry.action_post()
        money = entry.line_ids.filtered(lambda line: line.account_id == owed[0].account_id)
        (owed | money[:1]).reconcile()
        return entry
