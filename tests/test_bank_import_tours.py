from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import tagged

from ..engine.common.odoo_types import BANK_JOURNAL_TYPES
from .common.bank_import import BankImportCommon, mt940, ofx, ofx_file
from .common.settlements import SettlementCommon


@tagged("post_install", "-at_install")
class TestBankImportTours(AccountTestInvoicingHttpCommon, BankImportCommon):
    def list_tour(self, name):
        action = self.env.ref("account_reconciliation.action_bank_transactions")
        self.start_tour(f"/odoo/action-{action.id}", name, login="bank.accountant")

    def days(self):
        return [day for day, _amount, _label in self.transactions()]

    def test_upload_through_the_dialog(self):
        self.start_tour("/odoo/accounting", "account_reconciliation_bank_import", login="bank.accountant")
        self.assertEqual(self.days(), [1, 2])

    def test_import_from_bank_matching_goes_on_there(self):
        others = self.env["account.journal"].search([("type", "in", BANK_JOURNAL_TYPES)]) - self.bank
        others.active = False
        name = "account_reconciliation_bank_import_from_matching"
        self.start_tour("/odoo/bank-matching", name, login="bank.accountant")
        self.assertEqual(self.days(), [1, 2])

    def test_file_dropped_on_the_bank_card(self):
        self.start_tour("/odoo/accounting", "account_reconciliation_bank_drop_on_card", login="bank.accountant")
        self.assertEqual(self.days(), [1, 2, 3])

    def test_file_dropped_on_the_list(self):
        self.bring(mt940([(1, 100, "Rent of hall, day 1")], 1000, 1100))
        self.list_tour("account_reconciliation_bank_transactions")
        self.assertEqual(self.days(), [1, 4])

    def test_user_decides_on_what_looks_like_already_imported(self):
        self.bring(ofx_file(ofx([(1, "100.00", "RENT OF HALL", "F1")])))
        self.list_tour("account_reconciliation_bank_suspected")
        self.assertEqual(self.days(), [1, 1, 2])

    def test_table_with_corrected_columns(self):
        self.start_tour("/odoo/accounting", "account_reconciliation_bank_import_table", login="bank.accountant")
        self.assertEqual(self.transactions(), [(3, 100, "Rent of rink"), (4, -40, "Ice"), (5, -1, "Skates")])


@tagged("post_install", "-at_install")
class TestSettlementTour(AccountTestInvoicingHttpCommon, SettlementCommon):
    def test_report_to_matched_payout_and_back(self):
        others = self.env["account.journal"].search([("type", "in", BANK_JOURNAL_TYPES)]) - self.bank
        others.active = False
        invoice = self.invoice("INV/2026/00017", 170)
        line = self.transaction(164, "STRIPE po_tour", date="2026-04-09")
        self.start_tour("/odoo/settlements", "account_reconciliation_settlement", login="matching.accountant")
        settlement = self.env["account.settlement"].search([("reference", "=", "po_tour")])
        self.assertEqual((settlement.state, settlement.amount_net, len(settlement.entry_ids)), ("undone", 164, 2))
        self.assertEqual((invoice.amount_residual, line.match_status), (170, "unmatched"))
