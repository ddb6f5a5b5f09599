"""Files and questions beside a bank transaction."""

from base64 import b64encode

from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common.bank_matching import BankMatchingCommon


class MatchingFilesCommon(BankMatchingCommon):
    def attach(self, move, name):
        return self.env["ir.attachment"].create({
            "name": name, "datas": b64encode(b"%PDF-1.4"), "res_model": "account.move", "res_id": move.id,
        })  # fmt: skip


@tagged("post_install", "-at_install")
class TestBankMatchingFiles(MatchingFilesCommon):
    def test_files_of_the_transaction_and_of_what_it_may_pay(self):
        bill = self.document([40], move_type="in_invoice")
        line = self.transaction(-40, "paid")
        receipt, scan = self.attach(line.sudo().move_id, "receipt.pdf"), self.attach(bill, "bill.pdf")
        self.assertEqual([row["id"] for row in line.get_matching_files()], [receipt.id])
        rows = line.get_matching_files([["account.move", bill.id]])
        self.assertEqual({row["name"]: row["of"] for row in rows}, {"receipt.pdf": "", "bill.pdf": bill.display_name})
        line.match_with(bill)
        self.assertEqual({row["id"] for row in line.get_matching_files()}, {receipt.id, scan.id})

    def test_question_to_a_colleague_is_shown_and_filtered(self):
        line, other = self.transaction(-40, "what is this"), self.transaction(-5, "known")
        action = line.action_ask_colleague()
        self.assertEqual(action["context"]["active_ids"], line.move_id.ids)
        line.sudo().move_id.activity_schedule(
            "mail.mail_activity_data_todo", summary="What is this?", user_id=self.accountant.id
        )
        asked = line.get_bank_matching_details()["questions"]
        self.assertEqual([(row["summary"], row["user"]) for row in asked], [("What is this?", self.accountant.name)])
        self.assertEqual(other.get_bank_matching_details()["questions"], [])
        page = self.bank.with_user(self.accountant).get_bank_matching_page("unmatched", {"has_question": True})
        self.assertEqual([row["id"] for row in page], [line.id])

    def test_who_may_not_match_sees_no_files(self):
        user = self.user_with("files.billing", "account_reconciliation.group_client_billing")
        line = self.transaction(-40).with_user(user)
        for call in (line.get_matching_files, line.action_ask_colleague):
            with self.assertRaises(AccessError):
                call()


@tagged("post_install", "-at_install")
class TestBankMatchingFilesTour(AccountTestInvoicingHttpCommon, MatchingFilesCommon):
    def test_files_questions_and_balances(self):
        bill = self.document([40], move_type="in_invoice")
        self.attach(bill, "scan.pdf")
        line = self.transaction(-40, f"{bill.name} paid by card", date="2026-02-12")
        self.transaction(-5, "known")
        url = f"/odoo/bank-matching?journal={self.bank.id}"
        self.start_tour(url, "account_reconciliation_matching_files", login="matching.accountant")
        self.env.invalidate_all()
        self.assertEqual([row["name"] for row in line.get_matching_files()], ["coffee.txt"])
        self.assertEqual(line.sudo().move_id.activity_ids.summary, "What did we buy?")
