"""Matching a deposit slip or payment batch with its bank transaction."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.bank_matching.bank_text import is_named
from ...engine.bank_matching.subset_sums import subset_sums
from ..bank_matching.booking import Booking


@dataclass(slots=True)
class BatchBooking(Booking):
    """The match of a bank transaction with a deposit slip or payment batch.

    :param missing: account.bank.batch.part records that the bank transaction does not contain
    """

    missing: Any = None


class AccountBankBatch(models.Model):
    _inherit = "account.bank.batch"

    @api.model
    def _whole_waiting(self, journals):
        return Domain("journal_id", "in", journals.ids) & Domain("state", "=", "sent")

    @api.model
    def _amount_may_be(self, line):
        """The bank transaction may be smaller, where payments are missing."""
        half = line.currency_id.rounding / 2
        if line.amount < 0:
            return Domain("amount_total", "<", line.amount + half)
        return Domain("amount_total", ">", line.amount - half)

    def _is_among(self, amounts):
        total = self.currency_id._exact(self.amount_total)
        return any(amount * total > 0 and abs(amount) <= abs(total) for amount in amounts)

    def _bank_amount_domain(self):
        half = self.currency_id.rounding / 2
        if self.amount_total < 0:
            return Domain("amount", ">", self.amount_total - half) & Domain("amount", "<", 0)
        return Domain("amount", "<", self.amount_total + half) & Domain("amount", ">", 0)

    def _references(self):
        return [self.name, self.reference, self.message_id]

    def _is_named_by(self, line):
        """Also where the bank names the end-to-end ids of all payments."""
        text = " ".join(line._bank_texts())
        ids = [part.end_to_end_id or "" for part in self._open_parts()]
        return super()._is_named_by(line) or bool(ids) and all(one and is_named(one, text) for one in ids)

    def _fits_amount(self, line):
        """The exact sum; or less, where the bank names a reference and payments are missing."""
        amount, expected = self.currency_id._exact(line.amount), self._expected()
        if amount == expected:
            return bool(amount)
        return amount * expected > 0 and abs(amount) < abs(expected) and self._is_named_by(line)

    def _open_parts(self):
        """The payments that the bank has still to book, without those that are left out.

        :return: account.bank.batch.part
        """
        return self.part_ids.filtered(lambda part: not part.is_left_out and part._is_open())

    def _expected(self):
        """The amount that the bank transaction should have (Decimal)."""
        exact = self.currency_id._exact
        return sum((exact(part.amount) for part in self._open_parts()), Decimal(0))

    def _missing_parts(self, line):
        """The payments that the bank transaction does not contain, as far as the amounts tell.

        :return: account.bank.batch.part records, or None where that is not certain
        """
        parts = self._open_parts()
        smallest = Decimal(str(self.currency_id.rounding))
        lacking = self._expected() - self.currency_id._exact(line.amount)
        if not lacking:
            return parts.browse()
        sizes = [int(abs(self.currency_id._exact(part.amount)) / smallest) for part in parts]
        target = int(abs(lacking) / smallest)
        found = [(place,) for place, size in enumerate(sizes) if size == target]
        search = subset_sums(target, sizes, size_max=len(sizes))
        found += search.solutions
        if len(found) != 1 or not search.is_complete:
            return None
        return parts.browse([parts[place].id for place in found[0]])

    def _plan_booking(self, line):
        """Plan the match of a bank transaction with these payments: each that it contains is cleared.

        :param line: account.bank.statement.line
        :return: :class:`BatchBooking`
        :raise UserError: where this is not on its way to the bank, or it is not certain which payments are missing
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "sent":
            raise UserError(
                self.env._("%s is not on its way to the bank: it is a draft, or cleared already.", self.display_name)
            )
        missing = self._missing_parts(line) if self._expected() * self.currency_id._exact(line.amount) > 0 else None
        if missing is None:
            raise UserError(
                self.env._(
                    "%(batch)s is of %(total)s, but the transaction is of %(amount)s, and it is not certain which "
                    "payments are missing. Tick “Left out” on these, then match again.",
                    batch=self.display_name,
                    total=self.currency_id.format(float(self._expected())),
                    amount=self.currency_id.format(line.amount),
                )
            )
        cleared = self._open_parts() - missing
        booking = line._plan_match(list(cleared.payment_id))
        reasons = self._match_reasons(line)
        return BatchBooking(
            line=line,
            counterparts=booking.counterparts,
            entity_type="payment",
            partner=booking.partner,
            named=[(self._name, self.id)],
            decision=booking.decision | {"reasons": reasons, "explanation": "\n".join(reasons)},
            missing=self._not_cleared() - cleared,
        )

    def _not_cleared(self):
        """The payments that the bank has not booked, without those that are left out; drafts among them.

        :return: account.bank.batch.part records
        """
        return self.part_ids.filtered(lambda part: not part.is_left_out and not part.payment_id.is_matched)

    def _is_proven(self, line):
        """Whether the amount is exactly the sum: where payments are missing, a person decides."""
        return self.currency_id._exact(line.amount) == self._expected() != 0

    def _match_reasons(self, line):
        reasons = []
        if self._is_named_by(line):
            reasons.append(
                self.env._("The number or the message id of %s is found in the bank's text", self.display_name)
            )
        if self.currency_id._exact(line.amount) == self._expected():
            reasons.append(self.env._("Exactly the sum of its %s payments", len(self._open_parts())))
        note = self._match_note(line)
        return [*reasons, note] if note else reasons

    def _match_note(self, line):
        """Name the payments that are missing."""
        missing = self._missing_parts(line)
        if missing is None:
            return self.env._("Some payments are missing, and it is not certain which.")
        missing |= self._not_cleared() - self._open_parts()
        if not missing:
            return ""
        return self.env._(
            "Missing: %s",
            ", ".join(f"{part.payment_id.display_name} ({self.currency_id.format(part.amount)})" for part in missing),
        )
