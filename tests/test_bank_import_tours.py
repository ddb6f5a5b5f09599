from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import tagged

from .test_bank_import import BankImportCommon, mt940


@tagged("post_install", "-at_install")
class TestBankImportTours(AccountTestInvoicingHttpCommon, BankImportCommon):
    def test_import_button_on_the_bank_card(self):
        self.start_tour("/odoo/accounting", "account_reconciliation_bank_import", login="bank.accountant")

    def test_list_and_form_of_bank_transactions(self):
        self.bring(mt940([(2, 100, "Rent of hall")], 1000, 1100))
        action = self.env.ref("account_reconciliation.action_bank_transactions")
        self.start_tour(
            f"/odoo/action-{action.id}", "account_reconciliation_bank_transactions", login="bank.accountant"
        )
