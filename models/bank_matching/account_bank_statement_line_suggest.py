"""Suggestions for bank transactions: shown with their reasons, accepted, rejected."""

from odoo import models
from odoo.exceptions import UserError

from ...engine.bank_matching.amounts import ZERO
from ..common import kinds
from ..common.exceptions import StaleMatch
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call
from ..common.statement_timeout import explain_timeout

SUGGESTIONS_MAX = 50
RIVALS_SHOWN = 3
# The confidence in a preset that fits by its conditions alone; an automatic one ranks above a shortcut.
RULE_CONFIDENCE = {"auto_reconcile": 0.97, "manual": 0.6}


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    @remote_call(one=True, limit=kinds.whole)
    def get_match_suggestions(self, limit=10):
        """Suggest what this transaction may be, best first, with reasons.

        :param limit: how many at most, up to 50
        :return: list of dicts ``entity_type``, ``records`` (``[(model, id)]``), ``amounts`` (floats in the
            transaction's currency), ``confidence`` (0..1), ``reasons`` (sentences), ``weights`` (of the reasons, in
            bits: positive supports it), ``names``, ``owner``, ``note``, ``is_whole``, ``settle`` (pay in full, the
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
        """What is open of each document in the transaction's currency, 0.0 for other records.

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
        """Whether presets can book this whole transaction: one that takes only a part of it is not a suggestion by
        itself."""
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
        row = self._match_row(
            suggestion.entity_type,
            suggestion.records,
            self._match_names(suggestion.records),
            suggestion.probability,
            reasons,
            weights=weights,
            amounts=suggestion.amounts,
            owner=self._match_owners(suggestion.records),
            note=suggestion.note,
            is_whole=suggestion.is_whole,
            settle=suggestion.is_settled,
        )
        return {**row, "kind": self._kind_of(self.env[model].browse(record_id), suggestion.entity_type)}

    def _match_row(self, entity_type, records, names, confidence, reasons, *, weights=None, amounts=None, owner="",
                   note="", is_whole=True, settle=False):  # fmt: skip
        """A suggestion as ``get_match_suggestions`` gives it.

        :param records: list of (model, id)
        :param names: list of str, one for each record
        :param confidence: float, 0..1
        :param reasons: list of str
        :param weights: list of floats, one for each reason; None where they have no weight
        :param amounts: list of numbers, one for each record; None for one record that takes the whole transaction
        :return: dict
        """
        return {
            "entity_type": entity_type,
            "records": list(records),
            "amounts": [float(amount) for amount in ([self._match_total()] if amounts is None else amounts)],
            "confidence": confidence,
            "reasons": reasons,
            "weights": [0.0] * len(reasons) if weights is None else weights,
            "names": names,
            "owner": owner,
            "note": note,
            "is_whole": is_whole,
            "settle": settle,
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
            self._match_row(
                "expense",
                [(rule._name, rule.id)],
                [rule.display_name],
                RULE_CONFIDENCE[rule.trigger],
                [self.env._("The conditions of the preset “%s” fit.", rule.display_name)],
            )
            for rule in rules.filtered(lambda rule: rule._is_conditional() and rule._fits(self))
        ]

    # -- decided by a person -----------------------------------------------------------------------------------

    @remote_call(one=True, records=kinds.listed, amounts=kinds.amounts, settle=kinds.flag)
    def accept_match(self, records, amounts=None, settle=False):
        """Match by hand; that somebody else changed it in the meantime is returned, not raised.

        The decision log keeps the reasons for the choice and what else was suggested, computed here rather than taken
        from the caller, who might send anything.

        :return: dict ``state`` (``done`` | ``stale``), ``message``, and where stale ``suggestions``: new ones
        """
        return self._report_stale(
            lambda: self._match_by_hand(records, amounts, settle, self._logged_suggestions(records))
        )

    def _report_stale(self, book):
        """Book; that somebody else changed something in the meantime is returned, not raised.

        :param book: function without arguments, which returns what else is to be shown
        :return: dict as ``accept_match``
        """
        try:
            with self.env.cr.savepoint():
                message = book() or ""
        except StaleMatch as error:
            self.env.invalidate_all(flush=False)
            return {"state": "stale", "message": str(error), "suggestions": self.get_match_suggestions()}
        return {"state": "done", "message": message}

    def _logged_suggestions(self, records):
        """What was suggested for this transaction, as the decision log keeps it beside a person's choice."""
        require(self.env, BANK)
        if self.is_reconciled:
            return {}
        named = {(record._name, record.id) for record in self._match_records(records)} if records else set()
        found = self.env["account.bank.matcher"]._suggest(self, RIVALS_SHOWN + 1)[self.id]
        chosen = next((one for one in found if set(map(tuple, one.records)) == named), None)
        rivals = [one for one in found if one is not chosen][:RIVALS_SHOWN]
        if chosen:
            return self._logged_suggestion(chosen, rivals)
        names = self._readable_names([record for one in rivals for record in one.records])
        return {"rivals": [self._rival(one, names) for one in rivals]}

    def _logged_suggestion(self, suggestion, rivals, names=None):
        """What the decision log keeps of a suggestion that was taken.

        :param names: what ``_readable_names`` gives for the rivals' records, or None to look them up
        """
        if names is None:
            names = self._readable_names([record for rival in rivals for record in rival.records])
        reasons = self.env["account.bank.matcher"]._explain(suggestion)
        return {
            "probability": suggestion.probability,
            "reasons": reasons,
            "explanation": "\n".join(reasons),
            "rivals": [self._rival(rival, names) for rival in rivals],
        }

    def _rival(self, suggestion, names):
        label = ", ".join(names.get(record, ("", ""))[0] for record in suggestion.records)
        return {
            "records": list(suggestion.records),
            "probability": suggestion.probability,
            "text": f"{label} ({suggestion.probability:.1%})",
        }

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
        """Reject a suggestion: it is remembered, and ranks lower for transactions like this one.

        :param records: ``[(model, id)]`` as suggested
        :return: True
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        named = [(record._name, record.id) for record in self._match_records(records)]
        self.env["account.bank.match.memory"]._reject(self, named)
        self._log_decisions("reject", records=named)
        return True
