"""What items are worth and what a payment pays of them, by every route that reconciles."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestItems(ReconciliationCommon):
    def test_payment_fills_items_in_listed_order(self):
        invoice = self.document([75, 75, 20])
        self.register_payment(invoice, 100)
        self.assertEqual(self.applied(invoice), [75, 25, 0])
        self.assertEqual(self.left(invoice), [0, 50, 20])
        self.assertInvariants(invoice)

    def test_second_payment_goes_on_where_the_first_stopped(self):
        invoice = self.document([75, 75, 20])
        first = self.register_payment(invoice, 100)
        second = self.register_payment(invoice, 70)
        self.assertEqual(self.applied(invoice, first), [75, 25, 0])
        self.assertEqual(self.applied(invoice, second), [0, 50, 20])
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertInvariants(invoice)

    def test_listed_order_is_the_sequence_not_the_id(self):
        invoice = self.document([
            {"price_unit": 20, "sequence": 30}, {"price_unit": 75, "sequence": 10}, {"price_unit": 60, "sequence": 20},
        ])  # fmt: skip
        self.register_payment(invoice, 100)
        self.assertEqual(self.applied(invoice), [75, 25, 0])

    def test_registering_a_payment_asks_four_statements_more(self):
        invoice, queries = self.document([75, 75, 20]), []
        with contextmanager(self._patchExecute)(queries):
            self.register_payment(invoice, 100)
        # Its balance, the lock on the items, their lines, and whether a schedule is to be shortened; also the lock on
        # the journal items, which names no table of ours.
        ours = [query for query in map(str, queries) if "account_reconciliation_" in query]
        self.assertLessEqual(len(ours), 4, "\n".join(ours))

    def test_nothing_to_undo_costs_nothing(self):
        """Odoo asks to undo nothing whenever journal items are written."""
        transactions = type(self.env["account.bank.statement.line"])
        items = type(self.env["account.reconciliation.item"])
        with patch.object(transactions, "_forget_match") as forget, patch.object(items, "_invalidate_balances") as read:
            self.env["account.partial.reconcile"].unlink()
            self.env["account.bank.statement.line"].action_undo_reconciliation()
        self.assertFalse(forget.called or read.called)

    def test_draft_document_has_no_items_and_reset_takes_them_away(self):
        invoice = self.document([75, 20], post=False)
        self.assertFalse(invoice.reconciliation_item_ids)
        invoice.action_post()
        self.assertEqual(len(invoice.reconciliation_item_ids), 2)
        invoice.button_draft()
        self.assertFalse(invoice.reconciliation_item_ids)

    def test_reset_and_repost_keeps_what_odoo_keeps(self):
        invoice = self.document([75, 20])
        self.register_payment(invoice, 80)
        invoice.button_draft()
        self.assertFalse(self.env["account.reconciliation.line"].search([("move_id", "=", invoice.id)]))
        invoice.action_post()
        self.assertInvariants(invoice)
        self.assertEqual(sum(self.applied(invoice)), 95 - invoice.amount_residual)

    def test_taxes_belong_to_their_item(self):
        fifteen = self.company_data["default_tax_sale"]
        fifteen.amount = 15
        invoice = self.document([
            {"price_unit": 100, "tax_ids": [Command.set(fifteen.ids)]}, {"price_unit": 40},
        ])  # fmt: skip
        self.assertEqual(invoice.reconciliation_item_ids.mapped("amount_total"), [115, 40])

    def test_tax_included_and_several_taxes_add_up_to_the_cent(self):
        gst = self.env["account.tax"].create({"name": "GST", "amount": 5, "company_id": self.company.id})
        qst = self.env["account.tax"].create({"name": "QST", "amount": 9.975, "company_id": self.company.id})
        included = self.env["account.tax"].create({
            "name": "Included", "amount": 13, "price_include_override": "tax_included", "company_id": self.company.id,
        })  # fmt: skip
        for rounding in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = rounding
            invoice = self.document([
                {"price_unit": 33.33, "tax_ids": [Command.set((gst | qst).ids)]},
                {"price_unit": 33.33, "tax_ids": [Command.set((gst | qst).ids)]},
                {"price_unit": 19.99, "tax_ids": [Command.set(included.ids)]},
                {"price_unit": 0.07, "quantity": 7, "tax_ids": [Command.set(qst.ids)]},
            ])  # fmt: skip
            self.assertAlmostEqual(sum(invoice.reconciliation_item_ids.mapped("amount_total")), invoice.amount_total, 6)
            self.register_payment(invoice, 50)
            self.register_payment(invoice)
            self.assertInvariants(invoice)
            self.assertEqual(invoice.reconciliation_status, "full")

    def test_rounding_difference_goes_to_the_largest_item(self):
        """The vendor rounds its tax two cents up, and the accountant types what the bill says."""
        tax = self.company_data["default_tax_purchase"]
        tax.amount = 15
        taxed = [{"price_unit": price, "tax_ids": [Command.set(tax.ids)]} for price in (3.30, 10.10, 3.30)]
        bill = self.document(taxed, "in_invoice", post=False)
        tax_line = bill.line_ids.filtered("tax_line_id")
        bill.write({"line_ids": [Command.update(tax_line.id, {"amount_currency": tax_line.amount_currency + 0.02})]})
        bill.action_post()
        items = bill.reconciliation_item_ids.sorted("sequence")
        expected = [line.price_total for line in items.move_line_id]
        difference = bill.amount_total - sum(expected)
        self.assertTrue(self.company.currency_id.round(difference), "the example must have a difference")
        expected[1] += difference
        for item, amount in zip(items, expected, strict=True):
            self.assertAlmostEqual(item.amount_total, amount, 6)
        self.assertInvariants(bill)

    def test_larger_difference_is_shared_in_proportion(self):
        """Early payment in the “mixed” way lowers the tax of the whole document by the discount."""
        tax = self.company_data["default_tax_sale"]
        tax.amount = 15
        terms = self.env["account.payment.term"].create({
            "name": "mixed", "early_discount": True, "discount_percentage": 10, "discount_days": 10,
            "early_pay_discount_computation": "mixed",
        })  # fmt: skip
        taxed = [{"price_unit": price, "tax_ids": [Command.set(tax.ids)]} for price in (300, 100)]
        invoice = self.document(taxed, invoice_payment_term_id=terms.id)
        items = invoice.reconciliation_item_ids.sorted("sequence")
        self.assertAlmostEqual(sum(items.mapped("amount_total")), invoice.amount_total, 6)
        self.assertAlmostEqual(items[0].amount_total, 3 * items[1].amount_total, 1)

    def test_discount_line_is_taken_by_the_payment_that_settles(self):
        invoice = self.document([75, 75, -20])
        first = self.register_payment(invoice, 50)
        self.assertEqual(self.applied(invoice), [50, 0, 0])
        self.assertInvariants(invoice)
        second = self.register_payment(invoice)
        self.assertEqual(self.applied(invoice, second), [25, 75, -20])
        self.assertInvariants(invoice)
        self.reconcile_undo(first)
        self.assertEqual(self.left(invoice), [50, 0, 0])
        self.assertInvariants(invoice)

    def reconcile_undo(self, payment):
        payment.move_id._owed_lines().remove_move_reconcile()

    def test_zero_lines_sections_and_notes(self):
        invoice = self.document([
            {"display_type": "line_section", "name": "Winter", "account_id": False},
            50, 0,
            {"display_type": "line_note", "name": "bring a towel", "account_id": False},
        ])  # fmt: skip
        self.assertEqual(invoice.reconciliation_item_ids.mapped("amount_total"), [50, 0])
        self.register_payment(invoice)
        self.assertEqual(self.applied(invoice), [50, 0])
        self.assertEqual(invoice.reconciliation_status, "full")

    def test_document_of_zero_is_full(self):
        invoice = self.document([50, -50])
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertInvariants(invoice)

    def test_cash_rounding_is_an_item(self):
        rounding = self.env["account.cash.rounding"].create({
            "name": "nickel", "rounding": 0.05, "strategy": "add_invoice_line", "rounding_method": "HALF-UP",
            "profit_account_id": self.swim_code.id, "loss_account_id": self.judo_code.id,
        })  # fmt: skip
        invoice = self.document([10.02, 5], invoice_cash_rounding_id=rounding.id)
        self.assertAlmostEqual(invoice.amount_total, 15.0)
        self.assertEqual(
            [round(a, 2) for a in invoice.reconciliation_item_ids.mapped("amount_total")], [10.02, 5, -0.02]
        )
        self.register_payment(invoice)
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertInvariants(invoice)

    def test_cash_rounding_on_the_biggest_tax(self):
        tax = self.env["account.tax"].create({"name": "5", "amount": 5, "company_id": self.company.id})
        rounding = self.env["account.cash.rounding"].create({
            "name": "nickel tax", "rounding": 0.05, "strategy": "biggest_tax", "rounding_method": "HALF-UP",
        })  # fmt: skip
        invoice = self.document(
            [{"price_unit": 10.01, "tax_ids": [Command.set(tax.ids)]}, {"price_unit": 3}],
            invoice_cash_rounding_id=rounding.id,
        )
        self.assertAlmostEqual(sum(invoice.reconciliation_item_ids.mapped("amount_total")), invoice.amount_total, 6)
        self.register_payment(invoice)
        self.assertInvariants(invoice)

    def test_vendor_bill(self):
        bill = self.document([300, 120], "in_invoice")
        self.register_payment(bill, 350)
        self.assertEqual(self.applied(bill), [300, 50])
        self.assertInvariants(bill)

    def test_receipts(self):
        for move_type in ("out_receipt", "in_receipt"):
            receipt = self.document([30, 12], move_type)
            self.register_payment(receipt, 35)
            self.assertEqual(self.applied(receipt), [30, 5])
            self.assertInvariants(receipt)

    def test_credit_note_against_invoice_has_lines_on_both_sides(self):
        """Ledger codes of the two sides differ: the credit is for swimming, the invoice starts with judo."""
        invoice = self.document([
            {"price_unit": 75, "account_id": self.judo_code.id}, {"price_unit": 75, "account_id": self.pass_code.id},
        ])  # fmt: skip
        credit = self.document([{"price_unit": 100, "account_id": self.swim_code.id}], "out_refund")
        self.reconcile(invoice, credit)
        self.assertEqual(self.applied(invoice, credit), [75, 25])
        self.assertEqual(self.applied(credit, invoice), [100])
        self.assertEqual(credit.reconciliation_status, "full")
        self.assertEqual(invoice.reconciliation_status, "partial")
        self.assertInvariants(invoice | credit)

    def test_refund_of_a_credit_note(self):
        credit = self.document([40, 20], "out_refund")
        refund = self.register_payment(credit, 50)
        self.assertEqual(self.applied(credit, refund), [40, 10])
        self.assertInvariants(credit)

    def test_outstanding_credits_widget(self):
        invoice = self.document([75, 75])
        payment = self.payment(100)
        line = payment.move_id._owed_lines()
        invoice.js_assign_outstanding_line(line.id)
        self.assertEqual(self.applied(invoice, payment), [75, 25])
        self.assertEqual(payment.reconciliation_status, "full")

    def test_bank_transaction_that_pays_a_document_counts_as_a_payment(self):
        invoice = self.document([75, 75])
        statement_line = self.env["account.bank.statement.line"].create({
            "journal_id": self.bank.id, "date": "2026-01-20", "payment_ref": "Tremblay", "amount": 90,
            "partner_id": self.family.id,
        })  # fmt: skip
        _liquidity, suspense, _other = statement_line._seek_for_lines()
        suspense.account_id = invoice._owed_lines().account_id
        self.reconcile(invoice, statement_line.move_id)
        self.assertEqual(self.applied(invoice, statement_line.move_id), [75, 15])
        self.assertFalse(statement_line.move_id.reconciliation_item_ids)
        self.assertInvariants(invoice)

    def test_payment_of_several_documents_oldest_first(self):
        january = self.document([60, 40], date="2026-01-05")
        february = self.document([50, 30], date="2026-02-05")
        payment = self.payment(130, date="2026-03-01")
        self.reconcile(january, february, payment)
        self.assertEqual(self.applied(january), [60, 40])
        self.assertEqual(self.applied(february), [30, 0])

    def test_several_due_dates(self):
        terms = self.env["account.payment.term"].create({
            "name": "30/70",
            "line_ids": [
                Command.create({"value": "percent", "value_amount": 30, "nb_days": 0}),
                Command.create({"value": "percent", "value_amount": 70, "nb_days": 30}),
            ],
        })  # fmt: skip
        invoice = self.document([75, 75, 20], invoice_payment_term_id=terms.id)
        self.assertEqual(len(invoice._owed_lines()), 2)
        self.register_payment(invoice, 51)
        self.assertEqual(self.applied(invoice), [51, 0, 0])
        self.register_payment(invoice, 119)
        self.assertEqual(self.left(invoice), [0, 0, 0])
        self.assertInvariants(invoice)

    def test_early_payment_discount(self):
        tax = self.company_data["default_tax_sale"]
        tax.amount = 15
        for computation in ("included", "excluded", "mixed"):
            terms = self.env["account.payment.term"].create({
                "name": computation, "early_discount": True, "discount_percentage": 2, "discount_days": 10,
                "early_pay_discount_computation": computation,
            })  # fmt: skip
            invoice = self.document(
                [{"price_unit": 100, "tax_ids": [Command.set(tax.ids)]}, {"price_unit": 57}],
                invoice_payment_term_id=terms.id,
            )
            self.assertAlmostEqual(sum(self.left(invoice)), invoice.amount_residual, 6)
            self.register_payment(invoice, payment_date="2026-01-12")
            self.assertEqual(invoice.reconciliation_status, "full", computation)
            self.assertInvariants(invoice)

    def test_cash_basis_taxes(self):
        self.company.tax_exigibility = True
        transition = self.env["account.account"].create({
            "name": "Transition", "code": "TRANS", "account_type": "liability_current", "reconcile": True,
        })  # fmt: skip
        tax = self.env["account.tax"].create({
            "name": "on payment", "amount": 15, "tax_exigibility": "on_payment",
            "cash_basis_transition_account_id": transition.id, "company_id": self.company.id,
        })  # fmt: skip
        invoice = self.document([{"price_unit": 100, "tax_ids": [Command.set(tax.ids)]}, {"price_unit": 50}])
        self.register_payment(invoice, 130)
        caba = self.env["account.move"].search([("tax_cash_basis_origin_move_id", "=", invoice.id)])
        self.assertTrue(caba)
        self.assertFalse(caba.reconciliation_item_ids)
        self.assertEqual(self.applied(invoice), [115, 15])
        self.assertInvariants(invoice)

    def test_foreign_currency_is_exact_in_both(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9), ("2026-02-01", 0.8)])
        invoice = self.document([33.33, 33.33, 33.34], currency_id=euro.id, date="2026-01-10")
        first = self.payment(50, currency_id=euro.id, date="2026-01-20")
        second = self.payment(50, currency_id=euro.id, date="2026-02-20")
        self.reconcile(invoice, first)
        self.assertEqual([round(a, 2) for a in self.applied(invoice, first)], [33.33, 16.67, 0])
        self.assertInvariants(invoice)
        self.reconcile(invoice, second)
        self.assertEqual(invoice.reconciliation_status, "full")
        exchange = self.env["account.partial.reconcile"].search([("exchange_move_id", "!=", False)]).exchange_move_id
        self.assertTrue(exchange, "the rate has changed, so Odoo books a difference")
        self.assertFalse(exchange.reconciliation_item_ids)
        self.assertInvariants()

    def test_foreign_document_paid_in_company_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9)])
        invoice = self.document([40, 60], currency_id=euro.id)
        self.register_payment(invoice, 50, currency_id=self.company.currency_id.id)
        self.assertEqual(round(sum(self.applied(invoice)), 2), round(100 - invoice.amount_residual, 2))
        self.assertInvariants(invoice)
        self.register_payment(invoice)
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertInvariants()

    def test_company_currency_document_paid_in_foreign_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9)])
        invoice = self.document([40, 60])
        self.register_payment(invoice, 50, currency_id=euro.id)
        self.assertInvariants(invoice)
        self.register_payment(invoice, currency_id=euro.id)
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertInvariants()

    def test_opening_entry_has_its_receivable_line_as_item(self):
        receivable = self.company_data["default_account_receivable"]
        entry = self.env["account.move"].create({
            "date": "2026-01-01",
            "line_ids": [
                Command.create({"account_id": receivable.id, "partner_id": self.family.id, "debit": 80}),
                Command.create({"account_id": self.swim_code.id, "credit": 80}),
            ],
        })  # fmt: skip
        entry.action_post()
        self.assertEqual(entry.reconciliation_item_ids.mapped("amount_total"), [80])
        payment = self.payment(50)
        self.reconcile(entry, payment)
        self.assertEqual(self.left(entry), [30])
        self.assertEqual(entry.reconciliation_status, "partial")
        self.assertInvariants(entry)

    def test_member_documents_belong_to_the_account_owner(self):
        invoice = self.document([75], partner=self.member)
        self.assertEqual(invoice.reconciliation_item_ids.partner_id, self.family)
        other = self.env["res.partner"].create({"name": "Gagnon family"})
        self.member.parent_id = other
        self.env.flush_all()
        self.assertEqual(invoice.reconciliation_item_ids.partner_id, invoice.commercial_partner_id)

    def test_merged_accounts(self):
        other = self.env["res.partner"].create({"name": "Gagnon family"})
        invoice, their_invoice = self.document([75]), self.document([30], partner=other)
        self.reconcile(their_invoice, self.payment(20, partner=other))
        self.env["base.partner.merge.automatic.wizard"]._merge((self.family | other).ids, self.family)
        self.env.invalidate_all()
        self.assertEqual(their_invoice.reconciliation_item_ids.partner_id, self.family)
        self.assertEqual(their_invoice.reconciliation_line_ids.partner_id, self.family)
        self.payment(85)
        self.family.action_reconcile_account()
        self.assertEqual((self.left(invoice), self.left(their_invoice)), ([0], [0]))
        self.assertInvariants()

    def test_account_that_gets_an_owner_keeps_its_reconciliations(self):
        invoice = self.document([75])
        payment = self.register_payment(invoice, 50)
        entry = self.opening_entry((self.family, 20, "2026-01-31"))
        owner = self.env["res.partner"].create({"name": "Tremblay company", "is_company": True})
        self.family.parent_id = owner
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((invoice | entry).reconciliation_item_ids.partner_id, owner)
        self.assertEqual(invoice.reconciliation_line_ids.partner_id, owner)
        self.assertEqual(self.applied(invoice, payment), [50])
        self.assertInvariants()

    def test_ledger_code_follows_its_item(self):
        invoice = self.document([75])
        self.register_payment(invoice, 50)
        invoice.invoice_line_ids.account_id = self.judo_code
        self.env.flush_all()
        self.assertEqual(invoice.reconciliation_item_ids.account_id, self.judo_code)
        self.assertEqual(invoice.reconciliation_line_ids.account_id, self.judo_code)

    def test_branches(self):
        branch = self.env["res.company"].create({"name": "North rink", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        env = self.env(context=dict(self.env.context, allowed_company_ids=[branch.id, self.company.id]))
        invoice = self.document([75, 20]).with_env(env)
        family = self.family.with_company(branch)
        family.property_account_receivable_id = self.company_data["default_account_receivable"]
        journal = self.company_data["default_journal_sale"]
        branch_invoice = env["account.move"].with_company(branch).create({
            "move_type": "out_invoice", "partner_id": self.family.id, "invoice_date": "2026-01-10",
            "journal_id": journal.id, "company_id": branch.id,
            "invoice_line_ids": [
                Command.create({"name": "x", "price_unit": 30, "tax_ids": [], "account_id": self.swim_code.id})
            ],
        })  # fmt: skip
        branch_invoice.action_post()
        payment = self.payment(110)
        self.reconcile(invoice, branch_invoice, payment)
        self.assertEqual(branch_invoice.reconciliation_item_ids.company_id, branch)
        self.assertEqual(set(branch_invoice.reconciliation_line_ids.company_id), {branch})
        self.assertInvariants(invoice | branch_invoice)

    def test_payment_against_refund_has_no_items(self):
        payment = self.payment(50)
        refund = self.payment(20, direction="outbound")
        self.reconcile(payment, refund)
        self.assertFalse(
            self.env["account.reconciliation.line"].search(
                [("counterpart_move_id", "in", (payment.move_id | refund.move_id).ids)]
            )
        )
        self.assertEqual(payment.reconciliation_status, "partial")
        self.assertEqual(refund.reconciliation_status, "full")

    def test_item_amounts_show_on_the_journal_item(self):
        invoice = self.document([75, 75])
        self.register_payment(invoice, 100)
        lines = invoice.invoice_line_ids.sorted("sequence")
        self.assertEqual(lines.mapped("item_amount_total"), [75, 75])
        self.assertEqual(lines.mapped("item_amount_reconciled"), [75, 25])
        self.assertEqual(lines.mapped("item_amount_residual"), [0, 50])
        found = self.env["account.move.line"].search([("item_amount_residual", ">", 0), ("move_id", "=", invoice.id)])
        self.assertEqual(found, lines[1])

    def test_amount_changed_on_a_posted_document(self):
        """An addon that corrects a posted document by ORM: the items follow."""
        invoice = self.document([75, 20])
        self.register_payment(invoice, 30)
        term = invoice._owed_lines()
        unchecked = {"check_move_validity": False, "skip_invoice_sync": True}
        invoice.invoice_line_ids.sorted("sequence")[0].with_context(**unchecked).write({"price_unit": 85})
        term.with_context(**unchecked).write({"balance": 105, "amount_currency": 105})
        self.assertEqual(invoice.amount_residual, 105, "Odoo undoes what was reconciled with a changed line")
        self.assertEqual(self.left(invoice), [85, 20])
        self.assertInvariants(invoice)

    def test_account_changed_on_a_posted_entry(self):
        """A line that becomes receivable is an item; one that no longer is, isn't one any more."""
        entry = self.opening_entry((self.family, 80, "2026-01-31"))
        line = entry._owed_lines()
        receivable = line.account_id
        line.account_id = self.judo_code
        self.assertFalse(entry.reconciliation_item_ids)
        line.account_id = receivable
        self.assertEqual(entry.reconciliation_item_ids.move_line_id, line)
        self.reconcile(entry, self.payment(50))
        self.assertEqual(self.left(entry), [30])
        self.assertInvariants(entry)

    def test_report_of_what_is_reconciled_with_what(self):
        invoice = self.document([75, 75, 20])
        payment = self.register_payment(invoice, 100)
        report = invoice.get_reconciliation_report()
        self.assertEqual(
            [(row["item"], row["amount"], row["counterpart_id"]) for row in report],
            [("item 1", 75, payment.move_id.id), ("item 2", 25, payment.move_id.id), ("item 3", 0, False)],
        )
        self.assertEqual([row["amount"] for row in payment.move_id.get_reconciliation_report()], [75, 25])

    def test_installing_on_a_ledger_with_history(self):
        invoice = self.document([75, 75, -10])
        self.register_payment(invoice, 100)
        credit = self.document([30], "out_refund")
        self.reconcile(invoice, credit)
        moves = invoice | credit
        was = self.snapshot(moves)
        by_counterpart = [self.applied(invoice, credit), self.applied(credit, invoice)]
        self.env.cr.execute("DELETE FROM account_reconciliation_line; DELETE FROM account_reconciliation_item")
        self.env.invalidate_all()
        self.env["account.reconciliation.line"].init()
        self.assertEqual(self.snapshot(moves), was)
        self.assertEqual([self.applied(invoice, credit), self.applied(credit, invoice)], by_counterpart)
        self.assertInvariants(moves)

    def test_what_is_implied_has_no_foreign_key(self):
        """PostgreSQL checks what nothing else guarantees, and what Odoo finds by its keys when it merges records."""
        self.env.cr.execute(
            """
            SELECT attname FROM pg_constraint
              JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
             WHERE conrelid = 'account_reconciliation_line'::regclass AND contype = 'f'
            """
        )
        self.assertEqual(
            {row[0] for row in self.env.cr.fetchall()},
            {
                "partial_id", "item_id", "partner_id", "account_id", "statement_line_id", "payment_method_line_id",
                "create_uid", "write_uid",
            },
        )  # fmt: skip

    def test_update_removes_the_foreign_keys_of_earlier_versions(self):
        lines = self.env["account.reconciliation.line"]
        self.env.cr.execute(
            "ALTER TABLE account_reconciliation_line ADD CONSTRAINT of_before"
            " FOREIGN KEY (counterpart_move_id) REFERENCES account_move(id) ON DELETE CASCADE"
        )
        lines._fields["counterpart_move_id"].update_db_foreign_key(lines, None)
        self.test_what_is_implied_has_no_foreign_key()

    def test_merged_contacts(self):
        """What a reconciliation line says of the client follows a merge of contacts."""
        invoice = self.document([75, 75, 20])
        self.register_payment(invoice, 100)
        lines = invoice.reconciliation_item_ids.reconciliation_line_ids
        other = self.env["res.partner"].create({"name": "the same client"})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({"dst_partner_id": other.id})
        wizard._merge((invoice.partner_id | other).ids, other)
        self.env.invalidate_all()
        self.assertEqual(lines.partner_id, other)
        self.assertInvariants(invoice)
