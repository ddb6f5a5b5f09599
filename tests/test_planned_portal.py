"""What a client sees of a schedule, and pays of it, in a real browser."""

from odoo.tests import HttpCase, tagged

from .common.planned_payments import PlannedCommon


@tagged("post_install", "-at_install")
class TestPlannedPortal(PlannedCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = cls.user_with("client", "base.group_portal")
        cls.client.partner_id.email = "client@example.com"
        cls.family = cls.client.partner_id
        cls.env["ir.config_parameter"].sudo().set_param("account_payment.enable_portal_payment", "True")

    def setUp(self):
        super().setUp()
        self.provider = self.demo_provider()
        if not self.provider:
            self.skipTest("needs the demo payment provider")

    def open_invoice(self, invoice, login="client"):
        self.authenticate(login, login)
        return self.url_open(invoice.get_portal_url()).text

    def test_page_shows_dates_and_amounts_and_no_reconciliation(self):
        invoice = self.document([75, 75, 20])
        self.register_payment(invoice, 100)
        self.plan(invoice, [50, 20], first=3)
        page = self.open_invoice(invoice)
        self.assertIn("Planned payments", page)
        self.assertIn("50.00", page)
        self.assertNotIn("econcil", page)
        self.assertNotIn("item 2", page.split("o_planned_payments")[1].split("invoice_html")[0])

    def test_page_without_schedule(self):
        self.assertNotIn("Planned payments", self.open_invoice(self.document([75])))

    def test_another_client_sees_nothing(self):
        invoice = self.document([75])
        self.plan(invoice, [75], first=3)
        self.user_with("nosy", "base.group_portal")
        self.authenticate("nosy", "nosy")
        self.assertNotIn("Planned payments", self.url_open(f"/my/invoices/{invoice.id}").text)

    def test_planned_payment_that_is_being_charged_can_not_be_paid_again(self):
        invoice = self.document([75, 75])
        self.plan(invoice, [75, 75], token=self.token("pending"))
        self.run_due()
        page = self.open_invoice(invoice)
        self.assertIn("Being processed", page)
        self.assertNotIn("o_pay_planned", page)

    def test_client_pays_the_next_planned_payment(self):
        invoice = self.document([75, 75, 20])
        items = invoice.reconciliation_item_ids.sorted("sequence")
        first, second = self.plan(invoice, [20, 75], first=3, splits=[{items[2].id: 20}, {items[1].id: 75}])
        self.start_tour(invoice.get_portal_url(), "account_reconciliation_portal_planned_payment", login="client")
        self.env.invalidate_all()
        self.assertEqual((first.state, second.state), ("done", "planned"))
        self.assertEqual(self.applied(invoice), [0, 0, 20])
        self.assertInvariants(invoice)

    def test_client_is_not_asked_for_what_is_disputed(self):
        self.document([75])
        self.document([40]).dispute_rest("damaged")
        self.authenticate("client", "client")
        page = self.url_open("/my/invoices/overdue").text
        self.assertIn("75.00", page)
        self.assertNotIn("40.00", page)
        self.assertNotIn("115.00", page)

    def test_client_pays_the_whole_overdue_balance(self):
        newer = self.document([50, 30], date="2026-02-05")
        older = self.document([60, 40], date="2026-01-05")
        self.register_payment(older, 30)
        self.start_tour("/my/invoices/overdue", "account_reconciliation_portal_overdue", login="client")
        self.env.invalidate_all()
        payment = self.env["account.payment"].search([("amount", "=", 150), ("partner_id", "=", self.family.id)])
        self.assertEqual(self.applied(older, payment), [30, 40])
        self.assertEqual(self.applied(newer, payment), [50, 30])
        self.assertEqual((older | newer).mapped("reconciliation_status"), ["full", "full"])
