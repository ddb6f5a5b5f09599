"""The buttons of a bank reconciliation that open other records."""

from odoo import Command, fields, models
from odoo.exceptions import UserError

from ..common import context_keys
from ..common.actions import form_of
from ..common.permissions import require_bank_periods
from ..common.remote_calls import remote_call


class AccountBankReconciliation(models.Model):
    _inherit = "account.bank.reconciliation"

    @remote_call(one=True)
    def action_open_unmatched(self):
        """Open the period's unmatched bank transactions, to match them."""
        return self._open_bank_matching("unmatched")

    @remote_call(one=True)
    def action_open_ignored(self):
        """Open the period's ignored bank transactions."""
        return self._open_bank_matching("ignored")

    def _open_bank_matching(self, match_status):
        require_bank_periods(self.env, self.company_id)
        action = self.env["ir.actions.actions"]._for_xml_id("account_reconciliation.action_bank_matching")
        context = {
            "default_journal_id": self.journal_id.id,
            context_keys.MATCHING_DATE_FROM: str(self.date_from),
            context_keys.MATCHING_DATE_TO: str(self.date_to),
            context_keys.MATCHING_TAB: match_status,
        }
        return action | {"context": context}

    @remote_call(one=True)
    def action_open_bank_transactions(self):
        """List the bank transactions of the period."""
        action = self.env["ir.actions.actions"]._for_xml_id("account_reconciliation.action_bank_transactions")
        domain = [
            ("journal_id", "=", self.journal_id.id), ("date", ">=", self.date_from), ("date", "<=", self.date_to),
        ]  # fmt: skip
        return action | {"domain": domain, "context": {}}

    @remote_call(one=True)
    def action_bank_transfer(self):
        """Create a bank transfer, pre-filled with the remaining amount: out of this account where the balance of the
        books is too high."""
        require_bank_periods(self.env, self.company_id)
        action = self.env["ir.actions.actions"]._for_xml_id("account_reconciliation.action_bank_transfer")
        here = "journal_id" if self.remaining >= 0 else "destination_journal_id"
        context = {
            "default_company_id": self.company_id.id,
            f"default_{here}": self.journal_id.id,
            "default_date": str(self._entry_date()),
            "default_amount": abs(self.remaining),
        }
        return action | {"context": context}

    @remote_call(one=True)
    def action_adjustment(self):
        """Create a journal entry, pre-filled so that it takes what remains to zero."""
        require_bank_periods(self.env, self.company_id)
        action = self.env["ir.actions.actions"]._for_xml_id("account_reconciliation.action_bank_adjustment")
        context = {
            "default_bank_journal_id": self.journal_id.id,
            "default_date": str(self._entry_date()),
            "default_line_ids": [Command.create({"amount": -self.remaining})] if self.remaining else [],
        }
        return action | {"context": context}

    def _entry_date(self):
        """Today, or the last day of a period that is over."""
        return max(min(self.company_id._today(), self.date_to), self.date_from)

    @remote_call(one=True)
    def action_next_period(self):
        """Open a new period after this one: the next month, or as many days."""
        last = self.search([("journal_id", "=", self.journal_id.id)], order="date_to desc", limit=1)
        first = fields.Date.add(last.date_to, days=1)
        context = {
            "default_journal_id": self.journal_id.id,
            "default_date_from": str(first),
            "default_date_to": str(fields.Date.end_of(fields.Date.add(first, days=1), "month")),
        }
        return form_of(self.browse(), context=context)

    def _action_open(self):
        """Open these periods: one as its page, several as a list."""
        action = {"type": "ir.actions.act_window", "res_model": self._name, "name": self.env._("Bank reconciliations")}
        if not self:
            raise UserError(
                self.env._("This money is confirmed in no bank reconciliation yet. Tick it in the period of its date.")
            )
        if len(self) == 1:
            return action | {"res_id": self.id, "views": [(False, "form")]}
        return action | {"domain": [("id", "in", self.ids)], "views": [(False, "list"), (False, "form")]}
