"""From parts with amounts to the journal items that balance the bank's own. Nothing is written."""

from odoo import models
from odoo.exceptions import UserError

from ...engine.bank_matching.amounts import ZERO, split_balance
from ...engine.common.odoo_types import OWED_ACCOUNT_TYPES
from .booking import Booking, Counterpart
from .taxed_lines import settle_rounding, taxed_lines

# What a transaction is called that is matched with things of several types: the first of these.
ENTITY_RANKS = {"internal_transfer": 0, "ar_invoice": 1, "ap_invoice": 1, "payment": 1, "return": 1, "expense": 2}


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _make_booking(self, parts):
        """Turn parts with amounts into journal items that balance the bank's own, in both currencies exactly."""
        digits = self.company_id.currency_id.decimal_places
        shares = split_balance([part.amount for part in parts], self._booked_balance(), digits)
        counterparts = []
        deposit_of = None
        for part, share in zip(parts, shares, strict=True):
            if part.open is not None:
                counterparts += self._document_counterparts(part, share)
                deposit_of = part
            elif part.account_line is not None:
                counterparts += self._account_counterparts(part, share)
            elif part.record._name == "account.reconcile.model":
                values = part.record._prepare_counterparts(self, part.amount, share)
                counterparts += [Counterpart(one) for one in values]
            else:
                counterparts.append(self._deposit_counterpart(deposit_of, part, share))
        partners = {one.values.get("partner_id") for one in counterparts if one.lines} - {False, None}
        partners = partners or {part.account_line.partner.id for part in parts if part.account_line} - {False}
        journals = self.env["account.journal"].union(
            *(part.account_line.journal for part in parts if part.account_line and part.account_line.journal)
        )
        if len(journals) > 1:
            raise UserError(
                self.env._("A transaction can be a transfer to one other bank account only. Choose one of them.")
            )
        return Booking(
            line=self,
            counterparts=counterparts,
            entity_type=min((part.entity_type for part in parts), key=ENTITY_RANKS.get),
            transfer_journal=journals,
            partner=self.env["res.partner"].browse(partners if len(partners) == 1 else ()),
            named=list(dict.fromkeys((part.record._name, part.record.id) for part in parts)),
            decision={"amounts": [str(part.amount) for part in parts]},
        )

    def _counterpart_values(self, source, name, amount_currency, balance, currency):
        """Values of a journal item opposite to the bank's own.

        :param source: the account.move.line whose account and partner it takes
        :param amount_currency: Decimal, positive in the transaction's direction
        :param balance: the same in company currency
        """
        sign = -self._match_direction()
        return {
            "move_id": self.move_id.id,
            "name": name,
            "account_id": source.account_id.id,
            "partner_id": source.partner_id.id,
            "currency_id": currency.id,
            "amount_currency": float(sign * amount_currency),
            "balance": float(sign * balance),
        }

    def _document_counterparts(self, part, share):
        """The journal items that pay a document.

        :param share: Decimal, the part's amount in company currency
        """
        line, direction = part.lines[0], self._match_direction()
        currency, company_currency = line.currency_id, self.company_id.currency_id
        residual, extra = part.residual, []
        if part.is_discounted:
            amount_currency = residual
            paid_balance = share
            share = direction * sum((company_currency._exact(one.amount_residual) for one in part.lines), ZERO)
            extra = self._discount_counterparts(part, direction * (share - paid_balance))
        elif currency == self.currency_id:
            amount_currency = part.amount
        elif part.is_settled or part.amount == part.open:
            amount_currency = residual
        else:
            amount_currency = currency._exact(residual * part.amount / part.open)
        if currency == company_currency and currency != self.currency_id:
            # An item in company currency has one amount; what the bank's rate makes of it beside that is exchange
            # result.
            difference = share - amount_currency
            if difference and (part.is_settled or part.amount == part.open):
                extra.append(self._exchange_counterpart(line, difference))
                share = amount_currency
            else:
                amount_currency = share
        if not amount_currency:
            raise UserError(
                self.env._(
                    "%(amount)s is worth %(zero)s, too little to pay anything of %(document)s. Leave the document out, "
                    "or give it a larger amount.",
                    amount=self.currency_id.format(float(part.amount)),
                    zero=currency.format(0.0),
                    document=part.record.display_name,
                )
            )
        values = self._counterpart_values(line, self.payment_ref, amount_currency, share, currency)
        return [Counterpart(values, part.lines), *extra]

    def _discount_counterparts(self, part, open_balance):
        """The early-payment discount that was taken, by Odoo's own rules for its taxes.

        :param open_balance: Decimal, signed as the journal items that cover it
        """
        rows = [
            {"aml": line, "amount_currency": -line.amount_residual_currency, "balance": -line.amount_residual}
            for line in part.lines
        ]
        found = self.env["account.move"]._get_invoice_counterpart_amls_for_early_payment_discount(
            rows, float(open_balance)
        )
        rows = [{**values, "move_id": self.move_id.id} for group in found.values() for values in group]
        for values in rows:
            if values["currency_id"] == self.company_id.currency_id.id:
                # Odoo gives an exchange result no amount in the document's currency, which here is the company's.
                values["amount_currency"] = values["balance"]
        return [Counterpart(values) for values in rows]

    def _exchange_counterpart(self, line, difference):
        """The exchange result of a document in company currency that was paid from an account in another.

        :param difference: Decimal in company currency, positive in the transaction's direction
        """
        company = self.company_id
        is_gain = difference * self._match_direction() > 0
        account = (
            company.income_currency_exchange_account_id if is_gain else company.expense_currency_exchange_account_id
        )
        if not account:
            raise UserError(
                self.env._("Set the accounts for exchange results in the accounting settings of %s.", company.name)
            )
        values = self._counterpart_values(
            line, self.env._("Exchange difference"), difference, difference, company.currency_id
        )
        return Counterpart({**values, "account_id": account.id})

    def _account_counterparts(self, part, share):
        """The journal items of an account that takes a part: the amount without its taxes, and the taxes.

        :param share: Decimal, the part's amount in company currency
        """
        sign, company_currency = -self._match_direction(), self.company_id.currency_id
        rate = float(abs(part.amount / share)) if share else 1.0
        made = self._taxed_values(part.account_line, float(sign * part.amount), rate)
        # What rounding leaves goes to the amount without taxes.
        made = settle_rounding(made, company_currency, sign * share, self.currency_id, sign * part.amount)
        return [Counterpart(values) for values in made]

    def _taxed_values(self, account_line, amount, rate):
        """The base item and the tax items of an amount that includes its taxes.

        :param account_line: :class:`AccountLine`
        :param amount: float, signed as the journal item
        :param rate: how much of the transaction's currency one unit of company currency is
        :return: list of values, the base item first
        :raise UserError: where the account keeps what a partner owes, and there is none
        """
        self._check_has_owner(account_line.account, account_line.partner)
        made = taxed_lines(self.env, self.company_id, self.currency_id, account_line, amount, rate)
        common = {
            "move_id": self.move_id.id,
            "reconcile_model_id": account_line.preset.id if account_line.preset else False,
        }
        made = [{**values, **common} for values in made]
        made[0]["name"] = account_line.label or self.payment_ref
        return made

    def _check_has_owner(self, account, partner):
        """Refuse a receivable or a payable of nobody.

        :raise UserError: naming the account
        """
        if account.account_type in OWED_ACCOUNT_TYPES and not partner:
            raise UserError(
                self.env._("%s keeps what each client or vendor owes. Choose the partner.", account.display_name)
            )

    def _deposit_counterpart(self, document, part, share):
        """The journal item of what is left on the account owner's account."""
        source = document.lines[0]
        values = self._counterpart_values(source, self.payment_ref, part.amount, share, self.currency_id)
        values["partner_id"] = part.partner.id
        if self.currency_id == self.company_id.currency_id:
            values["balance"] = values["amount_currency"]
        return Counterpart(values)
