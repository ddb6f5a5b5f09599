"""What a bank transaction returns of an earlier entry: all, one account owner's, what is left of it, or a part."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...engine.bank_matching.amounts import ZERO, split_balance
from ..common.exceptions import StaleMatch


@dataclass(slots=True)
class Taken:
    """What a bank transaction returns of one earlier entry.

    :param move: account.move, the entry of the payment or of the earlier bank transaction
    :param lines: its receivable or payable account.move.line records that are returned
    :param beside: its other lines that are reversed with them: what was written off with the payment
    :param money: Decimal, what can still be returned, in the currency of its bank account; zero where all of it was
    :param currency: res.currency of ``money``
    :param earlier: Decimal, what of it was returned before, in the same currency
    :param parts: dict account.move.line -> Decimal, what is returned of each where only a part is; None for all
    """

    move: Any
    lines: Any
    beside: Any
    money: Decimal
    currency: Any
    earlier: Decimal = ZERO
    parts: dict | None = None

    @property
    def is_divisible(self):
        """Whether a part of it can be returned: it is of one owner, account and currency, with nothing written off
        beside it."""
        owners = {(line._account_owner(), line.account_id) for line in self.lines}
        return not self.beside and len(owners) == 1 and self.lines.currency_id == self.currency


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _taken_of_move(self, move, only=None):
        """Tell what this transaction may return of an entry: all of it, or one account owner's part.

        :param move: account.move of a payment or of a bank transaction
        :param only: account.move.line records named by a caller, or None
        :return: list of :class:`Taken`
        """
        lines = move._owed_lines().filtered(lambda line: line.balance * self.amount > 0)
        if only is not None:
            lines &= only
        if not lines:
            return []
        source = move.origin_payment_id or move.statement_line_id
        beside = move.line_ids - source._seek_for_lines()[0] - lines
        # Beside receivables and payables there may only be what was written off; what clears another payment is
        # returned with that one.
        groups = self._return_groups(lines)
        if not any(line.account_id.reconcile or line._is_owed_line() for line in beside):
            money = abs(source.currency_id._exact(source.amount))
            whole = self._taken(move, lines, beside, money, source.currency_id)
            if beside or len(groups) == 1 or not whole.earlier:
                return [whole]
        money_of = self._money_of_lines(move)
        return [
            self._taken(move, mine, beside.browse(), sum((money_of[line] for line in mine), ZERO), source.currency_id)
            for mine in groups
        ]

    @staticmethod
    def _return_groups(lines):
        """Tell which journal items of an entry are returned together: those of one account owner, currency and account.

        :param lines: account.move.line records
        :return: list of account.move.line records
        """
        return list(lines.grouped(lambda line: (line._account_owner(), line.currency_id, line.account_id)).values())

    def _returns_of_owners(self, taken, amounts):
        """Split what is returned whole into a return for each account owner, currency and account.

        What was written off is returned with the one that had paid most. Where more was written off than that one had
        paid, it stays one return.

        :param taken: list of :class:`Taken`
        :param amounts: list of Decimal, what is returned of each, in the transaction's currency
        :return: the same two lists, longer by what was split
        """
        split, shares = [], []
        for one, amount in zip(taken, amounts, strict=True):
            groups, weights = [], [amount]
            if not one.parts:
                money_of = self._money_of_lines(one.move)
                groups = [
                    Taken(one.move, lines, one.beside.browse(), sum(map(money_of.get, lines), ZERO), one.currency)
                    for lines in self._return_groups(one.lines)
                ]
                most = max(groups, key=lambda group: group.money)
                most.beside = one.beside
                weights = [group.money + sum(map(money_of.get, group.beside), ZERO) for group in groups]
            if len(groups) > 1 and min(weights) > 0:
                split += groups
                shares += split_balance(weights, amount, self.currency_id.decimal_places)
            else:
                split.append(one)
                shares.append(amount)
        return split, shares

    def _taken(self, move, lines, beside, money, currency):
        taken = Taken(move, lines, beside, money, currency)
        known = self._known_returns(move)
        returned = sum((self._returned_of_line(line, known) for line in lines), ZERO)
        # The journal items of a return are gone where its transaction was matched anew since.
        owners = {line._account_owner() for line in lines}
        is_forgotten = any(not one.money_line_id and one.partner_id in owners for one in known)
        if returned or is_forgotten:
            taken.earlier = money if is_forgotten or not taken.is_divisible else returned
            taken.money -= taken.earlier
        return taken

    @staticmethod
    def _money_of_lines(move):
        """What each journal item beside the bank's own is of the money, in the currency of the bank account.

        :param move: account.move of a payment or of a bank transaction
        :return: dict account.move.line -> Decimal, of which those that are returned are above zero
        """
        source = move.origin_payment_id or move.statement_line_id
        liquidity = source._seek_for_lines()[0]
        lines = move.line_ids - liquidity
        currency, company_currency = source.currency_id, source.company_id.currency_id
        sign = -1 if sum(liquidity.mapped("balance")) > 0 else 1
        money = {line: sign * currency._exact(line.amount_currency) for line in lines if line.currency_id == currency}
        foreign = [line for line in lines if line not in money]
        left = abs(currency._exact(source.amount)) - sum(money.values(), ZERO)
        weights = [sign * company_currency._exact(line.balance) for line in foreign]
        if sum(weights, ZERO):
            shares = split_balance(weights, left, currency.decimal_places)
            money |= dict(zip(foreign, shares, strict=True))
        return {line: money.get(line, ZERO) for line in lines}

    def _taken_amount(self, taken):
        """What was returned of an entry, in the currency of this transaction (Decimal)."""
        if taken.currency == self.currency_id:
            return taken.money
        line = taken.lines[0]
        if line.currency_id == taken.currency:
            return self._in_transaction_currency(line, taken.money)
        rate = taken.currency._get_conversion_rate(taken.currency, self.currency_id, self.company_id, self.date)
        return self.currency_id._exact(float(taken.money) * rate)

    def _known_returns(self, moves):
        """The earlier returns of these entries or of parts of them: account.payment.return records."""
        # Only whether they were returned.
        return self.env["account.payment.return"].sudo().search([
            ("state", "=", "booked"), ("original_move_id", "in", moves.ids),
        ])  # fmt: skip

    def _check_not_returned(self, taken):
        """Refuse what was returned already.

        :raise StaleMatch: naming the payment
        """
        for one in taken:
            # Asked again, as of now: a colleague may have booked a return since this was planned.
            now = sum((known.money for known in self._taken_of_move(one.move, one.lines)), ZERO)
            if one.money <= 0 or now != one.money:
                known = self._known_returns(one.move)
                owners = {line._account_owner() for line in one.lines}
                known = known.filtered(lambda other, owners=owners: other.partner_id in owners)[:1] or known[:1]
                raise StaleMatch(
                    self.env._(
                        "%(payment)s was returned on %(date)s already, by another bank transaction. Nothing was "
                        "booked.",
                        payment=known._payment_name() or one.move.display_name,
                        date=format_date(self.env, known.date or one.move.date),
                    )
                )

    def _take_part(self, taken, amount):
        """Tell which journal items of a payment are returned where only a part of it is: the last of them first.

        :param taken: list of :class:`Taken`, of which the one gets its ``parts``
        :param amount: Decimal above 0, in the transaction's currency
        :return: the amount
        :raise UserError: where it can't be told, or booked, which part it is
        """
        one = taken[0]
        texts = {
            "amount": self.currency_id.format(float(amount)),
            "paid": self.currency_id.format(float(sum(map(self._taken_amount, taken), ZERO))),
            "payment": ", ".join(each.move.display_name for each in taken),
        }
        if len(taken) > 1 or len(self._return_groups(one.lines)) > 1 and not one.beside:
            raise UserError(
                self.env._(
                    "%(amount)s of the %(paid)s of %(payment)s was returned, and nothing says of which. Choose the "
                    "journal item of one payment and one account owner.",
                    **texts,
                )
            )
        if not one.is_divisible or one.currency != self.currency_id:
            raise UserError(
                self.env._(
                    "%(amount)s of the %(paid)s of %(payment)s was returned. A payment in another currency, or with "
                    "something written off with it, can only be returned whole: match this transaction with a "
                    "document, or book it by a preset.",
                    **texts,
                )
            )
        one.parts = self._parts_of(one, amount)
        left = amount - sum(one.parts.values(), ZERO)
        if left:
            raise StaleMatch(
                self.env._(
                    "What %(payment)s had paid was changed by hand since a part of it was returned. Delete its "
                    "reconciliations, then match this transaction with its journal item.",
                    **texts,
                )
            )
        return amount

    def _parts_of(self, taken, amount):
        """Which journal items of a payment are returned where a part of it is, the last of them first.

        :return: dict account.move.line -> Decimal above 0; less than the amount where not so much is left
        """
        parts, left, known = {}, amount, self._known_returns(taken.move)
        for line in taken.lines.sorted("id", reverse=True):
            whole = taken.currency._exact(abs(line.amount_currency))
            part = min(left, whole - self._returned_of_line(line, known))
            if part > 0:
                parts[line] = part
                left -= part
        return parts

    def _returned_of_line(self, line, known):
        """What of a payment's journal item was returned already (Decimal, in its currency).

        :param known: account.payment.return records of its entry
        """
        partials = (line.matched_debit_ids | line.matched_credit_ids).sudo()
        entries = known.statement_line_id.move_id
        found = partials.filtered(
            lambda partial: (partial.debit_move_id | partial.credit_move_id).move_id & entries - line.move_id
        )
        is_debit = line.balance > 0
        return sum(
            (
                line.currency_id._exact(one.debit_amount_currency if is_debit else one.credit_amount_currency)
                for one in found
            ),
            ZERO,
        )
