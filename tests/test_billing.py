"""The page of an account: filters, due dates, totals by status; the list of accounts; the statement of account."""

from datetime import timedelta

from lxml import html
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ReconciliationCommon


class BillingCommon(ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._today()
        cls.late = cls.document([75, 75, 20], date=str(cls.today - timedelta(days=40)), partner=cls.member)
        cls.paid = cls.register_payment(cls.late, 100, payment_date=str(cls.today - timedelta(days=30)))
        cls.coming = cls.document(
            [50], date=str(cls.today - timedelta(days=5)), invoice_date_due=str(cls.today + timedelta(days=25))
        )
        cls.deposit = cls.payment(30, date=str(cls.today - timedelta(days=2)), memo="Cheque 77")


@tagged("post_install", "-at_install")
class TestBillingPage(BillingCommon):
    def page(self, **filters):
        return self.env["account.reconciliation.transaction"].get_billing_page(self.member.id, filters)

    def names(self, **filters):
        return [row["move_id"] for row in self.page(**filters)["rows"]]

    def test_rows_newest_first_with_due_date_and_days_overdue(self):
        page = self.page()
        self.assertEqual(page["length"], 4)
        self.assertEqual(
            [row["move_id"] for row in page["rows"]],
            [self.deposit.move_id.id, self.coming.id, self.paid.move_id.id, self.late.id],
        )
        deposit, coming, _paid, late = page["rows"]
        self.assertEqual((late["days_overdue"], late["member"]), (40, "Léa Tremblay"))
        self.assertEqual((coming["days_overdue"], coming["date_due"]), (0, str(self.today + timedelta(days=25))))
        self.assertEqual((deposit["days_overdue"], deposit["date_due"]), (0, False), "money is never due")

    def test_filters(self):
        late, coming = self.late.id, self.coming.id
        paid, deposit = self.paid.move_id.id, self.deposit.move_id.id
        self.assertEqual(self.names(type="invoice"), [coming, late])
        self.assertEqual(self.names(status="overdue"), [late])
        self.assertEqual(self.names(status="open"), [deposit, coming, late])
        self.assertEqual(self.names(status="partial"), [late])
        self.assertEqual(self.names(status="full"), [paid])
        self.assertEqual(self.names(search="cheque 77"), [deposit])
        self.assertEqual(self.names(search="170"), [late])
        self.assertEqual(self.names(search="Léa"), [late])
        self.assertEqual(self.names(date_from=str(self.today - timedelta(days=5))), [deposit, coming])
        self.assertEqual(self.names(date_to=str(self.today - timedelta(days=30))), [paid, late])
        self.assertEqual(self.names(type="invoice", search="50", date_from=str(self.today)), [])

    def test_totals_by_status_follow_the_other_filters(self):
        def found(**filters):
            return {
                one["status"]: (one["count"], one["amounts"][0]["documents"], one["amounts"][0]["money"])
                for one in self.page(**filters)["statuses"]
            }

        everything = {"not_reconciled": (2, 50, 30), "partial": (1, 70, 0), "full": (1, 0, 0)}
        self.assertEqual(found(), everything)
        self.assertEqual(found(status="partial"), everything, "the status chooses among them")
        self.assertEqual(found(type="invoice"), {"not_reconciled": (1, 50, 0), "partial": (1, 70, 0)})

    def test_pages(self):
        transactions = self.env["account.reconciliation.transaction"]
        first = transactions.get_billing_page(self.family.id, limit=3)
        second = transactions.get_billing_page(self.family.id, offset=3, limit=3)
        self.assertEqual((len(first["rows"]), len(second["rows"]), second["length"]), (3, 1, 4))
        self.assertEqual([key for key, _name in first["types"]], ["invoice", "payment", "deposit"])

    def test_what_is_no_filter_is_refused(self):
        for filters in ({"status": "strange"}, {"date_from": "someday"}, {"search": 7}):
            with self.assertRaises(UserError):
                self.page(**filters)

    def test_costs_the_same_queries_however_many_there_are(self):
        self.page()
        self.env.invalidate_all()
        with self.assertQueryCount(30):
            few = self.page()
        for number in range(12):
            self.document([10 + number])
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(30):
            many = self.page()
        self.assertEqual(many["length"], few["length"] + 12)

    def test_overdue_of_a_document_with_two_due_dates_is_what_is_late(self):
        terms = self.payment_terms((50, 0), (50, 60))
        two_dates = self.document(
            [80], date=str(self.today - timedelta(days=20)), invoice_payment_term_id=terms.id, partner=self.family
        )
        totals = self.env["account.reconciliation.transaction"].get_billing_header(self.family.id)["totals"]
        self.assertEqual([total["overdue"] for total in totals], [70 + 40])
        row = next(row for row in self.page()["rows"] if row["move_id"] == two_dates.id)
        self.assertEqual(row["days_overdue"], 20)
        self.register_payment(two_dates, 40, payment_date=str(self.today))
        self.env.invalidate_all()
        row = next(row for row in self.page()["rows"] if row["move_id"] == two_dates.id)
        self.assertEqual((row["days_overdue"], row["date_due"]), (0, str(self.today + timedelta(days=40))))

    def test_who_may_see_it(self):
        general = self.user_with("billing_general", "account_reconciliation.group_general")
        with self.assertRaises(AccessError):
            self.env["account.reconciliation.transaction"].with_user(general).get_billing_page(self.family.id)


@tagged("post_install", "-at_install")
class TestAccountsList(BillingCommon):
    def test_overdue_is_computed_searched_and_sorted(self):
        other = self.env["res.partner"].create({"name": "Gagnon family"})
        self.document([500], partner=other, date=str(self.today - timedelta(days=3)))
        bill = self.document([90], "in_invoice", date=str(self.today - timedelta(days=10)))
        self.assertEqual((self.family.receivable_overdue, self.family.payable_overdue), (70, 0))
        self.assertEqual((other.receivable_overdue, self.vendor.payable_overdue), (500, bill.amount_total))
        mine = [("id", "in", (self.family | other | self.vendor).ids)]
        partners = self.env["res.partner"]
        self.assertEqual(partners.search([*mine, ("receivable_overdue", ">", 0)]), self.family | other)
        self.assertEqual(partners.search([*mine, ("payable_overdue", ">", 0)]), self.vendor)
        order = partners.search(mine, order="receivable_overdue desc").ids
        self.assertEqual(order, [other.id, self.family.id, self.vendor.id])
        self.register_payment(self.late)
        self.env.invalidate_all()
        self.assertEqual(self.family.receivable_overdue, 0)

    def test_everybody_can_open_a_row(self):
        """General sees accounts but no money: the row opens the contact."""
        for group, kind in (("group_general", "act_window"), ("group_client_billing", "client")):
            user = self.user_with(f"list_{group}", f"account_reconciliation.{group}")
            action = self.family.with_user(user).action_open_account()
            self.assertEqual(action["type"], f"ir.actions.{kind}")
        general = self.env["res.users"].search([("login", "=", "list_group_general")])
        views = self.env["res.partner"].with_user(general).get_views(
            [(self.env.ref("account_reconciliation.view_account_list").id, "list"),
             (self.env.ref("account_reconciliation.view_account_search").id, "search")]
        )["views"]  # fmt: skip
        self.assertNotIn("overdue", views["list"]["arch"] + views["search"]["arch"])
        self.assertIn("action_open_account", views["list"]["arch"])


@tagged("post_install", "-at_install")
class TestClientStatement(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Nobody here may edit contacts.
        cls.accountant = cls.user_with("statements", "account_reconciliation.group_accountant")

    def statement(self, days=60, until=0, **values):
        return self.env["account.client.statement"].with_user(self.accountant).create({
            "partner_id": self.family.id,
            "date_from": self.today - timedelta(days=days),
            "date_to": self.today - timedelta(days=until),
            **values,
        })  # fmt: skip

    def test_movements_carry_the_balance_from_opening_to_closing(self):
        [section] = self.statement(days=35)._sections()
        self.assertEqual((section["opening"], section["closing"]), (170, 90))
        self.assertEqual(
            [(line["charge"], line["payment"], line["balance"]) for line in section["movements"]],
            [(0, 100, 70), (50, 0, 120), (0, 30, 90)],
        )
        header = self.env["account.reconciliation.transaction"].get_billing_header(self.family.id)
        self.assertEqual(section["closing"], header["totals"][0]["balance"])

    def test_open_items_with_age(self):
        [section] = self.statement()._sections()
        self.assertEqual(
            [(line["days_overdue"], line["amount"], line["open"]) for line in section["open_items"]],
            [(40, 170, 70), (0, 50, 50), (0, -30, -30)],
        )
        self.assertEqual([amount for _label, amount in section["ages"]], [50, 0, 70, 0, 0, -30, 0])
        self.assertEqual((section["open_total"], section["overdue"]), (90, 70))

    def test_each_due_date_has_its_age(self):
        """Of 100 half was due 20 days ago, half is due in 10: half is overdue."""
        terms = self.payment_terms((50, 0), (50, 30))
        invoice = self.document([100], date=str(self.today - timedelta(days=20)), invoice_payment_term_id=terms.id)
        [section] = self.statement()._sections()
        mine = [
            (line["days_overdue"], line["amount"], line["open"])
            for line in section["open_items"] if line["name"] == invoice.name
        ]  # fmt: skip
        self.assertEqual(mine, [(20, 100, 50), (0, False, 50)])
        self.assertEqual(section["overdue"], 120)
        self.assertEqual(section["open_total"], section["closing"])

    def test_what_is_disputed_is_shown_apart(self):
        """It is open, and nobody asks for it: as on the account's own page it is not overdue."""
        self.late.dispute_rest("damaged")
        [section] = self.statement()._sections()
        self.assertEqual(
            [(line["days_overdue"], line["open"], line["disputed"]) for line in section["open_items"]],
            [(0, 70, 70), (0, 50, 0), (0, -30, 0)],
        )
        self.assertEqual([amount for _label, amount in section["ages"]], [50, 0, 0, 0, 0, -30, 70])
        self.assertEqual((section["open_total"], section["overdue"]), (90, self.family.receivable_overdue))
        [section] = self.statement(until=1)._sections()
        self.assertFalse(any(line["disputed"] for line in section["open_items"]), "it was not disputed yet")
        html = self.env["ir.actions.report"]._render_qweb_html(
            "account_reconciliation.client_statement", self.statement().ids
        )[0].decode()  # fmt: skip
        self.assertIn("Disputed:", html)

    def test_open_items_of_an_earlier_day(self):
        """What is open adds up to the closing balance on any day, whatever was reconciled since."""
        self.register_payment(self.late, 70, payment_date=str(self.today))
        for until in (0, 1, 10, 29, 30, 31, 40):
            with self.subTest(days_ago=until):
                [section] = self.statement(until=until)._sections()
                self.assertEqual(section["open_total"], section["closing"])
        [section] = self.statement(until=35)._sections()
        self.assertEqual([line["open"] for line in section["open_items"]], [170])

    def test_sides_and_currencies_apart(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        self.document([40], currency_id=euro.id, date=str(self.today))
        self.document([25], "in_invoice", partner=self.family, date=str(self.today))
        sections = self.statement()._sections()
        found = [(one["side"], one["currency"], one["closing"]) for one in sections]
        dollars = self.company.currency_id
        self.assertEqual(
            sorted(found, key=lambda one: (one[0], one[2])),
            [("customer", euro, 40), ("customer", dollars, 90), ("supplier", dollars, 25)],
        )

    def test_printed_page(self):
        self.family.street = "1 Rink Street"
        statement = self.statement(days=35)
        page = (
            self.env["ir.actions.report"]
            ._render_qweb_html("account_reconciliation.client_statement", statement.ids)[0]
            .decode()
        )
        text = " ".join(html.fromstring(page).text_content().split())
        for expected in (
            "Statement of account", "1 Rink Street", "Opening balance", "170.00", "Closing balance", "90.00",
            self.late.name, "Léa Tremblay", "Cheque 77", "40", "Open in total",
        ):  # fmt: skip
            self.assertIn(expected, text)
        only_open = self.statement(with_movements=False)
        page = (
            self.env["ir.actions.report"]
            ._render_qweb_html("account_reconciliation.client_statement", only_open.ids)[0]
            .decode()
        )
        self.assertNotIn("Opening balance", page)

    def test_attached_to_the_contact(self):
        statement = self.statement()
        statement.action_attach()
        message = self.family.message_ids[0]
        self.assertEqual(message.attachment_ids.name, statement._file_name())
        self.assertTrue(message.attachment_ids.raw)
        self.assertFalse(message.partner_ids, "a note: nobody is written to")

    def test_sent_by_mail(self):
        statement = self.statement()
        with self.assertRaisesRegex(UserError, "no mail address"):
            statement.action_send()
        self.family.email = "family@example.com"
        action = statement.action_send()
        composers = self.env[action["res_model"]].with_user(self.accountant).with_context(**action["context"])
        composer = Form(composers).save()
        self.assertEqual(composer.attachment_ids.mapped("name"), [statement._file_name()])
        self.assertIn("Statement of account", composer.subject)
        self.assertIn("Tremblay family", composer.body)
        self.assertEqual(composer.partner_ids, self.family)
        composer.action_send_mail()
        message = self.family.message_ids[0]
        self.assertEqual(message.partner_ids, self.family)
        self.assertEqual(message.attachment_ids.mapped("name"), [statement._file_name()])

    def test_refused(self):
        for values, sentence in (
            ({"date_to": self.today - timedelta(days=90)}, "before the first"),
            ({"with_movements": False, "with_open_items": False}, "Choose what"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self.statement(**values).action_print()
        general = self.user_with("statement_general", "account_reconciliation.group_general")
        with self.assertRaises(AccessError):
            self.env["account.client.statement"].with_user(general).create({"partner_id": self.family.id})

    def test_somebody_elses_account_of_another_company(self):
        other = self.setup_other_company()["company"]
        accountant = self.user_with("statement_accountant", "account_reconciliation.group_accountant")
        accountant.company_ids = [Command.set(self.company.ids)]
        mine = self.env["account.client.statement"].with_user(accountant).create({
            "partner_id": self.family.id, "company_id": other.id,
        })  # fmt: skip
        with self.assertRaises(UserError):
            mine.action_print()
        self.assertFalse(mine._sections(), "no figures of other companies")
