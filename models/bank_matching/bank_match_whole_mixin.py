from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.bank_matching.bank_text import is_named
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call


class BankMatchWholeMixin(models.AbstractModel):
    """Several amounts that reach the bank as one: a bank transaction is matched with all of them at once.

    A model that inherits it has ``journal_id``, ``company_id``, ``currency_id``, and a selection ``state`` with the
    value ``matched``; it names the fields of its amount and its day, and plans the booking (:meth:`_plan_booking`).
    ``AccountBankStatementLine._whole_models`` gives its name.
    """

    _name = "bank.match.whole.mixin"
    _description = "Matched with a bank transaction as a whole"
    _inherit = ["bank.match.record.mixin"]

    # The fields of the amount, positive where money comes in, and of the day; the state once a match is undone.
    _whole_amount, _whole_date, _whole_undone = "", "", ""
    # How many days before and after that day the bank may book it.
    _days_before, _days_after = 2, 10
    # Whether it may be booked on any other day where the bank names it, with its whole amount.
    _any_day_by_name = False

    statement_line_id = fields.Many2one(readonly=True, guarded=True)

    def _valid_field_parameter(self, field, name):
        return name == "guarded" or super()._valid_field_parameter(field, name)

    # -- what a model says of itself -----------------------------------------------------------------------------

    @api.model
    def _whole_waiting(self, journals):
        """The domain of the records that are not matched yet, of some journals."""
        return Domain("journal_id", "in", journals.ids) & Domain("state", "!=", "matched")

    @api.model
    def _amount_may_be(self, line):
        """The domain of those that a transaction may be by its amount."""
        return self._amount_domain(self._whole_amount, line.amount, line.currency_id)

    def _is_among(self, amounts):
        """Whether one of some exact amounts of bank transactions may be this."""
        return self.currency_id._exact(self[self._whole_amount]) in amounts

    def _plan_booking(self, line):
        """Plan the match of a bank transaction with all of it.

        :return: :class:`Booking` whose ``named`` is this record
        """
        raise NotImplementedError

    def _references(self):
        """The texts of which the bank transaction may contain one; each identifies it."""
        raise NotImplementedError

    def _is_proven(self, line):
        """Whether every part is certain, so that this may be matched with a transaction that contains its reference."""
        raise NotImplementedError

    def _match_reasons(self, line):
        """Say why a bank transaction is this: list of sentences."""
        raise NotImplementedError

    def _match_note(self, line):
        """What a suggestion says of parts that are missing, or ''."""
        return ""

    # -- bank transactions ---------------------------------------------------------------------------------------

    def _bank_lines(self):
        """The unmatched bank transactions that this can be: of its account, its amount, around its day; where
        ``_any_day_by_name``, on any day where they contain its reference and its whole amount.

        :return: account.bank.statement.line
        """
        self.ensure_one()
        lines, day = self.env["account.bank.statement.line"], self[self._whole_date]
        around = Domain("date", ">=", day - timedelta(days=self._days_before))
        around &= Domain("date", "<=", day + timedelta(days=self._days_after))
        if self._any_day_by_name:
            around |= self._amount_domain("amount", self[self._whole_amount], self.currency_id)
        return lines.search(lines._unmatched_domain(self.journal_id) & self._bank_amount_domain() & around).filtered(
            self._fits_line
        )

    def _bank_amount_domain(self):
        """The domain of the bank transactions that this may be by their amount."""
        return self._amount_domain("amount", self[self._whole_amount], self.currency_id)

    @api.model
    def _amount_domain(self, name, amount, currency):
        """The domain of records whose amount is this one, in the digits of a currency."""
        half = currency.rounding / 2
        return Domain(name, ">", amount - half) & Domain(name, "<", amount + half)

    def _is_named_by(self, line):
        """Whether a bank transaction contains one of the references."""
        text = " ".join(line._bank_texts())
        return any(is_named(reference, text) for reference in self._references() if reference)

    def _fits_line(self, line):
        """Whether a bank transaction can be this, by account, currency, amount, and by day or reference."""
        is_around = -self._days_before <= (line.date - self[self._whole_date]).days <= self._days_after
        return (
            line.journal_id == self.journal_id
            and line.currency_id == self.currency_id
            and self._fits_amount(line)
            and (is_around or self._any_day_by_name and self._is_named_by(line))
        )

    def _fits_amount(self, line):
        return self.currency_id.compare_amounts(line.amount, self[self._whole_amount]) == 0

    @remote_call(one=True)
    def action_match(self):
        """Match with the one bank transaction that this is.

        :return: True
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where no bank transaction or more than one can be it, or something can't be booked
        """
        require(self.env, BANK)
        self._check_not_matched()
        lines = self._bank_lines()
        lines = lines.filtered(self._is_named_by) or lines
        if not lines:
            raise UserError(
                self.env._(
                    "No unmatched bank transaction of %(amount)s on %(journal)s around %(date)s. Import the bank "
                    "statement first; a transaction of another amount is not %(record)s.",
                    amount=self.currency_id.format(self[self._whole_amount]),
                    journal=self.journal_id.display_name,
                    date=self[self._whole_date],
                    record=self.display_name,
                )
            )
        if len(lines) > 1:
            raise UserError(
                self.env._(
                    "%(count)s bank transactions can be %(record)s. Choose the right one in Bank Matching.",
                    count=len(lines),
                    record=self.display_name,
                )
            )
        lines.match_with([(self._name, self.id)])
        return True
