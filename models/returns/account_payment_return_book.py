"""A payment comes back: what it had paid is open again, its installments have failed, the client is charged."""

from markupsafe import Markup
from odoo import Command, api, fields, models

from ..common import context_keys


def leave_note(document, text, rows=()):
    """Leave a note on a document, or on the payment where it is a payment's entry.

    :param document: account.move
    :param text: str, translated
    :param rows: list of str, shown below it
    """
    items = Markup().join(Markup("<li>%s</li>") % row for row in rows)
    body = Markup("<p>%s</p><ul>%s</ul>") % (text, items) if rows else text
    document._reconciliation_thread().message_post(body=body)


class AccountPaymentReturn(models.Model):
    _inherit = "account.payment.return"

    @api.model
    def _open_again(self, booking):
        """Take back what the payments of a booking had paid. No entry is changed: the ledger of their day stays.

        :param booking: :class:`ReturnBooking`
        :return: the account.payment.return records, one for each payment and account owner
        """
        line = booking.line
        line._lock_for_match(booking.targets)
        line._check_not_returned(booking.taken)
        code, reason = line._return_reason()
        # Bookkeeping of the addon itself; whoever books a match has the permission for it.
        returns = self.sudo()
        made = self.browse()
        for number, (taken, amount) in enumerate(zip(booking.taken, booking.amounts, strict=True)):
            partials = self._applied(taken.lines)
            payment = taken.move.origin_payment_id
            made |= returns.create({
                "statement_line_id": line.id,
                "original_move_id": taken.move.id,
                "payment_id": payment.id,
                "partner_id": taken.lines[:1]._account_owner().id,
                "company_id": line.company_id.id,
                "currency_id": line.currency_id.id,
                "date": line.date,
                "side": "customer" if taken.lines[0].account_id.account_type == "asset_receivable" else "supplier",
                "amount": float(amount),
                "fee": float(abs(booking.fee)) if not number else 0.0,
                "reason_code": code or False,
                "reason": reason or False,
                "line_ids": [Command.create(values) for values in self._applied_values(taken.lines, partials)],
                "before": {
                    "confirmation_state": payment.confirmation_state or False,
                    "installments": [self._installment_before(one) for one in self._paid_installments(payment)],
                },
            })  # fmt: skip
            returned = {context_keys.UNLOCKED: True, context_keys.RETURN_DATE: line.date}
            partials.sudo().with_context(**returned).unlink()
        return made

    @api.model
    def _applied(self, lines):
        """What a payment's journal items are applied to, oldest first; what Odoo adds for exchange differences is taken
        back with it.

        :return: account.partial.reconcile records
        """
        # A payment may have paid documents of other branches, and comes back for all of them.
        partials = (lines.matched_debit_ids | lines.matched_credit_ids).sudo()
        exchange = partials.exchange_move_id
        return partials.filtered(
            lambda partial: not ((partial.debit_move_id | partial.credit_move_id).move_id & exchange)
        ).sorted("id")

    @api.model
    def _applied_values(self, lines, partials):
        """Values of the lines that keep what was paid, item by item; one for each partial where there are no items."""
        rows = []
        for partial in partials:
            sides = partial.debit_move_id | partial.credit_move_id
            money = (sides & lines)[:1]
            owed = sides - money
            on_debit = owed == partial.debit_move_id
            base = {"money_line_id": money.id, "owed_line_id": owed.id, "move_id": owed.move_id.id}
            paid = partial.reconciliation_line_ids.filtered(lambda row, owed=owed: row.move_id == owed.move_id)
            rows += [
                {**base, "move_line_id": row.move_line_id.id, "currency_id": row.currency_id.id,
                 "amount": row.amount_currency}
                for row in paid.sorted("id")
            ] or [{
                **base, "currency_id": owed.currency_id.id,
                "amount": partial.debit_amount_currency if on_debit else partial.credit_amount_currency,
            }]  # fmt: skip
        return rows

    # -- installments --------------------------------------------------------------------------------------------

    @api.model
    def _paid_installments(self, payment):
        """The installments that a payment has paid, or would have."""
        return payment.sudo().planned_payment_ids.filtered(lambda one: one.state in ("done", "processing"))

    @api.model
    def _installment_before(self, planned):
        return {
            "id": planned.id,
            "state": planned.state,
            "attempt_count": planned.attempt_count,
            "lines": [[line.move_line_id.id, line.amount] for line in planned.line_ids],
        }

    # -- what follows --------------------------------------------------------------------------------------------

    def _follow_up(self, booking):
        """Do what follows once the bank transaction is booked: installments fail, notes are left, the client is
        charged.

        :param booking: :class:`ReturnBooking`
        """
        for record in self:
            # Bookkeeping of the addon itself, see _open_again.
            record = record.sudo()
            payment = record.payment_id
            if payment.confirmation_state in ("processing", "confirmed"):
                payment._own_write().confirmation_state = "rejected"
            record._note()
            message = self.env._(
                "%(payment)s came back: %(reason)s.", payment=record._payment_name(), reason=record._reason_text()
            )
            for planned in self._paid_installments(payment):
                planned._fail(message)
        self.sudo()[:1]._charge_client(booking)

    def _note(self):
        """Leave a note on the payment and on each document that it had paid."""
        for document, lines in self.line_ids.grouped("move_id").items():
            rows = [
                f"{line.move_line_id.name or line.move_line_id.account_id.display_name}: "
                f"{line.currency_id.format(line.amount)}"
                for line in lines
                if line.move_line_id
            ]
            leave_note(
                document,
                self.env._(
                    "%(payment)s of %(amount)s came back on %(date)s: %(reason)s. What it paid here is open again:",
                    payment=self._payment_name(),
                    amount=self.currency_id.format(self.amount),
                    date=fields.Date.to_string(self.date),
                    reason=self._reason_text(),
                ),
                rows,
            )
        if self.payment_id:
            self.payment_id.message_post(
                body=self.env._(
                    "The money came back on %(date)s: %(reason)s.",
                    date=fields.Date.to_string(self.date),
                    reason=self._reason_text(),
                )
            )

    # -- the charge ----------------------------------------------------------------------------------------------

    def _charge_client(self, booking):
        """Charge the client for the return, by an invoice with one item, where the company wants that."""
        company = self.company_id
        if company.return_charge == "no" or self.side != "customer" or booking.line.amount > 0 or not self.partner_id:
            return
        is_fixed = company.return_charge == "fixed"
        amount = company.return_charge_amount if is_fixed else self.fee
        currency = company.currency_id if is_fixed else self.currency_id
        if currency.is_zero(amount):
            return
        invoice = self.env["account.move"].with_company(company).create({
            "move_type": "out_invoice",
            "partner_id": self.partner_id.id,
            "company_id": company.id,
            "currency_id": currency.id,
            "invoice_date": self.date,
            "date": self.date,
            "invoice_line_ids": [Command.create({
                "product_id": company.return_charge_product_id.id,
                "name": self.env._("Returned payment %(payment)s: %(reason)s", payment=self._payment_name(),
                                   reason=self.reason or self.env._("no reason given")),
                "quantity": 1,
                "price_unit": amount,
            })],
        })  # fmt: skip
        invoice.action_post()
        self.charge_move_id = invoice
