"""Many bank transactions at once: their best suggestions, a review of what to accept, and one undo for all of it."""

from odoo import api, models
from odoo.exceptions import UserError

from ..common import kinds
from ..common.exceptions import StaleMatch
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call
from ..common.statement_timeout import explain_timeout
from .account_bank_statement_line_lines import BOOKING_LINES
from .account_bank_statement_line_suggest import RULE_CONFIDENCE

# How many transactions one call looks at.
LINES_MAX = 200
BATCH_TEXT_MAX = 64
# A suggestion less likely than this is not shown in the list.
UNLIKELY = 0.05
# Where a second suggestion is at least this likely, a person has to choose.
NEAR_RIVAL = 0.1
RIVALS_LOOKED_AT = 4
ONE_BY_ONE_MAX = 20
CHOICES = kinds.rows(id=kinds.record_id, records=kinds.listed)


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    # -- the best suggestion in the list ----------------------------------------------------------------------

    @remote_call()
    def get_best_suggestions(self):
        """Give the best suggestion of each of these transactions; as many queries for a hundred as for one.

        :return: list of dicts ``id``, ``records``, ``amounts``, ``settle``, ``names``, ``owner``, ``entity_type``,
            ``confidence``, ``reasons``, ``is_whole`` (uses the amount exactly), ``rival`` (the name of another one that
            is nearly as likely, or empty); those without any are left out
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: for more than 200 transactions
        """
        require(self.env, BANK)
        self.check_access("read")
        if len(self) > LINES_MAX:
            raise UserError(self.env._("Ask for at most %s transactions at once.", LINES_MAX))
        lines = self.filtered(lambda line: not line.is_reconciled and line.state == "posted")
        found = self.env["account.bank.matcher"]._suggest(lines, 2)
        named = [record for suggestions in found.values() for one in suggestions for record in one.records]
        names = self._readable_names(named)
        rows = {}
        for line in lines:
            best, *rivals = found.get(line.id) or [None]
            if best and best.probability >= UNLIKELY and all(record in names for record in best.records):
                rows[line.id] = self._best_row(best, rivals, names)
        for line, row in self._other_suggestions(lines, found).items():
            if line.id not in rows or row["confidence"] > rows[line.id]["confidence"]:
                rows[line.id] = row
        for line in lines._asked_one_by_one(found)[:ONE_BY_ONE_MAX]:
            if own := line.get_match_suggestions(1):
                rows[line.id] = line._row_of_suggestion(own[0])
        return [{"id": line.id, **rows[line.id]} for line in lines if line.id in rows]

    def _asked_one_by_one(self, found):
        """Those of these transactions for which another capability may have a better suggestion.

        :param found: dict id -> list of ``Suggestion``, the likeliest first
        :return: account.bank.statement.line
        """
        return self.browse()

    def _row_of_suggestion(self, row):
        """A row of ``get_match_suggestions`` as ``get_best_suggestions`` gives it."""
        names = ("records", "amounts", "settle", "names", "owner", "entity_type", "confidence", "reasons", "is_whole")
        return {**{name: row[name] for name in names}, "rival": ""}

    def _best_row(self, best, rivals, names):
        near = [one for one in rivals if one.probability >= NEAR_RIVAL]
        label = ", ".join(names.get(record, ("", ""))[0] for record in near[0].records) if near else ""
        owners = dict.fromkeys(names[record][1] for record in best.records if record[0] != "account.reconcile.model")
        return {
            "records": list(best.records),
            "amounts": [float(amount) for amount in best.amounts],
            "settle": best.is_settled,
            "names": [names[record][0] for record in best.records],
            "owner": ", ".join(filter(None, owners)),
            "entity_type": best.entity_type,
            "confidence": best.probability,
            "reasons": self.env["account.bank.matcher"]._explain(best),
            "is_whole": best.is_whole and not best.is_for_person,
            "rival": label,
        }

    def _readable_names(self, named):
        """Names and owners of the records that the user may read, one read a model.

        :param named: list of (model, id)
        :return: dict (model, id) -> (name, owner)
        """
        names = {}
        for model in {model for model, _id in named}:
            records = self.env[model].browse({number for of_model, number in named if of_model == model}).exists()
            for record in records._filtered_access("read"):
                if model == self._name:
                    owner = record.journal_id.display_name
                else:
                    owner = self._owner_name(record.partner_id) if "partner_id" in record else ""
                names[model, record.id] = (record.display_name, owner)
        return names

    def _other_suggestions(self, lines, found):
        """Suggestions by the conditions of presets, and of transfers whose other side is not imported yet.

        :param found: dict id -> list of ``Suggestion`` of the matcher; a transfer among them has its other side
        :return: dict account.bank.statement.line -> dict as in ``get_best_suggestions``
        """
        suggestions_of = {}
        for company, group in lines.grouped("company_id").items():
            rules = self.env["account.reconcile.model"]._rules_of(company).filtered(lambda rule: rule._is_conditional())
            for line in group:
                rule = next((rule for rule in rules if rule._fits(line) and line._is_covered(rule)), None)
                if rule:
                    sentence = self.env._("The conditions of the preset “%s” fit.", rule.display_name)
                    suggestions_of[line] = line._other_row(
                        (rule._name, rule.id), rule.display_name, "expense", RULE_CONFIDENCE[rule.trigger], sentence
                    )
        paired = {
            line_id
            for line_id, suggestions in found.items()
            if any(one.entity_type == "internal_transfer" for one in suggestions[:2])
        }
        if transfers := lines.filtered(lambda line: line.id not in paired)._named_transfers():
            rejected = lines._rejected_records()
            for line, [row] in transfers.items():
                is_better = line not in suggestions_of or row["confidence"] > suggestions_of[line]["confidence"]
                if is_better and row["records"][0] not in rejected[line.id]:
                    suggestions_of[line] = line._row_of_transfer(row)
        if items := self._waiting_items(lines.journal_id):
            for line in lines:
                fitting = items.filtered(line._is_other_side)
                if fitting:
                    suggestions_of[line] = line._row_of_transfer(line._waiting_row(fitting[0], len(fitting)))
        return suggestions_of

    def _row_of_transfer(self, row):
        """A row of ``_transfer_rows`` as ``get_best_suggestions`` gives it."""
        return self._other_row(
            row["records"][0], row["names"][0], row["entity_type"], row["confidence"], row["reasons"][0],
            owner=row["owner"], settle=row["settle"],
        )  # fmt: skip

    def _other_row(self, record, name, entity_type, confidence, reason, owner="", settle=False):
        return {
            "records": [record],
            "amounts": [float(self._match_total())],
            "settle": settle,
            "names": [name],
            "owner": owner,
            "entity_type": entity_type,
            "confidence": confidence,
            "reasons": [reason],
            "is_whole": True,
            "rival": "",
        }

    # -- accepting many ----------------------------------------------------------------------------------------

    @remote_call(choices=CHOICES, batch=kinds.text)
    @explain_timeout
    def accept_choices(self, choices, batch=""):
        """Match transactions with the suggestions that a person has reviewed.

        What is suggested is computed here again: only what still is the suggestion is booked, with its reasons.

        :param choices: list of dicts ``id`` (of one of these transactions) and ``records`` as suggested
        :param batch: a text that the decisions of one run share; ``undo_batch`` undoes all of them
        :return: dict ``accepted``, ``left``, ``messages`` (why some were refused)
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        self.check_access("write")
        wanted = {one["id"]: {tuple(record) for record in one["records"]} for one in choices}
        lines = self.filtered(lambda line: line.id in wanted and line.match_status in ("unmatched", "ignored"))
        lines = lines.filtered(lambda line: line.state == "posted").sorted("internal_index")
        found = self.env["account.bank.matcher"]._suggest(lines, RIVALS_LOOKED_AT)
        others = self._other_suggestions(lines, found)
        for line in lines._asked_one_by_one(found):
            for row in line.get_match_suggestions(RIVALS_LOOKED_AT):
                if {tuple(record) for record in row["records"]} == wanted[line.id]:
                    others[line] = line._row_of_suggestion(row)
                    found.pop(line.id, None)
        decided, bookings, messages = [], [], []
        for line in lines:
            suggestions = found.get(line.id, [])
            chosen = next((one for one in suggestions if set(one.records) == wanted[line.id]), None)
            if chosen:
                decided.append((line, chosen, [one for one in suggestions if one is not chosen][:3]))
            elif line in others and set(others[line]["records"]) == wanted[line.id]:
                bookings += self._plan_other(line, others[line], messages)
            else:
                messages.append(self.env._("Something has changed since you looked; look again."))
        planned, refused = self._plan_decisions(decided)
        bookings = planned + bookings
        for booking in bookings:
            booking.decision |= {"action": "manual", "batch": batch[:BATCH_TEXT_MAX]}
        booked, not_booked = self._book_safely(bookings)
        self.env["account.bank.match.memory"]._learn([
            (booking.line, booking.named) for booking in booked if booking.entity_type != "internal_transfer"
        ])  # fmt: skip
        messages += [sentence for _what, sentence in refused + not_booked]
        taken = {booking.line.id for booking in booked}
        return {
            "accepted": len(taken & set(lines.ids)),
            "left": len(wanted.keys() - taken),
            "messages": list(dict.fromkeys(messages)),
        }

    def _plan_other(self, line, row, messages):
        """Plan the booking of a suggestion that isn't the matcher's.

        :param messages: list that a refusal is added to
        :return: list of :class:`Booking`
        """
        try:
            booking = line._plan_match(line._match_records(row["records"]), row["amounts"], row["settle"])
        except UserError as error:
            messages.append(str(error))
            return []
        booking.decision |= {
            "probability": row["confidence"],
            "reasons": row["reasons"],
            "explanation": "\n".join(row["reasons"]),
        }
        return [booking]

    @remote_call(lines=BOOKING_LINES, batch=kinds.text)
    @explain_timeout
    def book_each(self, lines, batch=""):
        """Book each of these transactions in the same way: to an account, a client's or vendor's, by a preset, as a
        transfer.

        :param lines: as for ``book_lines``; the one without an amount takes all of each transaction
        :param batch: as for ``accept_choices``
        :return: dict ``accepted``, ``left``, ``messages`` (why some were refused)
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        self._check_matchable()
        if any(line["kind"] == "document" for line in lines):
            raise UserError(self.env._("A document is paid by one transaction, so choose it on that one."))
        bookings, messages = [], []
        for line in self.sorted("internal_index"):
            try:
                booking = line._plan_lines(lines)
            except StaleMatch as error:
                messages.append(str(error))
                continue
            booking.decision |= {"lines": self._logged_lines(lines), "batch": batch[:BATCH_TEXT_MAX]}
            bookings.append(booking)
        booked, refused = self._book_safely(bookings)
        self.env["account.bank.match.memory"]._learn([
            (booking.line, booking.named) for booking in booked if booking.entity_type != "internal_transfer"
        ])  # fmt: skip
        for booking in booked:
            if booking.transfer_journal:
                booking.line._match_other_side()
        messages += [sentence for _what, sentence in refused]
        return {
            "accepted": len(booked),
            "left": len(self) - len(booked),
            "messages": list(dict.fromkeys(messages)),
        }

    @remote_call(partner=kinds.record("res.partner"))
    def assign_partner(self, partner):
        """Say whose these unmatched transactions are; empty takes it away.

        :param partner: res.partner or its id
        :return: True
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where one is matched, or the partner belongs to another company
        """
        self._check_matchable()
        if partner.company_id and partner.company_id not in self.company_id.parent_ids:
            raise UserError(self.env._("%s belongs to another company than these transactions.", partner.display_name))
        self.write({"partner_id": partner.id})
        return True

    @api.model
    @remote_call(batch=kinds.text)
    def undo_batch(self, batch):
        """Undo all matches of one run that are still as that run made them.

        :param batch: the text that its decisions share
        :return: dict ``undone``, ``left`` (matched again or undone since)
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where something that was paid is locked; nothing is changed
        """
        require(self.env, BANK)
        if not batch:
            raise UserError(self.env._("This decision was made alone, not together with others."))
        decisions = self.env["account.bank.match.decision"].search([("batch", "=", batch)])
        lines = decisions.statement_line_id.filtered(
            lambda line: line.is_reconciled and line.decision_ids[:1].batch == batch
        )
        lines.action_unmatch()
        return {"undone": len(lines), "left": len(decisions.statement_line_id) - len(lines)}
