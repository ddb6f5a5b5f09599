"""Suggestions for bank transactions, and matching automatically what is certain."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from ...engine.bank_matching.amounts import ZERO
from ..common import kinds
from ..common.exceptions import StaleMatch
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call
from ..common.retry import retry_on_conflict
from ..common.statement_timeout import explain_timeout

# So many transactions are decided together: no document is used twice among them.
DECIDING_BATCH = 10_000
COMMIT_BATCH = 200
SUGGESTIONS_MAX = 50
RIVALS_SHOWN = 3
# How sure a preset is that fits by its conditions alone; one that matches automatically ranks above a shortcut.
RULE_CONFIDENCE = {"auto_reconcile": 0.97, "manual": 0.6}


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    @remote_call(one=True, limit=kinds.whole)
    def get_match_suggestions(self, limit=10):
        """Suggest what this transaction may be, best first, with reasons.

        :param limit: how many at most, up to 50
        :return: list of dicts ``entity_type``, ``records`` (``[(model, id)]``), ``amounts`` (floats in the
            transaction's currency), ``confidence`` (0..1), ``reasons`` (sentences), ``weights`` (of the reasons, in
            bits: above 0 speaks for it), ``names``, ``owner``, ``note``, ``is_whole``, ``settle`` (pay in full, the
            difference being the exchange result), ``opens`` (what is open of each document, in the transaction's
            currency)
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        self.check_access("read")
        if self.is_reconciled:
            return []
        limit = max(1, min(limit, SUGGESTIONS_MAX))
        matcher = self.env["account.bank.matcher"]
        found = matcher._suggest(self, limit).get(self.id, [])
        rows = []
        for suggestion in found:
            row = self._suggestion_row(suggestion)
            rows += [row, *self._settle_row(row)]
        known = {tuple(map(tuple, row["records"])) for row in rows}
        rows += [row for row in self._rule_rows() if tuple(row["records"]) not in known]
        rows = [row for row in rows if row["entity_type"] != "expense" or self._is_covered(row["records"])]
        for row in rows[:limit]:
            row["opens"] = self._open_amounts(row["records"])
        return sorted(rows, key=lambda row: -row["confidence"])[:limit]

    def _open_amounts(self, records):
        """What is open of each document in the transaction's currency, 0.0 of what is no document.

        :param records: list of (model, id)
        :return: list of floats
        """
        amounts = []
        for model, record_id in records:
            is_document = model in ("account.move", "account.move.line")
            lines = self._open_lines(self.env[model].browse(record_id)) if is_document else ()
            amount = ZERO
            if lines and len(lines.currency_id) == 1:
                exact = lines.currency_id._exact
                residual = self._match_direction() * sum(map(exact, lines.mapped("amount_residual_currency")), ZERO)
                amount = self._in_transaction_currency(lines[0], residual)
            amounts.append(float(amount))
        return amounts

    def _is_covered(self, records):
        """Whether presets can book this whole transaction: one that takes a part of it only is no answer by itself."""
        try:
            self._plan_match(self._match_records(records))
        except UserError:
            return False
        return True

    def _suggestion_row(self, suggestion):
        reasons = self.env["account.bank.matcher"]._explain(suggestion)
        weights = [found.weight for found in suggestion.reasons]
        if suggestion.is_settled:
            reasons, weights = [self._settled_sentence(), *reasons], [0.0, *weights]
        model, record_id = suggestion.records[0]
        return {
            "entity_type": suggestion.entity_type,
            "kind": self._kind_of(self.env[model].browse(record_id), suggestion.entity_type),
            "records": list(suggestion.records),
            "amounts": [float(amount) for amount in suggestion.amounts],
            "confidence": suggestion.probability,
            "reasons": reasons,
            "weights": weights,
            "names": self._match_names(suggestion.records),
            "owner": self._match_owners(suggestion.records),
            "note": suggestion.note,
            "is_whole": suggestion.is_whole,
            "settle": suggestion.is_settled,
        }

    def _match_names(self, records):
        """Display names of what is suggested, as far as the user may read it."""
        names = []
        for model, record_id in records:
            record = self.env[model].browse(record_id)
            names.append(record.display_name if record.has_access("read") else "")
        return names

    def _match_owners(self, records):
        """Whose what is suggested is; of a transfer's other side, its bank account."""
        names = []
        for model, record_id in records:
            record = self.env[model].browse(record_id)
            if model != "account.reconcile.model" and record.has_access("read"):
                names.append(
                    record.journal_id.display_name if model == self._name else self._owner_name(record.partner_id)
                )
        return ", ".join(dict.fromkeys(filter(None, names)))

    def _owner_name(self, partner):
        """Whose something is: a member is named with the account owner."""
        owner = partner.commercial_partner_id
        if partner == owner or not partner.name:
            return owner.display_name or ""
        if owner.is_company:
            return self.env._("%(member)s of %(owner)s", member=partner.name, owner=owner.display_name)
        return self.env._("%(member)s, in the family of %(owner)s", member=partner.name, owner=owner.display_name)

    def _settle_row(self, row):
        """Beside paying a part of a document in another currency: paying it in full."""
        if row["is_whole"] or len(row["records"]) != 1 or row["records"][0][0] != "account.move":
            return []
        currency = self.env["account.move"].browse(row["records"][0][1]).currency_id
        if currency in (self.currency_id, self.foreign_currency_id):
            return []
        return [{
            **row,
            "settle": True,
            "amounts": [float(self._match_total())],
            "reasons": [self._settled_sentence(), *row["reasons"]],
            "weights": [0.0, *row["weights"]],
        }]  # fmt: skip

    def _settled_sentence(self):
        return self.env._("Settles it in full; the difference to the rate of the day is an exchange result.")

    def _rule_rows(self):
        """The presets whose conditions this transaction meets."""
        rules = self.env["account.reconcile.model"]._rules_of(self.company_id)
        return [
            {
                "entity_type": "expense",
                "records": [(rule._name, rule.id)],
                "amounts": [float(self._match_total())],
                "confidence": RULE_CONFIDENCE[rule.trigger],
                "reasons": [self.env._("The conditions of the preset “%s” fit.", rule.display_name)],
                "weights": [0.0],
                "names": [rule.display_name],
                "owner": "",
                "note": "",
                "is_whole": True,
                "settle": False,
            }
            for rule in rules.filtered(lambda rule: rule._is_conditional() and rule._fits(self))
        ]

    # -- automatically -------------------------------------------------------------------------------------------

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

        :param commit: called with the number of transactions done after each booked batch
        """
        lines = self.filtered(lambda line: line.match_status == "unmatched" and line.state == "posted")
        result = {"transactions": len(lines), "matched": 0, "by_rule": 0, "refused": 0}
        for ids in split_every(DECIDING_BATCH, lines.sorted("internal_index").ids):
            batch = self.browse(ids)
            # What is matched is nobody's rival any more, so more may be certain now: until a run finds nothing (I5).
            while batch:
                matched, refused = batch._match_certain(commit)
                by_rule, refused_rules = batch._match_by_rules(commit)
                result["matched"] += matched
                result["by_rule"] += by_rule
                batch = batch.filtered(lambda line: line.match_status == "unmatched")
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
        for part in split_every(COMMIT_BATCH, decided, list):
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
        for part in split_every(COMMIT_BATCH, left.ids):
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
            since it was decided is left out, to be decided anew
        """
        bookings, refused = [], []
        for model in {model for _line, suggestion, _rivals in decided for model, _id in suggestion.records}:
            # One read for all of them, and for whom they are of.
            ids = {id_ for _line, one, _rivals in decided for model_, id_ in one.records if model_ == model}
            records = self.env[model].browse(ids).exists()
            if model in ("account.move", "account.payment"):
                moves = records.move_id if model == "account.payment" else records
                moves.line_ids.partner_id.mapped("commercial_partner_id")
        for line, suggestion, rivals in decided:
            decision = self._evidence(suggestion, rivals)
            try:
                bookings += self._plan_decision(line, suggestion, {"action": "auto", **decision})
            except StaleMatch:
                continue
            except UserError as error:
                refused.append((line, str(error)))
        return bookings, refused

    def _plan_decision(self, line, suggestion, decision):
        records = [self.env[model].browse(record_id) for model, record_id in suggestion.records]
        if suggestion.entity_type == "internal_transfer":
            planned = line._plan_transfer(records[0])
        else:
            planned = [line._plan_match(records, suggestion.amounts, suggestion.is_settled)]
        for booking in planned:
            booking.decision |= decision
        return planned

    def _evidence(self, suggestion, rivals):
        """What the decision log keeps of a suggestion that was taken."""
        reasons = self.env["account.bank.matcher"]._explain(suggestion)
        return {
            "probability": suggestion.probability,
            "reasons": reasons,
            "explanation": "\n".join(reasons),
            "rivals": [self._rival(rival) for rival in rivals],
        }

    def _rival(self, suggestion):
        names = self._match_names(suggestion.records)
        return {
            "records": list(suggestion.records),
            "probability": suggestion.probability,
            "text": f"{', '.join(names)} ({suggestion.probability:.1%})",
        }

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
        """Auto-match in every company that wants it, in committed batches."""
        companies = self.env["res.company"].search([("bank_match_automatic", "=", True)])
        progress = self.env["ir.cron"]._commit_progress
        for company in companies:
            lines = self.with_company(company).with_context(allowed_company_ids=company.ids)

            def match(lines=lines):
                waiting = lines.search(lines._unmatched_domain())
                progress(remaining=len(waiting))
                waiting._auto_match(commit=progress)
                matched = waiting.filtered(lambda line: line.match_status != "unmatched").grouped("journal_id")
                lines.env["account.journal"]._tell_matched({journal: len(group) for journal, group in matched.items()})

            # What is committed stays; the rest is looked at anew.
            retry_on_conflict(self.env.cr, match)

    # -- for the screen ----------------------------------------------------------------------------------------

    @remote_call(one=True, records=kinds.listed, amounts=kinds.amounts, settle=kinds.flag)
    def accept_match(self, records, amounts=None, settle=False):
        """Match by hand; that somebody else changed it in the meantime is returned, not raised.

        The decision log keeps the reasons for the choice and what else was suggested, computed here rather than taken
        from the caller, who might send anything.

        :return: dict ``state`` (``done`` | ``stale``), ``message``, and where stale ``suggestions`` anew
        """
        return self._told_when_stale(
            lambda: self._match_by_hand(records, amounts, settle, self._shown_evidence(records))
        )

    def _told_when_stale(self, book):
        """Book; that somebody else changed something in the meantime is returned, not raised.

        :param book: function without arguments, which returns what else is to be told
        :return: dict as ``accept_match``
        """
        try:
            with self.env.cr.savepoint():
                message = book() or ""
        except StaleMatch as error:
            self.env.invalidate_all(flush=False)
            return {"state": "stale", "message": str(error), "suggestions": self.get_match_suggestions()}
        return {"state": "done", "message": message}

    def _shown_evidence(self, records):
        """What was suggested for this transaction, as the decision log keeps it beside a person's choice."""
        require(self.env, BANK)
        if self.is_reconciled:
            return {}
        named = {(record._name, record.id) for record in self._match_records(records)} if records else set()
        found = self.env["account.bank.matcher"]._suggest(self, RIVALS_SHOWN + 1)[self.id]
        chosen = next((one for one in found if set(map(tuple, one.records)) == named), None)
        rivals = [one for one in found if one is not chosen][:RIVALS_SHOWN]
        return self._evidence(chosen, rivals) if chosen else {"rivals": [self._rival(one) for one in rivals]}

    @remote_call(confidence=kinds.finite)
    @explain_timeout
    def accept_suggestions(self, confidence):
        """Match by hand all of these transactions whose best suggestion uses the amount whole and is sure enough.

        :param confidence: 0..1
        :return: dict ``accepted``, ``left``, ``messages`` (why some were refused)
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        self.check_access("write")
        lines, decided = self._sure_suggestions(confidence)
        bookings, unplanned = self._plan_decisions(decided)
        for booking in bookings:
            booking.decision["action"] = "manual"
        booked, refused = self._book_safely(bookings)
        self.env["account.bank.match.memory"]._learn([(booking.line, booking.named) for booking in booked])
        return {
            "accepted": len(booked),
            "left": len(lines) - len(booked),
            "messages": list(dict.fromkeys(sentence for _what, sentence in unplanned + refused)),
        }

    @remote_call(confidence=kinds.finite)
    def count_suggestions(self, confidence):
        """Say how many of these transactions ``accept_suggestions`` would match.

        :param confidence: 0.5..1
        :return: int
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        self.check_access("read")
        return len(self._sure_suggestions(confidence)[1])

    def _sure_suggestions(self, confidence):
        """The best suggestions that use the amount whole, are sure enough, and have no rival that is as well.

        :return: (the unmatched of these transactions, list of (line, ``Suggestion``, rivals))
        """
        if not 0.5 <= confidence <= 1:
            raise UserError(self.env._("Choose a confidence from 50% to 100%; below that a suggestion is a guess."))
        lines = self.filtered(lambda line: line.match_status == "unmatched" and line.state == "posted")
        found = self.env["account.bank.matcher"]._suggest(lines, 2)
        decided, other_sides = [], set()
        for line in lines:
            best, *rivals = found.get(line.id) or [None]
            if not best or line.id in other_sides or not best.is_whole or best.is_for_person:
                continue
            if best.probability < confidence:
                continue
            if rivals and rivals[0].probability >= confidence:
                continue
            # A transfer is matched once, from whichever of its sides comes first.
            other_sides.update(record_id for model, record_id in best.records if model == self._name)
            decided.append((line, best, rivals))
        return lines, decided

    @remote_call(one=True, records=kinds.listed)
    def reject_suggestion(self, records):
        """Turn a suggestion down: it is remembered, and ranks lower for transactions like this one.

        :param records: ``[(model, id)]`` as suggested
        :return: True
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        named = [(record._name, record.id) for record in self._match_records(records)]
        self.env["account.bank.match.memory"]._reject(self, named)
        self._log_decisions("reject", records=named)
        return True
