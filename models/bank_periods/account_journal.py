from odoo import models

from ..common.remote_calls import remote_call


class AccountJournal(models.Model):
    _inherit = "account.journal"

    @remote_call(one=True)
    def action_open_bank_book(self):
        """Open the book of this bank account: all its periods in a row."""
        action = self.env["ir.actions.actions"]._for_xml_id("account_reconciliation.action_bank_book")
        return action | {
            "domain": [("journal_id", "in", self.ids)],
            "context": {"default_journal_id": self[:1].id},
        }
