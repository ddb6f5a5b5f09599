"""Planning a match: what is named becomes parts with amounts. Nothing is written."""

from dataclasses import replace
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from ...engine.bank_matching.amounts import ZERO, share_out, split_balance
from ...engine.bank_matching.suggestions import RATE_DIFFERENCE_MAX
from ..common import kinds
from ..common.exceptions import StaleMatch
from .booking import Part

MATCHABLE_MODELS = (
    "account.move",
    "account.move.line",
    "account.payment",
    "account.reconcile.model",
    "account.bank.statement.line",
    "account.journal",
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
                if model not in self._matchable_models() or not kinds.is_id(record_id):
                    raise UserError(
                        self.env._(
                            "“%s” can't be matched with a bank transaction. Name a model and an id.", kinds.shown(named)
                        )
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

    def _booked_balance(self):
        """What the transaction was booked at in company currency, exact, without its direction."""
        bank_lines = self._seek_for_lines()[0]
        return self.company_id.currency_id._exact(abs(sum(bank_lines.mapped("balance"))))

    def _in_transaction_currency(self, line, amount):
        """Convert an amount of a journal item into the transaction's currency.

        By the bank's own rate where its file gives it, else by the rate at which the transaction was booked, whatever
        rate of its day is entered later. Only from a third currency the rate of the day is needed.

        :param line: account.move.line
        :param amount: Decimal in the line's currency
        :return: Decimal
        """
        currency, company_currency = line.currency_id, self.company_id.currency_id
        if currency == self.currency_id:
            return amount
        if currency == self.foreign_currency_id and self.amount_currency:
            rate = self._match_total() / currency._exact(abs(self.amount_currency))
        else:
            balance = self._booked_balance()
            rate = self._match_total() / balance if balance else ZERO
            if currency != company_currency:
                day_rate = currency._get_conversion_rate(currency, company_currency, self.company_id, self.date)
                rate = Decimal(repr(day_rate)) * rate
        return self.currency_id._exact(float(amount * rate))

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
        return self._plan_parts([self._match_part(record, settle) for record in records], amounts)

    def _plan_parts(self, parts, amounts=None):
        """Plan a match with parts.

        :param parts: list of :class:`Part` without amounts
        :param amounts: as for ``_plan_match``
        :return: :class:`Booking`
        """
        if not self._booked_balance() and any(part.lines for part in parts):
            raise UserError(
                self.env._(
                    "%(amount)s is worth %(zero)s, so it can't pay a document or a payment. Book it by a preset, or "
                    "ignore the transaction.",
                    amount=self.currency_id.format(float(self._match_total())),
                    zero=self.company_id.currency_id.format(0.0),
                )
            )
        for part in parts:
            if part.lines and not any(part.lines.mapped("amount_residual")):
                part.lines._check_worth_something()
        parts = self._settle_lone_payment(self._fit_to_bank_rate(parts), amounts)
        return self._make_booking(self._share_amounts(parts, amounts))

    def _match_part(self, record, settle=False):
        """Tell what one record is to a transaction."""
        if record._name == "account.reconcile.model":
            return Part(record, "expense", self.env["account.move.line"])
        if record._name == "account.journal":
            return self._transfer_part(record)
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
        direction, exact = self._match_direction(), lines.currency_id._exact
        # A difference can be an exchange result only where the bank's file doesn't name the document's currency itself.
        is_foreign = lines.currency_id not in (self.currency_id, self.foreign_currency_id)
        residual = discounted = direction * sum(map(exact, lines.mapped("amount_residual_currency")), ZERO)
        of_transaction = asked = self._in_transaction_currency(lines[0], residual)
        move = lines.move_id
        if move.is_invoice(include_receipts=True) and move._is_eligible_for_early_payment_discount(
            lines.currency_id, self.date
        ):
            discounted = direction * sum(map(exact, lines.mapped("discount_amount_currency")), ZERO)
            asked = self._in_transaction_currency(lines[0], discounted)
        return Part(
            record,
            self._entity_type(record, lines),
            lines,
            residual=residual,
            discounted=discounted,
            open=of_transaction,
            asked=asked,
            is_settled=settle and is_foreign,
        )

    def _fit_to_bank_rate(self, parts):
        """Documents that together are exactly what the bank's file names in their currency, early payment discount
        taken or not, take all of the transaction: converted one by one they may lack a cent, or leave one.

        :param parts: list of :class:`Part` without amounts
        :return: list of :class:`Part` in the same order
        """
        if not self.foreign_currency_id or any(part.lines.currency_id != self.foreign_currency_id for part in parts):
            return parts
        named = self.foreign_currency_id._exact(abs(self.amount_currency))
        whole, discounted = [part.residual for part in parts], [part.discounted for part in parts]
        for amounts in (whole, discounted):
            if sum(amounts) == named:
                shares = split_balance(amounts, self._match_total(), self.currency_id.decimal_places)
                return [
                    replace(
                        part,
                        asked=share,
                        open=share if part.discounted == part.residual or amounts is whole else part.open,
                    )
                    for part, share in zip(parts, shares, strict=True)
                ]
        return parts

    def _settle_lone_payment(self, parts, amounts):
        """A registered payment in another currency is one amount: what the bank shows of it, at the bank's rate, is all
        of it, as long as the difference can be one of rates.

        :param parts: list of :class:`Part` without amounts
        :param amounts: as for ``match_with``
        :return: list of :class:`Part` in the same order
        """
        part = parts[0]
        if len(parts) > 1 or amounts is not None or part.entity_type != "payment" or not part.lines:
            return parts
        is_foreign = part.lines.currency_id not in (self.currency_id, self.foreign_currency_id)
        if is_foreign and abs(self._match_total() - part.open) <= RATE_DIFFERENCE_MAX * abs(part.open):
            return [replace(part, is_settled=True)]
        return parts

    def _open_lines(self, record):
        """The journal items of a record that a bank transaction can pay, earliest due first.

        Those that are worth nothing in company currency only where nothing else is open: they can't be paid, which is
        said of them.
        """
        if record._name == "account.payment":
            lines = record._seek_for_lines()[0].filtered("account_id.reconcile")
        elif record._name == "account.move":
            lines = record._owed_lines()
        else:
            lines = record
        companies = self.company_id.root_id
        lines = lines.filtered(
            lambda line: (
                line.parent_state == "posted"
                and not line.reconciled
                and line.account_id.reconcile
                and line.company_id.root_id == companies
                and line.move_id != self.move_id
            )
        ).sorted(lambda line: (line.date_maturity or line.date, line.id))
        return lines.filtered("amount_residual") or lines

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
        """Say how much of the transaction goes to each part; what is left becomes one more part, a deposit.

        :param parts: list of :class:`Part`, which stay as they are
        :param amounts: as for ``match_with``
        :return: list of :class:`Part` with amounts, without those that get nothing
        :raise UserError: where the amounts don't add up
        """
        if sum(part.is_settled for part in parts) > 1:
            raise UserError(
                self.env._(
                    "Only one document at a time can be settled in full: with several, it would not be clear "
                    "whose the exchange result is. Choose one, or match them by the rate of the day."
                )
            )
        shared = self._shared_parts(parts) if amounts is None else self._parts_with_amounts(parts, amounts)
        shared = [part for part in shared if part.amount]
        total = self._match_total()
        left = total - sum((part.amount for part in shared), ZERO)
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
        return [*shared, self._deposit_part(shared, left)] if left else shared

    def _parts_with_amounts(self, parts, amounts):
        """The parts with the amounts that the caller gave."""
        if len(amounts) != len(parts):
            raise UserError(self.env._("Give one amount for each record that is chosen."))
        shared = [
            replace(part, amount=self.currency_id._exact(amount)) for part, amount in zip(parts, amounts, strict=True)
        ]
        for part in shared:
            self._check_part(part)
        return shared

    def _shared_parts(self, parts):
        """The parts with the transaction shared out: documents first, in the order given; a preset takes the rest."""
        total = self._match_total()
        documents = [part for part in parts if part.open is not None]
        has_preset = len(documents) < len(parts)
        if len(parts) - len(documents) > 1:
            raise UserError(self.env._("Choose one preset: it takes all of the difference."))
        if not has_preset and sum((part.asked for part in documents), ZERO) != total:
            # Discounts are for those who pay exactly what they leave.
            documents = [replace(part, asked=part.open) for part in documents]
        asked = [part.asked for part in documents]
        if has_preset:
            amounts = asked
        elif len(documents) == 1 and documents[0].is_settled:
            amounts = [total]
        else:
            amounts = share_out(total, asked)
        left = total - sum(amounts, ZERO)
        shared = iter([replace(part, amount=amount) for part, amount in zip(documents, amounts, strict=True)])
        return [next(shared) if part.open is not None else replace(part, amount=left) for part in parts]

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
        """What is left of the money stays on the account of the one account owner it is of: the documents', else the
        transaction's partner.

        :raise UserError: where its owner is not certain
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
        partner = last.lines[0].partner_id or self.partner_id
        if not partner:
            raise UserError(
                self.env._(
                    "%(left)s of the transaction is left over, and nothing says whose it is: neither %(document)s nor "
                    "the transaction has a partner. Set the transaction's partner, choose more documents, or choose "
                    "the preset that takes the difference.",
                    left=self.currency_id.format(float(left)),
                    document=last.record.display_name,
                )
            )
        return Part(last.record, last.entity_type, last.lines.browse(), amount=left, partner=partner)
