"""The page “Bank Matching” follows imports and the background job by the bus."""

from unittest.mock import patch

from odoo.tests import tagged

from .common.bank_matching import BankMatchingCommon

MESSAGE = "account_reconciliation.bank_matching"


@tagged("post_install", "-at_install")
class TestBankMatchingLive(BankMatchingCommon):
    def sent(self, call, user=None):
        """What a call sends to the page of a user."""
        found = []
        model = type(self.env["res.users"])

        def send(records, name, message):
            if name == MESSAGE:
                found.extend((one, message) for one in records)

        self.patch(model, "_bus_send", send)
        call()
        return [message for one, message in found if one == (user or self.accountant)]

    def test_import_says_how_many_came_and_how_many_wait(self):
        self.transaction(-500, "to savings").book_lines([{"kind": "transfer", "journal_id": self.savings.id}])
        content = b"Date,Description,Amount\n2026-02-11,came in,500.00\n2026-02-11,other,20.00\n"
        journal = self.savings.with_user(self.accountant)
        messages = self.sent(lambda: journal.import_bank_statement("savings.csv", content))
        self.assertEqual(messages, [{"journal_id": self.savings.id, "imported": 2, "matched": 1, "unmatched": 1}])

    def test_background_job_says_what_it_matched(self):
        invoice = self.document([41.17])
        self.transaction(41.17, f"{invoice.name} Tremblay family", partner_name="Tremblay family")
        self.env["res.company"].search([]).bank_match_automatic = False
        self.company.bank_match_automatic = True
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", lambda self, *args, **kwargs: 1):
            messages = self.sent(lambda: self.env["account.bank.statement.line"]._cron_auto_match())
        self.assertEqual(messages, [{"journal_id": self.bank.id, "imported": 0, "matched": 1, "unmatched": 0}])

    def test_who_may_not_match_is_told_nothing(self):
        user = self.user_with("live.general", "account_reconciliation.group_general")
        messages = self.sent(lambda: self.env["account.journal"]._notify_matched({self.bank: 3}), user)
        self.assertEqual(messages, [])
