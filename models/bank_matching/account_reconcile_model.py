"""Presets and rules for expenses: Odoo's reconciliation models, applied to bank transactions."""

import logging

import regex
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from ...engine.bank_matching.amounts import split_balance
from .booking import AccountLine, Booking
from .taxed_lines import settle_rounding

_logger = logging.getLogger(__name__)
# The pattern of a rule is entered by a user: a search that takes too long is stopped.
REGEX_SECONDS = 0.05
LABEL_MAX = 2000


class AccountReconcileModel(models.Model):
    _inherit = "account.reconcile.model"
    # As Odoo's record rule has it: branches use what the companies above them have.
    _check_company_domain = models.check_company_domain_parent_of

    match_direction = fields.Selection(
        [("in", "Money in"), ("out", "Money out")],
        "Direction",
        tracking=True,
        help="The amounts of the rule are compared without their sign; this says which way the money goes.",
    )
    is_preset = fields.Boolean("Preset", compute="_compute_is_preset", search="_search_is_preset")

    def _compute_is_preset(self):
        for model in self:
            model.is_preset = bool(model.line_ids.account_id)

    def _search_is_preset(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("line_ids.account_id", "!=" if True in value else "=", False)]

    # -- which rule fits -----------------------------------------------------------------------------------------

    def _fits(self, line):
        """Whether a transaction meets all conditions of this rule.

        :param line: account.bank.statement.line
        """
        self.ensure_one()
        if self.match_journal_ids and line.journal_id not in self.match_journal_ids:
            return False
        if self.match_direction and self.match_direction != ("out" if line.amount < 0 else "in"):
            return False
        if self.match_partner_ids and line.partner_id not in self.match_partner_ids:
            return False
        return self._fits_amount(line) and self._fits_label(line)

    def _fits_amount(self, line):
        digits = line.currency_id.decimal_places
        amount = abs(line.amount)
        low = float_compare(amount, abs(self.match_amount_min), precision_digits=digits)
        high = float_compare(amount, abs(self.match_amount_max), precision_digits=digits)
        return {"lower": high <= 0, "greater": low >= 0, "between": low >= 0 and high <= 0}.get(self.match_amount, True)

    def _fits_label(self, line):
        if not self.match_label:
            return True
        wanted = self.match_label_param or ""
        texts = [text[:LABEL_MAX] for text in self._label_texts(line)]
        if self.match_label == "match_regex":
            return any(self._search_pattern(wanted, text) for text in texts)
        is_there = any(wanted.casefold() in text.casefold() for text in texts)
        return is_there if self.match_label == "contains" else not is_there

    def _label_texts(self, line):
        details = line.transaction_details
        details = " ".join(map(str, details.values())) if isinstance(details, dict) else str(details or "")
        return [text for text in (line.payment_ref, line.ref, line.partner_name, details) if text]

    def _search_pattern(self, pattern, text):
        """Search for a rule's pattern, for a short while only.

        :return: the match, or None
        """
        try:
            return regex.search(pattern, text, flags=regex.IGNORECASE, timeout=REGEX_SECONDS)
        except TimeoutError:
            _logger.warning("Rule %s: its pattern took too long on a label and was taken as not found.", self.name)
        except regex.error:
            _logger.warning("Rule %s: its pattern can't be read and was taken as not found.", self.name)
        return None

    def _is_conditional(self):
        return bool(
            self.match_label or self.match_amount or self.match_partner_ids or self.match_direction
            or (self.match_journal_ids and self.trigger == "auto_reconcile")
        )  # fmt: skip

    def _rules_of(self, companies):
        """The presets with counterpart accounts of these companies and of those above them, in their order."""
        return self.search([
            ("company_id", "parent_of", companies.ids), ("line_ids.account_id", "!=", False),
        ])  # fmt: skip

    # -- the journal items of a preset -------------------------------------------------------------------------

    def _prepare_counterparts(self, line, amount, balance):
        """The journal items that a preset makes of an amount of a transaction.

        Percentages are of what the lines before have left, or of the whole; taxes are taken out of the amounts, which
        include them.

        :param line: account.bank.statement.line
        :param amount: Decimal in the transaction's currency, positive in its direction
        :param balance: the same in company currency
        :return: list of values for account.move.line
        :raise UserError: where the preset doesn't cover the whole amount, or one of its accounts is archived, or keeps
            what a partner owes and there is none
        """
        self.ensure_one()
        if self.company_id != line.company_id and self.company_id not in line.company_id.parent_ids:
            raise UserError(
                self.env._(
                    "The preset %(preset)s belongs to another company than “%(line)s”.",
                    preset=self.display_name,
                    line=line.display_name,
                )
            )
        parts = self._share_over_lines(line, amount)
        for account in self.line_ids.account_id.filtered(lambda account: not account.active):
            # Odoo checks this when an entry is posted, and the entry of a bank transaction is posted already.
            raise UserError(
                self.env._(
                    "The preset %(preset)s books to the account %(account)s, which is archived. Choose another account "
                    "in the preset.",
                    preset=self.display_name,
                    account=account.display_name,
                )
            )
        rate = float(abs(amount / balance)) if balance else 1.0
        sign, company_currency, values = -line._match_direction(), line.company_id.currency_id, []
        shares = split_balance([part for _line, part in parts], balance, company_currency.decimal_places)
        for (preset_line, part), share in zip(parts, shares, strict=True):
            account_line = AccountLine(
                account=preset_line.account_id,
                partner=preset_line.partner_id or line.partner_id,
                taxes=preset_line.tax_ids,
                analytic_distribution=preset_line.analytic_distribution,
                label=preset_line.label or "",
                preset=self,
            )
            made = line._taxed_values(account_line, float(sign * part), rate)
            values += settle_rounding(made, company_currency, sign * share, line.currency_id, sign * part)
        return values

    def _share_over_lines(self, line, amount):
        """How much of an amount each counterpart line of the preset takes.

        :return: list of (account.reconcile.model.line, Decimal), which add up to the amount
        """
        exact = line.currency_id._exact
        left, parts = amount, []
        for preset_line in self.line_ids.filtered("account_id"):
            if preset_line.amount_type == "percentage":
                part = exact(float(left) * preset_line.amount / 100)
            elif preset_line.amount_type == "percentage_st_line":
                part = exact(float(amount) * preset_line.amount / 100)
            elif preset_line.amount_type == "fixed":
                part = exact(preset_line.amount * (1 if amount > 0 else -1))
            else:
                part = exact(self._amount_in_label(preset_line, line)) * (1 if amount > 0 else -1)
            if part:
                parts.append((preset_line, part))
                left -= part
        if left or not parts:
            raise UserError(
                self.env._(
                    "The preset %(preset)s covers %(covered)s of %(amount)s. Give it a last line of 100%% of the "
                    "balance, or choose another preset.",
                    preset=self.display_name,
                    covered=line.currency_id.format(float(amount - left)),
                    amount=line.currency_id.format(float(amount)),
                )
            )
        return parts

    def _amount_in_label(self, preset_line, line):
        """The amount that a preset line's pattern finds in the label, 0 where it finds none."""
        for text in self._label_texts(line):
            found = self._search_pattern(preset_line.amount_string, text[:LABEL_MAX])
            if found and found.groups():
                amount = line.currency_id._typed_amount(regex.sub(r"[^\d,.]", "", found.group(1)).rstrip(".,"))
                if amount is not None:
                    return amount
        return 0.0

    # -- automatic rules -------------------------------------------------------------------------------------------

    def _plan_rules(self, lines):
        """Plan the automatic rules over transactions: the first rule that fits each.

        :param lines: account.bank.statement.line
        :return: list of :class:`Booking`
        """
        bookings = []
        for company in lines.company_id:
            rules = self._rules_of(company).filtered(
                # One without any condition would take all unmatched transactions.
                lambda rule: rule.trigger == "auto_reconcile" and rule._is_conditional()
            )
            for line in lines.filtered(lambda line, company=company: line.company_id == company):
                rule = next((rule for rule in rules if rule._fits(line)), None)
                booking = rule and rule._plan_rule(line)
                if booking:
                    bookings.append(booking)
        return bookings

    def _plan_rule(self, line):
        """Plan this rule on one transaction.

        :return: :class:`Booking`, or None where the rule doesn't cover the whole amount
        """
        try:
            booking = line._plan_match([self])
        except UserError as error:
            _logger.info("Rule %s does not apply to bank transaction %s: %s", self.name, line.id, error)
            return None
        assert isinstance(booking, Booking)
        sentence = self.env._("The rule “%s” fits.", self.display_name)
        booking.decision |= {
            "action": "rule", "probability": 1.0, "rule_id": self.id, "explanation": sentence, "reasons": [sentence],
        }  # fmt: skip
        return booking
