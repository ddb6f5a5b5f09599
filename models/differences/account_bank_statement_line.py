"""Small differences of payments: suggested or booked by the company's policy, each with its reason and its record."""

from collections import Counter

from odoo import models
from odoo.exceptions import UserError

from ...engine.bank_matching.amounts import ZERO
from ...engine.bank_matching.model import DOCUMENT_SIDES
from ..common import kinds
from ..common.remote_calls import remote_call

# The reasons that prove a document: its number is in the label as a word of its own.
PROVING = ("reference_exact",)
DOCUMENTS = ("account.move", "account.move.line")
# How much surer a document with its difference is than the same document paid in part.
AHEAD = 0.0001


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    # -- suggesting ------------------------------------------------------------------------------------------

    @remote_call(one=True, limit=kinds.whole)
    def get_match_suggestions(self, limit=10):
        """Suggest to write a difference off, where the company has a policy that covers it."""
        rows = super().get_match_suggestions(limit)
        policies = self.env["account.difference.policy"]._of(self.company_id, self.currency_id)
        if not policies:
            return rows
        result = []
        for row in rows:
            result += [*self._difference_rows(row, policies), row]
        return result[: max(1, limit)]

    def _asked_one_by_one(self, found):
        """Also those that pay a document but for a difference, where the company has a policy."""
        asked = super()._asked_one_by_one(found)
        policies = self.env["account.difference.policy"]
        for (company, currency), lines in self.grouped(lambda line: (line.company_id, line.currency_id)).items():
            if policies._of(company, currency):
                asked |= lines.filtered(
                    lambda line: (
                        (best := found.get(line.id)) and not best[0].is_whole and best[0].entity_type in DOCUMENT_SIDES
                    )
                )
        return asked

    def _difference_rows(self, row, policies):
        """The same suggestion with its difference written off: a list of one, or none."""
        if (
            row["entity_type"] not in DOCUMENT_SIDES
            or row["settle"]
            or any(model not in DOCUMENTS for model, _ in row["records"])
        ):
            return []
        parts = [self._match_part(record) for record in self._match_records(row["records"])]
        policy, difference = self._difference_of(parts, policies)
        if not policy:
            return []
        sentence = self._difference_sentence(policy, difference)
        return [{
            **row,
            "records": [*row["records"], (policy.preset_id._name, policy.preset_id.id)],
            "amounts": [*(float(part.open) for part in parts), float(difference)],
            "confidence": min(0.999, row["confidence"] + AHEAD),
            "reasons": [sentence, *row["reasons"]],
            "weights": [0.0, *row["weights"]],
            "names": [*row["names"], policy.preset_id.display_name],
            "note": sentence,
            "is_whole": True,
        }]  # fmt: skip

    def _difference_of(self, parts, policies):
        """The policy that covers the difference between this transaction and what is open of documents.

        :param parts: list of :class:`Part`, documents of one account owner
        :return: (account.difference.policy, Decimal), or (none, None)
        """
        none = policies.browse(), None
        owners = {part.lines.partner_id.commercial_partner_id for part in parts}
        sides = {DOCUMENT_SIDES.get(part.entity_type) for part in parts}
        if len(owners) != 1 or len(sides) != 1 or None in sides:
            return none
        # A refund for a credit note: the rest is still owed to the client, or by the vendor.
        if ("customer" in sides) != (self.amount > 0):
            return none
        # In another currency the difference may be one of rates.
        if any(part.lines.currency_id != self.currency_id or part.is_settled for part in parts):
            return none
        if sum((part.asked for part in parts), ZERO) == self._match_total():
            return none
        asked = sum((part.open for part in parts), ZERO)
        return policies._fitting(sides.pop(), self._match_total(), asked)

    def _difference_sentence(self, policy, difference):
        reasons = dict(policy._fields["reason"]._description_selection(self.env))
        amount = self.currency_id.format(float(abs(difference)))
        if difference > 0:
            return self.env._("%(amount)s more than is open is written off: %(reason)s", amount=amount,
                              reason=reasons[policy.reason])  # fmt: skip
        return self.env._("%(amount)s less than is open is written off: %(reason)s", amount=amount,
                          reason=reasons[policy.reason])  # fmt: skip

    # -- booking ---------------------------------------------------------------------------------------------

    def _make_booking(self, parts):
        """Note what a policy writes off: its reason is in the name of the journal item and in the decision log."""
        booking = super()._make_booking(parts)
        presets = [part for part in parts if part.record._name == "account.reconcile.model"]
        documents = [part for part in parts if part.open is not None]
        if len(presets) != 1 or not documents or len(documents) + 1 != len(parts):
            return booking
        if any(part.amount != part.open for part in documents):
            return booking
        policies = self.env["account.difference.policy"]._of(self.company_id, self.currency_id)
        policies = policies.filtered(lambda policy: policy.preset_id == presets[0].record)
        policy, difference = self._difference_of(documents, policies)
        if not policy:
            return booking
        reasons = dict(policy._fields["reason"]._description_selection(self.env))
        accounts = policy.preset_id.line_ids.account_id.ids
        balance = 0.0
        for counterpart in booking.counterparts:
            if not counterpart.lines:
                balance -= counterpart.values["balance"]
            if not counterpart.lines and counterpart.values["account_id"] in accounts:
                counterpart.values["name"] = f"{reasons[policy.reason]}: {counterpart.values['name']}"
        booking.decision["difference"] = {
            "policy": policy,
            "amount": float(difference),
            "balance": self.company_id.currency_id.round(balance),
            "documents": [part.lines.move_id.id for part in documents],
        }
        booking.decision.setdefault("explanation", self._difference_sentence(policy, difference))
        return booking

    def _book(self, bookings):
        """Keep each difference that was written off, for the report of differences."""
        result = super()._book(bookings)
        # Bookkeeping of the addon itself; a user who books a match has the permission for it.
        differences = self.env["account.difference"].sudo()
        for booking in bookings:
            found = booking.decision.get("difference")
            if not found:
                continue
            moves = self.env["account.move"].browse(number for number in found["documents"])
            differences.create({
                "statement_line_id": booking.line.id,
                "policy_id": found["policy"].id,
                "move_ids": moves.ids,
                "partner_id": moves[:1]._account_owner().id or booking.partner.commercial_partner_id.id,
                "company_id": booking.line.company_id.id,
                "currency_id": booking.line.currency_id.id,
                "date": booking.line.date,
                "side": found["policy"].side,
                "reason": found["policy"].reason,
                "amount": found["amount"],
                "balance": found["balance"],
                "is_automatic": booking.decision.get("action") == "auto",
            })  # fmt: skip
        return result

    def _forget_match(self):
        """Undo the difference with the match."""
        # A user who may undo a bank transaction's match by Odoo's own rights undoes its difference as well.
        self.env["account.difference"].sudo().search([("statement_line_id", "in", self.ids)]).unlink()
        return super()._forget_match()

    # -- automatically ---------------------------------------------------------------------------------------

    def _match_certain(self, commit=None):
        """Match what is certain; then what the label proves but for a difference that an automatic policy covers."""
        matched, refused = super()._match_certain(commit)
        more = self._match_differences(commit)
        return matched + more[0], refused + more[1]

    def _match_differences(self, commit=None):
        """Match with the one document that a label names, where an automatic policy covers the difference.

        :return: (how many were matched, how many were refused)
        """
        bookings, refused = [], 0
        waiting = self.filtered(lambda line: line.match_status == "unmatched" and not line.return_code)
        for (company, currency), lines in waiting.grouped(lambda line: (line.company_id, line.currency_id)).items():
            policies = self.env["account.difference.policy"]._of(company, currency).filtered("is_automatic")
            if not policies:
                continue
            found = self.env["account.bank.matcher"]._suggest(lines)
            for line in lines.sorted("internal_index"):
                try:
                    booking = line._plan_difference(found[line.id], policies)
                except UserError:
                    refused += 1
                    continue
                if booking:
                    bookings.append(booking)
        # A document that two transactions could pay is left to a person.
        claims = Counter(target for booking in bookings for target in booking.targets.ids)
        bookings = [booking for booking in bookings if all(claims[target] == 1 for target in booking.targets.ids)]
        booked, not_booked = self._book_safely(bookings)
        if commit and bookings:
            commit(len(bookings))
        return len(booked), refused + len(not_booked)

    def _plan_difference(self, suggestions, policies):
        """Plan the match with the document that the label names, its difference written off.

        :return: :class:`Booking`, or None where it is not proven
        """
        named = [
            one
            for one in suggestions
            if any(reason.kind in PROVING for reason in one.reasons) and one.entity_type in DOCUMENT_SIDES
        ]
        if len(named) != 1 or len(named[0].records) != 1 or named[0].is_for_person or named[0] is not suggestions[0]:
            return None
        record = self._match_records(named[0].records)[0]
        if any(reason.kind == "rejected" for reason in named[0].reasons):
            return None
        part = self._match_part(record)
        policy, difference = self._difference_of([part], policies)
        if not policy:
            return None
        booking = self._plan_match([record, policy.preset_id], [part.open, difference])
        logged = self._logged_suggestion(named[0], [])
        logged["reasons"] = [self._difference_sentence(policy, difference), *logged["reasons"]]
        booking.decision |= {"action": "auto", **logged, "explanation": "\n".join(logged["reasons"])}
        return booking
