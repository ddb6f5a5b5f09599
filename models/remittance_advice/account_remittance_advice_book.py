"""Matching a bank transaction by a remittance advice."""

from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ...engine.bank_matching.amounts import split_balance
from ...engine.bank_matching.bank_text import compact, is_named


class AccountRemittanceAdvice(models.Model):
    _inherit = "account.remittance.advice"

    # -- the bank transaction -----------------------------------------------------------------------------------

    def _bank_lines(self):
        """The unmatched bank transactions that can be this payment, by amount, direction, day and payer."""
        self.ensure_one()
        lines = self.env["account.bank.statement.line"]
        total, half = float(self._exact_total()), self.currency_id.rounding / 2
        if total <= 0:
            return lines
        sign = 1 if self.direction == "in" else -1
        low, high = sorted((sign * (total - half), sign * (total + half)))
        first, last = self._day_range()
        found = lines.search(
            Domain("company_id", "=", self.company_id.id)
            & lines._unmatched_domain()
            & Domain("date", ">=", first)
            & Domain("date", "<=", last)
            & (
                Domain("amount", ">", low) & Domain("amount", "<", high)
                | Domain("amount_currency", ">", low)
                & Domain("amount_currency", "<", high)
                & Domain("foreign_currency_id", "=", self.currency_id.id)
            )
        )
        return found.filtered(self._fits_line)

    def _fits_line(self, line):
        """Whether a bank transaction can be this payment: amount and currency, direction, day, no other payer's."""
        first, last = self._day_range()
        payer = line.partner_id.commercial_partner_id
        return (
            line.company_id == self.company_id
            and (line.amount > 0) == (self.direction == "in")
            and self._amount_on(line) == self._exact_total() > 0
            and first <= line.date <= last
            and (not payer or not self.partner_id or payer == self.partner_id.commercial_partner_id)
        )

    def _amount_on(self, line):
        """What the bank shows of a transaction in the currency of this advice, without its sign, or None."""
        if line.currency_id == self.currency_id:
            return line._match_total()
        if line.foreign_currency_id == self.currency_id:
            return self.currency_id._exact(abs(line.amount_currency))
        return None

    def _is_named_by(self, line):
        """Whether the bank's text contains the reference of this advice."""
        return bool(self.reference) and is_named(self.reference, " ".join(line._bank_texts()))

    def _is_from_payer(self, line):
        """Whether the money came from, or went to, a bank account of the payer."""
        number = compact(line.account_number or "")
        accounts = self.partner_id.commercial_partner_id.bank_ids | self.partner_id.bank_ids
        return bool(number) and number in {compact(one.acc_number or "") for one in accounts}

    def _bank_line_to_book(self):
        """The bank transaction that a person has chosen, else the only one that fits.

        :raise UserError: where there is none, or more than one
        """
        if self.statement_line_id:
            if not self._fits_line(self.statement_line_id):
                raise UserError(
                    self.env._(
                        "“%(transaction)s” is not of %(amount)s, of another payer or of another time. Choose another "
                        "bank transaction, or correct the lines.",
                        transaction=self.statement_line_id.display_name,
                        amount=self.currency_id.format(self.amount_total),
                    )
                )
            return self.statement_line_id
        lines = self._bank_lines()
        lines = lines.filtered(lambda line: self._is_named_by(line) or self._is_from_payer(line)) or lines
        if not lines:
            raise UserError(
                self.env._(
                    "No unmatched bank transaction of %(amount)s is there around %(date)s. Once it is imported, this "
                    "advice is suggested for it.",
                    amount=self.currency_id.format(self.amount_total),
                    date=format_date(self.env, self.payment_date),
                )
            )
        if len(lines) > 1:
            raise UserError(
                self.env._("%(count)s bank transactions can be this payment. Choose one of them here.",
                           count=len(lines))
            )  # fmt: skip
        return lines

    # -- what is booked --------------------------------------------------------------------------------------------

    def _usable_lines(self):
        """The lines that can be booked: with an open document, or with a preset for an amount without a document."""
        return self.line_ids.filtered(lambda line: line.state in ("found", "unsure", "other"))

    def _guessed_lines(self):
        """The lines whose document or amount a person has still to confirm."""
        return self.line_ids.filtered(lambda line: line.state == "unsure")

    def _records_and_amounts(self, line):
        """What a bank transaction is matched with by this advice.

        A document takes what is paid for it, and its deduction as well where a preset books that. What can't be
        booked stays on the payer's account as a deposit.

        :param line: account.bank.statement.line
        :return: (list of records, list of amounts in the transaction's currency, or None to share it out)
        :raise UserError: where no document was found
        """
        amounts = {}
        for one in self._usable_lines():
            exact = self.currency_id._exact
            paid, deduction = exact(one.amount), exact(one.deduction)
            record = one.move_id or one.preset_id
            taken = paid + (deduction if one.move_id and one.preset_id else Decimal(0))
            amounts[record] = amounts.get(record, Decimal(0)) + taken
            if one.move_id and one.preset_id and deduction:
                amounts[one.preset_id] = amounts.get(one.preset_id, Decimal(0)) - deduction
        records = [record for record, amount in amounts.items() if amount]
        if not any(record._name == "account.move" for record in records):
            raise UserError(
                self.env._(
                    "None of the documents of %s was found among what is open. Choose the documents of its lines.",
                    self.display_name,
                )
            )
        values = [amounts[record] for record in records]
        if line.currency_id == self.currency_id:
            return records, [float(value) for value in values]
        is_whole = all(self.line_ids.mapped("move_id")) and all(map(self._pays_whole, self.line_ids.move_id))
        if is_whole and not self.missing_count:
            return records, None
        shares = split_balance(
            [*values, self._exact_total() - sum(values)], line._match_total(), line.currency_id.decimal_places
        )
        return records, [float(share) for share in shares[:-1]]

    def _pays_whole(self, move):
        """Whether the lines of a document pay all that is open of it, in its own currency."""
        lines = self.line_ids.filtered(lambda one: one.move_id == move)
        exact = self.currency_id._exact
        return move.currency_id == self.currency_id and sum((exact(one.amount) for one in lines), Decimal(0)) == (
            lines[:1]._open_amount()
        )

    def _item_amounts(self, move):
        """What each item of a document gets, where every line that pays it names its item.

        :param move: account.move
        :return: ``{account.reconciliation.item id: Decimal}``, empty for the order of the account
        """
        lines = self._usable_lines().filtered(lambda one: one.move_id == move)
        # Of a document with due amounts of both signs the sum is paid, whatever is chosen.
        signs = {line.balance > 0 for line in move._owed_lines()}
        if (
            move.currency_id != self.currency_id
            or len(signs) > 1
            or not all(one._reconciliation_item() for one in lines)
        ):
            return {}
        amounts = {}
        for one in lines:
            sign = 1 if one._open_amount() > 0 else -1
            amount = self.currency_id._exact(one.amount) + (one._deducted() if one.preset_id else Decimal(0))
            item = one._reconciliation_item().id
            amounts[item] = amounts.get(item, Decimal(0)) + sign * amount
        return {item: amount for item, amount in amounts.items() if amount}

    def _share_by_items(self, booking):
        """Split what a booking pays of each document over its items, as the payer says."""
        for counterpart in booking.counterparts:
            move = counterpart.lines.move_id if counterpart.lines else None
            split = self._item_amounts(move) if move and len(move) == 1 else {}
            paid = self.currency_id._exact(abs(counterpart.values["amount_currency"]))
            if split and sum(split.values()) == paid:
                counterpart.split = split

    def _is_proven(self, line):
        """Whether a bank transaction is this payment for certain, and every line has its document for certain.

        What is deducted without a preset is for a person to accept, unless it is the early payment discount.
        """
        return (
            bool(self.line_ids)
            and not self.missing_count
            and all(one.state in ("found", "other") for one in self.line_ids)
            and all(one.item_id for one in self.line_ids if one.item_text or one.item_number)
            and bool(self.partner_id)
            and self.line_ids.move_id.commercial_partner_id == self.partner_id.commercial_partner_id
            and (self._is_named_by(line) or self._is_from_payer(line))
            and (not self.is_from_mail or self._is_sent_by_payer())
            and (not self.amount_stated or self.currency_id._exact(self.amount_stated) == self._exact_total())
            and all(one.preset_id or self._is_discount(one, line) for one in self.line_ids if one.deduction)
        )

    def _is_discount(self, one, line):
        """Whether what is deducted by a line is what the terms of its document grant on the bank's day."""
        if not one.move_id or one.move_id.currency_id != self.currency_id:
            return False
        part = line._match_part(one.move_id)
        return part.discounted != part.residual and part.discounted == self.currency_id._exact(one.amount)

    def _is_sent_by_payer(self):
        """Whether the mail that this advice was read from came from an address of the payer: anybody can write one."""
        address = self.mail_address
        owner = self.partner_id.commercial_partner_id
        return bool(address and owner) and bool(
            # Only whose the address is.
            self.env["res.partner"]
            .sudo()
            .search_count([("commercial_partner_id", "=", owner.id), ("email_normalized", "=", address)], limit=1)
        )

    # -- why -----------------------------------------------------------------------------------------------------

    def _match_reasons(self, line):
        """Say why a bank transaction is this payment: list of sentences."""
        reasons = [
            self.env._(
                "The remittance advice “%(name)s” of %(date)s tells what this payment is for",
                name=self.name,
                date=format_date(self.env, self.payment_date),
            )
        ]
        if self._is_named_by(line):
            reasons.append(self.env._("Its reference, %s, is found in the bank's text", self.reference))
        if self._is_from_payer(line):
            reasons.append(self.env._("The money is from a bank account of the payer"))
        reasons.append(self.env._("Exactly the amount of the advice"))
        if items := self._usable_lines().item_id:
            reasons.append(self.env._("The payer names the items: %s", ", ".join(items.mapped("name"))))
        left = self.line_ids - self._usable_lines()
        if left:
            reasons.append(
                self.env._(
                    "Lines without a document: %(count)s (%(amount)s stays on the payer's account)",
                    count=len(left),
                    amount=self.currency_id.format(sum(left.mapped("amount"))),
                )
            )
        guesses = self._guessed_lines()
        if amounts := guesses.filtered("is_amount_unsure"):
            reasons.append(
                self.env._("Amounts that nothing in the advice proves, to be looked at: %s",
                           ", ".join(amounts.move_id.mapped("display_name")))
            )  # fmt: skip
        if guesses := guesses.filtered(lambda one: not one.is_certain):
            reasons.append(
                self.env._("Documents found by a part of their number only, to be looked at: %s",
                           ", ".join(guesses.move_id.mapped("display_name")))
            )  # fmt: skip
        return reasons

    def _logged_reasons(self, line):
        """What the decision log keeps of this advice."""
        reasons = self._match_reasons(line)
        return {"reasons": reasons, "explanation": "\n".join(reasons), "advice": self}

    def _dispute_deductions(self, line):
        """What the payer deducted for a reason and no preset has booked stays open as disputed."""
        taken = self.line_ids.filtered(
            lambda one: one.move_id and one.deduction > 0 and one.reason_code and not one.preset_id
        )
        for move, lines in taken.grouped("move_id").items():
            if not move.amount_residual or move._is_in_dispute():
                continue
            amount = sum((one._deducted() for one in lines), Decimal(0))
            if move.currency_id != self.currency_id:
                amount = move.currency_id._exact(
                    self.currency_id._convert(float(amount), move.currency_id, self.company_id, line.date)
                )
            # A document has one open dispute: the reason of the larger part, and all words.
            largest = lines.sorted(lambda one: -one.deduction)[:1]
            words = ", ".join(dict.fromkeys(filter(None, lines.mapped("reason"))))
            self.env["account.dispute"]._open(move, largest.reason_code, words, amount, line)

    def _set_matched(self, line, is_automatic=False):
        """Note which bank transaction has booked this advice; what was deducted is disputed where a person booked."""
        self._set_state("matched", statement_line_id=line.id)
        if not is_automatic:
            self._dispute_deductions(line)
        # The message is the addon's own, of what the user was allowed to do.
        self.sudo().message_post(body=self.env._("Matched with the bank transaction “%s”.", line.display_name))
