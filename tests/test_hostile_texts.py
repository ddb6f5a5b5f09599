"""Texts that strangers write (bank labels, names, memos): neither a browser nor a spreadsheet nor the database runs
them, and no pattern of a rule searches for ever."""

import csv
import io
import json

import openpyxl
from lxml import html
from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common.bank_matching import BankMatchingCommon

SCRIPT = "<img src=x onerror=\"document.body.dataset.hacked='1'\"><script>document.body.dataset.hacked='1'</script>"
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "{=1+1}", '=HYPERLINK("http://x","pay")',
            "=cmd|' /C calc'!A0", "http://example.com/pay")  # fmt: skip
SQL_TEXTS = (
    "'; DROP TABLE account_bank_statement_line; --",
    "x' OR '1'='1",
    "%s",
    "%(name)s",
    "\\",
    '"; SELECT 1',
    "$1",
)


class HostileTexts(BankMatchingCommon):
    @classmethod
    def make_paid(cls, text):
        """A document, its payment, its planned payments and a bank transaction, all named by a text."""
        family = cls.env["res.partner"].create({"name": text})
        document = cls.document([{"name": text, "price_unit": 75}, 20], partner=family, ref=text)
        payment = cls.payment(50, partner=family, memo=text)
        cls.reconcile(document, payment)
        open_one = cls.document([{"name": text, "price_unit": 90}], partner=family)
        line = cls.transaction(90, text, partner_name=text)
        return family, document, payment, open_one, line


@tagged("post_install", "-at_install")
class TestHostileTexts(HostileTexts):
    def test_sql_in_labels_names_and_searches(self):
        for text in SQL_TEXTS:
            family, document, _payment, open_one, line = self.make_paid(text)
            with self.subTest(text=text):
                line.get_match_suggestions()
                shown = [row["id"] for row in self.page(text)]
                found = line.search_match_targets(text)
                if text != "\\":  # an escape in every search of Odoo: found or not
                    self.assertIn(line.id, shown)
                    self.assertIn(("account.move", open_one.id), [tuple(row["record"]) for row in found])
                line.match_with(open_one)
                self.assertBooked(line)
                header = self.env["account.reconciliation.transaction"].get_billing_header(family.id)
                self.assertEqual(header["name"], text)
                self.assertInvariants(document | open_one)

    def page(self, search):
        journal = self.bank.with_user(self.accountant)
        return journal.get_bank_matching_page("all", {"search": search})

    @mute_logger("odoo.addons.account_reconciliation.models.bank_matching.account_reconcile_model")
    def test_patterns_that_never_end_or_are_none(self):
        """A rule's pattern that would search for ever, or is none, is taken as not found; the others go on."""
        fits = self.preset("fits", self.fees_code, match_label="contains", match_label_param="aaaa", sequence=99)
        label = "a" * 1900 + "!"
        for number, pattern in enumerate(("(a+)+$", "(a|aa)+$", "(.*a){30}$", "((a*)*)*b", "(?:a?){60}a{60}$")):
            self.preset(f"hostile {number}", self.fees_code, match_label="match_regex", match_label_param=pattern)
        line = self.transaction(-12, label)
        rows = [row for row in line.get_match_suggestions() if row["entity_type"] == "expense"]
        self.assertIn(fits.display_name, [name for row in rows for name in row["names"]])

    def test_pages_and_notes_hold_texts_as_texts(self):
        """What is rendered on the server: notes in the chatter, the snapshot's page."""
        family, document, payment, open_one, line = self.make_paid(SCRIPT)
        line.match_with(open_one)
        document._modify_reconciliations([{
            "document": document, "money": payment.move_id._owed_lines(),
            "split": {document.reconciliation_item_ids.sorted("sequence")[0].id: 30},
        }])  # fmt: skip
        open_again = self.document([{"name": SCRIPT, "price_unit": 40}], partner=family)
        open_again.plan_payments(
            [{"due_date": "2099-01-01", "amount": 40}], self.bank.inbound_payment_method_line_ids[0]
        )
        period = self.env["account.bank.reconciliation"].create({
            "journal_id": self.bank.id, "date_from": "2026-01-01", "date_to": "2026-02-28", "balance_end": 5,
        })  # fmt: skip
        period.action_confirm_all()
        period.action_close(SCRIPT)
        period.action_reopen(SCRIPT)
        pages = [str(period.snapshot_ids._render_html())]
        pages += (document | open_one | open_again).message_ids.mapped("body")
        pages += (payment.message_ids | period.message_ids).mapped("body")
        self.assertTrue(any("&lt;img" in page for page in pages), "the texts are there")
        for page in filter(None, pages):
            tree = html.fragment_fromstring(str(page), create_parent=True)
            self.assertFalse(tree.xpath("//script | //img[@src='x'] | //*[@onerror]"), page)


@tagged("post_install", "-at_install")
class TestHostileExports(HostileTexts, HttpCase):
    """Odoo's own list export, of our models and of bank transactions."""

    EXPORTS = (
        ("account.reconciliation.transaction", ["name", "partner_id/display_name", "memo", "amount"]),
        ("account.reconciliation.line", ["move_line_id/name", "partner_id/display_name", "amount"]),
        ("account.reconciliation.item", ["display_name", "partner_id/display_name", "amount_total"]),
        ("account.reconciliation.breakdown", ["item_name", "partner_id/display_name", "amount_total"]),
        ("account.reconciliation.payment", ["partner_id/display_name", "amount"]),
        ("account.reconciliation.paid.item", ["item_name", "partner_id/display_name", "amount"]),
        ("account.bank.remittance", ["label", "partner_id/display_name", "amount"]),
        ("account.bank.statement.line", ["payment_ref", "partner_name", "amount"]),
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant.group_ids |= cls.env.ref("base.group_allow_export")
        for text in FORMULAS:
            cls.make_paid(text)

    def export(self, model, names, kind, groupby=()):
        fields = self.env[model]._fields
        data = {
            "model": model, "domain": [], "ids": False, "groupby": list(groupby), "import_compat": False, "context": {},
            "fields": [{"name": name, "label": name, "type": fields[name.split("/")[0]].type, "store": True}
                       for name in names if name.split("/")[0] in fields],
        }  # fmt: skip
        response = self.url_open(
            f"/web/export/{kind}", data={"data": json.dumps(data), "csrf_token": Request.csrf_token(self)}, timeout=60
        )
        self.assertEqual(response.status_code, 200, response.text[:300])
        return response.content

    def test_csv(self):
        self.authenticate(self.accountant.login, self.accountant.login)
        for model, names in self.EXPORTS:
            rows = list(csv.reader(io.StringIO(self.export(model, names, "csv").decode(), newline="")))[1:]
            with self.subTest(model=model):
                texts = [cell for row in rows for cell in row if not self.is_number(cell)]
                self.assertTrue(any("1+1" in cell for cell in texts), "the hostile texts are there")
                self.assertFalse([cell for cell in texts if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))])

    def test_exports_of_other_models_are_odoo_s_own(self):
        self.authenticate(self.accountant.login, self.accountant.login)
        self.env["res.partner"].create([{"name": "@home"}, {"name": "https://example.com"}])
        cells = [
            cell
            for row in csv.reader(io.StringIO(self.export("res.partner", ["name"], "csv").decode()))
            for cell in row
        ]
        self.assertIn("@home", cells)
        content = self.export("res.partner", ["name"], "xlsx")
        cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
        self.assertTrue([cell for cell in cells if cell.value == "https://example.com" and cell.hyperlink])

    def is_number(self, cell):
        try:
            float(cell)
        except ValueError:
            return False
        return True

    def test_xlsx_plain_and_grouped(self):
        self.authenticate(self.accountant.login, self.accountant.login)
        for model, names in self.EXPORTS:
            for groupby in ((), ("partner_id",)):
                content = self.export(model, names, "xlsx", groupby)
                cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
                with self.subTest(model=model, groupby=groupby):
                    self.assertTrue(any("1+1" in str(cell.value) for cell in cells), "the hostile texts are there")
                    self.assertFalse([cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink])
                    self.assertTrue(any(cell.data_type == "n" and cell.value for cell in cells), "amounts are numbers")


@tagged("post_install", "-at_install")
class TestHostileTextsInTheBrowser(AccountTestInvoicingHttpCommon, HostileTexts):
    def test_no_page_runs_a_text(self):
        """Each page shows the text, and nothing of it becomes an element or runs."""
        family, document, payment, open_one, line = self.make_paid(SCRIPT)
        line.match_with(open_one)
        document._modify_reconciliations([{
            "document": document, "money": payment.move_id._owed_lines(),
            "split": {document.reconciliation_item_ids.sorted("sequence")[0].id: 30},
        }])  # fmt: skip
        self.transaction(17, SCRIPT, partner_name=SCRIPT)
        self.env["account.bank.reconciliation"].create({
            "journal_id": self.bank.id, "date_from": "2026-01-01", "date_to": "2026-02-28",
        })  # fmt: skip
        self.bank.name = SCRIPT
        for page, shown in (
            (f"/odoo/bank-matching?journal={self.bank.id}", ".o_transaction_label"),
            (f"/odoo/account.move/{document.id}", ".o-mail-Message"),
            (f"/odoo/action-account_reconciliation.action_bank_reconciliations/"
             f"{self.env['account.bank.reconciliation'].search([], limit=1).id}", ".o_data_row, .o_bank_remittances"),
            ("/odoo/action-account_reconciliation.action_transactions", ".o_data_row"),
            ("/odoo/action-account_reconciliation.action_overview", "table"),
        ):  # fmt: skip
            with self.subTest(page=page):
                self.browser_js(page, CHECK % json.dumps(shown), login="matching.accountant", timeout=60)


CHECK = """
(async () => {
    const shown = %s;
    for (let tries = 0; tries < 200 && !document.querySelector(shown); tries++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await new Promise((resolve) => setTimeout(resolve, 1500));
    if (!document.querySelector(shown)) {
        console.error("the page did not open: " + document.body.innerText.slice(0, 200));
    } else if (!document.body.innerHTML.includes("&lt;img src=x")) {
        console.error("the text is not shown");
    } else if (document.querySelector('img[src="x"]') || document.body.dataset.hacked) {
        console.error("the text became an element");
    } else {
        console.log("test successful");
    }
})();
"""
