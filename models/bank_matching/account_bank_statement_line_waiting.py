"""Internal transfers that one bank account has booked before the other side is imported: that is matched
automatically."""

from datetime import timedelta
from functools import partial

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every
from odoo.tools.misc import format_date

from ...engine.bank_matching import bank_text
from ...engine.bank_matching.own_accounts import may_name
from ...engine.bank_matching.suggestions import RATE_DIFFERENCE_MAX
from ...engine.common.odoo_types import JOURNAL_TYPES
from ..common import kinds
from ..common.remote_calls import remote_call

# How far apart the two sides of a transfer may be, in days.
DAYS_APART = 14
WAITING_MAX = 500
SLICE = 200
# The confidence that a transaction is the other side of a booked transfer: of one that fits, and of each where several
# fit.
CONFIDENCE, CONFIDENCE_AMONG = 0.99, 0.7
# Where another suggestion has this confidence, a person decides.
RIVAL = 0.9
# The confidence in a transfer by the other side's account number, by its name, and by words of a transfer alone.
CONFIDENCE_NUMBER, CONFIDENCE_NAME, CONFIDENCE_WORDS = 0.98, 0.85, 0.65


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _waiting_transfers(self, journal=None):
        """The open journal items of transfers to or from this transaction's account that it can be the other side of.

        :param journal: account.journal that must have booked them, or None for all
        :return: account.move.line records, the nearest day first
        """
        self.ensure_one()
        items = self._waiting_items(self.journal_id).filtered(
            lambda item: (not journal or item.journal_id == journal) and self._is_other_side(item)
        )
        return items.sorted(lambda item: (abs((item.date - self.date).days), item.date, item.id))

    @api.model
    def _waiting_items(self, journals):
        """The open journal items of transfers that were booked to or from these journals.

        :param journals: account.journal records
        :return: account.move.line records
        """
        # The journal that has booked a transfer may be out of the user's sight; what is read is that money is on its
        # way to a journal that the user may match.
        sent = self.sudo().search([("transfer_journal_id", "in", journals.ids)], limit=WAITING_MAX, order="id DESC")
        items = self.env["account.move.line"].sudo().search([
            ("move_id", "in", sent.move_id.ids), ("reconciled", "=", False), ("parent_state", "=", "posted"),
        ])  # fmt: skip
        return items.filtered(lambda item: item.account_id == item.company_id.transfer_account_id).with_env(self.env)

    def _is_other_side(self, item):
        """Whether direction, day and amount of this transaction fit a transfer that another account has booked.

        In one currency the amount is exact; in two it is worth about the same.
        """
        item = item.sudo()
        if item.statement_line_id.transfer_journal_id != self.journal_id or item.company_id != self.company_id:
            return False
        if abs((item.date - self.date).days) > DAYS_APART:
            return False
        open_amount = item.currency_id._exact(item.amount_residual_currency) * self._match_direction()
        if open_amount <= 0:
            return False
        if item.currency_id == self.currency_id:
            return open_amount == self._match_total()
        if item.currency_id == self.foreign_currency_id and self.amount_currency:
            return open_amount == item.currency_id._exact(abs(self.amount_currency))
        worth = self.company_id.currency_id._exact(abs(item.amount_residual))
        return abs(worth - self._booked_balance()) <= RATE_DIFFERENCE_MAX * worth

    def _waits_for_other_side(self):
        """Whether the transfer that this transaction was booked as has no other side yet."""
        return any(
            item.account_id == item.company_id.transfer_account_id and not item.reconciled
            for item in self.move_id.line_ids
        )

    # -- by itself ---------------------------------------------------------------------------------------------

    def _match_other_side(self):
        """Match the unmatched transaction of the other bank account that fits this transfer, if one does for certain.

        :return: account.bank.statement.line that was matched, or none
        """
        lines = self.search(
            self._unmatched_domain(self.transfer_journal_id)
            & Domain("date", ">=", self.date - timedelta(days=DAYS_APART))
            & Domain("date", "<=", self.date + timedelta(days=DAYS_APART))
            & Domain("amount", ">" if self.amount < 0 else "<", 0)
            & Domain("journal_id", "!=", self.journal_id.id),
            limit=WAITING_MAX,
        )
        items = self.move_id.line_ids.filtered(
            lambda item: item.account_id == item.company_id.transfer_account_id and not item.reconciled
        )
        found = lines.filtered(lambda line: any(line._is_other_side(item) for item in items))
        found._match_waiting()
        return found.filtered(lambda line: line.match_status == "matched")

    def _match_certain(self, commit=None):
        """Match first the other sides of transfers that were booked on another account."""
        matched, refused = self._match_waiting(commit)
        more = self.filtered(lambda line: line.match_status == "unmatched")
        others = super(AccountBankStatementLine, more)._match_certain(commit)
        return matched + others[0], refused + others[1]

    def _match_waiting(self, commit=None):
        """Match those of these transactions that are for certain the other side of a transfer that was booked.

        :return: (how many were matched, how many were refused)
        """
        matched = refused = 0
        for part in split_every(SLICE, self._certain_other_sides(), list):
            plans = []
            for line, item in part:
                reason = line._waiting_reason(item)
                logged = {"probability": CONFIDENCE, "explanation": reason, "reasons": [reason]}
                plans.append((partial(line._plan_match, [item], settle=True), logged))
            bookings, unplanned = self._plan_automatic(plans)
            booked, not_booked = self._book_safely(bookings)
            matched += len(booked)
            refused += unplanned + len(not_booked)
            if commit:
                commit(len(booked))
        return matched, refused

    def _certain_other_sides(self):
        """Pair these transactions with the transfers that wait for them.

        Transfers of one amount between the same accounts are as good as each other: they are paired by day. Where more
        transactions than transfers fit, or a transaction fits something else as well, a person decides.

        :return: list of (account.bank.statement.line, account.move.line)
        """
        items = self._waiting_items(self.journal_id)
        if not items:
            return []
        lines = self.filtered(lambda line: line.match_status == "unmatched" and line.state == "posted")
        among = lines | self._competing_lines(items)
        fitting = {line: items.filtered(line._is_other_side) for line in among.sorted(lambda one: (one.date, one.id))}
        rivals = {item: [line for line, found in fitting.items() if item in found] for item in items}
        pairs, taken = [], set()
        for line, found in fitting.items():
            free = found.filtered(lambda item: item.id not in taken).sorted(lambda item: (item.date, item.id))
            if not free or max(len(rivals[item]) for item in found) > len(found):
                continue
            if len({(item.journal_id, item.currency_id, item.amount_residual_currency) for item in found}) > 1:
                continue
            taken.add(free[0].id)
            pairs.append((line, free[0]))
        pairs = [(line, item) for line, item in pairs if line in lines]
        if not pairs:
            return []
        best = self.env["account.bank.matcher"]._suggest(lines.union(*(line for line, _item in pairs)), 1)
        return [
            (line, item)
            for line, item in pairs
            if not any(
                one.probability >= RIVAL and one.entity_type != "internal_transfer" for one in best.get(line.id, ())
            )
        ]

    def _competing_lines(self, items):
        """The unmatched transactions outside of these that may be the other side of the same transfers."""
        found = self.browse()
        for (journal, currency), group in items.grouped(
            lambda item: (item.sudo().statement_line_id.transfer_journal_id, item.currency_id)
        ).items():
            where = (
                self._unmatched_domain(journal)
                & Domain("date", ">=", min(group.mapped("date")) - timedelta(days=DAYS_APART))
                & Domain("date", "<=", max(group.mapped("date")) + timedelta(days=DAYS_APART))
            )
            if currency == journal._statement_currency():
                amounts = group.mapped("amount_residual_currency")
                where &= Domain("amount", "in", [*amounts, *(-amount for amount in amounts)])
            found |= self.search(where, limit=WAITING_MAX)
        return found - self

    # -- suggesting --------------------------------------------------------------------------------------------

    @remote_call(one=True, limit=kinds.whole)
    def get_match_suggestions(self, limit=10):
        """Suggest the transfer that waits for this transaction, and a transfer where the label mentions one."""
        rows = super().get_match_suggestions(limit)
        if self.is_reconciled:
            return rows
        waiting = self._waiting_transfers()
        found = [self._waiting_row(item, len(waiting)) for item in waiting]
        if not found and not any(row["entity_type"] == "internal_transfer" for row in rows):
            found = self._named_transfers().get(self, [])
        rejected = self._rejected_records()[self.id]
        found = [row for row in found if row["records"][0] not in rejected]
        return sorted(found + rows, key=lambda row: -row["confidence"])[: max(1, limit)]

    def _rejected_records(self):
        """The single records that a person has rejected for these transactions.

        :return: dict id -> set of (model, id)
        """
        rejected = {line.id: set() for line in self}
        turned_down = self.env["account.bank.match.memory"].search([
            ("kind", "=", "rejected"), ("statement_line_id", "in", self.ids),
        ])  # fmt: skip
        for memory in turned_down:
            model, _colon, number = memory.key.partition(":")
            if "," not in memory.key and number.isdecimal():
                rejected[memory.statement_line_id.id].add((model, int(number)))
        return rejected

    def _waiting_reason(self, item):
        return self.env._(
            "%(journal)s booked a transfer of %(amount)s on %(date)s that waits for this side.",
            journal=item.sudo().journal_id.display_name,
            amount=item.currency_id.format(abs(item.sudo().amount_residual_currency)),
            date=format_date(self.env, item.sudo().date),
        )

    def _waiting_row(self, item, count):
        return self._transfer_row(
            (item._name, item.id),
            item.sudo().move_id.display_name,
            item.sudo().journal_id.display_name,
            CONFIDENCE if count == 1 else CONFIDENCE_AMONG,
            self._waiting_reason(item),
            settle=item.currency_id not in (self.currency_id, self.foreign_currency_id),
        )

    def _named_transfers(self):
        """The transfers without another side that the bank's data of these transactions mention.

        :return: dict account.bank.statement.line -> list of at most one row; those that mention none are left out
        """
        rows = {}
        asked = self.filtered(lambda line: line.account_number or may_name(*line._bank_texts()))
        for company, lines in asked.grouped("company_id").items():
            if company.transfer_account_id.reconcile:
                journals = self._own_bank_journals(company)
                names = journals._names_in_bank_texts()
                rows |= {line: found for line in lines if (found := line._transfer_rows(journals, names))}
        return rows

    def _bank_texts(self):
        """What the bank wrote about this transaction: list of str."""
        return [text for text in (self.payment_ref, self.ref, self.partner_name, self.transaction_type) if text]

    def _transfer_rows(self, journals, names):
        """The transfers without another side that the bank's data mention, at most one.

        The account number of the other side is proof, its name beside a word of a transfer nearly so. Such a word alone
        is a hint where there is one other account, or where the text has the words of its name somewhere.

        :param journals: account.journal, the company's bank and cash accounts that the user may see
        :param names: ``OwnAccountNames`` of these
        """
        journals -= self.journal_id
        number = bank_text.compact(self.account_number or "")
        own = journals.filtered(lambda one: bank_text.compact(one.bank_account_id.acc_number or "") == number)
        if number and own:
            reason = self.env._("The account number %s is the company's own.", self.account_number)
            return [self._transfer_to_row(own[0], CONFIDENCE_NUMBER, reason)]
        company = self.company_id.sudo().partner_id
        if self.partner_id and self.partner_id.commercial_partner_id != company.commercial_partner_id:
            return []
        named = names.find(self._bank_texts(), self.journal_id.id)
        if named:
            journal = journals.browse(named.journal_id)
            if named.is_clear:
                reason = self.env._("The label names the company's own account %s.", journal.name)
                return [self._transfer_to_row(journal, CONFIDENCE_NAME, reason)]
            journals = journal
        if len(journals) != 1 or not bank_text.mentions_transfer(self.payment_ref or "", self.ref or ""):
            return []
        return [self._transfer_to_row(journals, CONFIDENCE_WORDS, self.env._("The label mentions a transfer."))]

    @api.model
    def _own_bank_journals(self, company):
        """The bank and cash accounts of a company that the user may see."""
        return self.env["account.journal"].search([("company_id", "=", company.id), ("type", "in", JOURNAL_TYPES)])

    def _transfer_to_row(self, journal, confidence, reason):
        name = (
            self.env._("Transfer to %s", journal.name)
            if self.amount < 0
            else self.env._("Transfer from %s", journal.name)
        )
        return self._transfer_row((journal._name, journal.id), name, "", confidence, reason)

    def _transfer_row(self, record, name, owner, confidence, reason, settle=False):
        return self._match_row("internal_transfer", [record], [name], confidence, [reason], owner=owner, settle=settle)
