"""Small differences of payments: nothing without a policy; by a policy suggested or automatic, visible and undone."""

import doctest
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..engine.differences import tolerance
from .common.bank_matching import BankMatchingCommon
from .common.planned_payments import PlannedCommon


@tagged("post_install", "-at_install")
class TestDifferences(BankMatchingCommon, PlannedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.differences_code = cls.fees_code.copy({"code": "659000", "name": "Payment differences"})
        cls.write_off = cls.preset("Payment differences", cls.differences_code)

    def policy(self, **values):
        return self.env["account.difference.policy"].create({
            "company_id": self.company.id, "currency_id": self.company.currency_id.id, "amount_max": 1,
            "percent_max": 2, "preset_id": self.write_off.id, **values,
        })  # fmt: skip

    def written_off(self, line):
        return self.env["account.difference"].search([("statement_line_id", "=", line.id)])

    def suggested(self, line):
        preset = (self.write_off._name, self.write_off.id)
        return [row for row in line.get_match_suggestions() if preset in row["records"]]

    def test_rule(self):
        self.assertEqual(doctest.testmod(tolerance).failed, 0)

    def test_nothing_is_written_off_without_a_policy(self):
        invoice = self.document([100])
        line = self.transaction(99.5, invoice.name)
        self.assertFalse(self.suggested(line))
        self.assertEqual(line.auto_match()["matched"], 0)

    def test_short_payment_is_suggested_in_full_and_leaves_its_line(self):
        self.policy()
        invoice = self.document([60, 40])
        line = self.transaction(99.5, invoice.name)
        self.assertEqual(line.auto_match()["matched"], 0, "it is only suggested")
        best = line.get_match_suggestions()[0]
        self.assertEqual(best["amounts"], [100, -0.5])
        self.assertIn("0.50 less than is open is written off: Rounding", best["reasons"][0])
        self.assertEqual(line.accept_match(best["records"], best["amounts"])["state"], "done")
        self.assertBooked(line)
        self.assertEqual(self.left(invoice), [0, 0])
        booked = line.sudo().move_id.line_ids.filtered(lambda item: item.account_id == self.differences_code)
        self.assertEqual((booked.balance, booked.name), (0.5, f"Rounding: {invoice.name}"))
        difference = self.written_off(line)
        self.assertEqual(
            (difference.reason, difference.partner_id, difference.move_ids), ("rounding", self.family, invoice)
        )
        self.assertEqual((difference.amount, difference.balance, difference.is_automatic), (-0.5, -0.5, False))
        self.assertIn("written off: Rounding", line.sudo().decision_ids[0].reasons)
        self.assertInvariants()

    def test_undo_takes_the_difference_back(self):
        self.policy()
        invoice = self.document([60, 40])
        line = self.transaction(99.5, invoice.name)
        before = self.bank_snapshot(line), self.snapshot(invoice)
        line.match_with(self.suggested(line)[0]["records"], self.suggested(line)[0]["amounts"])
        self.assertTrue(self.written_off(line))
        line.action_unmatch()
        self.assertEqual((self.bank_snapshot(line), self.snapshot(invoice)), before)
        self.assertFalse(self.written_off(line))

    def test_both_limits_hold(self):
        self.policy(amount_max=5, percent_max=1)
        for price, paid, is_covered in ((100, 99, True), (100, 98.99, False), (1000, 995, True), (1000, 994.99, False)):
            invoice = self.document([price])
            line = self.transaction(paid, invoice.name)
            self.assertEqual(bool(self.suggested(line)), is_covered, (price, paid))

    def test_limits_of_zero_cover_nothing(self):
        self.policy(amount_max=5, percent_max=0)
        self.assertFalse(self.suggested(self.transaction(99.99, self.document([100]).name)))

    def test_overpayment_has_a_policy_of_its_own(self):
        self.policy()
        invoice = self.document([100])
        line = self.transaction(100.4, invoice.name)
        self.assertFalse(self.suggested(line))
        self.policy(kind="over")
        best = self.suggested(line)[0]
        self.assertEqual(best["amounts"], [100, 0.4])
        line.match_with(best["records"], best["amounts"])
        self.assertBooked(line)
        self.assertEqual(self.written_off(line).balance, 0.4, "a gain")
        self.assertInvariants()

    def test_foreign_currency_and_undo(self):
        currency = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0), ("2026-02-01", 2.5)])
        journal = self.bank.copy({"name": "Euros", "code": "EURO", "currency_id": currency.id})
        self.policy(currency_id=currency.id)
        invoice = self.document([60, 40], currency_id=currency.id)
        line = self.transaction(99.5, invoice.name, journal=journal)
        before = self.bank_snapshot(line), self.snapshot(invoice)
        best = self.suggested(line)[0]
        self.assertEqual(best["amounts"], [100, -0.5])
        line.match_with(best["records"], best["amounts"])
        self.assertBooked(line)
        self.assertEqual((self.left(invoice), invoice.payment_state), ([0, 0], "paid"))
        difference = self.written_off(line)
        self.assertEqual((difference.currency_id, difference.amount, difference.balance), (currency, -0.5, -0.2))
        self.assertInvariants()
        line.action_unmatch()
        self.assertEqual((self.bank_snapshot(line), self.snapshot(invoice)), before)
        self.assertFalse(self.written_off(line))
        self.assertInvariants()

    def test_vendors_side(self):
        self.policy(side="supplier")
        bill = self.document([100], "in_invoice", ref="BILL-2026-77")
        line = self.transaction(-99.2, "BILL-2026-77")
        line.match_with(self.suggested(line)[0]["records"], self.suggested(line)[0]["amounts"])
        self.assertBooked(line)
        self.assertEqual(bill.payment_state, "paid")
        self.assertEqual(self.written_off(line).balance, 0.8, "we owe less")
        self.assertInvariants()

    def test_credit_that_is_not_paid_out_whole_is_not_written_off(self):
        for side in ("customer", "supplier"):
            self.policy(side=side, is_automatic=True)
        for move_type, amount in (("out_refund", -99.5), ("in_refund", 99.5)):
            note = self.document([100], move_type, ref=f"CREDIT-2026-{amount:.0f}")
            line = self.transaction(amount, f"CREDIT {note.name}")
            line.auto_match()
            rows = line.get_match_suggestions()
            self.assertFalse([row for row in rows if self.write_off._name in str(row["records"])], move_type)
            self.assertFalse(self.env["account.difference"].search([("statement_line_id", "=", line.id)]))

    def test_automatic_where_the_label_names_the_document(self):
        self.policy(is_automatic=True, reason="bank_fee")
        invoice, other = self.document([100]), self.document([200], partner=self.vendor)
        named = self.transaction(99.5, f"{invoice.name}")
        unnamed = self.transaction(199.5, "Rink Supplies")
        self.assertEqual((named | unnamed).auto_match()["matched"], 1)
        self.assertBooked(named, "matched")
        self.assertEqual(unnamed.match_status, "unmatched")
        self.assertEqual(other.payment_state, "not_paid")
        self.assertTrue(self.written_off(named).is_automatic)
        self.assertEqual(named.sudo().decision_ids[0].action, "auto")
        self.assertIn("written off: Bank fee", named.match_explanation)

    def test_two_payments_of_one_document_are_left_to_a_person(self):
        self.policy(is_automatic=True)
        invoice = self.document([100])
        lines = self.transaction(99.5, invoice.name) | self.transaction(99.4, invoice.name)
        self.assertEqual(lines.auto_match()["matched"], 0)

    def test_tax_of_the_preset_is_taken_out_of_the_difference(self):
        tax = self.company_data["default_tax_purchase"]
        tax.amount = 25
        self.write_off.line_ids.tax_ids = tax
        self.policy()
        line = self.transaction(99.5, self.document([100]).name)
        line.match_with(self.suggested(line)[0]["records"], self.suggested(line)[0]["amounts"])
        self.assertBooked(line)
        items = line.sudo().move_id.line_ids
        self.assertEqual(items.filtered(lambda item: item.account_id == self.differences_code).balance, 0.4)
        self.assertEqual(items.filtered("tax_repartition_line_id").balance, 0.1)
        self.assertEqual(self.written_off(line).balance, -0.5)

    def test_a_policy_that_makes_no_sense_is_refused(self):
        for values in ({"amount_max": -1}, {"percent_max": 101}, {"percent_max": -1}):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.policy(**values)

    def test_administrators_alone_change_policies(self):
        policy = self.policy()
        self.assertTrue(policy.with_user(self.accountant).read(["amount_max"]))
        self.assertFalse(policy.with_user(self.accountant).has_access("write"))
        manager = self.user_with("difference.manager", "account.group_account_manager")
        policy.with_user(manager).amount_max = 3
        self.assertEqual(policy.amount_max, 3)
        clerk = self.user_with("difference.clerk", "account_reconciliation.group_general")
        self.assertFalse(self.env["account.difference"].with_user(clerk).has_access("read"))

    def test_reconcile_account_writes_off_where_the_policy_says_so_and_the_run_undoes_it(self):
        policy = self.policy(on_reconcile_account=True)
        small, large = self.document([60, 40]), self.document([200], date="2026-01-11")
        payment = self.payment(99.2)
        before = self.snapshot(small | large | payment.move_id)
        run = self.env["account.reconciliation.run"]._start(self.company, self.family)
        run._process()
        self.assertEqual((small.payment_state, small.amount_residual, large.amount_residual), ("paid", 0, 200))
        difference = self.env["account.difference"].search([("move_ids", "=", small.id)])
        self.assertEqual((difference.amount, difference.balance, difference.policy_id), (-0.8, -0.8, policy))
        entry = difference.entry_id
        self.assertEqual(entry.line_ids.filtered("debit").account_id, self.differences_code)
        self.assertInvariants()
        again = self.env["account.reconciliation.run"]._start(self.company, self.family)
        again._process()
        self.assertEqual(self.env["account.difference"].search_count([("move_ids", "=", small.id)]), 1)
        run.action_undo()
        self.assertEqual(self.snapshot(small | large | payment.move_id), before)
        self.assertEqual((entry.state, difference.exists()), ("cancel", difference.browse()))
        self.assertInvariants()

    def test_reconcile_account_writes_off_in_a_foreign_currency_and_the_run_undoes_it(self):
        currency = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0), ("2026-01-15", 2.5)])
        journal = self.bank.copy({"name": "Euros", "code": "EURO", "currency_id": currency.id})
        self.policy(currency_id=currency.id, on_reconcile_account=True)
        invoice = self.document([60, 40], currency_id=currency.id)
        payment = self.payment(99.2, currency_id=currency.id, journal_id=journal.id)
        before = self.snapshot(invoice | payment.move_id)
        run = self.env["account.reconciliation.run"]._start(self.company, self.family)
        run._process()
        self.assertEqual((self.left(invoice), invoice.payment_state), ([0, 0], "paid"))
        difference = self.env["account.difference"].search([("move_ids", "=", invoice.id)])
        self.assertEqual((difference.currency_id, difference.amount, difference.balance), (currency, -0.8, -0.4))
        self.assertInvariants()
        run.action_undo()
        self.assertEqual(self.snapshot(invoice | payment.move_id), before)
        self.assertInvariants()

    def test_reconcile_account_writes_off_what_an_earlier_payment_left(self):
        """Also where there is no money to apply; not what a policy doesn't cover, a dispute or an installment."""
        invoices = {
            name: self.document([100])
            for name in ("short", "unpaid", "much", "percent", "disputed", "planned", "other", "late")
        }
        for name, amount in (("short", 99.2), ("much", 98.5), ("disputed", 99.2), ("planned", 99.2)):
            self.reconcile(invoices[name], self.payment(amount))
        # Of what was open when the last money was applied, 0.80 is 1.6 or 8 percent.
        for name, amounts in (("late", (50, 49.2)), ("percent", (90, 9.2))):
            for amount in amounts:
                self.reconcile(invoices[name], self.payment(amount))
        currency = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        self.register_payment(invoices["other"], 198.4, currency_id=currency.id)
        self.assertEqual(invoices["other"].amount_residual, 0.8)
        invoices["disputed"].dispute_rest("damaged")
        self.plan(invoices["planned"], [0.8])
        dialog = self.env["account.reconcile.accounts"].create({"scope": "all", "company_id": self.company.id})
        self.assertEqual(dialog.account_count, 0, "there is no policy")
        self.policy(on_reconcile_account=True, percent_max=2)
        dialog.invalidate_recordset()
        self.assertEqual(dialog.account_count, 1)
        before = self.snapshot(invoices["short"] | invoices["late"])
        for start in (lambda: self.env["account.reconciliation.run"]._start(self.company), dialog._start):
            run = start()
            run._process()
            self.assertEqual(
                {name: invoice.amount_residual for name, invoice in invoices.items()},
                {"short": 0, "late": 0, "unpaid": 100, "much": 1.5, "percent": 0.8, "disputed": 0.8, "planned": 0.8,
                 "other": 0.8},
            )  # fmt: skip
            self.assertInvariants()
            run.action_undo()
            self.assertEqual(self.snapshot(invoices["short"] | invoices["late"]), before)
        self.family.with_user(self.accountant).action_reconcile_account()
        self.assertEqual(self.env["account.difference"].search([]).mapped("amount"), [-0.8, -0.8])
        again = self.env["account.reconciliation.run"]._start(self.company, self.family)
        again._process()
        self.assertEqual(self.env["account.difference"].search_count([]), 2)
        self.assertInvariants()

    def test_reconcile_account_writes_off_no_credit_and_books_as_the_user(self):
        self.policy(on_reconcile_account=True)
        invoice, note = self.document([99.2]), self.document([100], "out_refund")
        self.family.with_user(self.accountant).action_reconcile_account()
        self.assertEqual((invoice.amount_residual, note.amount_residual), (0, 0.8))
        self.assertFalse(self.env["account.difference"].search([("move_ids", "in", (invoice | note).ids)]))
        short = self.document([50])
        self.payment(48.7)
        rights, write_off = [], type(short)._write_off_part

        def noted(move, *args):
            rights.append((move.env.su, move.env.user))
            return write_off(move, *args)

        with patch.object(type(short), "_write_off_part", noted):
            self.family.with_user(self.accountant).action_reconcile_account()
        self.assertEqual((short.payment_state, rights), ("paid", [(False, self.accountant)]))
        self.assertInvariants()

    def test_write_off_that_is_refused_leaves_what_was_reconciled(self):
        self.policy(on_reconcile_account=True)
        invoice, _payment = self.document([100]), self.payment(99.2)
        refusal = patch.object(type(invoice), "_write_off_part", side_effect=UserError("archived"))
        with refusal, self.assertLogs("odoo.addons.account_reconciliation.models.differences.res_partner", "WARNING"):
            self.family.action_reconcile_account()
        self.assertEqual(invoice.amount_residual, 0.8)

    def test_entry_that_is_taken_back_leaves_the_report_of_differences(self):
        self.policy(on_reconcile_account=True)
        invoice, _payment = self.document([100]), self.payment(99.2)
        self.family.action_reconcile_account()
        difference = self.env["account.difference"].search([("move_ids", "=", invoice.id)])
        report = self.env["ir.actions.act_window"]._for_xml_id("account_reconciliation.action_differences")

        self.assertIn(difference, difference.search(safe_eval(report["domain"])))
        entry = difference.entry_id
        entry.button_draft()
        self.assertNotIn(difference, difference.search(safe_eval(report["domain"])), "a draft is not in the ledger")
        entry.action_post()
        self.assertIn(difference, difference.search(safe_eval(report["domain"])))
        entry.button_cancel()
        self.assertEqual((invoice.amount_residual, difference.exists()), (0.8, difference.browse()))

    def test_undo_leaves_what_the_entry_was_reconciled_with(self):
        self.policy(on_reconcile_account=True)
        self.differences_code.reconcile = True
        invoice, _payment = self.document([100]), self.payment(99.2)
        run = self.env["account.reconciliation.run"]._start(self.company, self.family)
        run._process()
        entry = self.env["account.difference"].search([("move_ids", "=", invoice.id)]).entry_id
        written_off = entry.line_ids.filtered(lambda line: line.account_id == self.differences_code)
        entry._reverse_moves().action_post()  # Odoo reconciles it with the entry
        self.assertTrue(written_off.reconciled)
        run.action_undo()
        self.assertTrue(written_off.reconciled)
        self.assertEqual(entry.state, "posted")
        [account] = self.env["account.reconciliation.run.account"].search([("run_id", "=", run.id)])
        self.assertEqual(account.state, "kept")
        self.assertIn("stays", account.message)

    def test_reconcile_account_writes_nothing_off_without_being_told(self):
        self.policy()
        invoice = self.document([100])
        self.payment(99.5)
        self.family.action_reconcile_account()
        self.assertEqual(invoice.amount_residual, 0.5)
        with self.assertRaisesRegex(ValidationError, "only what is lacking"):
            self.policy(kind="over", on_reconcile_account=True)
