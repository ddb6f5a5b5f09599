from collections import Counter
from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..demo import catalogue, recreation_centre
from .common.reports import ReportChecks


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase, ReportChecks):
    """The demo company, built once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day_before = fields.Date.today()
        cls.mails_before = cls.env["mail.mail"].search_count([])
        cls.env["res.company"]._install_reconciliation_demo()
        cls.company = cls.env.ref(recreation_centre.COMPANY_XMLID)
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        cls.moves = cls.env["account.move"].search([("company_id", "=", cls.company.id)])
        cls.documents = cls.moves.filtered(lambda move: move.is_invoice() and move.state == "posted")
        cls.sales = cls.documents.filtered(lambda move: move.is_sale_document())
        cls.payments = cls.env["account.payment"].search([("company_id", "=", cls.company.id)])

    def test_families_have_members(self):
        owners = self.env["res.partner"].search(
            [("company_id", "=", self.company.id), ("category_id.name", "=", "Family")]
        )
        self.assertEqual(len(owners), 40)
        for owner in owners:
            self.assertEqual(owner.commercial_partner_id, owner)
            self.assertIn(len(owner.child_ids), (1, 2, 3))
            self.assertEqual(owner.child_ids.commercial_partner_id, owner)

    def test_reports_tie(self):
        self.env = self.env(su=True, context={"allowed_company_ids": self.company.ids})
        self.assertGreater(len(self.report_rows("payment", self.company)), 300)
        self.assertReportsTie(self.company)

    def test_company_is_canadian(self):
        self.assertEqual(self.company.currency_id.name, "CAD")
        self.assertEqual(self.company.country_id.code, "CA")
        banks = self.env["account.journal"].search([("company_id", "=", self.company.id), ("type", "=", "bank")])
        self.assertEqual(set(banks.mapped("name")), {"Operating account", "Savings/Trust account"})

    def test_item_totals_add_up_to_the_document(self):
        for move in self.documents:
            items = move.reconciliation_item_ids
            sign = 1 if items and sum(items.mapped("amount_total")) > 0 else -1
            for of_items, of_document in (("amount_total", "amount_total"), ("amount_residual", "amount_residual")):
                self.assertEqual(
                    move.currency_id.compare_amounts(sign * sum(items.mapped(of_items)), move[of_document]),
                    0,
                    f"{move.name} {of_document}",
                )

    def test_one_to_four_items_over_several_ledger_codes(self):
        counts = Counter(len(move.reconciliation_item_ids) for move in self.sales)
        self.assertLessEqual({1, 2, 3, 4}, set(counts))
        codes = set(self.sales.reconciliation_item_ids.account_id.mapped("code"))
        self.assertLessEqual({"4100", "4200", "4300", "4400", "4500", "4600"}, codes)
        self.assertTrue(self.sales.reconciliation_item_ids.filtered(lambda item: item.amount_total < 0))

    def test_planned_payments_in_every_state(self):
        planned_payments = self.env["account.planned.payment"].search([("company_id", "=", self.company.id)])
        self.assertLessEqual({"planned", "done", "failed", "cancelled"}, set(planned_payments.mapped("state")))
        self.assertTrue(planned_payments.filtered("is_overdue").activity_ids)
        self.assertEqual(set(self.payments.mapped("confirmation_state")), {False, "processing", "rejected"})

    def test_bank_periods_one_closed_and_one_open(self):
        periods = self.env["account.bank.reconciliation"].search([("company_id", "=", self.company.id)])
        closed = periods.filtered(lambda period: period.state == "closed")
        self.assertEqual((len(periods), len(closed), closed.journal_id.name), (3, 1, "Savings/Trust account"))
        self.assertTrue(closed.is_balanced)
        self.assertTrue(closed.snapshot_ids.attachment_id.raw.startswith(b"%PDF"))
        self.assertEqual(closed.get_discrepancies(), [])
        for period in periods:
            self.assertTrue(period.confirmation_ids)
            self.assertIn(period.chain_state, ("first", "ok"))
        self.assertFalse((periods - closed).filtered("is_balanced"))

    def test_one_payment_came_back_and_waits(self):
        line = self.env["account.bank.statement.line"].search(
            [("company_id", "=", self.company.id), ("payment_ref", "like", "RETURNED ITEM NSF")]
        )
        self.assertEqual((len(line), line.match_status), (1, "unmatched"))
        best = line.get_match_suggestions()[0]
        self.assertEqual(best["entity_type"], "return")
        line.match_with(best["records"])
        self.assertEqual(self.env["account.payment.return"].search([("statement_line_id", "=", line.id)]).amount,
                         -line.amount)  # fmt: skip

    def test_each_way_that_money_moves_has_a_case(self):
        own = [("company_id", "=", self.company.id)]
        returned = self.env["account.payment.return"].search(own)
        self.assertEqual(returned.mapped("state"), ["booked"])
        self.assertIn("PAYMENT STOPPED", returned.statement_line_id.payment_ref)
        difference = self.env["account.difference"].search(own)
        self.assertEqual((difference.amount, difference.is_automatic), (-0.45, True))
        self.assertTrue(self.env["account.dispute"].search(own))
        batches = self.env["account.bank.batch"].search(own)
        self.assertEqual(set(batches.mapped(lambda batch: (batch.kind, batch.state, len(batch.part_ids) > 1))),
                         {("deposit", "sent", True), ("payment", "sent", True)})  # fmt: skip
        ahead = self.env["account.bank.statement.line"].search([*own, ("payment_ref", "like", "SUMMER CAMP")])
        self.assertEqual((ahead.match_status, ahead.matched_entity_type), ("manual", "payment"))
        advice = self.env["account.remittance.advice"].search(own)
        self.assertEqual(Counter(advice.line_ids.mapped("state")), {"found": 2, "missing": 1})
        payout = self.env["account.settlement"].search(own)
        self.assertEqual((payout.state, set(payout.entry_ids.mapped("state"))), ("imported", {"found", "missing"}))
        transfer = self.env["account.bank.statement.line"].search([*own, ("payment_ref", "like", payout.reference)])
        self.assertEqual(transfer.match_status, "unmatched")
        self.assertEqual(transfer.get_match_suggestions()[0]["records"], [(payout._name, payout.id)])

    def test_every_status_occurs(self):
        statuses = Counter(move.reconciliation_status for move in self.sales)
        self.assertEqual(set(statuses), {"full", "partial", "planned", "not_reconciled"})
        self.assertAlmostEqual(statuses["full"] / len(self.sales), 0.6, delta=0.06)
        self.assertEqual(
            {payment.reconciliation_status for payment in self.payments}, {"full", "partial", "not_reconciled"}
        )
        self.assertAlmostEqual(len(self.sales), 230, delta=10)

    def test_no_document_is_in_error(self):
        self.assertFalse(self.moves.filtered(lambda move: move.reconciliation_status == "error"))

    def test_example_of_the_guide(self):
        family = catalogue.REFERENCE_FAMILY
        invoice = self.sales.filtered(lambda move: move.partner_id.name == f"{family.first_name} {family.surname}")
        items = invoice.reconciliation_item_ids.sorted(lambda item: (item.sequence, item.move_line_id.id))
        self.assertEqual(invoice.amount_total, 170)
        self.assertEqual(items.mapped("amount_total"), [75, 75, 20])
        self.assertEqual(items.mapped("amount_reconciled"), [75, 25, 0])
        self.assertEqual(invoice.reconciliation_status, "partial")

    def test_reconcile_all_accounts_has_something_to_do(self):
        wizard = self.env["account.reconcile.accounts"].create({"company_id": self.company.id})
        self.assertGreater(wizard.account_count, 20)
        self.assertGreater(wizard.transaction_count, 50)
        self.assertIn("€", wizard.amount_text)

    def test_each_login_has_its_role(self):
        users = {
            user.login: user for user in self.env["res.users"].search([("login", "in", [*catalogue.USERS, "client"])])
        }
        self.assertEqual(set(users), {*catalogue.USERS, "client"})
        roles = {role for _name, _function, role in catalogue.USERS.values()}
        for login, (_name, _function, role) in catalogue.USERS.items():
            user = users[login]
            self.assertTrue(user._is_internal())
            self.assertEqual(user.company_ids, self.company)
            self.assertEqual((user.lang, user.tz), ("en_US", "America/Toronto"))
            direct = {
                group for group in roles if self.env.ref(f"account_reconciliation.{group}") in user.group_ids
            }  # fmt: skip
            self.assertEqual(direct, {role}, login)
        self.assertTrue(users["desk"].has_group("base.group_multi_currency"))
        self.assertTrue(users["client"]._is_portal())
        self.assertIn(users["client"].partner_id, self.sales.partner_id.commercial_partner_id)
        users["desk"].with_user(users["desk"])._check_credentials(
            {"type": "password", "login": "desk", "password": "desk"}, {"interactive": False}
        )
        self.assertEqual(self.env.ref("base.user_admin").company_id, self.company)

    def test_clients_pay_in_several_currencies_and_ways(self):
        currencies = {"CAD", "USD", "EUR"}
        self.assertEqual(set(self.sales.currency_id.mapped("name")), currencies)
        self.assertEqual(set(self.payments.currency_id.mapped("name")), currencies)
        methods = set(self.payments.payment_method_line_id.mapped("name"))
        self.assertEqual(methods, {"Card", "Cash", "Cheque", "Transfer", "Transfer to trust", "eCheck"})

    def test_six_months_and_nothing_in_the_future(self):
        dates = self.moves.filtered(lambda move: move.state == "posted").mapped("date")
        today = fields.Date.today()
        self.assertLessEqual(max(dates), today)
        self.assertGreater(max(dates), today - timedelta(days=15))
        self.assertLess(min(dates), today - timedelta(days=180))

    def test_vendors_have_bills_paid_and_open(self):
        statuses = {move.reconciliation_status for move in self.documents - self.sales}
        self.assertLessEqual({"full", "partial", "not_reconciled"}, statuses)

    def test_nobody_is_written_to(self):
        self.assertEqual(self.env["mail.mail"].search_count([]), self.mails_before)

    def test_second_installation_does_nothing(self):
        self.env["res.company"]._install_reconciliation_demo()
        self.assertEqual(self.env["res.company"].search_count([("name", "=", self.company.name)]), 1)
        self.assertEqual(
            self.env["account.move"].search_count([("company_id", "=", self.company.id)]), len(self.moves)
        )  # fmt: skip

    def bank_journals(self):
        names = ("Operating account", "Savings/Trust account")
        domain = [("company_id", "=", self.company.id)]
        return [self.env["account.journal"].search([*domain, ("name", "=", name)]) for name in names]

    def test_older_months_of_both_bank_accounts_are_imported(self):
        for journal in self.bank_journals():
            self.assertTrue(journal.bank_account_id.acc_number)
            self.assertTrue(journal.last_statement_import)
            statements = self.env["account.bank.statement"].search([("journal_id", "=", journal.id)], order="date")
            self.assertIn(len(statements), (5, 6, 7))
            self.assertTrue(all(statements.mapped("is_complete")))
            self.assertTrue(all(statements.mapped("is_valid")), "each starts where the one before it ended")
            statuses = Counter(statements.line_ids.mapped("match_status"))
            self.assertGreater(statuses["matched"], statuses["unmatched"], "most of it matched by itself")

    def newest_file(self, journal):
        domain = [("res_model", "=", "account.journal"), ("res_id", "=", journal.id), ("name", "like", "Statement ")]
        return self.env["ir.attachment"].search(domain)

    def test_newest_month_waits_to_be_imported(self):
        accountant = self.env["res.users"].search([("login", "=", "accountant")])
        for journal in self.bank_journals():
            (file,) = self.newest_file(journal)
            (activity,) = journal.activity_ids
            self.assertEqual((activity.user_id, activity.attachment_ids), (accountant, file))
            content = file.with_user(accountant).raw
            newest = journal.with_user(accountant).import_bank_statement(file.name, content)
            self.assertTrue(newest.is_complete and newest.is_valid)
            # Not today: midnight may pass between the building of the company and this test.
            self.assertGreaterEqual(newest.date, self.day_before)
            lines = self.env["account.bank.statement.line"].search_count([("journal_id", "=", journal.id)])
            self.assertEqual(journal.with_user(accountant).import_bank_statement(file.name, content), newest)
            self.assertEqual(
                self.env["account.bank.statement.line"].search_count([("journal_id", "=", journal.id)]), lines
            )

    def test_bank_has_every_kind_of_transaction(self):
        for journal in self.bank_journals():
            file = self.newest_file(journal)
            journal.import_bank_statement(file.name, file.raw)
        operating, savings = (
            self.env["account.bank.statement.line"].search([("journal_id", "=", journal.id)], order="date")
            for journal in self.bank_journals()
        )
        labels = "\n".join(operating.mapped("payment_ref"))
        for words in (
            "CARD SETTLEMENT", "DEPOSIT CHQ", "CHEQUE", "ECHECK", "BILL PAYMENT", "E-TRANSFER SENT", "MERCHANT FEES",
            "MONTHLY ACCOUNT FEE", "TRANSFER TO SAVINGS", "CASH DEPOSIT", "INCOMING WIRE FEE",
        ):  # fmt: skip
            self.assertIn(words, labels)
        self.assertIn("INTEREST", savings.mapped("payment_ref"))
        transfers = operating.filtered(lambda line: line.payment_ref.startswith("TRANSFER TO SAVINGS"))
        self.assertEqual(transfers[:1].amount, -1500)
        self.assertTrue(operating.filtered("foreign_currency_id"))
        self.assertTrue(savings.filtered(lambda line: line.payment_ref.startswith("TRANSFER FROM OPERATING")))
        # Exact with the reference (those of older months are matched already), more and less than is open, two invoices
        # at once, two equal ones without a name.
        open_sales = self.sales.filtered(lambda move: move.payment_state == "not_paid" and move.amount_residual)
        exact = more = less = 0
        for line in operating.filtered(lambda line: line.amount > 0):
            named = open_sales.filtered(lambda move, line=line: move.name in line.payment_ref)
            if len(named) == 1 and named.currency_id == self.company.currency_id:
                difference = named.currency_id.compare_amounts(line.amount, named.amount_residual)
                exact, more, less = exact + (not difference), more + (difference > 0), less + (difference < 0)
        self.assertGreaterEqual(exact, 2)
        self.assertEqual((more, less), (1, 1))
        together = operating.filtered(lambda line: line.payment_ref.count("INV/") == 2)
        named = open_sales.filtered(lambda move: move.name in together.payment_ref)
        self.assertEqual(together.amount, sum(named.mapped("amount_residual")))
        equal = operating.filtered(lambda line: line.payment_ref == "E-TRANSFER DEPOSIT")
        self.assertEqual(len(equal), 2)
        self.assertEqual(len(set(equal.mapped("amount"))), 1)
