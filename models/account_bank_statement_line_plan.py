"""Planning a match: what is named becomes parts with amounts, parts become counterparts. Nothing is written."""

from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from ..engine.match_amounts import ZERO, share_out, split_balance
from .exceptions import StaleMatch
from .match_parts import Booking, Counterpart, Part

MATCHABLE_MODELS = (
    "account.move",
    "account.move.line",
    "account.payment",
    "account.reconcile.model",
    "account.bank.statement.line",
)


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _match_records(self, records):
        """Give the records that a caller names, whichever way it names them.

        :param records: recordset, or list of records or ``(model, id)`` pairs (lists in remote calls)
        :return: list of single records that exist and that the user may read
        :raise UserError: for what can't be matched
        """
        if isinstance(records, models.BaseModel):
            records = list(records)
        found = []
        for named in records or ():
            if isinstance(named, models.BaseModel):
                record = named
            else:
                model, record_id = named if isinstance(named, (list, tuple)) and len(named) == 2 else (None, None)
                if model not in MATCHABLE_MODELS or not isinstance(record_id, int) or isinstance(record_id, bool):
                    raise UserError(
                        self.env._("“%s” can't be matched with a bank transaction. Name a model and an id.", named)
                    )
                record = self.env[model].browse(record_id)
            if record._name not in MATCHABLE_MODELS:
                raise UserError(self.env._("A bank transaction can't be matched with “%s”.", record._description))
            if not record.exists():
                raise StaleMatch(
                    self.env._("What was to be matched does not exist any more. Look again, then choose again.")
                )
            record.check_access("read")
            found.append(record)
        if not found:
            raise UserError(self.env._("Nothing is chosen. Choose what the transaction is matched with."))
        return found

    def _match_record(self, model, named):
        """Give the one record of a model that a caller names by itself or, in a remote call, by its id."""
        return self._match_records([named if isinstance(named, models.BaseModel) else (model, named)])[0]

    # -- in the transaction's own terms ------------------------------------------------------------------

    def _match_direction(self):
        """1 where money came in, -1 where it went out."""
        self.ensure_one()
        return -1 if self.amount < 0 else 1

    def _match_total(self):
        """The transaction's amount in its journal's currency, exact, without its direction."""
        return self.currency_id._exact(abs(self.amount))

    def _in_transaction_currency(self, line, amount):
        """Convert an amount of a journal item into the transaction's currency.

        By the bank's own rate where the transaction tells it, else by the rate of the day.

        :param line: account.move.line
        :param amount: Decimal in the line's currency
        :return: Decimal
        """
        currency = line.currency_id
        if currency == self.currency_id:
            return amount
        if currency == self.foreign_currency_id and self.amount_currency:
            rate = abs(self.amount / self.amount_currency)
            return self.currency_id._exact(float(amount) * rate)
        return self.currency_id._exact(currency._convert(float(amount), self.currency_id, self.company_id, self.date))

    # -- parts ------------------------------------------------------------------------------------------------

    def _plan_match(self, records, amounts=None, settle=False):
        """Plan a match.

        :param records: list of records, see ``match_with``
        :param amounts: list of amounts in the transaction's currency, or None
        :return: :class:`Booking`
        :raise StaleMatch: where a record has nothing open that this transaction could pay
        :raise UserError: where the amounts don't add up
        """
        self.ensure_one()
        if len(set(records)) < len(records):
            raise UserError(self.env._("One record is chosen twice. Choose each once."))
        parts = [self._match_part(record, settle) for record in records]
        self._share_amounts(parts, amounts)
        return self._make_booking(parts)

    def _match_part(self, record, settle=False):
        """Tell what one record is to a transaction."""
        if record._name == "account.reconcile.model":
            return Part(record, "expense", self.env["account.move.line"])
        if record._name == self._name:
            raise UserError(
                self.env._("An internal transfer is matched with its other side alone, with nothing beside it.")
            )
        lines = self._open_lines(record)
        if not lines:
            raise StaleMatch(
                self.env._(
                    "Nothing of %s is open any more: it was paid, matched or changed in the meantime. Nothing was "
                    "booked. Look again, then choose again.",
                    record.display_name,
                )
            )
        if len(lines.account_id) > 1 or len(lines.partner_id.commercial_partner_id) > 1 or len(lines.currency_id) > 1:
            raise UserError(
                self.env._(
                    "%s has open amounts of several accounts, partners or currencies. Choose one of its journal items.",
                    record.display_name,
                )
            )
        direction = self._match_direction()
        residual = sum((line.currency_id._exact(line.amount_residual_currency) for line in lines), ZERO)
        # A difference can be an exchange result only where the bank's file doesn't name the document's currency itself.
        is_foreign = lines.currency_id not in (self.currency_id, self.foreign_currency_id)
        part = Part(record, self._entity_type(record, lines), lines, is_settled=settle and is_foreign)
        part.open = part.asked = self._in_transaction_currency(lines[0], direction * residual)
        move = lines.move_id
        if (
            move.is_invoice(include_receipts=True)
            and lines[0].currency_id == self.currency_id
            and move._is_eligible_for_early_payment_discount(lines[0].currency_id, self.date)
        ):
            part.asked = direction * sum(
                (line.currency_id._exact(line.discount_amount_currency) for line in lines), ZERO
            )
        return part

    def _open_lines(self, record):
        """The journal items of a record that a bank transaction can pay, earliest due first."""
        if record._name == "account.payment":
            lines = record._seek_for_lines()[0].filtered("account_id.reconcile")
        elif record._name == "account.move":
            lines = record._owed_lines()
        else:
            lines = record
        companies = self.company_id.root_id
        return lines.filtered(
            lambda line: (
                line.parent_state == "posted"
                and not line.reconciled
                and line.account_id.reconcile
                and line.company_id.root_id == companies
                and line.move_id != self.move_id
            )
        ).sorted(lambda line: (line.date_maturity or line.date, line.id))

    def _entity_type(self, record, lines):
        if record._name == "account.payment":
            return "payment"
        account = lines.account_id
        if account.account_type == "asset_receivable":
            return "ar_invoice"
        if account.account_type == "liability_payable":
            return "ap_invoice"
        return "internal_transfer" if account == self.company_id.transfer_account_id else "payment"

    def _share_amounts(self, parts, amounts):
        """Set how much of the transaction goes to each part; what is left becomes one more part, a deposit.

        :raise UserError: where the amounts don't add up
        """
        total = self._match_total()
        presets = [part for part in parts if part.open is None]
        documents = [part for part in parts if part.open is not None]
        if amounts is not None:
            if len(amounts) != len(parts):
                raise UserError(self.env._("Give one amount for each record that is chosen."))
            for part, amount in zip(parts, amounts, strict=True):
                part.amount = self.currency_id._exact(amount)
                self._check_part(part)
        else:
            if len(presets) > 1:
                raise UserError(self.env._("Choose one preset: it takes all of the difference."))
            if not presets and sum((part.asked for part in documents), ZERO) != total:
                for part in documents:  # discounts are for those who pay exactly what they leave
                    part.asked = part.open
            if len(documents) == 1 and documents[0].is_settled and not presets:
                shares = [total]
            elif presets:
                shares = [part.asked for part in documents]
            else:
                shares = share_out(total, [part.asked for part in documents])
            for part, share in zip(documents, shares, strict=True):
                part.amount = share
            for part in presets:
                part.amount = total - sum(shares, ZERO)
        parts[:] = [part for part in parts if part.amount]
        left = total - sum((part.amount for part in parts), ZERO)
        if left < 0:
            raise UserError(
                self.env._(
                    "What is chosen takes %(taken)s, but the transaction is of %(total)s. Lower an amount, or add the "
                    "preset that takes the difference of %(difference)s.",
                    taken=self.currency_id.format(float(total - left)),
                    total=self.currency_id.format(float(total)),
                    difference=self.currency_id.format(float(-left)),
                )
            )
        if left:
            parts.append(self._deposit_part(parts, left))

    def _check_part(self, part):
        """Refuse an amount that a caller gave for one part."""
        if part.open is None or part.is_settled:
            return
        if part.amount * part.open < 0 or abs(part.amount) > abs(part.open):
            raise UserError(
                self.env._(
                    "%(amount)s can't be applied to %(document)s: %(open)s of it is open. Lower the amount, or reload "
                    "if somebody else has just paid it.",
                    amount=self.currency_id.format(float(part.amount)),
                    document=part.record.display_name,
                    open=self.currency_id.format(float(part.open)),
                )
            )

    def _deposit_part(self, parts, left):
        """What is left of the money stays on the account of the one account owner it is of.

        :raise UserError: where that is nobody's for certain
        """
        owed = [part for part in parts if part.lines and part.lines[0]._is_owed_line()]
        owners = {part.lines[0].partner_id.commercial_partner_id for part in owed}
        if len(owners) != 1 or len(owed) != len(parts):
            raise UserError(
                self.env._(
                    "%s of the transaction is left over, and it isn't certain whose it is. Choose more documents, or "
                    "the preset that takes the difference.",
                    self.currency_id.format(float(left)),
                )
            )
        last = owed[-1]
        return Part(last.record, last.entity_type, self.env["account.move.line"], amount=left)

    # -- counterparts ------------------------------------------------------------------------------------------

    def _make_booking(self, parts):
        """Turn parts with amounts into journal items that balance the bank's own, in both currencies exactly."""
        bank_line = self._seek_for_lines()[0]
        balance = self.company_id.currency_id._exact(abs(sum(bank_line.mapped("balance"))))
        shares = split_balance([part.amount for part in parts], balance, self.company_id.currency_id.decimal_places)
        counterparts = []
        deposit_of = None
        for part, share in zip(parts, shares, strict=True):
            if part.open is not None:
                counterparts += self._document_counterparts(part, share)
                deposit_of = part
            elif part.record._name == "account.reconcile.model":
                values = part.record._prepare_counterparts(self, part.amount, share)
                counterparts += [Counterpart(one) for one in values]
            else:
                counterparts.append(self._deposit_counterpart(deposit_of, part, share))
        partners = {one.values.get("partner_id") for one in counterparts if one.lines} - {False, None}
        return Booking(
            line=self,
            counterparts=counterparts,
            entity_type=min((part.entity_type for part in parts), key=lambda kind: kind == "expense"),
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
        residual = direction * sum((currency._exact(one.amount_residual_currency) for one in part.lines), ZERO)
        extra = []
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
        return [Counterpart({**values, "move_id": self.move_id.id}) for group in found.values() for values in group]

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

    def _deposit_counterpart(self, document, part, share):
        """The journal item of what is left on the account owner's account."""
        source = document.lines[0]
        values = self._counterpart_values(source, self.payment_ref, part.amount, share, self.currency_id)
        if self.currency_id == self.company_id.currency_id:
            values["balance"] = values["amount_currency"]
        return Counterpart(values)

    # -- transfers ---------------------------------------------------------------------------------------------

    def _plan_transfer(self, other, fee_category=None):
        """Plan the two bookings of an internal transfer over the company's transfer account.

        :raise UserError: where the two transactions are no two sides of one transfer
        """
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
        account = company.transfer_account_id
        if not account.reconcile:
            raise UserError(
                self.env._(
                    "Set an internal transfer account that can be reconciled in the settings of %s.", company.name
                )
            )
        out, into = (self, other) if self.amount < 0 else (other, self)
        fee = ZERO
        if out.currency_id == into.currency_id:
            fee = out._match_total() - into._match_total()
            if fee < 0 or (fee and not fee_category):
                raise UserError(
                    self.env._(
                        "%(out)s went out and %(into)s came in: they differ by %(difference)s. If that is a fee, "
                        "choose the preset that it is booked by.",
                        out=out.currency_id.format(abs(out.amount)),
                        into=into.currency_id.format(abs(into.amount)),
                        difference=out.currency_id.format(float(abs(fee))),
                    )
                )
        bookings = []
        for line, line_fee in ((out, fee), (into, ZERO)):
            bank_line = line._seek_for_lines()[0]
            balance = company.currency_id._exact(abs(sum(bank_line.mapped("balance"))))
            amounts = [line._match_total() - line_fee, line_fee]
            shares = split_balance(amounts, balance, company.currency_id.decimal_places)
            values = {
                "move_id": line.move_id.id,
                "name": line.payment_ref,
                "account_id": account.id,
                "partner_id": False,
                "currency_id": line.currency_id.id,
                "amount_currency": float(-line._match_direction() * amounts[0]),
                "balance": float(-line._match_direction() * shares[0]),
            }
            counterparts = [Counterpart(values)]
            if line_fee:
                counterparts += map(Counterpart, fee_category._prepare_counterparts(line, line_fee, shares[1]))
            other_side = into if line == out else out
            bookings.append(
                Booking(line, counterparts, "internal_transfer", self.env["res.partner"],
                        [(self._name, other_side.id)], {"amounts": [str(Decimal(amounts[0]))]})
            )  # fmt: skip
        return bookings
