"""Bank transactions that are several amounts in one sum: suggested, matched as a whole, and undone.

What such a sum is made of is given by models with ``bank.match.whole.mixin``.
"""

from functools import partial

from odoo import api, models
from odoo.exceptions import UserError

from ..common import kinds
from ..common.remote_calls import remote_call

# The confidence in a sum by its reference; by amount and day alone, where one fits; and where several fit.
CONFIDENCE_NAMED, CONFIDENCE_ALONE, CONFIDENCE_AMONG = 0.999, 0.9, 0.5


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    @api.model
    def _whole_models(self):
        """The names of the models whose records are matched as a whole."""
        return ()

    def _bank_texts(self):
        """The texts in which a bank may write a reference."""
        details = self.transaction_details
        details = " ".join(map(str, details.values())) if isinstance(details, dict) else str(details or "")
        texts = (self.payment_ref, self.ref, self.structured_reference, self.partner_name, self.end_to_end_id,
                 self.import_batch_id, details)  # fmt: skip
        return [text for text in texts if text]

    def _wholes_of(self, model):
        """The records of one of these models that one of these transactions may be, by its amount alone; none where the
        user may not read them."""
        records = self.env[model]
        if not self or not records.has_access("read"):
            return records
        where = records._whole_waiting(self.journal_id)
        if len(self) == 1:
            where &= records._amount_may_be(self)
        exact_amounts = {
            journal: {line.currency_id._exact(line.amount) for line in lines}
            for journal, lines in self.grouped("journal_id").items()
        }
        return records.search(where).filtered(lambda one: one._is_among(exact_amounts[one.journal_id]))

    # -- suggesting ------------------------------------------------------------------------------------------

    @remote_call(one=True, limit=kinds.whole)
    def get_match_suggestions(self, limit=10):
        """Suggest what this transaction may be as a whole, before what else it may be."""
        rows = super().get_match_suggestions(limit)
        if self.is_reconciled:
            return rows
        found = []
        for model in self._whole_models():
            fitting = self._wholes_of(model).filtered(lambda one: one._fits_line(self)) - self._rejected_wholes(model)
            named = fitting.filtered(lambda one: one._is_named_by(self))
            found += [self._whole_row(one, named, fitting) for one in named | fitting]
        return (found + rows)[: max(1, limit)]

    def _asked_one_by_one(self, found):
        """Also those whose amount one of the waiting sums has."""
        asked = super()._asked_one_by_one(found)
        for model in self._whole_models():
            waiting = self._wholes_of(model)
            if waiting:
                asked |= self.filtered(lambda line, waiting=waiting: any(one._fits_line(line) for one in waiting))
        return asked

    def _rejected_wholes(self, model):
        """The records that a person has rejected for this transaction."""
        rows = self.env["account.bank.match.memory"].search([
            ("kind", "=", "rejected"), ("statement_line_id", "=", self.id), ("key", "=like", f"{model}:%"),
        ])  # fmt: skip
        numbers = [key.partition(":")[2] for key in rows.mapped("key")]
        return self.env[model].browse(int(number) for number in numbers if number.isdecimal())

    def _whole_row(self, whole, named, fitting):
        confidence = CONFIDENCE_ALONE if len(fitting) == 1 else CONFIDENCE_AMONG
        return self._match_row(
            "payment",
            [(whole._name, whole.id)],
            [whole.display_name],
            CONFIDENCE_NAMED if whole in named else confidence,
            whole._match_reasons(self),
            note=whole._match_note(self),
        )

    # -- matching --------------------------------------------------------------------------------------------

    @api.model
    def _matchable_models(self):
        return (*super()._matchable_models(), *self._whole_models())

    def _plan_match(self, records, amounts=None, settle=False):
        """What is matched as a whole has nothing beside it."""
        wholes = [record for record in records if record._name in self._whole_models()]
        if not wholes:
            return super()._plan_match(records, amounts, settle)
        if len(records) > 1:
            raise UserError(
                self.env._("%s is matched as a whole, with nothing beside it. Choose it alone.", wholes[0].display_name)
            )
        return wholes[0]._plan_booking(self)

    def _book(self, bookings):
        """Note on what is matched as a whole which bank transaction it is."""
        result = super()._book(bookings)
        for booking in bookings:
            for model, record_id in booking.named:
                if model in self._whole_models():
                    whole = self.env[model].browse(record_id)
                    whole._set_state("matched", statement_line_id=booking.line.id)
                    whole.message_post(
                        body=self.env._("Matched with the bank transaction “%s”.", booking.line.display_name)
                    )
        return result

    def _match_certain(self, commit=None):
        """Match first what is certain as a whole."""
        matched = refused = 0
        for model in self._whole_models():
            of_model = self._match_wholes(model, commit)
            matched, refused = matched + of_model[0], refused + of_model[1]
        more = self.filtered(lambda line: line.match_status == "unmatched")
        others = super(AccountBankStatementLine, more)._match_certain(commit)
        return matched + others[0], refused + others[1]

    def _match_wholes(self, model, commit=None):
        """Match with sums whose reference and amount prove the transaction, and all of whose parts are certain.

        :return: (how many were matched, how many were refused)
        """
        pairs = []
        for whole in self._wholes_of(model):
            lines = whole._bank_lines().filtered(whole._is_named_by)
            if len(lines) == 1 and lines in self and whole not in lines._rejected_wholes(model):
                pairs.append((whole, lines))
        # A transaction that contains the references of two sums is neither's for certain.
        claimed = [line for _whole, line in pairs]
        plans = []
        for whole, line in pairs:
            if claimed.count(line) > 1:
                continue
            whole._find_parts()
            if whole._is_proven(line):
                plans.append((partial(line._plan_match, [whole]), {"probability": CONFIDENCE_NAMED}))
        bookings, refused = self._plan_automatic(plans)
        booked, not_booked = self._book_safely(bookings)
        if commit and bookings:
            commit(len(booked))
        return len(booked), refused + len(not_booked)

    # -- undoing ---------------------------------------------------------------------------------------------

    def _forget_match(self):
        self._release_wholes()
        return super()._forget_match()

    def _release_wholes(self):
        """Undo on what these transactions were matched with as a whole that it is matched."""
        for model in self._whole_models():
            # A user who may undo a bank transaction's match by Odoo's own rights undoes this as well.
            records = self.env[model].sudo().search([
                ("statement_line_id", "in", self.ids), ("state", "=", "matched"),
            ])  # fmt: skip
            if records:
                records._set_state(records._whole_undone, statement_line_id=False)
                for record in records:
                    record.message_post(body=self.env._("The match with the bank transaction was undone."))

    def unlink(self):
        """What is matched as a whole goes on without the bank transaction that is deleted."""
        self._release_wholes()
        return super().unlink()

    @remote_call(one=True)
    def action_open_matched(self):
        """Open what this transaction is as a whole."""
        for model in self._whole_models():
            if self.env[model].has_access("read"):
                whole = self.env[model].search([("statement_line_id", "=", self.id)], limit=1)
                if whole:
                    return whole.get_formview_action()
        return super().action_open_matched()
