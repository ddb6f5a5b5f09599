from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..common.permissions import VIEW, require
from ..common.reconcile_options import options_of
from ..common.remote_calls import remote_call


class AccountMove(models.Model):
    """A document shows which payments of it were returned, and why."""

    _inherit = "account.move"

    return_line_ids = fields.One2many("account.payment.return.line", "move_id", "Returned payments of items",
                                      readonly=True, groups=VIEW)  # fmt: skip
    return_count = fields.Integer("Returned payments", compute="_compute_connected", groups=VIEW)
    return_reason = fields.Char("Payment returned", compute="_compute_return_reason", groups=VIEW)

    @api.depends("return_line_ids.return_id.state")
    def _compute_connected(self):
        return super()._compute_connected()

    def _connected_sql(self):
        queries = super()._connected_sql()
        if self.env["account.payment.return.line"].has_access("read"):
            queries["return_count"] = self._counted_sql(
                "account.payment.return.line", SQL("COUNT(DISTINCT return_id)"), [("return_id.state", "=", "booked")]
            )
        return queries

    @api.depends("return_count")
    def _compute_return_reason(self):
        self.return_reason = False
        for move in self.filtered("return_count"):
            last = self.env["account.payment.return"].search_fetch(
                [("line_ids.move_id", "=", move._origin.id), ("state", "=", "booked")],
                ["amount", "currency_id", "date", "reason", "reason_code"],
                limit=1,
            )
            if last:
                move.return_reason = self.env._(
                    "%(amount)s was returned on %(date)s: %(reason)s",
                    amount=last.currency_id.format(last.amount),
                    date=format_date(self.env, last.date),
                    reason=last._reason_text(),
                )

    @remote_call(one=True)
    def action_open_returns(self):
        """Open the returned payments of this document."""
        require(self.env, VIEW)
        action = self.env["ir.actions.act_window"]._for_xml_id("account_reconciliation.action_payment_returns")
        return action | {"domain": [("line_ids.move_id", "=", self.id)], "context": {}}

    @api.model_create_multi
    def create(self, vals_list):
        """A tax on payment that Odoo books again because a payment was returned, or its return was undone, is
        booked on the day of the return, unless that day is closed: the tax of the payment's own day stays as it is."""
        day = options_of(self.env).return_date
        for values in vals_list if day else ():
            if values.get("tax_cash_basis_rec_id"):
                company = self.env["res.company"].browse(values["company_id"])
                journal = self.env["account.journal"].browse(values["journal_id"])
                on = max(day, values["date"])
                if not company._get_violated_lock_dates(on, True, journal):
                    values["date"] = on
        return super().create(vals_list)

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """What Odoo reverses because a payment was returned (exchange differences, taxes on payment) is reversed on the
        day of the return, never before its own day, unless that day is closed."""
        day = options_of(self.env).return_date
        if day and default_values_list:
            for move, values in zip(self, default_values_list, strict=True):
                on = max(day, move.date)
                if not move._get_violated_lock_dates(on, move._affect_tax_report()):
                    values["date"] = on
        return super()._reverse_moves(default_values_list, cancel)
