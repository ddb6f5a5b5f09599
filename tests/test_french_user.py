"""Languages: what a Canadian French accountant sees is French: screens, a printed report, a refusal."""

from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common.bank_matching import BankMatchingCommon

# Waits until every text is on the page.
LOOK = """
    const texts = %s;
    const look = () => {
        const page = document.body.innerText;
        if (texts.every((text) => page.includes(text))) {
            console.log("test successful");
        } else {
            setTimeout(look, 100);
        }
    };
    look();
"""


@tagged("post_install", "-at_install")
class TestFrenchUser(AccountTestInvoicingHttpCommon, BankMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_CA")
        modules = cls.env["ir.module.module"].search([("name", "in", ["account", "account_reconciliation"])])
        modules._update_translations("fr_CA")
        cls.accountant.lang = "fr_CA"
        cls.invoice = cls.document([75, 75, 20])
        cls.register_payment(cls.invoice, 100)

    def sees(self, path, *texts):
        self.browser_js(path, LOOK % list(texts), login=self.accountant.login)

    def test_client_billing(self):
        self.sees(
            f"/odoo/{self.family.id}/client-billing",
            "Effectuer un paiement",
            "Documents ouverts",
            "Concilier le compte",
        )

    def test_bank_matching(self):
        self.transaction(170, "Tremblay")
        self.sees(f"/odoo/bank-matching?journal={self.bank.id}", "Rapprocher ce qui est certain", "Suggestions")

    def test_printed_report(self):
        report = self.env["ir.actions.report"].with_user(self.accountant).with_context(lang="fr_CA")
        page, _kind = report._render_qweb_html(
            "account_reconciliation.print_payment_by_code", [], data={"domain": [("company_id", "=", self.company.id)]}
        )
        for text in ("Paiement par code de grand livre", "imprimé le"):
            self.assertIn(text, page.decode())

    def test_refusals(self):
        line = self.transaction(170, "Tremblay").with_context(lang="fr_CA")
        with self.assertRaisesRegex(UserError, "Indiquez un motif pour ignorer"):
            line.action_ignore("")
        journal = self.bank.with_user(self.accountant).with_context(lang="fr_CA")
        with self.assertRaisesRegex(UserError, "april.pdf\xa0: Le fichier est un document PDF"):
            journal.import_bank_statement("april.pdf", b"%PDF-1.7 of the bank")

    def test_labels_are_those_of_canada(self):
        """French first, then what Canada says otherwise."""
        fields = (
            self.env["account.reconciliation.line"].with_context(lang="fr_CA").fields_get(["account_id", "partner_id"])
        )
        self.assertEqual(fields["account_id"]["string"], "Code de grand livre")
        self.assertEqual(fields["partner_id"]["string"], "Titulaire du compte")
