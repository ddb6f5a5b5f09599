"""Undoing a returned payment: what the payment had paid is paid again, its planned payments are done again."""

from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from ..common import context_keys
from ..common.reconcile_options import with_options
from .account_payment_return_book import leave_note


class AccountPaymentReturn(models.Model):
    _inherit = "account.payment.return"

    def _undo(self):
        """Restore what was before these returns, once their bank transactions are no longer matched.

        What was paid otherwise meanwhile stays so: the money of the payment then stays on the client's account.

        :raise UserError: where the charge to the client was paid meanwhile
        """
        for record in self.sudo():  # see _open_again
            record._set_state("undone")
            record._cancel_charge()
            payment = record.payment_id
            before = record.before or {}
            if payment.confirmation_state == "rejected" and before.get("confirmation_state"):
                payment._own_write().confirmation_state = before["confirmation_state"]
            for one in before.get("installments", ()):
                record._restore_installment(one)
            record._pay_again()

    def _cancel_charge(self):
        invoice = self.charge_move_id
        if not invoice:
            return
        # Another fee may be charged; one that a person reversed, while the fee stays, is not charged again.
        self.before = {**(self.before or {}), "charge_taken_back": True}
        if invoice.state == "cancel" or invoice.payment_state == "reversed":
            return
        if invoice.state == "draft":
            invoice.button_cancel()
            return
        owed = invoice._owed_lines()
        if owed.matched_debit_ids or owed.matched_credit_ids:
            raise UserError(
                self.env._(
                    "%(invoice)s charges %(client)s for the return, and it is paid or credited. Delete its "
                    "reconciliation first, then undo the return.",
                    invoice=invoice.display_name,
                    client=self.partner_id.display_name,
                )
            )
        if invoice.inalterable_hash or invoice._get_violated_lock_dates(invoice.date, bool(invoice.line_ids.tax_ids)):
            today = self.company_id._today()
            invoice._reverse_moves([{"date": today, "invoice_date": today}], cancel=True)
            return
        invoice.button_draft()
        invoice.button_cancel()

    def _restore_installment(self, before):
        """Mark a planned payment as done again, unless it was changed meanwhile."""
        planned = self.env["account.planned.payment"].browse(before["id"]).exists()
        if not planned or planned.payment_id or planned.state not in ("failed", "planned"):
            return
        items = {item.move_line_id.id: item.id for item in planned.move_id.reconciliation_item_ids}
        exact = planned.currency_id._exact
        planned.move_id._write_planned_lines({
            planned: {items[line]: exact(amount) for line, amount in before["lines"] if line in items}
        })  # fmt: skip
        values = {
            "payment_id": self.payment_id.id,
            "attempt_count": before["attempt_count"],
            "next_attempt_date": False,
            "failure_message": False,
        }
        planned._set_state("processing" if before["state"] == "processing" else "done", **values)
        planned.activity_unlink(["mail.mail_activity_data_todo"])

    def _pay_again(self):
        """Apply the payment to what it had paid, as far as that is still open, and say so."""
        for (money, owed), rows in self.line_ids.grouped(lambda row: (row.money_line_id, row.owed_line_id)).items():
            sides = money | owed
            drafts = (self.before or {}).get("drafts", ())
            if len(sides) < 2 or any(
                line.parent_state != ("draft" if line.id in drafts else "posted") for line in sides
            ):
                continue  # one of them was deleted, or reset to draft or posted meanwhile
            wanted = sum((row.currency_id._exact(row.amount) for row in rows), Decimal(0))
            split = self._split(rows)
            pair = {"debit": owed if owed.balance > 0 else money, "credit": money if owed.balance > 0 else owed}
            again = with_options(self.env["account.move.line"], is_unlocked=True, return_date=self.date)
            if money.currency_id != owed.currency_id or owed.parent_state == "draft":
                key = (pair["debit"].id, pair["credit"].id)
                splits = {key: split} if split and owed._open_amount() >= wanted else {}
                again.with_context(**{context_keys.SPLITS: splits})._reconcile_plan([sides])
            else:
                amount = min(wanted, owed._open_amount(), money._open_amount())
                if amount > 0:
                    again._reconcile_pairs([pair | {"amount": amount, "split": split if amount == wanted else None}])
        for document in self.line_ids.move_id:
            leave_note(
                document,
                self.env._(
                    "The return of %(payment)s on %(date)s was undone: it is applied again.",
                    payment=self._payment_name(),
                    date=fields.Date.to_string(self.date),
                ),
            )

    def _split(self, rows):
        """The items that these rows paid: ``{item id: amount}``, or None where one is no longer there or open."""
        amounts = {}
        for row in rows:
            if not row.move_line_id:
                return None  # its item was deleted since
            amounts[row.move_line_id] = amounts.get(row.move_line_id, Decimal(0)) + row.currency_id._exact(row.amount)
        lines = rows.move_line_id
        items = self.env["account.reconciliation.item"].search([("move_line_id", "in", lines.ids)])
        by_line = {item.move_line_id: item for item in items}
        if len(by_line) < len(amounts) or any(
            abs(amount) > abs(line.currency_id._exact(by_line[line].amount_residual))
            for line, amount in amounts.items()
        ):
            return None
        return {by_line[line].id: float(amount) for line, amount in amounts.items()}
