"""Planning an internal transfer: two bank transactions become one movement over the transfer account."""

from odoo import models
from odoo.exceptions import UserError

from ...engine.bank_matching.amounts import ZERO, split_balance
from .booking import Booking, Counterpart


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _plan_transfer(self, other, fee_preset=None):
        """Plan the two bookings of an internal transfer over the company's transfer account.

        :param other: account.bank.statement.line, the other side
        :param fee_preset: account.reconcile.model that takes what was charged on the way
        :return: list of two :class:`Booking`, first of what went out
        :raise UserError: where the two transactions can't be the two sides of one transfer
        """
        self._check_transfer_sides(other)
        out, into = (self, other) if self.amount < 0 else (other, self)
        fee = out._transfer_fee(into)
        if fee < 0 or (fee and not fee_preset):
            raise UserError(
                self.env._(
                    "%(out)s went out and %(into)s came in: they differ by %(difference)s. If that is a fee, "
                    "choose the preset that it is booked by.",
                    out=out.currency_id.format(abs(out.amount)),
                    into=into.currency_id.format(abs(into.amount)),
                    difference=out.currency_id.format(float(abs(fee))),
                )
            )
        sent = out._transfer_shares(fee)[0]
        return [out._plan_transfer_side(into, sent, fee, fee_preset), into._plan_transfer_side(out, sent)]

    def _check_transfer_sides(self, other):
        """Refuse two transactions that can't be the two sides of one transfer."""
        company = self.company_id
        if other._name != self._name or len(other) != 1:
            raise UserError(self.env._("Choose the one transaction that is the other side of the transfer."))
        if other.journal_id == self.journal_id or other.company_id != company:
            raise UserError(
                self.env._("The other side of a transfer is a transaction of another bank account of %s.", company.name)
            )
        if self.amount * other.amount >= 0:
            raise UserError(
                self.env._(
                    "Both transactions go in one direction. A transfer goes out of one account and into another."
                )
            )
        if not company.transfer_account_id.reconcile:
            raise UserError(
                self.env._(
                    "Set an internal transfer account that can be reconciled in the settings of %s.", company.name
                )
            )

    def _transfer_fee(self, other):
        """What was charged on the way between two sides (Decimal in the transfer's currency); 0 where the currencies
        differ."""
        if other.currency_id != self.currency_id:
            return ZERO
        out, into = (self, other) if self.amount < 0 else (other, self)
        return out._match_total() - into._match_total()

    def _transfer_shares(self, fee):
        """What this side moves, and its fee, in company currency as the transaction was booked.

        :return: list of two Decimal
        """
        amounts = [self._match_total() - fee, fee]
        return split_balance(amounts, self._booked_balance(), self.company_id.currency_id.decimal_places)

    def _plan_transfer_side(self, other, sent, fee=ZERO, fee_preset=None):
        """Plan the booking of one side.

        Between accounts in different currencies, what is on the way is worth what was sent; the rest is exchange
        result, so that nothing stays on the transfer account.

        :param sent: Decimal, what went out without its fee, in company currency
        :param fee: Decimal that this side pays, in its currency
        :return: :class:`Booking`
        """
        company, sign = self.company_id, -self._match_direction()
        amount = self._match_total() - fee
        moved, fee_balance = self._transfer_shares(fee)
        currency, on_the_way, extra = self.currency_id, amount, []
        if other.currency_id != self.currency_id:
            currency, on_the_way = company.currency_id, sent
            if moved != sent:
                extra = [self._exchange_counterpart(self._seek_for_lines()[0], moved - sent)]
            moved = sent
        values = {
            "move_id": self.move_id.id,
            "name": self.payment_ref,
            "account_id": company.transfer_account_id.id,
            "partner_id": False,
            "currency_id": currency.id,
            "amount_currency": float(sign * on_the_way),
            "balance": float(sign * moved),
        }
        if fee:
            extra += map(Counterpart, fee_preset._prepare_counterparts(self, fee, fee_balance))
        return Booking(
            line=self,
            counterparts=[Counterpart(values), *extra],
            entity_type="internal_transfer",
            partner=self.env["res.partner"],
            named=[(self._name, other.id)],
            decision={"amounts": [str(amount)]},
        )
