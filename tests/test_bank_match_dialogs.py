"""The dialogs do all that the screen does: match one transaction, match several, ignore."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common.bank_matching import BankMatchingCommon


@tagged("post_install", "-at_install")
class TestBankMatchDialogs(BankMatchingCommon):
    def dialog(self, line):
        context = {"default_statement_line_id": line.id}
        return Form(self.env["account.bank.match.book"].with_user(self.accountant).with_context(**context))

    def test_best_suggestion_is_chosen_already(self):
        invoice = self.document([60])
        line = self.transaction(60, f"Payment {invoice.name} thank you", partner_name="TREMBLAY FAMILY")
        dialog = self.dialog(line).save()
        self.assertTrue(dialog.line_ids[0].is_chosen)
        self.assertEqual(dialog.remaining, 0)
        dialog.action_match()
        self.assertBooked(line)
        self.assertEqual(invoice.payment_state, "paid")

    def test_search_then_a_preset_for_the_rest(self):
        invoice = self.document([100])
        line = self.transaction(98.5, "no idea")
        dialog = self.dialog(line).save()
        dialog.term = invoice.name
        dialog.action_search()
        row = dialog.line_ids.filtered(lambda row: row.record_id == invoice.id and row.record_model == "account.move")
        (dialog.line_ids - row).is_chosen = False
        row.write({"is_chosen": True, "amount": 100})
        self.assertEqual(dialog.remaining, -1.5)
        with self.assertRaises(UserError):
            dialog.action_match()
        dialog.preset_id = self.fees
        dialog.action_match()
        self.assertBooked(line)
        self.assertEqual(invoice.payment_state, "paid")

    def test_preset_alone_takes_all(self):
        line = self.transaction(-12, "fee")
        dialog = self.dialog(line).save()
        dialog.line_ids.is_chosen = False
        dialog.preset_id = self.fees
        dialog.action_match()
        self.assertEqual(line.matched_entity_type, "expense")

    def test_nothing_chosen_is_refused(self):
        line = self.transaction(-12, "fee")
        dialog = self.dialog(line).save()
        dialog.line_ids.is_chosen = False
        with self.assertRaisesRegex(UserError, "Nothing is chosen"):
            dialog.action_match()

    def test_transfer_is_suggested_and_matched(self):
        out = self.transaction(-512.34, "Transfer to savings")
        into = self.transaction(512.34, "Transfer from operating", journal=self.savings, date="2026-02-11")
        dialog = self.dialog(out).save()
        row = dialog.line_ids.filtered(lambda row: row.record_model == out._name)
        (dialog.line_ids - row).is_chosen = False
        row.is_chosen = True
        dialog.action_match()
        self.assertEqual((out.matched_entity_type, into.match_status), ("internal_transfer", "manual"))

    def several(self, lines, **values):
        return self.env["account.bank.match.many"].with_user(self.accountant).create({"line_ids": lines.ids, **values})

    def test_several_by_suggestion_by_preset_and_certain(self):
        invoices = self.document([60]) | self.document([81])
        lines = self.env["account.bank.statement.line"].with_user(self.accountant)
        for invoice in invoices:
            lines |= self.transaction(invoice.amount_total, f"Payment {invoice.name} thank you",
                                      partner_name="TREMBLAY FAMILY")  # fmt: skip
        unknown = self.transaction(-7, "who knows") | self.transaction(-8, "who knows")
        self.several(lines[0] | unknown, mode="certain").action_match()
        self.several(lines | unknown, mode="suggestions", confidence=0.9).action_match()
        self.assertEqual(lines.mapped("match_status"), ["matched", "manual"])
        with self.assertRaises(UserError):
            self.several(unknown, mode="preset").action_match()
        self.several(unknown, mode="preset", preset_id=self.fees.id).action_match()
        self.assertEqual(set(unknown.mapped("matched_entity_type")), {"expense"})

    def test_ignore_asks_for_the_reason(self):
        line = self.transaction(-12, "fee")
        dialog = self.env["account.bank.match.ignore"].with_user(self.accountant)
        dialog.create({"line_ids": line.ids, "reason": "Bank's correction"}).action_ignore()
        self.assertEqual((line.match_status, line.ignore_reason), ("ignored", "Bank's correction"))

    def test_dialogs_are_for_accountants(self):
        line = self.transaction(-12, "fee")
        user = self.user_with("dialogs.admin", "account_reconciliation.group_admin")
        for model, values in (
            ("account.bank.match.many", {"line_ids": line.ids}),
            ("account.bank.match.ignore", {"line_ids": line.ids, "reason": "x"}),
            ("account.bank.match.book", {"statement_line_id": line.id}),
        ):
            with self.assertRaises(AccessError):
                self.env[model].with_user(user).create(values)
