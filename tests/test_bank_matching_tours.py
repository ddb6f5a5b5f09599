"""The screen “Bank Matching” in a browser."""

from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import tagged

from .common.bank_matching import BankMatchingCommon

HOSTILE = "<img src=x onerror=\"document.body.dataset.hacked='1'\"><b>bold</b> rent"


@tagged("post_install", "-at_install")
class TestBankMatchingTours(AccountTestInvoicingHttpCommon, BankMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The chart has a preset “Bank Fees” of its own.
        cls.fees.name = "Card charges"

    def start(self, name, query=""):
        url = f"/odoo/bank-matching?journal={self.bank.id}{query}"
        self.start_tour(url, f"account_reconciliation_matching_{name}", login="matching.accountant")
        self.env.invalidate_all()

    def test_accept_by_key_and_undo(self):
        """Enter accepts the best suggestion, the next transaction shows by itself, Undo undoes it."""
        # A key of a preset must find none, whichever the company was made with.
        self.env["account.reconcile.model"].search([]).active = False
        invoice, other = self.document([41.17]), self.document([52.33])
        first = self.transaction(41.17, f"{invoice.name} Tremblay family", date="2026-02-11")
        second = self.transaction(52.33, f"{other.name} Tremblay family")
        self.start("accept")
        self.assertEqual((first.match_status, invoice.payment_state), ("manual", "paid"))
        taken_back = (second.match_status, other.payment_state)
        self.assertEqual(taken_back, ("unmatched", "not_paid"))

    def test_payment_that_came_back(self):
        """One key: what it had paid is open again, and the client is charged."""
        product = self.env["product.product"].create({"name": "Charge for a return", "type": "service"})
        self.company.write({"return_charge": "fixed", "return_charge_amount": 25, "return_charge_product_id": product})
        invoice = self.document([75, 75, 20])
        payment = self.payment(100)
        self.reconcile(invoice, payment)
        back = self.transaction(-100, f"RETURN {payment.name}", return_code="AM04")
        self.start("return")
        self.assertBooked(back)
        self.assertEqual(self.left(invoice), [75, 75, 20])

    def test_message_while_the_page_opens(self):
        """Loading again must not take the place of the first load: the page would stay blank."""
        self.transaction(7, "rent")
        self.start("message_while_opening")

    def test_small_difference_is_written_off(self):
        self.env["account.difference.policy"].create({
            "company_id": self.company.id, "amount_max": 1, "percent_max": 2, "preset_id": self.fees.id,
        })  # fmt: skip
        invoice = self.document([41.17])
        line = self.transaction(40.67, f"{invoice.name} Tremblay family")
        self.start("difference")
        self.assertBooked(line)
        self.assertEqual(invoice.payment_state, "paid")

    def test_who_goes_on_while_it_is_booked_is_told_and_stays(self):
        """The list follows though another transaction is shown when the answer comes."""
        invoice = self.document([41.17])
        self.transaction(41.17, f"{invoice.name} Tremblay family", date="2026-02-12")
        self.transaction(-1, "second", date="2026-02-11")
        self.transaction(-2, "third")
        self.start("go_on")
        self.assertEqual(invoice.payment_state, "paid")

    def test_search_and_tick_several(self):
        """Two documents and a fee: the rest is seen, then booked by a preset."""
        self.document([70], ref="camp one")
        self.document([80], ref="camp two")
        line = self.transaction(145, "summer")
        self.start("several")
        self.assertBooked(line)
        fee = line.sudo().move_id.line_ids.filtered(lambda item: item.account_id == self.fees_code)
        self.assertEqual(fee.balance, 5)

    def test_expense_ignore_transfer(self):
        """A preset's button, ignoring with a reason and undoing that, the other side of a transfer."""
        charge = self.transaction(-12, "monthly charge", date="2026-02-13")
        noise = self.transaction(-1, "noise", date="2026-02-12")
        out = self.transaction(-300, "to the other account", date="2026-02-11")
        into = self.transaction(300, "came in", journal=self.savings, date="2026-02-11")
        self.start("expense")
        self.assertBooked(charge)
        self.assertIn(self.fees_code, charge.sudo().move_id.line_ids.account_id)
        self.assertEqual((noise.match_status, noise.ignore_reason), ("unmatched", False))
        self.assertBooked(out)
        self.assertBooked(into)

    def test_booking_panel(self):
        """An expense of two lines with taxes, and a receipt less a fee: one panel, by keys."""
        rent = self.fees_code.copy({"code": "613200", "name": "Rent of halls"})
        expense = self.transaction(-115, "hall in March", date="2026-02-12")
        invoice = self.document([182.95])
        receipt = self.transaction(180, f"{invoice.name} less a fee", date="2026-02-11")
        self.start("booking")
        self.assertBooked(expense)
        booked = expense.sudo().move_id.line_ids.filtered(lambda item: item.account_id == rent)
        self.assertEqual((booked.name, booked.balance, bool(booked.tax_ids)), ("Hall", 86.96, True))
        self.assertBooked(receipt)
        self.assertEqual(invoice.payment_state, "paid")

    def test_transfer_without_its_other_side_and_a_deposit(self):
        self.savings.name = "Savings"
        out = self.transaction(-500, "to the other account", date="2026-02-12")
        deposit = self.transaction(60, "advance", date="2026-02-11")
        self.start("transfer_waiting")
        self.assertBooked(out)
        self.assertEqual(out.transfer_journal_id, self.savings)
        self.assertBooked(deposit)
        self.assertEqual(deposit.partner_id.commercial_partner_id, self.family)

    def test_undo_a_match(self):
        """A matched transaction tells what it paid and is undone after a question."""
        invoice = self.document([40])
        line = self.transaction(40, "Tremblay")
        line.match_with(invoice)
        self.start("undo", "&tab=manual")
        self.assertEqual((line.match_status, invoice.payment_state), ("unmatched", "not_paid"))

    def test_bulk_accept(self):
        """A review with ticks; one undo for all of it, at once and later from a decision."""
        invoices = self.document([41.17]) | self.document([52.33]) | self.document([63.71])
        for invoice in invoices:
            self.transaction(invoice.amount_total, f"{invoice.name} Tremblay family")
        self.document([99]) | self.document([99])
        self.transaction(99, "who knows Tremblay family")
        self.start("bulk")
        self.assertEqual(invoices.mapped("payment_state"), ["paid"] * 3)

    def test_suggestions_in_the_list(self):
        """OK in a row, filters, sums, the same for all that is selected."""
        invoice = self.document([41.17])
        self.transaction(41.17, f"{invoice.name} Tremblay family", date="2026-02-11")
        charges = self.transaction(-7, "charge one") | self.transaction(-13, "charge two")
        unknown = self.transaction(3.5, "who knows")
        self.start("list")
        self.assertEqual(invoice.payment_state, "paid")
        for charge in charges:
            self.assertBooked(charge)
        self.assertEqual(unknown.match_status, "ignored")

    def test_always_do_this(self):
        self.transaction(-7, "POS 1 GREEN GROCER")
        self.transaction(-7, "TOY SHOP", date="2026-02-09").match_expense(self.fees.id)
        self.transaction(-8, "POS 2 GREEN GROCER", date="2026-02-11")
        self.start("repeat")
        preset = self.env["account.reconcile.model"].search([("name", "=", "Groceries")])
        self.assertEqual(
            (preset.match_label_param, preset.match_direction, preset.line_ids.account_id),
            ("GREEN GROCER", "out", self.fees_code),
        )

    def test_match_what_is_certain(self):
        invoice = self.document([41.17])
        line = self.transaction(41.17, f"{invoice.name} Tremblay family", partner_name="Tremblay family")
        self.start("certain")
        self.assertEqual(line.match_status, "matched")

    def test_url_keeps_the_place(self):
        """Tab, search and selected transaction come with the URL; back and forth as well."""
        self.transaction(10, "00012 rent", date="2026-02-11").action_ignore("a test")
        line = self.transaction(20, "00012 rent of hall")
        line.action_ignore("another test")
        self.transaction(30, "12 shop").action_ignore("a test")
        self.start("place", f"&tab=ignored&search=%2200012%22&line={line.id}")

    def test_hostile_label_is_text(self):
        self.transaction(10, HOSTILE, partner_name="<script>document.body.dataset.hacked='1'</script>")
        self.start("hostile")

    def test_paid_elsewhere_is_told(self):
        """What somebody else has paid meanwhile is refreshed with a notification, no error dialog."""
        invoice = self.document([41.17])
        line = self.transaction(41.17, f"{invoice.name} Tremblay family")
        self.transaction(41.17, "the other bank", journal=self.savings)
        self.start("stale")
        self.assertEqual(line.match_status, "unmatched")
        self.assertEqual(invoice.payment_state, "paid")

    def test_next_shows_while_one_is_booked(self):
        """Enter shows the next transaction at once; what it may be is asked once the one before is booked."""
        invoice, other = self.document([41.17]), self.document([52.33])
        first = self.transaction(41.17, f"{invoice.name} Tremblay family", date="2026-02-11")
        second = self.transaction(52.33, f"{other.name} Tremblay family")
        self.start("meanwhile")
        self.assertEqual((first + second).mapped("match_status"), ["unmatched"] * 2)
        self.assertEqual((first + second).decision_ids.mapped("action").count("unmatch"), 1)

    def test_refused_comes_back(self):
        """What could not be booked is selected again, with what it may be now."""
        invoice = self.document([41.17])
        line = self.transaction(41.17, f"{invoice.name} Tremblay family", date="2026-02-11")
        below = self.transaction(10, "rent")
        self.transaction(41.17, "the other bank", journal=self.savings)
        self.start("refused")
        self.assertEqual((line + below).mapped("match_status"), ["unmatched"] * 2)

    def test_card_opens_the_screen(self):
        self.transaction(10, "rent", unique_import_id="1")
        self.start_tour("/odoo/accounting", "account_reconciliation_matching_card", login="matching.accountant")


@tagged("post_install", "-at_install")
class TestBankMatchingPhone(AccountTestInvoicingHttpCommon, BankMatchingCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_list_then_line_and_back(self):
        invoice = self.document([41.17])
        self.transaction(41.17, f"{invoice.name} Tremblay family", date="2026-02-11")
        self.transaction(3.5, "who knows")
        url = f"/odoo/bank-matching?journal={self.bank.id}"
        self.start_tour(url, "account_reconciliation_matching_phone", login="matching.accountant")
        self.env.invalidate_all()
        self.assertEqual(invoice.payment_state, "paid")
