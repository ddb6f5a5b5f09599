"""Closing and reopening a period, and the snapshots of its figures."""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...engine.bank_periods.changes import CONFIRMED, ELSEWHERE, OUTSTANDING, UNMATCHED
from ..common import kinds
from ..common.actions import RELOAD, form_of
from ..common.permissions import CLOSE_UNBALANCED, require, require_bank_periods
from ..common.remote_calls import remote_call
from ..common.statement_timeout import explain_timeout

ROW_FIELDS = [
    "name", "label", "date", "bank_date", "amount", "is_matched", "partner_id", "payment_id", "move_id",
    "statement_line_id",
]  # fmt: skip


class AccountBankReconciliation(models.Model):
    _name = "account.bank.reconciliation"
    _inherit = ["account.bank.reconciliation", "reconciliation.state.mixin"]

    _transitions = frozenset({("open", "closed"), ("closed", "open")})

    chain_state = fields.Selection(
        [("first", "First period"), ("ok", "Carried forward"), ("gap", "Gap"), ("differs", "Opening differs")],
        "Carry-forward", compute="_compute_chain",
    )  # fmt: skip
    chain_note = fields.Char("Carry-forward check", compute="_compute_chain")
    is_after_reopened = fields.Boolean(
        "Earlier period reopened", compute="_compute_chain", search="_search_is_after_reopened",
        help="The period is closed, but an earlier one of the same bank account is open.",
    )  # fmt: skip

    def _transition_refusal(self, state):
        """A concurrent transaction has closed or reopened the period."""
        if state == "closed":
            return UserError(self.env._("%s is closed already. Reload the page.", self.display_name))
        return UserError(self.env._("%s is open already. Reload the page.", self.display_name))

    @remote_call(reason=kinds.text)
    @explain_timeout
    def action_close(self, reason=None):
        """Close a period: its figures are stored, with a snapshot, and can't be changed any more.

        :param reason: why it is closed though it is not balanced (str); printed on the snapshot
        :return: True
        :raise AccessError: unbalanced, without the permission to close so
        :raise UserError: unbalanced without a reason; or something has changed since it was confirmed
        """
        for period in self:
            require_bank_periods(self.env, period.company_id)
            period._lock()
            reason = (reason or "").strip()
            if period.state == "open":
                period._check_can_close()
                if not period.is_balanced and not reason:
                    period._refuse_without_reason()
            period._set_state(
                "closed",
                close_uid=self.env.uid,
                close_date=fields.Datetime.now(),
                close_reason=False if period.is_balanced else reason,
                discrepancy_key=False,
            )
            period._take_snapshot(is_closing=True)
        return True

    def _check_can_close(self):
        """Refuse to close a period whose figures have changed, or that is unbalanced where the user may not do so.

        :raise AccessError: unbalanced, without the permission to close so
        :raise UserError: where something has changed since it was confirmed
        """
        changes = self.get_discrepancies()
        if changes:
            raise UserError(
                self.env._(
                    "%(period)s can't be closed: since it was confirmed, this has changed. Untick it, or accept the "
                    "changes.\n%(changes)s",
                    period=self.display_name,
                    changes="\n".join(change["message"] for change in changes),
                )
            )
        if not self.is_balanced:
            require(self.env, CLOSE_UNBALANCED)

    def _refuse_without_reason(self):
        raise UserError(
            self.env._(
                "%(period)s is not balanced: %(amount)s remain. Confirm what is missing, or give a reason for "
                "closing it as it is; the reason is printed on the snapshot.",
                period=self.display_name,
                amount=self.currency_id.format(self.remaining),
            )
        )

    @remote_call(reason=kinds.text)
    def action_reopen(self, reason):
        """Open a closed period again. What was stored when it was closed stays in its snapshots.

        :param reason: why (str); it is kept in the notes, also of later closed periods
        :return: True
        """
        reason = (reason or "").strip()
        for period in self:
            require_bank_periods(self.env, period.company_id)
            period._lock()
            if not reason:
                raise UserError(
                    self.env._("Give a reason for reopening %s: it stays in its notes.", period.display_name)
                )
            period._set_state("open", reopen_reason=reason, close_uid=False, close_date=False, close_reason=False,
                              discrepancy_key=False)  # fmt: skip
            for later in period._later_closed():
                later._note([
                    self.env._("An earlier period was reopened: %(period)s. Reason: %(reason)s",
                               period=period.display_name, reason=reason),
                ])  # fmt: skip
        return True

    def _later_closed(self):
        self.ensure_one()
        return self.search([
            ("journal_id", "=", self.journal_id.id), ("state", "=", "closed"), ("date_from", ">", self.date_to),
        ])  # fmt: skip

    # -- dialogs --------------------------------------------------------------------------------------------

    @remote_call(one=True)
    def action_close_dialog(self):
        """Close a balanced period; ask for a reason where it isn't."""
        if self.is_balanced or self.state == "closed":
            self.action_close()
            return RELOAD
        self._check_can_close()
        return self._reason_dialog("close", self.env._("Close unbalanced"))

    @remote_call(one=True)
    def action_reopen_dialog(self):
        """Ask why a period is opened again."""
        return self._reason_dialog("reopen", self.env._("Reopen"))

    def _reason_dialog(self, operation, name):
        self.ensure_one()
        context = {"default_reconciliation_id": self.id, "default_operation": operation}
        return form_of(self.env["account.bank.period.reason"], name, is_dialog=True, context=context)

    # -- snapshots ------------------------------------------------------------------------------------------

    @remote_call()
    @explain_timeout
    def action_snapshot(self):
        """Take a snapshot: the figures as they are now, as a PDF that is kept.

        :return: the account.bank.reconciliation.snapshot records, one a period
        """
        snapshots = self.env["account.bank.reconciliation.snapshot"]
        for period in self:
            require_bank_periods(self.env, period.company_id)
            snapshots |= period._take_snapshot()
        return snapshots

    @remote_call(one=True)
    def action_print_snapshot(self):
        """Take a snapshot and open it."""
        snapshot = self.action_snapshot()
        return snapshot.action_open()

    @remote_call(one=True)
    def action_open_snapshots(self):
        """List the period's snapshots."""
        require_bank_periods(self.env, self.company_id)
        action = self.env["ir.actions.act_window"]._for_xml_id("account_reconciliation.action_bank_snapshots")
        return action | {"domain": [("reconciliation_id", "=", self.id)], "context": {}}

    def _closing_snapshot(self):
        """The snapshot that was taken when the period was closed: its stored figures."""
        self.ensure_one()
        taken = self.snapshot_ids.filtered(lambda one: one.is_closing).sorted("id")[-1:]
        return taken if self.state == "closed" else taken.browse()

    def _take_snapshot(self, is_closing=False):
        """Store the figures as they are now, and print them. Of a closed period: those it was closed on."""
        self.ensure_one()
        use_closing = self.state == "closed" and not is_closing
        rows = self._closing_snapshot()._copy_rows() if use_closing else self._snapshot_rows()
        # Made by this model alone; the permission was checked.
        snapshot = self.env["account.bank.reconciliation.snapshot"].sudo().create({
            **self._snapshot_header(), "is_closing": is_closing,
        })  # fmt: skip
        snapshot._write_lines(rows)
        snapshot._seal()
        snapshot._print_soon()
        return snapshot.with_env(self.env)

    def _snapshot_header(self):
        journal = self.journal_id
        return {
            "reconciliation_id": self.id,
            "journal_id": journal.id,
            "name": self.display_name,
            "account_number": journal.bank_account_id.acc_number or "",
            "currency_id": self.currency_id.id,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "balance_start": self.balance_start,
            "balance_end": self.balance_end,
            "total_reconciled": self.total_reconciled,
            "remaining": self.remaining,
            "period_state": self.state,
            "closed_by": self.close_uid.name or "",
            "close_date": self.close_date,
            "close_reason": self.close_reason or "",
            "taken_by": self.env.user.name,
        }

    def _snapshot_rows(self):
        """The figures' rows: confirmed remittances as confirmed, outstanding ones, those that another period has
        confirmed, unmatched bank transactions."""
        remittances = self.env["account.bank.remittance"]
        remittances.invalidate_model()
        # Of this period's days, but ticked off where the bank moved it: known when the period is closed.
        inside = Domain("date", ">=", self.date_from) & Domain("date", "<=", self.date_to)
        elsewhere = Domain("reconciliation_id", "not in", [False, self.id])
        found = remittances.search_fetch(
            self._offered_domain() | Domain("journal_id", "=", self.journal_id.id) & inside & elsewhere,
            [*ROW_FIELDS, "reconciliation_id"],
        )
        current = {remittance.id: remittance for remittance in found if remittance.reconciliation_id == self}
        rows = []
        for confirmation in self.confirmation_ids.sorted(lambda one: (one.date, one.move_line_key)):
            # What was confirmed counts, though it may be gone from the books by now.
            remittance = current.get(confirmation.move_line_key, remittances)
            values = remittance._snapshot_values(CONFIRMED) if remittance else {}
            rows.append(
                values
                | {
                    "section": CONFIRMED,
                    "move_line_id": confirmation.move_line_id.id,
                    "key": confirmation.move_line_key,
                    "name": confirmation.name,
                    "label": confirmation.label,
                    "partner_id": confirmation.partner_id.id,
                    "partner_name": confirmation.partner_id.name,
                    "date": confirmation.date,
                    "amount": confirmation.amount,
                    "confirmed_by": confirmation.create_uid.name,
                    "confirmed_on": confirmation.create_date,
                }
            )
        rows += [one._snapshot_values(OUTSTANDING) for one in found if not one.reconciliation_id]
        others = found.filtered(lambda one: one.reconciliation_id not in (self.browse(), self))
        rows += [one._snapshot_values(ELSEWHERE) for one in others]
        lines = self.env["account.bank.statement.line"].search(self._unmatched_domain(), order="date, id")
        rows += [
            {
                "section": UNMATCHED,
                "key": line.id,
                "statement_line_id": line.id,
                "move_id": line.move_id.id,
                "name": line.move_id.name,
                "label": line.payment_ref,
                "partner_id": line.partner_id.id,
                "partner_name": line.partner_id.name or line.partner_name,
                "date": line.date,
                "amount": line.amount,
            }
            for line in lines
        ]
        return rows

    # -- the book -------------------------------------------------------------------------------------------

    @api.depends("journal_id", "date_from", "date_to", "balance_start", "balance_end", "state")
    def _compute_chain(self):
        """Compare each period with the one before it; one query for all of them."""
        known = self.search([("journal_id", "in", self.journal_id.ids)], order="journal_id, date_from")
        before, is_open_before = {}, {}
        last, any_open = self.browse(), False
        for period in known:
            if last.journal_id != period.journal_id:
                last, any_open = self.browse(), False
            before[period.id], is_open_before[period.id] = last, any_open
            last, any_open = period, any_open or period.state == "open"
        for period in self:
            previous = before.get(period._origin.id) or period._previous()
            period.is_after_reopened = period.state == "closed" and is_open_before.get(period._origin.id, False)
            period.chain_state, period.chain_note = period._chain(previous)

    def _chain(self, previous):
        """Whether a period carries the closing balance before it forward: (state, sentence)."""
        if not previous or not self.date_from:
            return "first", self.env._("First period of this bank account")
        currency = self.currency_id
        texts = []
        days = (self.date_from - previous.date_to).days - 1
        if days:
            texts.append(
                self.env._(
                    "Gap of %(days)s days, %(start)s to %(end)s",
                    days=days,
                    start=format_date(self.env, fields.Date.add(previous.date_to, days=1)),
                    end=format_date(self.env, fields.Date.subtract(self.date_from, days=1)),
                )
            )
        differs = currency.compare_amounts(self.balance_start, previous.balance_end)
        if differs:
            texts.append(
                self.env._(
                    "Opening %(opening)s differs from the closing balance before, %(closing)s, by %(difference)s",
                    opening=currency.format(self.balance_start),
                    closing=currency.format(previous.balance_end),
                    difference=currency.format(self.balance_start - previous.balance_end),
                )
            )
        state = "differs" if differs else "gap" if days else "ok"
        return state, "; ".join(texts) or self.env._("Carried forward")

    @api.model
    def _search_is_after_reopened(self, operator, value):
        if operator != "in":
            return NotImplemented
        if {True, False} <= set(value):
            return Domain.TRUE
        closed = self.search([("state", "=", "closed")])
        return [("id", "in" if True in value else "not in", closed.filtered("is_after_reopened").ids)]

    def _note(self, texts):
        """Leave a note on each period."""
        body = Markup("<br/>").join(texts)
        for period in self:
            # A user who changes a payment may not see periods, but the note must be left all the same.
            period.sudo().message_post(body=body)
