"""Documents with several due lines: money that doesn't reach the last one, and due lines of both signs."""

from datetime import timedelta
from decimal import Decimal

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ReconciliationCommon

THIRDS = ((40, 0), (40, 30), (20, 60))


class PaymentTermsCase(ReconciliationCommon):
    def make_payment(self, documents, amount, operation="receive", **values):
        """Pay documents by the dialog, the amount spread over them as it proposes."""
        wizard = (
            self.env["account.make.payment"]
            .with_context(make_payment_move_ids=documents.ids)
            .create({
                "partner_id": documents._account_owner().id, "operation": operation, "journal_id": self.bank.id,
                "amount": amount, "date": "2026-03-01", **values,
            })
        )  # fmt: skip
        self.assertEqual(wizard.document_ids.filtered("ticked").move_id, documents)
        wizard.action_pay()
        return wizard

    def due(self, document):
        """What is open of each due line, earliest first, in the document's currency."""
        lines = document._owed_lines().sorted(lambda line: (line.date_maturity, line.id))
        return [abs(round(line.amount_residual_currency, 2)) for line in lines]

    def signed_due(self, document):
        lines = document._owed_lines().sorted(lambda line: (line.date_maturity, line.id))
        return [round(line.amount_residual_currency, 2) for line in lines]


@tagged("post_install", "-at_install")
class TestSeveralDueLines(PaymentTermsCase):
    def three_lines(self, move_type="out_invoice", **values):
        """300 as two items, due as 120, 120 and 60."""
        return self.document([200, 100], move_type, invoice_payment_term_id=self.payment_terms(*THIRDS).id, **values)

    def assertPaid(self, document, paid):
        """The due lines take what is paid in order of their dates, the items in listed order."""
        left, due = Decimal(str(paid)), []
        for line in (120, 120, 60):
            due.append(float(line - min(left, line)))
            left -= min(left, line)
        self.assertEqual(self.due(document), due)
        self.assertEqual([round(amount, 2) for amount in self.applied(document)], [min(paid, 200), max(paid - 200, 0)])
        self.assertEqual(document.reconciliation_status, "partial" if paid < 300 else "full")
        self.assertInvariants(document)

    def test_make_payment(self):
        for paid in (70, 120, 240, 250, 300):
            invoice = self.three_lines()
            self.make_payment(invoice, paid)
            self.assertPaid(invoice, paid)

    def test_make_payment_of_several_documents(self):
        first, second = self.three_lines(date="2026-01-05"), self.three_lines(date="2026-02-05")
        self.make_payment(first | second, 300 + 120)
        self.assertPaid(first, 300)
        self.assertPaid(second, 120)

    def test_bills(self):
        for paid in (70, 120, 240):
            bill = self.three_lines("in_invoice")
            self.make_payment(bill, paid, "pay")
            self.assertPaid(bill, paid)

    def test_refund_of_a_credit_note(self):
        credit = self.three_lines("out_refund")
        self.make_payment(credit, 240, "refund")
        self.assertPaid(credit, 240)

    def test_foreign_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9), ("2026-02-01", 0.8)])
        for paid in (70, 120, 240):
            invoice = self.three_lines(currency_id=euro.id)
            self.make_payment(invoice, paid, currency_id=euro.id)
            self.assertPaid(invoice, paid)

    def test_cash_basis(self):
        self.company.tax_exigibility = True
        transition = self.env["account.account"].create({
            "name": "Transition", "code": "TRANS", "account_type": "liability_current", "reconcile": True,
        })  # fmt: skip
        tax = self.env["account.tax"].create({
            "name": "on payment", "amount": 20, "tax_exigibility": "on_payment",
            "cash_basis_transition_account_id": transition.id, "company_id": self.company.id,
        })  # fmt: skip
        taxed = [{"price_unit": 250, "tax_ids": [Command.set(tax.ids)]}]
        terms = self.payment_terms(*THIRDS)
        for paid in (70, 120, 240):
            invoice = self.document(taxed, invoice_payment_term_id=terms.id)
            self.make_payment(invoice, paid)
            self.assertEqual(sum(self.due(invoice)), 300 - paid)
            self.assertEqual(self.applied(invoice), [paid])
            self.assertInvariants(invoice)

    def test_reconcile_account(self):
        for paid in (70, 120, 240):
            client = self.env["res.partner"].create({"name": f"Client who pays {paid}"})
            invoice = self.three_lines(partner=client)
            self.payment(paid, partner=client)
            client.action_reconcile_account()
            self.assertPaid(invoice, paid)

    def test_installments(self):
        for paid in (70, 120, 240):
            invoice = self.three_lines()
            day = fields.Date.context_today(invoice) + timedelta(days=30)
            planned = invoice.plan_payments(
                [{"due_date": day, "amount": paid}],
                payment_method_line=self.bank.inbound_payment_method_line_ids[:1],
            )
            planned._register_payment()
            self.assertPaid(invoice, paid)

    def test_bulk_pairs_of_one_amount(self):
        """Each due line with the money, each for what is left: what the money doesn't reach is passed over."""
        for paid, made in ((70, 1), (120, 1), (240, 2)):
            invoice = self.three_lines()
            money = self.payment(paid).move_id._owed_lines()
            lines = invoice._owed_lines().sorted("date_maturity")
            written = self.env["account.bulk.reconcile"]._reconcile([(line.id, money.id, None) for line in lines])
            self.assertEqual(len(written.pairs), made)
            self.assertPaid(invoice, paid)

    def test_opening_entry_of_several_lines(self):
        entry = self.opening_entry((self.family, 120, "2026-01-31"), (self.family, 60, "2026-02-28"))
        self.make_payment(entry, 120)
        self.assertEqual(self.left(entry), [0, 60])
        self.assertInvariants(entry)

    def test_amounts_per_item_of_a_part(self):
        invoice = self.three_lines()
        money = self.payment(130).move_id._owed_lines()
        items = invoice.reconciliation_item_ids._listed()
        pairs = money._pairs_with_document(invoice, Decimal(130), {items[0].id: Decimal(30), items[1].id: Decimal(100)})
        money._reconcile_pairs(pairs)
        self.assertEqual(self.applied(invoice), [30, 100])
        self.assertEqual(self.due(invoice), [0, 110, 60])
        self.assertInvariants(invoice)

    def test_line_that_is_worth_nothing(self):
        """A hundredth of a currency of which 1,000 are a dollar: Odoo can't reconcile what is worth 0.00."""
        coin = self.setup_other_currency("EUR", rates=[("2026-01-01", 1000)])
        invoice = self.document([0.04], currency_id=coin.id)
        payment = self.payment(10, currency_id=coin.id, date="2026-01-10")
        money = payment.move_id._owed_lines()
        with self.assertRaisesRegex(UserError, "worth"):
            money._reconcile_pairs(money._pairs_with_document(invoice, Decimal("0.04")))


@tagged("post_install", "-at_install")
class TestDueLinesOfBothSigns(PaymentTermsCase):
    """A fixed first amount above the total: 60 are due as 100 now and -40 in 30 days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = cls.env["account.payment.term"].create({
            "name": "100 now, the rest in 30 days",
            "line_ids": [
                Command.create({"value": "fixed", "value_amount": 100, "nb_days": 0}),
                Command.create({"value": "percent", "value_amount": 100, "nb_days": 30}),
            ],
        })  # fmt: skip

    def signed(self, prices=(60,), move_type="out_invoice", **values):
        return self.document(list(prices), move_type, invoice_payment_term_id=self.terms.id, **values)

    def test_register_payment_of_all(self):
        for move_type in ("out_invoice", "in_invoice"):
            document = self.signed(move_type=move_type)
            self.register_payment(document, 60)
            self.assertEqual(self.applied(document), [60])
            self.assertEqual(document.reconciliation_status, "full")
            self.assertInvariants(document)

    def test_register_payment_of_the_first_due_line(self):
        """Odoo proposes the 100 that are due now: 60 pay the document, 40 are the client's until they are used."""
        invoice = self.signed()
        payment = self.register_payment(invoice)
        self.assertEqual((payment.amount, self.signed_due(invoice)), (100, [0, -40]))
        self.assertEqual(self.applied(invoice), [60])
        self.assertEqual(invoice.reconciliation_line_ids.mapped("amount"), [60])
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertInvariants(invoice)
        other = self.document([70], date="2026-03-01")
        self.family.action_reconcile_account()
        self.assertEqual(self.applied(other), [40])
        self.assertEqual((invoice.reconciliation_status, other.reconciliation_status), ("full", "partial"))
        self.assertInvariants(invoice | other)
        self.assertFalse(invoice._reconciliation_errors())

    def test_line_that_lowers_the_sum_pays_another_document(self):
        """What the -40 pay elsewhere is paid of nothing here: the document owes as much more, its items are open."""
        for move_type in ("out_invoice", "in_invoice"):
            document = self.signed(move_type=move_type)
            other = self.document([70], move_type)
            lowering = document._owed_lines().sorted("date_maturity")[-1]
            other.js_assign_outstanding_line(lowering.id)
            self.assertEqual((document.amount_residual, other.amount_residual), (100, 30))
            self.assertEqual((self.applied(document), self.applied(other)), ([0], [40]))
            self.assertFalse(document._reconciliation_errors())
            self.assertInvariants(document | other)
            self.register_payment(document, 70)
            self.assertEqual((document.amount_residual, self.applied(document)), (30, [30]))
            self.assertEqual(document.reconciliation_status, "partial")
            self.assertInvariants(document | other)
            lowering.remove_move_reconcile()
            self.assertEqual((self.applied(document), document.reconciliation_status), ([60], "full"))
            self.assertInvariants(document | other)

    def test_amounts_per_item_are_not_changed_in_silence(self):
        """What the lowering line took of the document comes off what is paid: 30 on the second item can't reach it."""
        invoice, other = self.signed((30, 30)), self.document([70])
        other.js_assign_outstanding_line(invoice._owed_lines().sorted("date_maturity")[-1].id)
        money = self.payment(100).move_id._owed_lines()
        second = invoice.reconciliation_item_ids[1]
        with self.assertRaisesRegex(UserError, "can't be applied as they were chosen"), self.cr.savepoint():
            invoice._modify_reconciliations([{"document": invoice, "money": money, "split": {second.id: 30}}])
        self.assertEqual((self.applied(invoice), money.amount_residual), ([0, 0], -100))
        self.assertInvariants(invoice | other)

    def test_line_that_lowers_the_sum_is_used_after_the_payment(self):
        invoice = self.signed((60, 30))
        other = self.document([70])
        first, lowering = invoice._owed_lines().sorted("date_maturity")
        (self.payment(90).move_id._owed_lines() | first).reconcile()
        self.assertEqual(self.applied(invoice), [60, 30])
        other.js_assign_outstanding_line(lowering.id)
        self.assertEqual((invoice.amount_residual, self.applied(invoice)), (10, [60, 20]))
        self.assertEqual(invoice.reconciliation_status, "partial")
        self.assertInvariants(invoice | other)

    def test_what_was_paid_beyond_the_sum_counts_where_an_older_payment_is_taken_back(self):
        invoice = self.signed()
        first = invoice._owed_lines().sorted("date_maturity")[0]
        older, newer = (self.payment(50).move_id._owed_lines() for _number in range(2))
        (older | first).reconcile()
        (newer | first).reconcile()
        self.assertEqual(self.applied(invoice), [60])
        older.remove_move_reconcile()
        self.assertEqual((invoice.amount_residual, self.applied(invoice)), (10, [50]))
        self.assertInvariants(invoice)

    def test_register_payment_of_a_part(self):
        invoice = self.signed((60, 30))
        self.register_payment(invoice, 50)
        self.assertEqual(self.applied(invoice), [50, 0])
        self.assertEqual(invoice.reconciliation_status, "partial")
        self.assertInvariants(invoice)
        self.register_payment(invoice, 40)
        self.assertEqual(self.applied(invoice), [60, 30])
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertInvariants(invoice)

    def test_reconcile_account_with_nothing_paid_does_nothing(self):
        invoice = self.signed((60, 30))
        done = self.family.action_reconcile_account()
        self.assertEqual(done["partials"], 0)
        self.assertEqual(done["open_documents"], {self.company.currency_id.name: 90})
        self.assertEqual(self.applied(invoice), [0, 0])
        self.assertEqual(invoice.reconciliation_status, "not_reconciled")
        self.assertInvariants(invoice)

    def test_reconcile_account_pays_what_the_document_owes(self):
        for move_type, values in (
            ("out_invoice", {}),
            ("in_invoice", {"direction": "outbound", "partner_type": "supplier"}),
        ):
            document = self.signed((60, 30), move_type)
            owner = document.commercial_partner_id
            payment = self.payment(70, **values)
            owner.action_reconcile_account()
            self.assertEqual(self.applied(document), [60, 10])
            self.assertEqual(payment.reconciliation_status, "full")
            self.payment(50, **values)
            owner.action_reconcile_account()
            self.assertEqual(self.applied(document), [60, 30])
            self.assertEqual(document.reconciliation_status, "full")
            self.assertInvariants(document)

    def test_make_payment_offers_what_the_document_owes(self):
        invoice = self.signed()
        wizard = self.make_payment(invoice, 60)
        self.assertEqual(wizard.document_ids.amount_open, 60)
        self.assertEqual(self.applied(invoice), [60])
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertEqual(invoice.payment_state, self.env["account.move"]._get_invoice_in_payment_state())
        self.assertInvariants(invoice)

    def test_no_more_than_the_document_owes(self):
        invoice = self.signed()
        money = self.payment(100).move_id._owed_lines()
        with self.assertRaisesRegex(UserError, "60.00"):
            money._pairs_with_document(invoice, Decimal(100))

    def test_installment(self):
        invoice = self.signed()
        day = fields.Date.context_today(invoice) + timedelta(days=30)
        planned = invoice.plan_payments(
            [{"due_date": day, "amount": 60}], payment_method_line=self.bank.inbound_payment_method_line_ids[:1]
        )
        self.assertEqual(invoice.reconciliation_status, "planned")
        planned._register_payment()
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertInvariants(invoice)

    def test_due_lines_paired_with_each_other(self):
        """Odoo's own button pairs them: it pays nothing, and can be undone."""
        invoice = self.signed((60, 30))
        invoice._owed_lines().reconcile()
        self.assertEqual(self.signed_due(invoice), [90, 0])
        self.assertEqual(self.applied(invoice), [0, 0])
        self.assertEqual(invoice.reconciliation_status, "not_reconciled")
        self.assertInvariants(invoice)
        self.make_payment(invoice, 70)
        self.assertEqual(self.applied(invoice), [60, 10])
        self.assertInvariants(invoice)
        invoice._owed_lines().remove_move_reconcile()
        self.assertEqual(self.applied(invoice), [0, 0])
        self.assertInvariants(invoice)

    def test_installing_on_such_a_ledger(self):
        paid, part, nothing = self.signed(), self.signed((60, 30)), self.signed()
        self.register_payment(paid)
        self.register_payment(part, 50)
        nothing._owed_lines().reconcile()
        moves = paid | part | nothing
        was = self.snapshot(moves)
        self.env.cr.execute("DELETE FROM account_reconciliation_line; DELETE FROM account_reconciliation_item")
        self.env.invalidate_all()
        self.env["account.reconciliation.line"].init()
        self.assertEqual(self.snapshot(moves), was)
        self.assertInvariants(moves)

    def test_document_of_zero(self):
        """100 and -100 are due: nothing is open, nothing can be planned, nothing is shown to the client."""
        invoice = self.signed((50, -50))
        self.assertEqual(self.left(invoice), [0, 0])
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertFalse(invoice.can_plan_payments)
        method = self.bank.inbound_payment_method_line_ids[:1]
        with self.assertRaisesRegex(UserError, "Nothing of this document is open"):
            invoice.plan_payments([{"due_date": "2030-01-01", "amount": 1}], payment_method_line=method)
        self.assertEqual(self.family.action_reconcile_account()["partials"], 0)
        self.assertFalse(self.env["account.reconciliation.item"].search([
            ("move_id", "=", invoice.id), ("amount_residual", "!=", 0),
        ]))  # fmt: skip
        self.assertInvariants(invoice)
