from odoo import models
from odoo.exceptions import UserError

from ...engine.common.odoo_types import JOURNAL_TYPES
from ..common.remote_calls import remote_call


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def write(self, vals):
        """Refuse another account where other journals have booked on the bank account.

        :raise UserError: where an entry of another journal moved money on the account, and it is to be another one
        """
        if "default_account_id" in vals:
            self._check_remittances_stay(vals["default_account_id"])
        return super().write(vals)

    def _check_remittances_stay(self, account_id):
        """Refuse another account where entries of other journals are remittances by the one that is there."""
        for journal in self.filtered(lambda one: one.type in JOURNAL_TYPES):
            account = journal.default_account_id
            if not account or account.id == account_id:
                continue
            # Safe by sudo: only whether there are any.
            items = self.env["account.move.line"].sudo()
            if items.search_count([
                ("account_id", "=", account.id), ("parent_state", "=", "posted"),
                ("journal_id.default_account_id", "!=", account.id),
            ], limit=1):  # fmt: skip
                raise UserError(
                    self.env._(
                        "Entries of other journals have moved money on %(account)s, the account of %(journal)s. With "
                        "another account the bank reconciliations would lose them. Create a journal for the new "
                        "account "
                        "instead.",
                        journal=journal.display_name,
                        account=account.display_name,
                    )
                )

    @remote_call(one=True)
    def action_open_bank_book(self):
        """Open the book of this bank account: all its periods in a row."""
        action = self.env["ir.actions.actions"]._for_xml_id("account_reconciliation.action_bank_book")
        return action | {
            "domain": [("journal_id", "in", self.ids)],
            "context": {"default_journal_id": self[:1].id},
        }
