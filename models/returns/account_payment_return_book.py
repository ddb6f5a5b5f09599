"""Booking a return: what the payment had paid is open again, its planned payments fail, the client is charged."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...engine.bank_matching.amounts import split_balance
from ...engine.common.odoo_types import SIDES
from ..common.reconcile_options import with_options


@dataclass(slots=True)
class Freed:
    """What a payment had paid and pays no more.

    :param partials: account.partial.reconcile records that are undone
    :param rows: list of values of account.payment.return.line, what is open again
    :param kept: pairs for ``_reconcile_pairs``: what one of the partials goes on paying
    """

    partials: Any
    rows: list
    kept: list


def _listed(item):
    """The place of an item on its document."""
    return (item.sequence, item.id) if item else (0, 0)


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
        """Undo what the payments of a booking had paid. No entry is changed: the ledger of their day stays.

        :param booking: :class:`ReturnBooking`
        :return: the account.payment.return records, one for each payment and account owner
        """
        line = booking.line
        line._lock_for_match(booking.targets)
        line._check_not_returned(booking.taken)
        code, reason = line._return_reason()
        # Bookkeeping of the addon itself; a user who books a match has the permission for it.
        returns = self.sudo()
        made = self.browse()
        for taken, amount, fee in zip(booking.taken, booking.amounts, self._fees(booking), strict=True):
            payment = taken.move.origin_payment_id
            freed = self._freed_part(taken.parts) if taken.parts else self._freed(taken.lines)
            # Where only a part is returned, what it had paid is open again, and no planned payment has failed.
            installments = () if taken.parts else self._paid_planned(payment)
            record = returns.create({
                "statement_line_id": line.id,
                "original_move_id": taken.move.id,
                "money_line_id": min(taken.lines.ids),
                "payment_id": payment.id,
                "partner_id": taken.lines[:1]._account_owner().id,
                "company_id": line.company_id.id,
                "currency_id": line.currency_id.id,
                "date": line.date,
                "side": SIDES[taken.lines[0].account_id.account_type],
                "amount": float(amount),
                "is_part": bool(taken.parts),
                "fee": float(fee),
                "reason_code": code or False,
                "reason": reason or False,
                "line_ids": [Command.create(values) for values in freed.rows],
                "before": {
                    "confirmation_state": not taken.parts and payment.confirmation_state or False,
                    "installments": [self._planned_before(one) for one in installments],
                    # Odoo lets a draft be paid, and takes away what paid a document that is reset to draft.
                    "drafts": sorted({
                        row["owed_line_id"] for row in freed.rows
                        if line.env["account.move.line"].browse(row["owed_line_id"]).parent_state == "draft"
                    }),
                    "applied": [self._applied_before(partial, taken.lines) for partial in freed.partials.sorted("id")],
                },
            })  # fmt: skip
            of_return = {"is_unlocked": True, "return_date": line.date}
            with_options(freed.partials.sudo(), **of_return).unlink()
            with_options(returns.env["account.move.line"], **of_return)._reconcile_pairs(freed.kept)
            record._remember_kept(freed.kept)
            made |= record
        return made

    @api.model
    def _applied_before(self, partial, lines):
        """How a payment was applied by one partial, so that undoing applies it again just so.

        :param partial: account.partial.reconcile that is returned
        :param lines: the payment's journal items
        :return: dict for ``before``, with ``items``: list of ``[id of the item's journal item, amount]``
        """
        rows = self._applied_values(lines, partial)
        items = [[row["move_line_id"], row["amount"]] for row in rows if row.get("move_line_id")]
        return {**partial._amounts_taken(), "items": items}

    def _remember_kept(self, pairs):
        """Remember the partials by which a payment goes on paying a part of what it had paid: undoing replaces them.

        :param pairs: what ``_reconcile_pairs`` got
        """
        kept = {
            f"{pair['debit'].id},{pair['credit'].id}":
                max((pair["debit"].matched_credit_ids & pair["credit"].matched_debit_ids).ids)
            for pair in pairs
        }  # fmt: skip
        if kept:
            self.before = {**self.before, "kept": kept}

    @api.model
    def _freed(self, lines):
        """All that a payment's journal items are applied to.

        :return: :class:`Freed`
        """
        partials = self._applied(lines)
        return Freed(partials, self._applied_values(lines, partials), [])

    @api.model
    def _freed_part(self, parts):
        """What is undone where a part of a payment is returned: what is on account first, then what it was applied to
        last. Of a document that it goes on paying in part, the last items are open again.

        :param parts: dict account.move.line of the payment -> Decimal above 0, in its currency
        :return: :class:`Freed`
        :raise UserError: where what it paid is in another currency
        """
        freed = Freed(self.env["account.partial.reconcile"].sudo(), [], [])
        for line, part in parts.items():
            lacking = part - line._open_amount()
            for partial in self._applied(line).sorted("id", reverse=True):
                if lacking <= 0:
                    break
                amount = partial.debit_amount_currency if line.balance > 0 else partial.credit_amount_currency
                amount = line.currency_id._exact(amount)
                rows = self._applied_values(line, partial)
                if amount > lacking:
                    rows = self._cut(freed, line, partial, rows, amount - lacking)
                freed.partials |= partial
                freed.rows += rows
                lacking -= amount
        return freed

    @api.model
    def _cut(self, freed, line, partial, rows, left):
        """Let a payment go on paying a part of what one partial applied it to: the first items, in listed order.

        :param freed: :class:`Freed`, which gets the pair
        :param rows: values as ``_applied_values`` gives them for the partial
        :param left: Decimal above 0, what it goes on paying
        :return: the rows of what is open again
        :raise UserError: where what it paid is in another currency
        """
        owed = (partial.debit_move_id | partial.credit_move_id) - line
        if owed.currency_id != line.currency_id:
            raise UserError(
                self.env._(
                    "A part of %(payment)s was returned, which had paid %(document)s in another currency. Delete that "
                    "reconciliation first, then match this transaction again.",
                    payment=line.move_id.display_name,
                    document=owed.move_id.display_name,
                )
            )
        by_line = {item.move_line_id.id: item for item in owed.move_id.sudo().reconciliation_item_ids}
        rows.sort(key=lambda row: _listed(by_line.get(row.get("move_line_id"))))
        again, split, kept = [], {}, left
        for row in rows:
            amount = line.currency_id._exact(row["amount"])
            stays = min(max(amount, Decimal(0)), kept)
            kept -= stays
            if stays and row.get("move_line_id"):
                split[by_line[row["move_line_id"]].id] = float(stays)
            if amount != stays:
                again.append({**row, "amount": float(amount - stays)})
        is_debit = owed.balance > 0
        debit, credit = (owed, line) if is_debit else (line, owed)
        journal_items = self.env["account.move.line"].sudo()
        freed.kept.append({
            "debit": journal_items.browse(debit.id), "credit": journal_items.browse(credit.id), "amount": left,
            "split": split or None,
        })  # fmt: skip
        return again

    @api.model
    def _fees(self, booking):
        """Share the bank's fee equally over the returned payments, whatever their amounts, once for each account owner.

        :param booking: :class:`ReturnBooking`
        :return: list of Decimal, one for each of ``booking.taken``
        """
        parts, known = [], set()
        for taken in booking.taken:
            key = taken.move, taken.lines[:1]._account_owner()
            parts.append(Decimal(key not in known))
            known.add(key)
        return split_balance(parts, abs(booking.fee), booking.line.currency_id.decimal_places)

    @api.model
    def _applied(self, lines):
        """What a payment's journal items are applied to, oldest first, without earlier returns of a part of it; what
        Odoo adds for exchange differences is undone with it.

        :return: account.partial.reconcile records
        """
        # A payment may have paid documents of other branches, and is returned for all of them.
        partials = (lines.matched_debit_ids | lines.matched_credit_ids).sudo()
        earlier = self.env["account.bank.statement.line"]._known_returns(lines.move_id)
        left_out = partials.exchange_move_id | earlier.statement_line_id.move_id
        return partials.filtered(
            lambda partial: not ((partial.debit_move_id | partial.credit_move_id).move_id & left_out)
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

    # -- planned payments --------------------------------------------------------------------------------------------

    @api.model
    def _paid_planned(self, payment):
        """The planned payments that a payment has paid, or would have."""
        return payment.sudo().planned_payment_ids.filtered(lambda one: one.state in ("done", "processing"))

    @api.model
    def _planned_before(self, planned):
        return {
            "id": planned.id,
            "state": planned.state,
            "attempt_count": planned.attempt_count,
            "lines": [[line.move_line_id.id, line.amount] for line in planned.line_ids],
        }

    # -- what follows --------------------------------------------------------------------------------------------

    def _follow_up(self, booking):
        """Do what follows once the bank transaction is booked: planned payments fail, notes are left, each client is
        charged for each payment.

        :param booking: :class:`ReturnBooking`
        """
        charged = set()
        for record in self:
            # Bookkeeping of the addon itself, see _open_again.
            record = record.sudo()
            payment = record.payment_id
            if not record.is_part and payment.confirmation_state in ("processing", "confirmed"):
                payment._own_write().confirmation_state = "rejected"
            record._note()
            message = self.env._(
                "%(payment)s was returned: %(reason)s.", payment=record._payment_name(), reason=record._reason_text()
            )
            for planned in () if record.is_part else self._paid_planned(payment):
                planned._fail(message)
            key = record.original_move_id, record.partner_id
            if key not in charged:
                record._charge_client(booking)
            charged.add(key)

    def _note(self):
        """Leave a note on the payment and on each document that it had paid."""
        for document, lines in self.line_ids.grouped("move_id").items():
            rows = [
                f"{line.move_line_id.name or line.move_line_id.account_id.display_name}: "
                f"{line.currency_id.format(line.amount)}"
                for line in lines
                if line.move_line_id
            ]
            values = {
                "payment": self._payment_name(),
                "amount": self.currency_id.format(self.amount),
                "date": fields.Date.to_string(self.date),
                "reason": self._reason_text(),
            }
            if self.is_part:
                text = self.env._(
                    "%(amount)s of %(payment)s was returned on %(date)s: %(reason)s. What it paid here is open again:",
                    **values,
                )
            else:
                text = self.env._(
                    "%(payment)s of %(amount)s was returned on %(date)s: %(reason)s. What it paid here is open again:",
                    **values,
                )
            leave_note(document, text, rows)
        if self.payment_id:
            self.payment_id.message_post(
                body=self.env._(
                    "The payment was returned on %(date)s: %(reason)s.",
                    date=fields.Date.to_string(self.date),
                    reason=self._reason_text(),
                )
            )

    # -- the charge ----------------------------------------------------------------------------------------------

    def _charge_client(self, booking):
        """Charge the client for the return, by an invoice with one item, where the company wants that."""
        if booking.line.amount < 0 and self.side == "customer" and self.partner_id:
            self._charge()

    def _charge(self):
        """Charge the client as the company wants it, where something is to be charged and has not been."""
        company = self.company_id
        is_taken_back = self.charge_move_id.state == "cancel" or (self.before or {}).get("charge_taken_back")
        if company.return_charge == "no" or self.charge_move_id and not is_taken_back:
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
        before = {key: value for key, value in (self.before or {}).items() if key != "charge_taken_back"}
        self.write({"charge_move_id": invoice.id, "before": {**before, "charge": company.return_charge}})
