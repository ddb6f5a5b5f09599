"""The match of a bank transaction: its status, and the methods that people and programs call."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common import kinds
from ..common.permissions import BANK, require
from ..common.reconcile_options import options_of, with_options
from ..common.remote_calls import remote_call

STATUSES = [
    ("unmatched", "Unmatched"),
    ("matched", "Auto-matched"),
    ("manual", "Manually matched"),
    ("ignored", "Ignored"),
]
MATCHED_STATUSES = ("matched", "manual")
# When one of these changes, Odoo writes the entry of the transaction again; only the amounts change its value.
TEXT_FIELDS = frozenset(("payment_ref", "partner_id"))
AMOUNT_FIELDS = frozenset(("amount", "amount_currency", "foreign_currency_id", "currency_id", "date", "journal_id"))
ENTITY_TYPES = [
    ("ar_invoice", "Customer invoice"),
    ("ap_invoice", "Vendor bill"),
    ("payment", "Payment"),
    ("expense", "Expense"),
    ("internal_transfer", "Internal transfer"),
    ("return", "Returned payment"),
]


class AccountBankStatementLine(models.Model):
    """A bank transaction is unmatched, matched, manually matched or ignored: exactly one of them.

    The status is never set: it is computed from Odoo's own ``is_reconciled``, from who made the match and from the
    reason for ignoring, so it is right whichever way a match is made or undone.
    """

    _inherit = "account.bank.statement.line"

    match_status = fields.Selection(
        STATUSES,
        compute="_compute_match_status",
        store=True,
        readonly=True,
        guarded=True,
        default="unmatched",
        help="Unmatched: its money waits on the suspense account. Matched: automatically. Manually matched: by a "
        "person. Ignored: left out of counts and reports, with a reason.",
    )
    # Odoo computes it from the journal items. As the status depends on it, it can't be written either.
    is_reconciled = fields.Boolean(guarded=True)
    is_matched_by_itself = fields.Boolean("Auto-matched", readonly=True, guarded=True, copy=False)
    matched_entity_type = fields.Selection(ENTITY_TYPES, "Matched with", readonly=True, guarded=True, copy=False)
    match_confidence = fields.Float(
        "Confidence", readonly=True, guarded=True, copy=False, digits=(5, 4), aggregator="avg"
    )
    match_explanation = fields.Text("Why it was matched", readonly=True, guarded=True, copy=False)
    ignore_reason = fields.Char("Reason for ignoring", readonly=True, guarded=True, copy=False)
    # Undoing a match restores the transaction as the bank sent it.
    is_match_partner = fields.Boolean("Partner comes from the match", readonly=True, guarded=True, copy=False)
    transfer_journal_id = fields.Many2one(
        "account.journal", "Transfer to or from", readonly=True, guarded=True, copy=False, index="btree_not_null",
        ondelete="set null",
        help="The company's other bank or cash account of an internal transfer that was booked before its other side "
        "was there. A transaction of that account that fits is matched with it.",
    )  # fmt: skip
    decision_ids = fields.One2many("account.bank.match.decision", "statement_line_id", "Decisions", groups=BANK)

    _match_status_idx = models.Index("(journal_id, match_status, internal_index)")
    _bank_match_amount_idx = models.Index("(journal_id, amount, id) WHERE is_reconciled IS NOT TRUE")

    @api.depends("is_reconciled", "is_matched_by_itself", "ignore_reason")
    def _compute_match_status(self):
        for line in self:
            if line.is_reconciled:
                line.match_status = "matched" if line.is_matched_by_itself else "manual"
            else:
                line.match_status = "ignored" if line.ignore_reason else "unmatched"

    # -- matching ------------------------------------------------------------------------------------------

    @remote_call(one=True, records=kinds.listed, amounts=kinds.amounts, settle=kinds.flag)
    def match_with(self, records, amounts=None, settle=False):
        """Match this transaction by hand: book it against what it paid.

        Documents take what is open of them, in the order given; a preset among the records takes the difference (a bank
        fee, for example); what is left stays as a deposit on the account of the one account owner. Odoo's own partials
        decide what is partly or fully paid.

        :param records: recordset, or list of records or ``(model, id)``: account.move (invoice, bill, credit note,
            receipt, entry), account.move.line (open), account.payment (registered, not yet seen at the bank),
            account.reconcile.model (expense), account.journal (internal transfer to another bank or cash account,
            whose own transaction comes later), or one account.bank.statement.line (internal transfer), with the preset
            of its fee beside it where one was taken off
        :param amounts: how much of the transaction goes to each record, in the transaction's currency, positive in its
            direction; None to share it out
        :param settle: pay the one document in another currency in full, the difference being the exchange result
        :return: True
        :raise AccessError: without the permission for bank reconciliation
        :raise StaleMatch: where one of the records was paid or removed in the meantime
        :raise UserError: where it doesn't add up; nothing is changed
        """
        self._match_by_hand(records, amounts, settle)
        return True

    def _match_by_hand(self, records, amounts=None, settle=False, logged=None):
        """Match as ``match_with`` does.

        :param logged: what the decision log keeps beside it: ``probability``, ``reasons``, ``rivals``
        """
        records = self._match_records(records)
        models_named = sorted(record._name for record in records)
        is_transfer = models_named in ([self._name], [self._name, "account.reconcile.model"])
        if is_transfer:
            other_line, *fee_preset = sorted(records, key=lambda record: record._name != self._name)
            (self | other_line)._check_matchable()
            bookings = self._plan_transfer(other_line, *fee_preset)
        else:
            self._check_matchable()
            bookings = [self._plan_match(records, amounts, settle)]
        for booking in bookings:
            booking.decision |= logged or {}
        return self._book_by_hand(bookings)

    def _book_by_hand(self, bookings):
        """Book what a person decided, remember it, and match what that makes certain.

        :return: str that tells what else was matched, or empty
        """
        self._book(bookings)
        taught = [booking for booking in bookings if booking.entity_type != "internal_transfer"]
        self.env["account.bank.match.memory"]._learn([(booking.line, booking.named) for booking in taught])
        found = self.browse().union(
            *(booking.line._match_other_side() for booking in bookings if booking.transfer_journal)
        )
        if not found:
            return ""
        return self.env._("Its other side on %s was found and is matched too.", found[0].journal_id.display_name)

    @remote_call()
    def match_expense(self, category):
        """Book this transaction, or several, as an expense or an income by a preset.

        :param category: account.reconcile.model with counterpart lines, or its id as remote calls give it
        :return: True
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where the preset doesn't cover the whole amount; nothing is changed
        """
        self._check_matchable()
        category = self._match_record("account.reconcile.model", category)
        bookings = [line._plan_match([category]) for line in self]
        self._book(bookings)
        self.env["account.bank.match.memory"]._learn([(booking.line, booking.named) for booking in bookings])
        return True

    @remote_call(one=True)
    def match_transfer(self, other_line, fee_preset=None):
        """Match this transaction with its other side on another account of the company, as an internal transfer.

        :param other_line: account.bank.statement.line of another bank journal, in the other direction, or its id
        :param fee_preset: account.reconcile.model that takes the difference where a fee was taken off, or its id
        :return: True
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where the two don't fit; nothing is changed
        """
        other_line = self._match_record(self._name, other_line)
        fee_preset = fee_preset and self._match_record("account.reconcile.model", fee_preset)
        (self | other_line)._check_matchable()
        self._book(self._plan_transfer(other_line, fee_preset))
        return True

    def _check_matchable(self):
        """Refuse what can't be matched.

        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: naming the transaction
        """
        require(self.env, BANK)
        self.check_access("write")
        for line in self:
            if line.state != "posted":
                raise UserError(
                    self.env._("“%s” is not posted, so it can't be matched. Post its entry first.", line.display_name)
                )
            if line.is_reconciled:
                raise UserError(
                    self.env._("“%s” is matched already. Undo its match first, or reload the page.", line.display_name)
                )

    # -- ignoring and undoing ----------------------------------------------------------------------------------

    @remote_call(reason=kinds.text)
    def action_ignore(self, reason):
        """Leave transactions out of counts and reports.

        :param reason: why (str), shown to a user who looks
        :return: True
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: without a reason, or where a transaction is matched
        """
        reason = reason.strip()
        if not reason:
            raise UserError(self.env._("Give a reason for ignoring, so that others understand it later."))
        self._check_matchable()
        self._own_write().ignore_reason = reason
        self._log_decisions("ignore", explanation=reason)
        return True

    @remote_call()
    def action_unignore(self):
        """Stop ignoring transactions: they are unmatched again.

        :return: True
        :raise AccessError: without the permission for bank reconciliation
        """
        self._check_matchable()
        ignored = self.filtered("ignore_reason")
        ignored._own_write().ignore_reason = False
        ignored._log_decisions("unignore")
        return True

    @remote_call()
    def action_unmatch(self):
        """Undo matches: each transaction, and all that it paid, is what it was before.

        The other side of an internal transfer is undone as well.

        :return: True
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where something that it paid is locked; nothing is changed
        """
        require(self.env, BANK)
        self.check_access("write")
        self.filtered("ignore_reason").action_unignore()
        # Undoing a match is part of bank matching, whose permission was checked above, not of deleting other
        # reconciliations.
        self.filtered("is_reconciled").sudo().action_undo_reconciliation()
        return True

    def _with_transfer_sides(self):
        """These transactions, and the other sides of those that are internal transfers.

        A side that was booked before the other one was there is a booking by itself: it waits again.
        """
        transfers = self.filtered(lambda line: line.matched_entity_type == "internal_transfer")
        lines = transfers.move_id.line_ids
        partners = (lines.matched_debit_ids.debit_move_id | lines.matched_credit_ids.credit_move_id).statement_line_id
        return self | partners.filtered(
            lambda line: line.matched_entity_type == "internal_transfer" and not line.transfer_journal_id
        )

    def action_undo_reconciliation(self):
        """Remove the match as well, whoever undoes it; for a transfer on both sides."""
        if not self:
            # Odoo asks for it whenever journal items are written: of a payment there is nothing to look up.
            return super().action_undo_reconciliation()
        if others := self._with_transfer_sides() - self:
            return (self | others).action_undo_reconciliation()
        matched = self.filtered("is_reconciled")
        # The entry is rebuilt from the transaction, so a partner that the match had set is removed first.
        brought = self.filtered("is_match_partner").with_context(
            skip_account_move_synchronization=True, skip_readonly_check=True
        )
        for line in brought:
            line._seek_for_lines()[0].partner_id = False
        brought.move_id.partner_id = False
        brought.partner_id = False
        booked, settled = {}, {}
        for line in self:
            bank_side = line._seek_for_lines()[0]
            booked[line.id] = bank_side.balance
            # The bank's side is reconciled only with an entry that reverses it; that is no match, and stays.
            settled[line] = bank_side.matched_debit_ids.debit_move_id | bank_side.matched_credit_ids.credit_move_id
        undone = with_options(self, booked_balances=booked)
        result = super(AccountBankStatementLine, undone).action_undo_reconciliation()
        for line, reversals in settled.items():
            if reversals:
                (line._seek_for_lines()[0] | reversals).reconcile()
        self._forget_match()
        if matched:
            matched._log_decisions("unmatch")
        return result

    def _synchronize_to_moves(self, changed_fields):
        """Where no amount changes (only the partner, for example), the bank's side keeps its value."""
        is_text_only = TEXT_FIELDS & set(changed_fields) and not AMOUNT_FIELDS & set(changed_fields)
        if not is_text_only or self.env.context.get("skip_account_move_synchronization"):
            return super()._synchronize_to_moves(changed_fields)
        booked = {line.id: sum(side.mapped("balance")) for line in self if (side := line._seek_for_lines()[0])}
        booked |= options_of(self.env).booked_balances
        kept = with_options(self, booked_balances=booked)
        return super(AccountBankStatementLine, kept)._synchronize_to_moves(changed_fields)

    def _prepare_move_line_default_vals(self, counterpart_account_id=None):
        """Where a match is undone, or no amount changes, the bank's side keeps its worth, whatever the rate of its day
        is now."""
        rows = super()._prepare_move_line_default_vals(counterpart_account_id)
        booked = options_of(self.env).booked_balances.get(self.id)
        if booked is not None:
            for row, balance in zip(rows, (booked, -booked), strict=True):
                row |= {"debit": max(balance, 0.0), "credit": max(-balance, 0.0)}
        return rows

    def _forget_match(self):
        self._own_write().write({
            "is_matched_by_itself": False,
            "matched_entity_type": False,
            "match_confidence": 0,
            "match_explanation": False,
            "is_match_partner": False,
            "transfer_journal_id": False,
        })  # fmt: skip

    # -- the trace ---------------------------------------------------------------------------------------------

    def _action_open_bank_transaction(self):
        """Open the bank transaction."""
        if not self:
            raise UserError(self.env._("There is no bank transaction for it: it was confirmed by hand."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self[:1].id,
            "views": [(self.env.ref("account_reconciliation.view_bank_transaction_form").id, "form")],
        }

    @remote_call(one=True)
    def action_open_matched(self):
        """Open what this transaction paid; its own entry where it is an expense."""
        moves = self.move_id._reconciled_moves(self.move_id.line_ids) or self.move_id
        if len(moves) == 1:
            return (moves.origin_payment_id or moves).get_formview_action()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Matched with %s", self.display_name),
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", moves.ids)],
        }
