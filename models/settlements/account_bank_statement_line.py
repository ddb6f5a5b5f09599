from functools import partial

from odoo import api, models
from odoo.exceptions import UserError

from ..common import kinds
from ..common.remote_calls import remote_call

# How sure a payout is by its reference; by amount and day alone, where it is the only one; and where it is not.
CONFIDENCE_NAMED, CONFIDENCE_ALONE, CONFIDENCE_AMONG = 0.999, 0.9, 0.5


class AccountBankStatementLine(models.Model):
    """A bank transaction can be the payout of a settlement: suggested, matched as a whole, and taken back."""

    _inherit = "account.bank.statement.line"

    def _settlement_texts(self):
        """The texts in which the reference of a payout may stand."""
        details = self.transaction_details
        details = " ".join(map(str, details.values())) if isinstance(details, dict) else str(details or "")
        texts = (self.payment_ref, self.ref, self.structured_reference, self.partner_name, details)
        return [text for text in texts if text]

    # -- suggesting ------------------------------------------------------------------------------------------

    @remote_call(one=True, limit=kinds.whole)
    def get_match_suggestions(self, limit=10):
        """Suggest the payout of a settlement, before what else it may be."""
        rows = super().get_match_suggestions(limit)
        if self.is_reconciled:
            return rows
        settlements = self._fitting_settlements()
        named = settlements.filtered(lambda one: one._is_named_by(self))
        found = [self._settlement_row(one, named, settlements) for one in named | settlements]
        return (found + rows)[: max(1, limit)]

    def _asked_one_by_one(self, found):
        """Also those whose amount an open settlement pays out."""
        asked = super()._asked_one_by_one(found)
        settlements = self.env["account.settlement"].search([
            ("journal_id", "in", self.journal_id.ids), ("state", "!=", "matched"), ("is_itemized", "=", True),
        ])  # fmt: skip
        paid_out = {(one.journal_id, one.currency_id._exact(one.amount_net)) for one in settlements}
        return asked | self.filtered(lambda line: (line.journal_id, line.currency_id._exact(line.amount)) in paid_out)

    def _fitting_settlements(self):
        """The open settlements whose payout this transaction can be."""
        half = self.currency_id.rounding / 2
        settlements = self.env["account.settlement"].search([
            ("journal_id", "=", self.journal_id.id), ("state", "!=", "matched"), ("is_itemized", "=", True),
            ("amount_net", ">", self.amount - half), ("amount_net", "<", self.amount + half),
        ])  # fmt: skip
        return settlements.filtered(lambda one: one._fits_line(self)) - self._rejected_settlements()

    def _rejected_settlements(self):
        """The settlements that a person has turned down for this transaction."""
        rows = self.env["account.bank.match.memory"].search([
            ("kind", "=", "rejected"), ("statement_line_id", "=", self.id), ("key", "=like", "account.settlement:%"),
        ])  # fmt: skip
        numbers = [key.partition(":")[2] for key in rows.mapped("key")]
        return self.env["account.settlement"].browse(int(number) for number in numbers if number.isdecimal())

    def _settlement_row(self, settlement, named, settlements):
        confidence = CONFIDENCE_ALONE if len(settlements) == 1 else CONFIDENCE_AMONG
        missing = settlement.missing_count
        note = ""
        if missing:
            note = self.env._(
                "%(count)s entries are missing (%(amount)s).",
                count=missing,
                amount=settlement.currency_id.format(settlement.amount_missing),
            )
        return {
            "entity_type": "payment",
            "records": [(settlement._name, settlement.id)],
            "amounts": [float(self._match_total())],
            "confidence": CONFIDENCE_NAMED if settlement in named else confidence,
            "reasons": settlement._match_reasons(self),
            "names": [settlement.display_name],
            "owner": "",
            "note": note,
            "is_whole": True,
            "settle": False,
        }

    # -- matching --------------------------------------------------------------------------------------------

    @api.model
    def _matchable_models(self):
        return (*super()._matchable_models(), "account.settlement")

    def _plan_match(self, records, amounts=None, settle=False):
        """A settlement is matched as a whole, with nothing beside it."""
        settlements = [record for record in records if record._name == "account.settlement"]
        if not settlements:
            return super()._plan_match(records, amounts, settle)
        if len(records) > 1:
            raise UserError(self.env._("A settlement is matched as a whole, with nothing beside it. Choose it alone."))
        return settlements[0]._plan_booking(self)

    def _book(self, bookings):
        """Note on settlements which bank transaction they are matched with."""
        result = super()._book(bookings)
        for booking in bookings:
            for model, record_id in booking.named:
                if model == "account.settlement":
                    settlement = self.env[model].browse(record_id)
                    settlement._set_state("matched", statement_line_id=booking.line.id)
                    settlement.message_post(
                        body=self.env._("Matched with the bank transaction “%s”.", booking.line.display_name)
                    )
        return result

    def _match_certain(self, commit=None):
        """Match first what the processor's report proves."""
        matched, refused = self._match_settlements(commit)
        more = self.filtered(lambda line: line.match_status == "unmatched")
        others = super(AccountBankStatementLine, more)._match_certain(commit)
        return matched + others[0], refused + others[1]

    def _match_settlements(self, commit=None):
        """Match with settlements whose reference and amount prove the payout, and all of whose entries are found.

        :return: (how many were matched, how many were refused)
        """
        settlements = self.env["account.settlement"].search([
            ("journal_id", "in", self.journal_id.ids), ("state", "!=", "matched"), ("is_itemized", "=", True),
        ])  # fmt: skip
        if not settlements:
            return 0, 0
        amounts = {(line.journal_id, line.currency_id._exact(line.amount)) for line in self}
        pairs = []
        for settlement in settlements:
            if (settlement.journal_id, settlement.currency_id._exact(settlement.amount_net)) not in amounts:
                continue
            lines = settlement._bank_lines().filtered(settlement._is_named_by)
            if len(lines) == 1 and lines in self and settlement not in lines._rejected_settlements():
                pairs.append((settlement, lines))
        # A transaction that bears the references of two payouts is neither's for certain.
        claimed = [line for _settlement, line in pairs]
        plans = []
        for settlement, line in pairs:
            if claimed.count(line) > 1:
                continue
            settlement._find_places()
            if settlement._is_proven():
                plans.append((partial(line._plan_match, [settlement]), {"probability": CONFIDENCE_NAMED}))
        bookings, refused = self._plan_automatic(plans)
        booked, not_booked = self._book_safely(bookings)
        if commit:
            commit(len(booked))
        return len(booked), refused + len(not_booked)

    # -- taking back -----------------------------------------------------------------------------------------

    def _forget_match(self):
        self._release_settlements()
        return super()._forget_match()

    def _release_settlements(self):
        """Give back the settlements that these transactions were matched with."""
        # Whoever may undo a bank transaction's match by Odoo's own rights takes its settlement's back with it.
        settlements = self.env["account.settlement"].sudo().search([
            ("statement_line_id", "in", self.ids), ("state", "=", "matched"),
        ])  # fmt: skip
        if settlements:
            settlements._set_state("undone", statement_line_id=False)
            for settlement in settlements:
                settlement.message_post(body=self.env._("The match with the bank transaction was taken back."))

    def unlink(self):
        """A settlement goes on without the bank transaction that is deleted."""
        self._release_settlements()
        return super().unlink()

    @remote_call(one=True)
    def action_open_matched(self):
        """Open the settlement of a payout."""
        settlements = self.env["account.settlement"]
        if not settlements.has_access("read"):
            return super().action_open_matched()
        settlement = settlements.search([("statement_line_id", "=", self.id)], limit=1)
        return settlement.get_formview_action() if settlement else super().action_open_matched()
