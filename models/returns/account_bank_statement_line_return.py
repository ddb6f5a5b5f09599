"""Finding the payments that a bank transaction returns, and planning its booking. Nothing is written."""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...engine.bank_matching.amounts import ZERO, split_balance
from ...engine.bank_matching.bank_text import compact, reference_keys
from ...engine.bank_matching.suggestions import RATE_DIFFERENCE_MAX
from ...engine.returns import originals, originals_sql, words
from ..bank_matching.booking import Booking, Counterpart, Part

# What banks put where there is no end-to-end id (ISO 20022).
NOT_PROVIDED = {"NOTPROVIDED", "NOTPROV", "NONREF"}


@dataclass(slots=True)
class ReturnBooking(Booking):
    """The match of a transaction that returns payments.

    :param taken: list of :class:`Taken`
    :param amounts: list of Decimal, what was returned of each, in the transaction's currency
    :param fee: Decimal, the bank's fee in the same transaction, in the transaction's direction
    """

    taken: list = field(default_factory=list)
    amounts: list = field(default_factory=list)
    fee: Decimal = ZERO


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    # -- what the bank writes ----------------------------------------------------------------------------------

    def _return_texts(self):
        """The texts in which a bank says that a payment was returned, and which."""
        details = self.transaction_details
        details = " ".join(map(str, details.values())) if isinstance(details, dict) else str(details or "")
        texts = (self.payment_ref, self.ref, self.structured_reference, self.transaction_type, details)
        return [text for text in texts if text]

    def _is_coded_return(self):
        """Whether the bank's file itself gives the code of a return."""
        return bool(self.return_code)

    def _is_stated_return(self):
        """Whether a code, a reason or a word says that this is a return."""
        return bool(self.return_code or self.return_reason) or words.says_return(*self._return_texts())

    def _return_reason(self):
        """Why the payment was returned.

        :return: (code, words in the user's language); empty where the bank does not say
        """
        code, reason = words.return_reason(self.return_code or "", self.return_reason or "", *self._return_texts())
        return code, reason.translated(self.env._) if hasattr(reason, "translated") else reason

    def _return_charges(self):
        """The bank's charges by its file, in the transaction's direction, exact."""
        return self._match_direction() * self.currency_id._exact(self.charges)

    # -- the returned payment ----------------------------------------------------------------------------------

    def _ranked_returns(self):
        """Find the payments that this transaction may return.

        :return: list of (``Ranked``, :class:`Taken`), the surest first
        """
        taken_by = self._found_returns()
        ranked = originals.rank(
            taken_by,
            self._match_total(),
            self._return_charges(),
            self._is_coded_return(),
            self._is_stated_return(),
            RATE_DIFFERENCE_MAX,
        )
        rejected = self._rejected_returns()
        return [
            (one, taken_by[one.original])
            for one in ranked
            if frozenset(one.original.line_ids) not in rejected
        ]  # fmt: skip

    def _returned_together(self):
        """Find the payments that the bank names and that were returned in one sum.

        :return: list of (``Original``, :class:`Taken`), empty where there is no such set, or more than one
        """
        taken_by = self._found_returns()
        smallest = Decimal(str(self.currency_id.rounding))
        found = originals.together(taken_by, self._match_total(), self._return_charges(), smallest)
        ids = frozenset(number for original in found for number in original.line_ids)
        return [] if ids in self._rejected_returns() else [(original, taken_by[original]) for original in found]

    def _found_returns(self):
        """Find the payments that this transaction may return, by what it names and by its amount.

        :return: dict ``Original`` -> :class:`Taken`
        """
        self.ensure_one()
        if not self.amount:
            return {}
        is_stated, total, charges = self._is_stated_return(), self._match_total(), self._return_charges()
        end_to_end = [self.end_to_end_id] if compact(self.end_to_end_id or "") not in {"", *NOT_PROVIDED} else []
        query = originals_sql.originals(
            move_id=self.move_id.id,
            journal_id=self.journal_id.id,
            # A branch may be hidden from the user whose bank account it uses; only ids are read.
            company_ids=self.env["res.company"].sudo().search([("id", "child_of", self.company_id.root_id.id)]).ids,
            day=self.date,
            sign=self._match_direction(),
            end_to_end=end_to_end,
            structured=[self.structured_reference] if self.structured_reference else [],
            keys=reference_keys(*self._return_texts(), self.end_to_end_id or ""),
            amounts=list(dict.fromkeys((total, total - charges))) if is_stated else [],
        )
        if query is None:
            return {}
        for model in ("account.move", "account.payment", "account.bank.statement.line", "account.payment.return",
                      "account.reconciliation.line", "account.move.line", "account.partial.reconcile",
                      "account.bank.batch.part"):  # fmt: skip
            self.env[model].flush_model()
        taken_by = {}
        for move_id, named_by in self.env.execute_query(query):
            move = self.env["account.move"].browse(move_id)
            if not move.has_access("read"):
                continue
            for taken in self._taken_of_move(move):
                if taken.money > 0:
                    taken_by[self._original(taken, named_by)] = taken
        return taken_by

    def _original(self, taken, named_by):
        source = taken.move.statement_line_id
        owner = taken.lines[:1]._account_owner()
        account = compact(self.account_number or "")
        is_owned = bool(
            (owner and owner == self.partner_id.commercial_partner_id)
            or (source.mandate_id and source.mandate_id == self.mandate_id)
            or (account and account in {compact(bank.acc_number or "") for bank in owner.bank_ids})
            or (account and source and account == compact(source.account_number or ""))
        )
        return originals.Original(
            move_id=taken.move.id,
            line_ids=tuple(sorted(taken.lines.ids)),
            amount=self._taken_amount(taken),
            is_converted=taken.currency != self.currency_id,
            named_by=named_by,
            is_owned=is_owned,
            days=(self.date - taken.move.date).days,
            is_divisible=taken.is_divisible and taken.currency == self.currency_id,
        )

    def _rejected_returns(self):
        """What a person has rejected for this transaction: a set of frozensets of ids of journal items."""
        rows = self.env["account.bank.match.memory"].search([
            ("kind", "=", "rejected"), ("statement_line_id", "=", self.id), ("key", "=like", "account.move.line:%"),
        ])  # fmt: skip
        return {
            frozenset(int(part.partition(":")[2]) for part in key.split(",") if part.partition(":")[2].isdecimal())
            for key in rows.mapped("key")
        }

    def _return_reasons(self, ranked, taken):
        """Say why a payment may be the returned one: list of sentences."""
        code, reason = self._return_reason()
        named = {
            "end_to_end": self.env._("The end-to-end id is that of the payment: %s", self.end_to_end_id),
            "structured": self.env._("The reference is that of the payment: %s", self.structured_reference),
            "payment": self.env._("The number or memo of the payment is in the text"),
            "document": self.env._("The number of a document that it paid is in the text"),
        }.get(ranked.original.named_by)
        sentences = [named] if named else []
        if self._is_coded_return():
            text = f"{code} {reason}".strip()
            sentences.append(self.env._("The bank gives the reason of a return: %s", text))
        elif self._is_stated_return():
            sentences.append(self.env._("The bank writes of a return"))
        paid = self.currency_id.format(float(ranked.original.amount))
        if ranked.is_part:
            sentences.append(self.env._("A part of what was paid: %s", paid))
        elif ranked.fee:
            fee = self.currency_id.format(float(ranked.fee))
            sentences.append(self.env._("%(amount)s was paid; %(fee)s is the bank's fee", amount=paid, fee=fee))
        elif ranked.original.is_converted:
            sentences.append(self.env._("Nearly the amount that was paid, at the rate of the day: %s", paid))
        else:
            sentences.append(self.env._("Exactly the amount that was paid: %s", paid))
        if ranked.original.is_owned:
            sentences.append(self.env._("The bank names the account owner, the account number or the mandate"))
        sentences.append(self.env._("Paid on %s", format_date(self.env, taken.move.date)))
        return sentences

    # -- planning ----------------------------------------------------------------------------------------------

    def _is_return_of(self, lines, amounts=None):
        """Whether naming these journal items means that their payment was returned.

        They are of a payment or an earlier bank transaction in the other direction, which has paid something. Where as
        much of them is open as is asked for, it is a refund of a deposit, unless the bank writes of a return.

        :param lines: list of records
        :param amounts: list of Decimal, what is asked for of each in the transaction's currency; None for all of it
        """
        is_return = bool(lines) and all(
            line._name == "account.move.line"
            and line._is_owed_line()
            and line.parent_state == "posted"
            and line.balance * self.amount > 0
            and line.move_id != self.move_id
            and (line.move_id.origin_payment_id or line.move_id.statement_line_id)
            for line in lines
        )
        if not is_return or self._is_stated_return():
            return is_return
        exact = self.company_id.currency_id._exact
        if all(exact(line.amount_residual) == exact(line.balance) for line in lines):
            return False
        still_open = sum(
            (
                self._in_transaction_currency(line, line.currency_id._exact(abs(line.amount_residual_currency)))
                for line in lines
            ),
            ZERO,
        )
        return still_open < (self._match_total() if amounts is None else sum(amounts, ZERO))

    def _plan_return(self, lines, preset=None):
        """Plan the match of this transaction with the payments that it returns.

        :param lines: account.move.line records of payments, receivable or payable
        :param preset: account.reconcile.model that takes the bank's fee, or None for that of the company
        :return: :class:`ReturnBooking`
        :raise StaleMatch: where a payment was returned already
        :raise UserError: where the amounts do not fit, or no preset takes the fee
        """
        self.ensure_one()
        taken = [one for move in lines.move_id for one in self._taken_of_move(move, lines)]
        self._check_not_returned(taken)
        if not self._booked_balance() or any(not sum(one.lines.mapped("balance")) for one in taken):
            raise UserError(
                self.env._("The amount is worth nothing in %s. Book the transaction by a preset, or ignore it.",
                           self.company_id.currency_id.name)
            )  # fmt: skip
        total, charges = self._match_total(), self._return_charges()
        amounts = [self._taken_amount(one) for one in taken]
        converted = [
            amount if one.currency != self.currency_id else ZERO for one, amount in zip(taken, amounts, strict=True)
        ]  # fmt: skip
        fee, rate_difference = originals.fee_and_rate_difference(
            total, sum(amounts, ZERO), sum(converted, ZERO), charges, RATE_DIFFERENCE_MAX
        )
        if rate_difference:
            parts = split_balance(converted, rate_difference, self.currency_id.decimal_places)
            amounts = [amount + part for amount, part in zip(amounts, parts, strict=True)]
        if fee < 0 and fee != charges:
            # The bank's charges are no part of the returned amount.
            fee = charges if 0 < charges < total else ZERO
            amounts = [self._take_part(taken, total - fee)]
        else:
            for one, amount in zip(taken, amounts, strict=True):
                if one.earlier:
                    self._take_part([one], amount)
        preset = preset or self.company_id.return_fee_id
        if fee and not preset:
            raise UserError(
                self.env._(
                    "%(fee)s more than the %(paid)s that were paid was returned, which is the bank's fee, and no "
                    "preset is chosen that books it. Choose one here, or for all returns in the settings of Invoicing.",
                    fee=self.currency_id.format(float(fee)),
                    paid=self.currency_id.format(float(sum(amounts, ZERO))),
                )
            )
        taken, amounts = self._returns_of_owners(taken, amounts)
        shares = split_balance(
            [*amounts, *([fee] if fee else [])], self._booked_balance(), self.company_id.currency_id.decimal_places
        )
        counterparts = []
        for one, amount, share in zip(taken, amounts, shares, strict=False):
            counterparts += self._return_counterparts(one, amount, share)
        if fee:
            counterparts += map(Counterpart, preset._prepare_counterparts(self, fee, shares[-1]))
        owners = lines.partner_id
        named = [("account.move.line", line.id) for line in lines]
        return ReturnBooking(
            line=self,
            counterparts=counterparts,
            entity_type="return",
            partner=owners if len(owners) == 1 else self.env["res.partner"],
            named=named,
            decision={"amounts": [str(amount) for amount in (*amounts, *([fee] if fee else []))]},
            taken=taken,
            amounts=amounts,
            fee=fee,
        )

    def _return_counterparts(self, taken, amount, share):
        """The journal items that return one payment: its receivables or payables, and what was written off with it.

        :param amount: Decimal, the returned amount, in the transaction's currency
        :param share: the same in company currency
        :return: list of :class:`Counterpart`
        """
        if taken.parts:
            return self._part_counterparts(taken.parts, share)
        company_currency, direction = self.company_id.currency_id, self._match_direction()
        rows = [*taken.lines, *taken.beside]
        weights = [direction * company_currency._exact(line.balance) for line in rows]
        digits = company_currency.decimal_places
        counterparts = []
        in_transaction = split_balance(weights, amount, self.currency_id.decimal_places)
        for line, of_amount, of_share in zip(
            rows, in_transaction, split_balance(weights, share, digits), strict=True
        ):  # fmt: skip
            own = direction * line.currency_id._exact(line.amount_currency)
            if line in taken.lines:
                named = own if line.currency_id == self.currency_id else of_amount
                part = Part(line, "return", line, residual=own, discounted=own, open=named, asked=named,
                            amount=named)  # fmt: skip
                counterparts += self._document_counterparts(part, of_share)
                continue
            values = self._counterpart_values(line, line.name, own, of_share, line.currency_id)
            if line.currency_id == company_currency:
                values["amount_currency"] = values["balance"]
            # What was written off with its taxes is reversed with them.
            values |= {
                "tax_ids": [(6, 0, line.tax_ids.ids)],
                "tax_tag_ids": [(6, 0, line.tax_tag_ids.ids)],
                "tax_repartition_line_id": line.tax_repartition_line_id.id,
                "tax_base_amount": line.tax_base_amount,
            }
            counterparts.append(Counterpart(values))
        return counterparts

    def _part_counterparts(self, parts, share):
        """The journal items that return a part of one payment.

        :param parts: dict account.move.line -> Decimal, in the transaction's currency
        :param share: Decimal, the same in company currency
        :return: list of :class:`Counterpart`
        """
        counterparts = []
        shares = split_balance(list(parts.values()), share, self.company_id.currency_id.decimal_places)
        for (line, amount), of_share in zip(parts.items(), shares, strict=True):
            part = Part(line, "return", line, residual=amount, discounted=amount, open=amount, asked=amount,
                        amount=amount)  # fmt: skip
            counterparts += self._document_counterparts(part, of_share)
        return counterparts
