"""Planning a match: what is named becomes parts with amounts. Nothing is written."""

from odoo import api, models
from odoo.exceptions import UserError

from ...engine.bank_matching.amounts import ZERO, share_out, split_balance
from ..common.exceptions import StaleMatch
from ..common.kinds import is_id
from .booking import Part

MATCHABLE_MODELS = (
    "account.move",
    "account.move.line",
    "account.payment",
    "account.reconcile.model",
    "account.bank.statement.line",
)


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    @api.model
    def _matchable_models(self):
        """The names of the models whose records a bank transaction can be matched with."""
        return MATCHABLE_MODELS

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
                if model not in self._matchable_models() or not is_id(record_id):
                    raise UserError(
                        self.env._("“%s” can't be matched with a bank transaction. Name a model and an id.", named)
                    )
                record = self.env[model].browse(record_id)
            if record._name not in self._matchable_models():
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
        self._fit_to_bank_rate(parts)
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

    def _fit_to_bank_rate(self, parts):
        """Documents that together are exactly what the bank's file names in their currency take all of the transaction:
        converted one by one they may lack a cent, or leave one."""
        if not self.foreign_currency_id or any(part.lines.currency_id != self.foreign_currency_id for part in parts):
            return
        direction, exact = self._match_direction(), self.foreign_currency_id._exact
        opens = [direction * sum(map(exact, part.lines.mapped("amount_residual_currency"))) for part in parts]
        if sum(opens) == exact(abs(self.amount_currency)):
            shares = split_balance(opens, self._match_total(), self.currency_id.decimal_places)
            for part, share in zip(parts, shares, strict=True):
                part.open = part.asked = share

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
        if sum(part.is_settled for part in documents) > 1:
            raise UserError(
                self.env._(
                    "Only one document at a time can be settled in full: with several, nobody could tell whose the "
                    "exchange result is. Choose one, or match them by the rate of the day."
                )
            )
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
