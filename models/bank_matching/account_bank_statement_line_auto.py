"""Bank transactions are matched automatically where it is certain what they are."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from ..common.exceptions import StaleMatch
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call
from ..common.retry import retry_on_conflict
from ..common.statement_timeout import explain_timeout

# How many transactions are decided together; no document is used twice among them.
DECIDING_SLICE = 10_000
COMMIT_SLICE = 500


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    @remote_call()
    @explain_timeout
    def auto_match(self):
        """Match those of these transactions that are certain; all others stay as they are.

        First documents, payments and transfers, chosen for all of them together so that nothing is used twice; then
        the automatic rules, in their order. Commits nothing.

        :return: dict ``transactions`` (looked at), ``matched``, ``by_rule``, ``refused`` (booking was refused, say by a
            lock date), ``unmatched`` (left)
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        self.check_access("write")
        return self._auto_match()

    def _auto_match(self, commit=None):
        """Auto-match.

        :param commit: called with the number of transactions done after each booked slice
        """
        lines = self.filtered(lambda line: line.match_status == "unmatched" and line.state == "posted")
        result = {"transactions": len(lines), "matched": 0, "by_rule": 0, "refused": 0}
        for ids in split_every(DECIDING_SLICE, lines.sorted("internal_index").ids):
            waiting = self.browse(ids)
            # What is matched is not a rival any more, so more may be certain now: repeated until nothing is found (I5).
            while waiting:
                matched, refused = waiting._match_certain(commit)
                by_rule, refused_rules = waiting._match_by_rules(commit)
                result["matched"] += matched
                result["by_rule"] += by_rule
                waiting = waiting.filtered(lambda line: line.match_status == "unmatched")
                if not matched and not by_rule:
                    result["refused"] += refused + refused_rules
                    break
        result["unmatched"] = result["transactions"] - result["matched"] - result["by_rule"]
        return result

    def _match_certain(self, commit=None):
        """Match with documents, payments and transfers what is certain, chosen for all of these together.

        :return: (how many were matched, how many were refused)
        """
        matched = refused = 0
        decided = self.env["account.bank.matcher"]._decide(self)
        for part in split_every(COMMIT_SLICE, decided, list):
            bookings, unplanned = self._plan_decisions(part)
            booked, not_booked = self._book_safely(bookings)
            matched += len(booked)
            refused += len(not_booked) + len(unplanned)
            if commit:
                commit(len(part))
        return matched, refused

    def _match_by_rules(self, commit=None):
        """Match by the automatic rules, in their order, what is not matched yet.

        :return: (how many were matched, how many were refused)
        """
        matched = refused = 0
        left = self.filtered(lambda line: line.match_status == "unmatched")
        for part in split_every(COMMIT_SLICE, left.ids):
            bookings = self.env["account.reconcile.model"]._plan_rules(self.browse(part))
            booked, not_booked = self._book_safely(bookings)
            matched += len(booked)
            refused += len(not_booked)
            if commit:
                commit(len(part))
        return matched, refused

    def _plan_decisions(self, decided):
        """Plan the bookings of what the matcher is certain of.

        :param decided: list of (line, ``Suggestion``, rivals)
        :return: list of :class:`Booking`, and list of (line, sentence) of those that can't be booked; what has changed
            since it was decided is left out, to be decided again
        """
        bookings, refused = [], []
        # One read for all of them, and for whom they are of; what belongs to other slices is not read with them.
        lines = self.browse([line.id for line, _suggestion, _rivals in decided])
        records = {}
        for model, ids in self._named_ids(suggestion for _line, suggestion, _rivals in decided).items():
            records[model] = self.env[model].browse(ids).exists()
            if model in ("account.move", "account.payment"):
                moves = records[model].move_id if model == "account.payment" else records[model]
                moves.mapped("move_type")
                moves.line_ids.partner_id.mapped("commercial_partner_id")
        names = self._readable_names(
            [record for _line, _suggestion, rivals in decided for rival in rivals for record in rival.records]
        )
        for line, (_line, suggestion, rivals) in zip(lines, decided, strict=True):
            decision = self._logged_suggestion(suggestion, rivals, names)
            named = [
                self.env[model].browse(record_id).with_prefetch(records[model]._prefetch_ids)
                for model, record_id in suggestion.records
            ]
            try:
                bookings += self._plan_decision(line, suggestion, named, {"action": "auto", **decision})
            except StaleMatch:
                continue
            except UserError as error:
                refused.append((line, str(error)))
        return bookings, refused

    def _named_ids(self, suggestions):
        """The ids of what suggestions name, by model."""
        ids = {}
        for suggestion in suggestions:
            for model, record_id in suggestion.records:
                ids.setdefault(model, []).append(record_id)
        return ids

    def _plan_decision(self, line, suggestion, records, decision):
        if suggestion.entity_type == "internal_transfer":
            planned = line._plan_transfer(records[0])
        else:
            planned = [line._plan_match(records, suggestion.amounts, suggestion.is_settled)]
        for booking in planned:
            booking.decision |= decision
        return planned

    @api.model
    def _unmatched_domain(self, journals=None):
        """What waits to be matched.

        :param journals: account.journal records, or None for all of the user's companies
        """
        where = (
            Domain("journal_id", "in", journals.ids) if journals else Domain("company_id", "in", self.env.companies.ids)
        )
        return where & Domain("match_status", "=", "unmatched") & Domain("state", "=", "posted")

    @api.model
    def _cron_auto_match(self):
        """Auto-match in every company that wants it, in committed slices."""
        companies = self.env["res.company"].search([("bank_match_automatic", "=", True)])
        progress = self.env["ir.cron"]._commit_progress
        for company in companies:
            lines = self.with_company(company).with_context(allowed_company_ids=company.ids)

            def match(lines=lines):
                waiting = lines.search(lines._unmatched_domain())
                progress(remaining=len(waiting))
                waiting._auto_match(commit=progress)
                matched = waiting.filtered(lambda line: line.match_status != "unmatched").grouped("journal_id")
                counts = {journal: len(group) for journal, group in matched.items()}
                lines.env["account.journal"]._notify_matched(counts)

            # What is committed stays; the rest is looked at again.
            retry_on_conflict(self.env.cr, match)
