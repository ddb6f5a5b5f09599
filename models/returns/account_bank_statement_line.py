from functools import partial

from odoo import models

from ...engine.bank_matching.amounts import ZERO, split_balance
from ...engine.returns import originals
from ..common import kinds
from ..common.remote_calls import remote_call
from .account_bank_statement_line_return import ReturnBooking


class AccountBankStatementLine(models.Model):
    """A bank transaction can return a payment: suggested, booked with all that follows, and undone."""

    _inherit = "account.bank.statement.line"

    # -- suggesting ------------------------------------------------------------------------------------------

    @remote_call(one=True, limit=kinds.whole)
    def get_match_suggestions(self, limit=10):
        """Suggest the payments that this transaction may return among the other suggestions."""
        rows = super().get_match_suggestions(limit)
        if self.is_reconciled:
            return rows
        mine = [self._return_row(ranked, taken) for ranked, taken in self._ranked_returns()]
        if together := self._returned_together():
            mine.append(self._together_row(together))
        mine += self._return_fee_rows()
        if not mine:
            return rows
        return sorted(mine + rows, key=lambda row: -row["confidence"])[: max(1, limit)]

    def _asked_one_by_one(self, found):
        """Also those that the bank says are returns."""
        return super()._asked_one_by_one(found) | self.filtered(lambda line: line._is_stated_return())

    def _return_amounts(self, original, taken):
        """How much of the returned amount is of each journal item: list of Decimal."""
        lines = taken.move.line_ids.browse(original.line_ids)
        weights = [self.company_id.currency_id._exact(abs(line.balance)) for line in lines]
        return split_balance(weights, original.amount, self.currency_id.decimal_places)

    def _together_row(self, together):
        """The suggestion of several payments that were returned in one sum."""
        lines = [(taken, number) for original, taken in together for number in original.line_ids]
        amounts = [amount for original, taken in together for amount in self._return_amounts(original, taken)]
        sources = [taken.move.origin_payment_id or taken.move for _original, taken in together]
        reasons = [
            self.env._(
                "The bank names %(count)s payments that together are this amount: %(names)s",
                count=len(together),
                names=", ".join(source.display_name for source in sources),
            )
        ]
        owners = dict.fromkeys(taken.lines[:1]._account_owner().display_name or "" for _original, taken in together)
        return self._match_row(
            "return",
            [("account.move.line", number) for _taken, number in lines],
            [(taken.move.origin_payment_id or taken.move).display_name for taken, _number in lines],
            originals.NAMED_STATED if self._is_stated_return() else originals.NAMED_ONLY,
            reasons,
            amounts=amounts,
            owner=", ".join(filter(None, owners)),
        )

    def _return_row(self, ranked, taken):
        note = self.env._("a part of it") if ranked.is_part else ""
        if (ranked.is_part or taken.earlier) and taken.currency == self.currency_id:
            parts = self._parts_of(taken, min(self._match_total() - ranked.fee, taken.money))
            amounts = [parts.get(line, ZERO) for line in taken.move.line_ids.browse(ranked.original.line_ids)]
        else:
            amounts = self._return_amounts(ranked.original, taken)
        if ranked.fee:
            note = self.env._("with the bank's fee of %s", self.currency_id.format(float(ranked.fee)))
        source = taken.move.origin_payment_id or taken.move
        return self._match_row(
            "return",
            [("account.move.line", line_id) for line_id in ranked.original.line_ids],
            [source.display_name, *[""] * (len(ranked.original.line_ids) - 1)],
            ranked.probability,
            self._return_reasons(ranked, taken),
            amounts=amounts,
            owner=taken.lines[:1]._account_owner().display_name or "",
            note=note,
        )

    def _logged_suggestions(self, records):
        """Keep in the decision log why a payment was suggested as returned."""
        logged = super()._logged_suggestions(records)
        if self.is_reconciled or not records:
            return logged
        named = {record.id for record in self._match_records(records) if record._name == "account.move.line"}
        for ranked, taken in self._ranked_returns() if named else ():
            if named == set(ranked.original.line_ids):
                return {**logged, **self._logged_return(ranked, taken)}
        return logged

    def _logged_return(self, ranked, taken):
        reasons = self._return_reasons(ranked, taken)
        return {"probability": ranked.probability, "reasons": reasons, "explanation": "\n".join(reasons)}

    # -- matching --------------------------------------------------------------------------------------------

    def _plan_match(self, records, amounts=None, settle=False):
        """Match journal items of payments in the other direction as returned payments; a preset takes the fee."""
        presets = [record for record in records if record._name == "account.reconcile.model"]
        others = [record for record in records if record not in presets]
        asked = None
        if amounts and len(amounts) == len(records):
            asked = [
                self.currency_id._exact(amount)
                for record, amount in zip(records, amounts, strict=True)
                if record in others
            ]
        if len(presets) > 1 or not self._is_return_of(others, asked):
            return super()._plan_match(records, amounts, settle)
        lines = self.env["account.move.line"].union(*others)
        return self._plan_return(lines, presets[0] if presets else None)

    def _book(self, bookings):
        """Open again what returned payments had paid, so that they are reconciled with the return."""
        returns = [booking for booking in bookings if isinstance(booking, ReturnBooking)]
        opened = [(booking, self.env["account.payment.return"]._open_again(booking)) for booking in returns]
        result = super()._book(bookings)
        for booking, records in opened:
            records._follow_up(booking)
        return result

    def _match_certain(self, commit=None):
        """Match first the returns that a code and a reference prove.

        A transaction with the code of a return is nothing else for certain, so it is left to a person otherwise.
        """
        coded = self.filtered(lambda line: line._is_coded_return() and line.match_status == "unmatched")
        matched, refused = coded._match_returns(commit)
        others = super(AccountBankStatementLine, self - coded)._match_certain(commit)
        return matched + others[0], refused + others[1]

    def _match_returns(self, commit=None):
        """Match what is proven to be returned.

        :return: (how many were matched, how many were refused)
        """
        plans = []
        for line in self.sorted("internal_index"):
            proven = [(ranked, taken) for ranked, taken in line._ranked_returns() if ranked.is_proven]
            if len(proven) == 1:
                ranked, taken = proven[0]
                plans.append((partial(line._plan_return, taken.lines), line._logged_return(ranked, taken)))
        bookings, refused = self._plan_automatic(plans)
        booked, not_booked = self._book_safely(bookings)
        if commit and bookings:
            commit(len(bookings))
        return len(booked), refused + len(not_booked)

    # -- undoing ---------------------------------------------------------------------------------------------

    def _booked_returns(self):
        # A user who may undo a bank transaction's match by Odoo's own rights undoes its return with it.
        returns = self.env["account.payment.return"].sudo()
        return returns.search([("statement_line_id", "in", self.ids), ("state", "=", "booked")], order="id")

    def _forget_match(self):
        """Undo the return with the match: what the payment had paid is paid again."""
        result = super()._forget_match()
        self._booked_returns()._undo()
        return result

    def unlink(self):
        """Undo the return of a bank transaction that is deleted."""
        if lines := self._booked_returns().statement_line_id:
            lines.with_env(self.env).action_undo_reconciliation()
        return super().unlink()

    @remote_call(one=True)
    def action_open_matched(self):
        """Open the return."""
        returns = self.env["account.payment.return"].search(
            [("statement_line_id", "=", self.id), ("state", "=", "booked")]
        )  # fmt: skip
        return returns.get_formview_action() if len(returns) == 1 else super().action_open_matched()
