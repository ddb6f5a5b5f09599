"""Clients may be shown what of each item is paid: where the company wants it, of their own invoices, nothing more."""

from lxml import etree
from odoo.tests import HttpCase, tagged

from .common.planned_payments import PlannedCommon


@tagged("post_install", "-at_install")
class TestPortalItems(PlannedCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = cls.user_with("client", "base.group_portal")
        cls.client.partner_id.email = "client@example.com"
        cls.family = cls.client.partner_id
        cls.invoice = cls.document([75, 75, 20])
        cls.money = cls.register_payment(cls.invoice, 100)
        cls.company.portal_item_balances = True

    def page(self, url, login="client"):
        self.authenticate(login, login)
        return self.url_open(url).text

    def rows(self, page):
        """The rows of the table: the words of each cell."""
        rows = etree.HTML(page).xpath("//tr[@class='o_item_balance']")
        return [[" ".join("".join(cell.itertext()).split()) for cell in row.iter("td")] for row in rows]

    def test_client_sees_total_paid_and_open_of_each_item(self):
        page = self.page(self.invoice.get_portal_url())
        self.assertEqual(
            self.rows(page),
            [
                ["item 1", "$ 75.00", "$ 75.00", "$ 0.00"],
                ["item 2", "$ 75.00", "$ 25.00", "$ 50.00"],
                ["item 3", "$ 20.00", "$ 0.00", "$ 20.00"],
            ],
        )
        self.assertNotIn("econcil", page)
        self.assertNotIn(self.money.name, page)

    def test_off_by_default(self):
        self.assertFalse(self.env["res.company"].create({"name": "New rink"}).portal_item_balances)
        self.company.portal_item_balances = False
        self.assertNotIn("o_item_balance", self.page(self.invoice.get_portal_url()))

    def test_document_that_is_worth_nothing_shows_no_items(self):
        invoice = self.document([50, -50])
        self.assertIn(invoice.name, page := self.page(invoice.get_portal_url()))
        self.assertNotIn("o_item_balance", page)

    def test_access_token_shows_this_invoice_and_no_other(self):
        other = self.document([33])
        token = self.invoice._portal_ensure_token()
        self.authenticate(None, None)
        self.assertTrue(self.rows(self.url_open(f"/my/invoices/{self.invoice.id}?access_token={token}").text))
        self.assertNotIn(
            "o_item_balance", self.url_open(f"/my/invoices/{other.id}?access_token={token}").text
        )  # fmt: skip
        self.assertNotIn("o_item_balance", self.url_open(f"/my/invoices/{self.invoice.id}?access_token=wrong").text)
        self.assertNotIn("o_item_balance", self.url_open(f"/my/invoices/{self.invoice.id}").text)

    def test_another_client_sees_nothing(self):
        self.user_with("nosy", "base.group_portal")
        page = self.page(f"/my/invoices/{self.invoice.id}", "nosy")
        self.assertNotIn("o_item_balance", page)
        self.assertNotIn("item 2", page)

    def test_the_other_company_does_as_it_wants(self):
        other = self.setup_other_company(name="Second rink")["company"]
        self.assertFalse(other.portal_item_balances)
        invoice = self.env["account.move"].with_company(other).create({
            "move_type": "out_invoice", "partner_id": self.family.id, "invoice_date": "2026-01-10",
            "company_id": other.id, "invoice_line_ids": [(0, 0, {"name": "skates", "price_unit": 60, "tax_ids": []})],
        })  # fmt: skip
        invoice.action_post()
        self.assertNotIn("o_item_balance", self.page(invoice.get_portal_url()))

    def test_a_vendor_sees_nothing_of_a_bill(self):
        bill = self.document([75], "in_invoice", partner=self.family)
        self.assertNotIn("o_item_balance", self.page(bill.get_portal_url()))

    def test_the_models_stay_closed(self):
        """What the page shows can't be read by any call of the client."""
        self.authenticate("client", "client")
        for model in ("account.reconciliation.item", "account.reconciliation.line", "account.reconciliation.money"):
            answer = self.make_jsonrpc_request_raw(model)
            self.assertIn("AccessError", answer, model)

    def make_jsonrpc_request_raw(self, model):
        return self.url_open(
            f"/web/dataset/call_kw/{model}/search_read",
            json={"params": {"model": model, "method": "search_read", "args": [[]], "kwargs": {}}},
        ).text
