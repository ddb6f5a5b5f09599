"""The reports in the accountant's words: what was received for what, by ledger code, item and year."""

import random
from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import SQL

from ..engine.items import items_sql
from .common.reports import ReportCommon, exact


@tagged("post_install", "-at_install")
class TestReports(ReportCommon):
    def test_payments_stand_under_the_ledger_codes_of_the_items_they_paid(self):
        """$170 = 75 + 75 + 20, paid 100; a deposit of 30 is a row of its own."""
        invoice = self.document([75, 75, 20])
        self.register_payment(invoice, 100)
        self.payment(30)
        self.assertEqual(self.by_code(), {"Swimming": 75, "Judo": 25, "unreconciled": 30})
        self.assertReportsTie(self.company)

    def test_report_changes_at_once_when_something_is_unreconciled(self):
        invoice = self.document([75, 75, 20])
        payment = self.register_payment(invoice, 100)
        invoice.action_delete_reconciliations()
        self.assertEqual(self.by_code(), {"unreconciled": 100})
        self.reconcile(invoice, payment)
        self.assertEqual(self.by_code(), {"Swimming": 75, "Judo": 25})

    def test_unreconciled_payments_are_not_in_the_breakdown(self):
        self.payment(30)
        self.assertFalse(self.report_rows("breakdown", self.company))

    def test_payment_applied_in_part_has_the_rest_as_unreconciled_row(self):
        invoice = self.document([75])
        payment = self.payment(100)
        self.reconcile(invoice, payment)
        self.assertEqual(self.by_code(), {"Swimming": 75, "unreconciled": 25})
        kinds = self.report_rows("payment", self.company).mapped("transaction_type")
        self.assertEqual(set(kinds), {"payment"})

    def test_deposit_without_document_is_called_deposit(self):
        self.payment(30)
        row = self.report_rows("payment", self.company)
        self.assertEqual((row.transaction_type, row.state, row.method), ("deposit", "unreconciled", "Manual Payment"))
        self.assertEqual((row.amount, row.amount_currency), (30, 30))

    def test_tax_and_net_of_partial_payments_add_up_to_the_item(self):
        """Three payments of one item of 33.33 plus 14.975 %: 38.32."""
        invoice = self.document([{"price_unit": 33.33, "tax_ids": [Command.set(self.tax.ids)]}])
        for amount in (12.77, 12.77, 12.78):
            self.register_payment(invoice, amount)
        rows = self.report_rows("breakdown", self.company)
        self.assertEqual(len(rows), 3)
        self.assertEqual(sum(map(exact, rows.mapped("amount_untaxed"))), Decimal("33.33"))
        self.assertEqual(sum(map(exact, rows.mapped("amount_tax"))), Decimal("4.99"))
        self.assertReportsTie(self.company)

    def test_net_and_tax_are_exact_whatever_was_taken_back_in_between(self):
        invoice = self.document([{"price_unit": 33.33, "tax_ids": [Command.set(self.tax.ids)]}])
        payments = [self.register_payment(invoice, amount) for amount in (0.01, 3.33, 7.77, 27.21)]
        for number in (1, 0, 2):
            invoice.action_delete_reconciliations(payments[number].move_id.id)
            self.reconcile(invoice, payments[number])
        self.assertEqual(self.left(invoice), [0])
        rows = self.report_rows("breakdown", self.company)
        self.assertEqual(sum(map(exact, rows.mapped("amount_untaxed"))), Decimal("33.33"))
        self.assertReportsTie(self.company)

    def test_what_a_payment_writes_off_is_settled_but_not_received(self):
        invoice = self.document([60, 40])
        self.register_payment(invoice, 95, payment_difference_handling="reconcile", writeoff_account_id=self.expense.id)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.by_code(), {"Swimming": 57, "Judo": 38})
        self.assertEqual(self.paid(), {"item 1": 57, "item 2": 38})
        rows = self.report_rows("payment", self.company)
        self.assertEqual(sorted(rows.mapped("amount_settled")), [40, 60])
        self.assertReportsTie(self.company)

    def test_writeoff_is_shared_to_the_cent_and_given_back_with_the_reconciliation(self):
        invoice = self.document([33.33, 33.33, 33.34])
        payment = self.register_payment(
            invoice, 99.99, payment_difference_handling="reconcile", writeoff_account_id=self.expense.id
        )
        self.assertEqual(exact(sum(self.by_code().values())), exact(99.99))
        invoice.action_delete_reconciliations()
        self.assertEqual(self.by_code(), {"unreconciled": 99.99})
        self.reconcile(invoice, payment)
        self.assertReportsTie(self.company)

    def test_foreign_payment_counts_with_what_the_bank_got(self):
        """80 EUR are 100 when invoiced, 160 when paid."""
        invoice = self.document([60, 20], currency_id=self.euro.id)
        self.register_payment(invoice, 80, payment_date="2026-02-05", currency_id=self.euro.id)
        self.assertEqual(self.by_code(), {"Swimming": 120, "Judo": 40})
        rows = self.report_rows("payment", self.company)
        self.assertEqual(sorted(rows.mapped("amount_currency")), [20, 60])
        self.assertEqual(sorted(rows.mapped("amount_settled")), [25, 75])
        self.assertReportsTie(self.company)

    def test_foreign_invoice_paid_in_company_currency_in_two_parts(self):
        invoice = self.document([60, 20], currency_id=self.euro.id)
        for amount in (33.33, 66.67):
            self.register_payment(invoice, amount, payment_date="2026-01-20", currency_id=self.company.currency_id.id)
        self.assertEqual(sum(self.by_code().values()), 100)
        self.assertReportsTie(self.company)

    def test_foreign_deposit_is_worth_what_the_bank_got(self):
        self.payment(80, currency_id=self.euro.id, date="2026-02-05")
        row = self.report_rows("payment", self.company)
        self.assertEqual((row.amount, row.amount_currency, row.currency_id), (160, 80, self.euro))

    def test_refund_is_negative_under_the_ledger_code_of_the_credit_note(self):
        invoice = self.document([75, 75])
        self.register_payment(invoice)
        credit = self.document([75], "out_refund", date="2026-01-20")
        self.register_payment(credit, payment_date="2026-01-25")
        self.assertEqual(self.by_code(), {"Swimming": 0, "Judo": 75})
        refund = self.report_rows("payment", self.company).filtered(lambda row: row.transaction_type == "refund")
        self.assertEqual(refund.amount, -75)
        self.assertReportsTie(self.company)

    def test_credit_note_in_the_breakdown_has_a_row_for_each_side(self):
        """Credits and purchases needn't have the same ledger code."""
        invoice = self.document([{"price_unit": 75, "account_id": self.judo_code.id}])
        credit = self.document([75], "out_refund", date="2026-01-20")
        self.reconcile(invoice, credit)
        rows = self.report_rows("breakdown", self.company)
        self.assertEqual(
            {(row.account_id.name, row.amount_total, row.paid_by, str(row.date)) for row in rows},
            {("Judo", 75, "credit", "2026-01-20"), ("Swimming", -75, "credit", "2026-01-20")},
        )
        self.assertFalse(self.report_rows("payment", self.company), "no money was received")
        self.assertReportsTie(self.company)

    def test_bank_transaction_that_pays_directly_counts_as_payment(self):
        invoice = self.document([75, 75])
        receivable = self.company_data["default_account_receivable"]
        self.reconcile(invoice, self.statement_entry(100, receivable, self.family))
        rows = self.report_rows("payment", self.company)
        self.assertEqual(self.by_code(), {"Swimming": 75, "Judo": 25})
        self.assertEqual(set(rows.mapped("transaction_type")), {"bank"})
        self.assertEqual(set(rows.mapped("method")), {"Bank transaction"})
        self.assertEqual(rows.journal_id, self.bank)
        self.assertReportsTie(self.company)

    def test_cheque_that_bounces_is_returned(self):
        payment = self.payment(50)
        bounced = self.statement_entry(-50, self.company_data["default_account_receivable"], self.family, "2026-01-25")
        self.assertEqual(self.by_code(), {"unreconciled": 0})
        self.reconcile(payment, bounced)
        self.assertEqual(self.by_code(), {"returned": 0})
        rows = self.report_rows("payment", self.company)
        self.assertEqual(sorted(rows.mapped("amount")), [-50, 50])
        self.assertEqual(set(rows.mapped("transaction_type")), {"correction"})
        self.assertReportsTie(self.company)

    def reverse(self, entry, date="2026-02-10"):
        reversal = entry._reverse_moves([{"date": date}], cancel=True)
        self.assertInvariants()
        return reversal

    def test_payment_whose_entry_is_reversed_is_received_and_taken_back(self):
        payment = self.register_payment(self.document([75]))
        reversal = self.reverse(payment.move_id)
        self.assertEqual(self.by_code(), {"returned": 0})
        rows = self.report_rows("payment", self.company)
        self.assertEqual(
            {(row.counterpart_move_id, row.amount, row.method, row.transaction_type) for row in rows},
            {
                (payment.move_id, 75, payment.payment_method_line_id.name, "correction"),
                (reversal, -75, "Reversal", "correction"),
            },
        )
        self.assertFalse(self.report_rows("breakdown", self.company))
        self.assertFalse(self.report_rows("paid.item", self.company))
        self.assertReportsTie(self.company)

    def test_reversal_that_is_reversed_brings_the_money_again(self):
        payment = self.register_payment(self.document([75]))
        self.reverse(self.reverse(payment.move_id))
        self.assertEqual(sum(self.by_code().values()), 75)
        self.reconcile(self.document([25]), payment)
        self.assertEqual(self.by_code(), {"Swimming": 25, "unreconciled": 50, "returned": 0})
        self.assertReportsTie(self.company)

    def test_reversal_of_a_payment_with_a_writeoff_takes_back_what_was_received(self):
        payment = self.register_payment(
            self.document([100]), 97, payment_difference_handling="reconcile", writeoff_account_id=self.expense.id
        )
        self.assertEqual(self.by_code(), {"Swimming": 97})
        self.reverse(payment.move_id)
        self.assertEqual(sorted(self.report_rows("payment", self.company).mapped("amount")), [-97, 97])
        self.assertReportsTie(self.company)

    def test_reversal_of_a_bank_transaction_is_money_given_back(self):
        invoice = self.document([75])
        entry = self.statement_entry(75, self.company_data["default_account_receivable"], self.family)
        self.reconcile(invoice, entry)
        self.reverse(entry)
        self.assertEqual(self.by_code(), {"returned": 0})
        self.assertReportsTie(self.company)

    def test_reversal_that_waits_is_unreconciled_until_it_gives_a_credit_back(self):
        payment = self.payment(50)
        reversal = self.reverse(payment.move_id)
        reversal.line_ids.remove_move_reconcile()
        self.assertEqual(sorted(self.report_rows("payment", self.company).mapped("amount")), [-50, 50])
        self.assertEqual(self.by_code(), {"unreconciled": 0})
        self.reconcile(self.document([30], "out_refund"), reversal)
        self.assertEqual(self.by_code(), {"Swimming": -30, "unreconciled": 30})
        rows = self.report_rows("breakdown", self.company)
        self.assertEqual((rows.paid_by, rows.method, rows.amount_total), ("payment", "Reversal", -30))
        self.assertReportsTie(self.company)

    def test_reversal_from_before_the_addon_or_from_an_older_version_is_money(self):
        """A reversal that an older version took for a document loses its items at the update."""
        payment = self.register_payment(self.document([75]))
        reversal = self.reverse(payment.move_id)
        before = self.report_rows("payment", self.company).mapped("amount")
        lines = self.env["account.reconciliation.line"]
        self.env.cr.execute(
            "DELETE FROM account_reconciliation_money WHERE move_line_id = ANY(%s)", [reversal.line_ids.ids]
        )
        self.env.cr.execute(items_sql.insert_items(SQL("m.id = %s", reversal.id)))
        self.env["account.reconciliation.item"].invalidate_model()
        lines._allocate(reversal._owed_lines().matched_credit_ids)
        self.assertTrue(reversal.sudo().reconciliation_item_ids.reconciliation_line_ids)
        lines.init()
        self.env.invalidate_all()
        self.assertFalse(reversal.sudo().reconciliation_item_ids)
        self.assertEqual(self.report_rows("payment", self.company).mapped("amount"), before)
        self.assertInvariants()
        self.assertReportsTie(self.company)

    def test_deposit_that_is_given_back_in_part(self):
        deposit, back = self.payment(100), self.payment(40, direction="outbound", date="2026-01-25")
        self.reconcile(deposit, back)
        self.reconcile(self.document([25]), deposit)
        self.assertEqual(self.by_code(), {"Swimming": 25, "unreconciled": 35, "returned": 0})
        self.assertReportsTie(self.company)

    def test_writeoff_entry_is_no_payment(self):
        """An entry that writes the rest of an invoice off settles it, and nothing was received."""
        invoice = self.document([75])
        receivable = self.company_data["default_account_receivable"]
        entry = self.env["account.move"].create({
            "date": "2026-01-20",
            "line_ids": [
                Command.create({"account_id": receivable.id, "partner_id": self.family.id, "credit": 75}),
                Command.create({"account_id": self.expense.id, "debit": 75}),
            ],
        })  # fmt: skip
        entry.action_post()
        self.reconcile(invoice, entry)
        self.assertFalse(self.report_rows("payment", self.company))
        rows = self.report_rows("breakdown", self.company)
        self.assertEqual(set(rows.mapped("paid_by")), {"entry"})
        self.assertEqual(sum(rows.mapped("amount_total")), 0)
        self.assertReportsTie(self.company)

    def test_vendor_payments_are_money_out(self):
        bill = self.document([200], "in_invoice")
        self.register_payment(bill, 150)
        rows = self.report_rows("payment", self.company)
        self.assertEqual((rows.amount, rows.side, rows.transaction_type), (-150, "supplier", "vendor_payment"))
        self.assertFalse(self.report_rows("paid.item", self.company))
        self.assertReportsTie(self.company)

    def test_payment_that_is_reset_to_draft_is_in_no_report(self):
        invoice = self.document([75])
        payment = self.register_payment(invoice)
        payment.action_draft()
        for model in ("payment", "breakdown", "paid.item"):
            self.assertFalse(self.report_rows(model, self.company), model)
        payment.action_post()
        self.assertReportsTie(self.company)

    def test_document_that_is_reset_to_draft_leaves_the_money_in_the_report(self):
        invoice = self.document([75])
        self.register_payment(invoice)
        invoice.button_draft()
        self.assertEqual(sum(self.by_code().values()), 75)
        invoice.action_post()
        self.assertEqual(self.by_code(), {"Swimming": 75})

    def test_payments_of_a_range_add_up_to_the_bank_accounts_of_the_ledger(self):
        for day in (5, 15, 25):
            self.register_payment(self.document([75, 20], date="2026-01-02"), 50, payment_date=f"2026-01-{day:02}")
            self.payment(10, date=f"2026-01-{day:02}")
        rows = self.report_rows("payment", self.company)
        where = [("company_id", "=", self.company.id), ("date", ">=", "2026-01-10"), ("date", "<=", "2026-01-31")]
        received = rows._read_group(where, [], ["amount:sum"])[0][0]
        accounts = self.env["account.payment"].search([("company_id", "=", self.company.id)]).outstanding_account_id
        ledger = self.env["account.move.line"]._read_group(
            [*where, ("account_id", "in", accounts.ids), ("parent_state", "=", "posted")], [], ["balance:sum"]
        )[0][0]
        self.assertEqual((received, ledger), (120, 120))

    def test_sales_reports_are_untouched_by_reconciliation(self):
        invoice = self.document([75, 75, 20])
        payment = self.payment(100)

        def sales():
            self.env.flush_all()
            self.env.invalidate_all()
            lines = self.env["account.invoice.report"].search([("move_id", "=", invoice.id)])
            return sorted((line.account_id.id, line.price_subtotal) for line in lines)

        before = sales()
        self.assertEqual(len(before), 3)
        self.reconcile(invoice, payment)
        self.assertEqual(sales(), before)


@tagged("post_install", "-at_install")
class TestAmountsPaid(ReportCommon):
    def test_year_of_the_payment_counts(self):
        """A deposit of December for a class of January counts in December's year."""
        deposit = self.payment(75, date="2025-12-20")
        invoice = self.document([75, 75], date="2026-01-10")
        self.reconcile(invoice, deposit)
        self.register_payment(invoice, 75, payment_date="2026-01-15")
        rows = self.report_rows("paid.item", self.company)
        years = rows._read_group([("company_id", "=", self.company.id)], ["date:year"], ["amount:sum"])
        self.assertEqual([(year.year, amount) for year, amount in years], [(2025, 75), (2026, 75)])
        self.assertEqual(self.paid(where=[("date", "<", "2026-01-01")]), {"item 1": 75})

    def test_refund_takes_back_from_the_item_that_is_credited(self):
        invoice = self.document([75, 75])
        self.register_payment(invoice)
        credit = self.document([{"price_unit": 75, "account_id": self.judo_code.id, "name": "Cancelled: judo"}],
                               "out_refund", date="2026-01-20", reversed_entry_id=invoice.id)  # fmt: skip
        self.register_payment(credit, payment_date="2026-02-25")
        self.assertEqual(self.paid(), {"item 1": 75, "item 2": 0})
        self.assertEqual(self.paid(where=[("date", "<", "2026-02-01")]), {"item 1": 75, "item 2": 75})

    def test_credit_that_cancels_what_was_never_paid_changes_nothing(self):
        invoice = self.document([75, 75])
        self.register_payment(invoice, 75)
        credit = self.document([{"price_unit": 75, "account_id": self.judo_code.id}], "out_refund",
                               date="2026-01-20", reversed_entry_id=invoice.id)  # fmt: skip
        self.reconcile(invoice, credit)
        self.assertEqual(self.paid(), {"item 1": 75, "item 2": 0})

    def test_credit_that_pays_another_class_moves_the_amount_there(self):
        swim = self.document([{"price_unit": 75, "name": "swim"}])
        self.register_payment(swim)
        credit = self.document([{"price_unit": 75, "name": "swim"}], "out_refund", date="2026-01-20",
                               reversed_entry_id=swim.id)  # fmt: skip
        judo = self.document([{"price_unit": 75, "name": "judo"}], date="2026-02-01")
        self.reconcile(judo, credit)
        self.assertEqual(self.paid(), {"swim": 0, "judo": 75})
        self.assertReportsTie(self.company)

    def test_written_off_is_not_paid(self):
        """A debt that is given up, or settled from an opening balance, was not paid: no tax receipt says so."""
        invoice = self.document([75, 20])
        self.register_payment(invoice, 75)
        self.reconcile(invoice, self.opening_entry((self.family, -20, "2026-01-31")))
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertEqual(self.paid(), {"item 1": 75})

    def test_credit_that_pays_an_opening_balance_is_taken_from_its_item(self):
        invoice = self.document([75])
        self.register_payment(invoice)
        credit = self.document([75], "out_refund", date="2026-01-20", reversed_entry_id=invoice.id)
        self.reconcile(credit, self.opening_entry((self.family, 75, "2026-01-31")))
        self.assertEqual(self.paid()["item 1"], 0)

    def test_member_and_owner(self):
        self.register_payment(self.document([75], partner=self.member))
        row = self.report_rows("paid.item", self.company)
        self.assertEqual((row.partner_id, row.member_id, row.amount), (self.family, self.member, 75))


@tagged("post_install", "-at_install")
class TestReportsOfWholeLedgers(ReportCommon):
    def test_random_ledgers(self):
        """Documents, credits, payments and bank transactions in two currencies, reconciled at random."""
        for seed in range(4):
            with self.subTest(seed=seed):
                self.play(random.Random(seed))
                self.assertReportsTie(self.company)

    def play(self, draw):
        receivable = self.company_data["default_account_receivable"]

        def currency():
            return {"currency_id": self.euro.id} if draw.random() < 0.3 else {}

        def date():
            return f"2026-0{draw.randint(1, 3)}-{draw.randint(1, 28):02}"

        def prices():
            return [
                {"price_unit": draw.choice([10, 33.33, 66.67, 75, 99.99]),
                 "tax_ids": [Command.set(self.tax.ids if draw.random() < 0.5 else [])]}
                for _number in range(draw.randint(1, 4))
            ] + ([{"price_unit": -5}] if draw.random() < 0.3 else [])  # fmt: skip

        documents = [
            self.document(prices(), draw.choice(["out_invoice"] * 3 + ["out_refund"]), date=date(), **currency())
            for _number in range(8)
        ]
        for document in documents:
            if draw.random() < 0.5:
                part = round(document.amount_residual * draw.choice([0.3, 0.5, 1]), 2)
                values = {"payment_date": "2026-03-30", **currency()}
                if draw.random() < 0.3 and not values.get("currency_id"):
                    values.update(payment_difference_handling="reconcile", writeoff_account_id=self.expense.id)
                self.register_payment(document, part, **values)
        money = [self.payment(draw.choice([5, 50.01, 150]), date=date(), **currency()).move_id for _number in range(4)]
        money.append(self.payment(20, direction="outbound", date=date()).move_id)
        money += [self.statement_entry(draw.choice([-15, 80, 33.33]), receivable, self.family, date()) for _n in "ab"]
        for _number in range(8):
            first, second = draw.sample(documents + money, 2)
            lines = (first | second)._owed_lines().filtered(lambda line: not line.reconciled)
            if len(lines.move_id) == 2 and len({line.balance > 0 for line in lines}) == 2:
                lines.reconcile()
        for document in draw.sample(documents, 2):
            partials = document._partials_with()
            if partials:
                partials[:1].unlink()
        draw.choice(money)._reverse_moves([{"date": date()}], cancel=True)
        draft = draw.choice(documents)
        draft.button_draft()

    def test_computing_again_changes_nothing(self):
        """Lines of an older version get the amounts that they would have got when they were written."""
        self.play(random.Random(5))
        self.env.flush_all()
        names = "id, amount, amount_untaxed, amount_money, amount_received, direction, side, is_payment"
        read = SQL(f"SELECT {names}, payment_id, counterpart_state FROM account_reconciliation_line ORDER BY id")
        balances = SQL(
            "SELECT move_line_id, amount_received, amount_applied FROM account_reconciliation_money ORDER BY 1"
        )
        before = self.env.execute_query(read), self.env.execute_query(balances)
        self.env.cr.execute("ALTER TABLE account_reconciliation_line DISABLE TRIGGER USER")
        self.env["account.reconciliation.line"]._recompute_amounts()
        after = self.env.execute_query(read), self.env.execute_query(balances)
        # Where something was undone in between, a cent may lie on another line of the same item.
        self.assertEqual([row[:2] + row[5:] for row in after[0]], [row[:2] + row[5:] for row in before[0]])
        for column in (2, 3, 4):
            self.assertEqual(
                round(sum(row[column] for row in after[0]), 2), round(sum(row[column] for row in before[0]), 2)
            )


@tagged("post_install", "-at_install")
class TestReportsOnPaper(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.register_payment(cls.document([75, 75, 20]), 100)
        cls.payment(30)

    def printed(self, name, domain=()):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            f"account_reconciliation.print_{name}", [], data={"domain": [("company_id", "=", self.company.id), *domain]}
        )
        return html.decode()

    def test_every_report_prints_its_groups_and_total(self):
        for name, expected in (
            ("breakdown", ["Swimming", "75.00", "Judo", "25.00", "100.00"]),
            ("payment_by_code", ["Swimming", "Judo", "Unreconciled", "30.00", "130.00"]),
            ("payment_by_item", ["Tremblay family", "item 2", "Unreconciled", "130.00"]),
            ("paid_item", ["2026 · Tremblay family", "item 1", "100.00"]),
        ):
            page = self.printed(name)
            for text in expected:
                self.assertIn(text, page, name)

    def test_pdf(self):
        pdf, kind = self.env["ir.actions.report"].with_context(force_report_rendering=True)._render_qweb_pdf(
            "account_reconciliation.print_payment_by_code", [], data={"domain": [("company_id", "=", self.company.id)]}
        )  # fmt: skip
        self.assertEqual(kind, "pdf")
        self.assertTrue(pdf.startswith(b"%PDF"))

    def test_nothing_to_print_is_said(self):
        with self.assertRaisesRegex(UserError, "nothing to print"):
            self.printed("breakdown", [("date", "<", "2000-01-01")])

    def press_print(self, ids, **context):
        """As the web client presses the button: with the ids that are ticked, or none."""
        return call_kw(self.env["account.reconciliation.payment"], "action_print", [ids], {"context": context})

    def test_print_button_prints_what_the_list_shows(self):
        domain = [["side", "=", "customer"]]
        action = self.press_print([], active_domain=domain, printed_by_ledger_code=True)
        self.assertEqual(action["report_name"], "account_reconciliation.printed_payment_by_code")
        self.assertEqual(action["data"], {"domain": domain})

    def test_print_button_prints_the_rows_that_are_ticked(self):
        ids = self.report_rows("payment", self.company)[:2].ids
        action = self.press_print(ids, active_domain=[])
        self.assertEqual(action["report_name"], "account_reconciliation.printed_payment_by_item")
        self.assertEqual(action["data"], {"domain": [("id", "in", ids)]})

    def test_printing_needs_the_permission(self):
        general = self.user_with("print.general", "account_reconciliation.group_general")
        with self.assertRaises(AccessError):
            self.env["account.reconciliation.payment"].with_user(general).action_print()
        with self.assertRaises(AccessError):
            self.env["report.account_reconciliation.printed_paid_item"].with_user(general)._get_report_values([], {})

    def test_groups_are_in_the_order_of_their_ledger_codes(self):
        self.swim_code.code = "419999"
        for order, expected in ((None, ["Judo", "Swimming"]), ("account_id desc", ["Swimming", "Judo"])):
            groups = self.env["account.reconciliation.breakdown"].formatted_read_group(
                [("company_id", "=", self.company.id)], ["account_id"], ["amount_total:sum"], order=order
            )
            names = [self.env["account.account"].browse(group["account_id"][0]).name for group in groups]
            self.assertEqual(names, expected)

    def test_opening_grouped_takes_few_queries(self):
        """The groups, and the names and currencies of what they are grouped by: no query a row."""
        for model, groupby, amount in (
            ("breakdown", ["account_id"], "amount_total:sum"),
            ("payment", ["state"], "amount:sum"),
            ("paid.item", ["date:year"], "amount:sum"),
        ):
            report = self.env[f"account.reconciliation.{model}"]
            domain = [("company_id", "=", self.company.id)]
            report.formatted_read_group(domain, groupby, [amount])  # what is asked once a session
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(model=model), self.assertQueryCount(5):
                report.formatted_read_group(domain, groupby, [amount])
