"""Planning the match of a bank transaction with a settlement. Nothing is written."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...engine.bank_matching.amounts import ZERO, split_balance
from ..bank_matching.booking import Booking, Counterpart
from ..common.exceptions import StaleMatch


class AccountSettlement(models.Model):
    _inherit = "account.settlement"

    def _plan_booking(self, line):
        """Plan the match of a bank transaction with this payout as a whole.

        Each payment, refund and chargeback settles the payment or document that it was found to be; what is more than
        that, or was not found, goes to the client's account, or to the account chosen for the rest. All fees together
        are booked by the preset for fees.

        :param line: account.bank.statement.line
        :return: :class:`Booking`
        :raise StaleMatch: where the settlement was matched, or a document paid, in the meantime
        :raise UserError: where nothing takes the amount of an entry, or the amounts do not add up
        """
        self.ensure_one()
        self.check_access("write")
        self._check_bookable(line)
        direction, exact = line._match_direction(), self.currency_id._exact
        rows, left = [], defaultdict(Decimal)
        for entry in self.entry_ids:
            rows += self._entry_rows(line, entry, direction * exact(entry.amount_gross), left)
        fees = direction * sum((exact(entry.amount_fee) for entry in self.entry_ids), ZERO)
        if fees:
            rows.append((fees, self._fee_counterparts))
        balance = self.company_id.currency_id._exact(abs(sum(line._seek_for_lines()[0].mapped("balance"))))
        shares = split_balance([amount for amount, _make in rows], balance, self.company_id.currency_id.decimal_places)
        counterparts = []
        for (amount, make), share in zip(rows, shares, strict=True):
            counterparts += make(line, amount, share)
        return Booking(
            line=line,
            counterparts=counterparts,
            entity_type="payment",
            partner=self.env["res.partner"],
            named=[(self._name, self.id)],
            decision={
                "amounts": [str(line._match_total())],
                "reasons": self._match_reasons(line),
                "explanation": "\n".join(self._match_reasons(line)),
            },
        )

    def _check_bookable(self, line):
        """Refuse what can't be the payout, or is not complete.

        :raise StaleMatch: where it is matched already
        :raise UserError: naming the reason
        """
        if self.state == "matched":
            raise StaleMatch(self.env._("%s is matched already. Reload the page.", self.display_name))
        if not self.is_itemized:
            raise UserError(
                self.env._(
                    "Only the amount of %s is known, not what it is made of. Import its itemized report.",
                    self.display_name,
                )
            )
        exact = self.currency_id._exact
        total = sum((exact(entry.amount_gross) + exact(entry.amount_fee) for entry in self.entry_ids), ZERO)
        if line.journal_id.company_id != self.company_id or line.currency_id != self.currency_id:
            raise UserError(
                self.env._(
                    "%s was paid out to another company or in another currency than this transaction.",
                    self.display_name,
                )
            )
        if total != exact(self.amount_net) or total != exact(line.amount):
            raise UserError(
                self.env._(
                    "The entries of %(settlement)s make %(total)s, but the transaction is of %(amount)s. A payout is "
                    "matched as a whole.",
                    settlement=self.display_name,
                    total=self.currency_id.format(float(total)),
                    amount=self.currency_id.format(line.amount),
                )
            )

    def _entry_rows(self, line, entry, amount, left):
        """Give the parts of an entry: what its document takes, and the rest.

        :param amount: Decimal, the gross amount, positive in the transaction's direction
        :param left: dict (model, id) -> what entries before have taken of it; written
        :return: list of (amount, function of the transaction, the amount and its share that makes the counterparts)
        """
        rows, rest, document = [], amount, entry.payment_id or entry.move_id
        if document and amount:
            part = self._document_part(line, entry, document, amount, left)
            if part.amount:
                rows.append((part.amount, self._document_maker(entry, part)))
                rest -= part.amount
        if rest:
            rows.append((rest, self._rest_maker(entry)))
        return rows

    def _document_part(self, line, entry, document, amount, left):
        """Tell how much of an entry its payment or document takes.

        :return: :class:`Part` with its amount, zero where it takes nothing
        """
        part = line._match_part(document)
        key, currency = (document._name, document.id), part.lines.currency_id
        residual = abs(sum((currency._exact(one.amount_residual_currency) for one in part.lines), ZERO))
        if currency == self.currency_id:
            is_settled, of_transaction = part.is_settled, part.open - left[key]
            taken = min(abs(amount), abs(of_transaction)) if amount * of_transaction > 0 else ZERO
        elif currency != entry.original_currency_id or amount * part.open <= 0:
            raise UserError(
                self.env._(
                    "%(document)s is in %(currency)s, and the report does not say how much of that was paid by "
                    "%(entry)s. Choose another document, or the client's account.",
                    document=document.display_name,
                    currency=currency.name,
                    entry=entry._label(),
                )
            )
        else:
            paid = abs(currency._exact(entry.original_amount))
            is_settled = paid >= residual
            taken = abs(amount)
            if is_settled:
                taken = self.currency_id._exact(abs(amount) * residual / paid)
            # The share that was paid, by the processor's rate.
            of_transaction = amount if is_settled else amount * residual / paid
        amount = taken.copy_sign(amount)
        left[key] += amount
        # An early-payment discount is for who pays what it leaves, and then the report would name another amount.
        return replace(part, open=of_transaction, asked=of_transaction, amount=amount, is_settled=is_settled)

    def _document_maker(self, entry, part):
        def make(line, _amount, share):
            counterparts = line._document_counterparts(part, share)
            counterparts[0].values["name"] = entry._label()
            return counterparts

        return make

    def _rest_maker(self, entry):
        """Give the function that books what no document takes, on the client's account or another one.

        :raise UserError: where there is neither, naming the entry
        """
        partner = entry.partner_id or entry.payment_id.partner_id or entry.move_id.partner_id
        partner = partner.commercial_partner_id.with_company(self.company_id)
        account = entry.account_id or partner.property_account_receivable_id or self._rest_account()
        if not account:
            raise UserError(
                self.env._(
                    "Nothing was found for %(amount)s of %(entry)s (row %(row)s). Choose its document or client, or "
                    "an account for the rest.",
                    amount=self.currency_id.format(entry.amount_gross),
                    entry=entry._label(),
                    row=entry.sequence,
                )
            )

        def make(line, amount, share):
            line._check_has_owner(account, partner)
            sign = -line._match_direction()
            return [
                Counterpart({
                    "move_id": line.move_id.id,
                    "name": entry._label(),
                    "account_id": account.id,
                    "partner_id": partner.id,
                    "currency_id": self.currency_id.id,
                    "amount_currency": float(sign * amount),
                    "balance": float(sign * share),
                })
            ]  # fmt: skip

        return make

    def _fee_counterparts(self, line, amount, share):
        """All fees of the payout, by the preset for fees with its taxes.

        :raise UserError: where no preset is chosen
        """
        preset = self._fee_preset()
        if not preset:
            raise UserError(
                self.env._(
                    "The fees of %(settlement)s are %(amount)s, and no preset is chosen that books them. Choose one "
                    "here, or for all settlements in the settings of Invoicing.",
                    settlement=self.display_name,
                    amount=self.currency_id.format(self.amount_fees),
                )
            )
        return [Counterpart(values) for values in preset._prepare_counterparts(line, amount, share)]

    def _match_reasons(self, line):
        """Say why a bank transaction is this payout.

        :return: list of sentences
        """
        reasons = [self.env._("Exactly the amount of the payout")]
        if self._is_named_by(line):
            reasons.insert(0, self.env._("The reference of the payout, %s, is found in the label", self.reference))
        reasons.append(self.env._("Paid out on %s", format_date(self.env, self.payout_date)))
        return reasons

    def _match_note(self, line):
        if not self.missing_count:
            return ""
        return self.env._(
            "Nothing was found for %(count)s entries (%(amount)s).",
            count=self.missing_count,
            amount=self.currency_id.format(self.amount_missing),
        )
