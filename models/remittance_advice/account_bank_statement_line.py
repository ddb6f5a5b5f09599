from collections import Counter
from functools import partial

from odoo import models
from odoo.exceptions import UserError

from ..common import kinds
from ..common.exceptions import StaleMatch
from ..common.remote_calls import remote_call

# How sure an advice is by its reference or the payer's account; by payer and amount; by amount alone; among several.
CONFIDENCE_NAMED, CONFIDENCE_PAYER, CONFIDENCE_ALONE, CONFIDENCE_AMONG = 0.9995, 0.995, 0.9, 0.5
# With a document that a person has still to confirm: below the lowest threshold there can be for matching by itself.
CONFIDENCE_GUESSED = 0.85
# So many advices are compared at most; those that are never paid are set aside by a person.
WAITING_MAX = 1_000


class AccountBankStatementLine(models.Model):
    """A bank transaction can be matched by its payer's remittance advice: suggested, matched and undone."""

    _inherit = "account.bank.statement.line"

    # -- suggesting ------------------------------------------------------------------------------------------

    @remote_call(one=True, limit=kinds.whole)
    def get_match_suggestions(self, limit=10):
        """Suggest what the payer's remittance advice says, before the other suggestions."""
        rows = super().get_match_suggestions(limit)
        if self.is_reconciled:
            return rows
        found = self._advice_rows()
        known = {frozenset(map(tuple, row["records"])) for row in found}
        others = [row for row in rows if frozenset(map(tuple, row["records"])) not in known]
        return (found + others)[: max(1, limit)]

    def _asked_one_by_one(self, found):
        """Also those whose amount an advice has."""
        waiting = self._waiting_advices()
        return super()._asked_one_by_one(found) | self.filtered(lambda line: line._fitting_advices(waiting))

    def _waiting_advices(self):
        """The advices that are not matched yet, the latest first."""
        advices = self.env["account.remittance.advice"]
        domain = [("company_id", "in", self.company_id.ids), ("state", "=", "new")]
        return advices.search(domain, limit=WAITING_MAX) if advices.has_access("read") else advices

    def _fitting_advices(self, waiting):
        """Those of the waiting advices that this transaction can be the payment of."""
        return waiting.filtered(lambda advice: advice._fits_line(self) and advice._usable_lines().move_id)

    def _advice_rows(self):
        """The suggestions by advices, the surest first; what a person has rejected is left out."""
        advices, rows = self._fitting_advices(self._waiting_advices()), []
        rejected = self._rejected_sets()
        for advice in advices:
            try:
                records, amounts = advice._records_and_amounts(self)
                booking = self._plan_match(records, amounts)
            except UserError:
                continue  # something of it can't be booked; the advice itself tells what
            named = frozenset((record._name, record.id) for record in records)
            if named not in rejected:
                rows.append(self._advice_row(advice, records, amounts, booking, len(advices)))
        return sorted(rows, key=lambda row: -row["confidence"])

    def _rejected_sets(self):
        """What a person has rejected for this transaction: a set of frozensets of (model, id)."""
        keys = self.env["account.bank.match.memory"].search([
            ("kind", "=", "rejected"), ("statement_line_id", "=", self.id),
        ]).mapped("key")  # fmt: skip
        parts = [[part.partition(":") for part in key.split(",")] for key in keys]
        return {
            frozenset((model, int(number)) for model, _colon, number in some if number.isdecimal()) for some in parts
        }

    def _advice_row(self, advice, records, amounts, booking, count):
        confidence = CONFIDENCE_ALONE if count == 1 else CONFIDENCE_AMONG
        if advice._is_named_by(self) or advice._is_from_payer(self):
            confidence = CONFIDENCE_NAMED
        elif self.partner_id and advice.partner_id:
            confidence = CONFIDENCE_PAYER
        if advice._guessed_lines():
            confidence = min(confidence, CONFIDENCE_GUESSED)
        named = [(record._name, record.id) for record in records]
        opens = self._open_amounts(named)
        row = self._match_row(
            booking.entity_type,
            named,
            [record.display_name for record in records],
            confidence,
            advice._match_reasons(self),
            amounts=amounts or opens,
            owner=self._owner_name(advice.partner_id),
            note=self.env._("by the remittance advice “%s”", advice.name),
            is_whole=not advice.missing_count,
        )
        return {**row, "opens": opens}

    def _logged_suggestions(self, records):
        """Keep in the decision log that an advice named these documents."""
        logged = super()._logged_suggestions(records)
        if self.is_reconciled or not records:
            return logged
        named = {(record._name, record.id) for record in self._match_records(records)}
        for row in self._advice_rows():
            if set(row["records"]) == named:
                reasons = row["reasons"]
                return {**logged, "probability": row["confidence"], "reasons": reasons,
                        "explanation": "\n".join(reasons)}  # fmt: skip
        return logged

    # -- matching --------------------------------------------------------------------------------------------

    def _book(self, bookings):
        """Note on advices that their payment is matched with the documents that they name, by whatever way."""
        waiting = self.browse([booking.line.id for booking in bookings])._waiting_advices()
        paid = [(booking, advice) for booking in bookings for advice in self._advices_of(booking, waiting)]
        for booking, advice in paid:
            advice._share_by_items(booking)
        result = super()._book(bookings)
        for booking, advice in paid:
            advice._set_matched(booking.line, is_automatic=booking.decision.get("action") in ("auto", "rule"))
        return result

    def _advices_of(self, booking, waiting):
        """The advice by which a booking was made, else the one whose documents it pays."""
        if given := booking.decision.get("advice"):
            return given
        moves = booking.targets.move_id
        found = booking.line._fitting_advices(waiting).filtered(lambda one: one._usable_lines().move_id == moves)
        return found if len(found) == 1 else found.browse()

    def _match_certain(self, commit=None):
        """Match first what an advice proves."""
        matched, refused = self._match_advices(commit)
        more = self.filtered(lambda line: line.match_status == "unmatched")
        others = super(AccountBankStatementLine, more)._match_certain(commit)
        return matched + others[0], refused + others[1]

    def _match_advices(self, commit=None):
        """Match with advices whose reference or payer's account, and amount, prove the payment.

        :return: (how many were matched, how many were refused)
        """
        advices, pairs = self._waiting_advices(), []
        for advice in advices:
            lines = advice._bank_lines().filtered(advice._is_proven)
            if len(lines) == 1 and lines in self:
                pairs.append((advice, lines))
        claimed = Counter(line for _advice, line in pairs)
        named = Counter(move for advice in advices for move in advice.line_ids.move_id)
        plans = []
        for advice, line in pairs:
            # Two advices of one payment, and documents that two advices name, are for a person.
            if claimed[line] > 1 or any(named[move] > 1 for move in advice.line_ids.move_id):
                continue
            if line._has_waiting_payment(advice):
                continue
            logged = advice._logged_reasons(line) | {"probability": CONFIDENCE_NAMED}
            plans.append((partial(line._plan_advice, advice), logged))
        bookings, refused = self._plan_automatic(plans)
        booked, not_booked = self._book_safely(bookings)
        if commit and bookings:
            commit(len(bookings))
        return len(booked), refused + len(not_booked)

    def _has_waiting_payment(self, advice):
        """Whether a registered payment of the payer, not matched with the bank yet, may be this transaction or a part.

        If the documents were matched beside it, the payment would be booked twice: a person decides.
        """
        return bool(
            self.env["account.payment"].search_count([
                ("partner_id", "child_of", advice.partner_id.commercial_partner_id.id),
                ("company_id", "child_of", self.company_id.id),
                ("payment_type", "=", "inbound" if self.amount > 0 else "outbound"),
                ("state", "=", "in_process"), ("is_matched", "=", False), ("is_reconciled", "=", False),
                ("currency_id", "=", advice.currency_id.id),
                ("amount", "<=", advice.amount_total), ("move_id", "!=", False),
            ], limit=1)
        )  # fmt: skip

    def _plan_advice(self, advice):
        """Plan the match that an advice proves.

        :return: :class:`Booking`
        :raise StaleMatch: where a person has rejected just this
        :raise UserError: where it can't be booked
        """
        records, amounts = advice._records_and_amounts(self)
        if frozenset((record._name, record.id) for record in records) in self._rejected_sets():
            raise StaleMatch(self.env._("This was rejected for “%s”.", self.display_name))
        return self._plan_match(records, amounts)

    # -- undoing ---------------------------------------------------------------------------------------------

    def _forget_match(self):
        self._release_advices()
        return super()._forget_match()

    def _release_advices(self):
        """Undo on the advices by which these transactions were matched that they are matched."""
        # A user who may undo a bank transaction's match by Odoo's own rights undoes that of its advice as well.
        advices = self.env["account.remittance.advice"].sudo().search([
            ("statement_line_id", "in", self.ids), ("state", "=", "matched"),
        ])  # fmt: skip
        if advices:
            advices._set_state("new", statement_line_id=False)
            for advice in advices:
                advice.message_post(body=self.env._("The match with the bank transaction was undone."))

    def unlink(self):
        """Undo the match of the advices of a bank transaction that is deleted."""
        self._release_advices()
        return super().unlink()
