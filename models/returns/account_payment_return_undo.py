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
                record._restore_planned(one)
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

    def _restore_planned(self, before):
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
        """Apply the payment to what it had paid, just as it was, or else as far as that is still open; and say so."""
        for (money, owed), rows in self.line_ids.grouped(lambda row: (row.money_line_id, row.owed_line_id)).items():
            sides = money | owed
            drafts = (self.before or {}).get("drafts", ())
            if len(sides) < 2 or any(
                line.parent_state != ("draft" if line.id in drafts else "posted") for line in sides
            ):
                continue  # one of them was deleted, or reset to draft or posted meanwhile
            if not self._apply_as_before(sides):
                self._apply_what_is_open(money, owed, rows)
        for document in self.line_ids.move_id:
            leave_note(
                document,
                self.env._(
                    "The return of %(payment)s on %(date)s was undone: it is applied again.",
                    payment=self._payment_name(),
                    date=fields.Date.to_string(self.date),
                ),
            )

    def _apply_as_before(self, sides):
        """Apply two journal items to each other as they were before the return: for the same amounts in both
        currencies, with the same exchange difference. What the return had left of it is replaced.

        :param sides: account.move.line records, of the payment and of what it had paid
        :return: bool, False where so much is not open any more, or what was left of it was changed meanwhile
        """
        before = self.before or {}
        applied = [
            one for one in before.get("applied", ()) if {one["debit_move_id"], one["credit_move_id"]} == set(sides.ids)
        ]
        if not applied:
            return False
        pair = debit_id, credit_id = applied[0]["debit_move_id"], applied[0]["credit_move_id"]
        options = {"is_unlocked": True, "return_date": self.date}
        kept_id = before.get("kept", {}).get(f"{debit_id},{credit_id}")
        kept = with_options(self.env["account.partial.reconcile"].browse(kept_id), **options)
        if len(kept.exists()) < len(kept) or not self._is_open_for(applied, kept):
            return False
        kept.unlink()
        for one in applied:
            split = self._split(one["items"])
            again = with_options(self.env["account.move.line"], **options, taken_before={pair: one})
            again.with_context(**{context_keys.SPLITS: {pair: split} if split else {}})._reconcile_plan([sides])
        return True

    def _is_open_for(self, applied, kept):
        """Whether so much is open of journal items as was taken of them before.

        :param applied: list of dicts as ``account.partial.reconcile._amounts_taken`` gives them
        :param kept: account.partial.reconcile records that are replaced by them
        """
        left = {}
        for sign, one in [*((-1, one) for one in applied), *((1, partial._amounts_taken()) for partial in kept)]:
            for line_id, balance, amount_currency in (
                (one["debit_move_id"], one["amount"], one["debit_amount_currency"]),
                (one["credit_move_id"], -one["amount"], -one["credit_amount_currency"]),
                *one["exchange"],
            ):
                line = self.env["account.move.line"].browse(line_id).exists()
                if not line:
                    return False
                exact, exact_company = line.currency_id._exact, line.company_currency_id._exact
                if line not in left:
                    left[line] = [exact_company(line.amount_residual), exact(line.amount_residual_currency)]
                left[line][0] += sign * exact_company(balance)
                left[line][1] += sign * exact(amount_currency)
        return all(
            balance * Decimal(line.balance) >= 0
            and amount_currency * Decimal(line.amount_currency) >= 0
            and (amount_currency or not balance)  # else Odoo has to book an exchange difference
            for line, (balance, amount_currency) in left.items()
        )

    def _apply_what_is_open(self, money, owed, rows):
        """Apply a payment to what it had paid, as far as that is still open."""
        wanted = sum((row.currency_id._exact(row.amount) for row in rows), Decimal(0))
        split = self._split([(row.move_line_id.id, row.amount) for row in rows])
        pair = {"debit": owed if owed.balance > 0 else money, "credit": money if owed.balance > 0 else owed}
        again = with_options(self.env["account.move.line"], is_unlocked=True, return_date=self.date)
        if money.currency_id != owed.currency_id or owed.parent_state == "draft":
            key = (pair["debit"].id, pair["credit"].id)
            splits = {key: split} if split and owed._open_amount() >= wanted else {}
            again.with_context(**{context_keys.SPLITS: splits})._reconcile_plan([money | owed])
            return
        amount = min(wanted, owed._open_amount(), money._open_amount())
        if amount > 0:
            again._reconcile_pairs([pair | {"amount": amount, "split": split if amount == wanted else None}])

    def _split(self, rows):
        """The items that a payment had paid: ``{item id: amount}``, or None where one is no longer there or open.

        :param rows: list of ``(id of the item's journal item, amount)``
        """
        amounts = {}
        for line_id, amount in rows:
            line = self.env["account.move.line"].browse(line_id).exists()
            if not line:
                return None  # its item was deleted since
            amounts[line] = amounts.get(line, Decimal(0)) + line.currency_id._exact(amount)
        items = self.env["account.reconciliation.item"].search([("move_line_id", "in", [line.id for line in amounts])])
        by_line = {item.move_line_id: item for item in items}
        if len(by_line) < len(amounts) or any(
            abs(amount) > abs(line.currency_id._exact(by_line[line].amount_residual))
            for line, amount in amounts.items()
        ):
            return None
        return {by_line[line].id: float(amount) for line, amount in amounts.items()}
