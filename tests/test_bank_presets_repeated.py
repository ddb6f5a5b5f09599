"""“Always do this”: a preset from a booking, and what it would have caught."""

from odoo.addons.account_reconciliation.engine.bank_matching.label_words import phrases, separating_phrase
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from .common.bank_matching import BankMatchingCommon


class TestLabelWords(BaseCase):
    def test_words_with_digits_and_jargon_make_no_phrase(self):
        self.assertEqual(phrases("CARD PAYMENT 0612 INV2026 REF"), [])
        self.assertEqual(phrases("CHEQUE 00318"), [])
        self.assertIn("GREEN GROCER", phrases("POS 77 GREEN GROCER LTD"))

    def test_words_that_others_have_do_not_separate(self):
        self.assertEqual(
            separating_phrase("GREEN GROCER MONTREAL", ["GREEN GROCER LAVAL"], ["TOY SHOP MONTREAL"]), "GREEN GROCER"
        )
        self.assertEqual(separating_phrase("CITY TAXI", [], ["CITY TAXI 5"]), "")

    def test_work_is_bounded(self):
        self.assertLess(len(phrases("ABCDE " * 10_000)), 600)


@tagged("post_install", "-at_install")
class TestPresetsRepeated(BankMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.food = cls.fees_code.copy({"code": "613300", "name": "Food"})
        cls.toys = cls.fees_code.copy({"code": "613400", "name": "Toys"})

    def book(self, label, account, amount=-20, **values):
        line = self.transaction(amount, label, **values)
        line.book_lines([{"kind": "account", "account_id": account.id}])
        return line

    def test_words_account_direction_and_count(self):
        self.book("POS 0601 GREEN GROCER MONTREAL", self.food)
        self.book("POS 0602 TOY SHOP MONTREAL", self.toys)
        self.transaction(-31, "POS 0603 GREEN GROCER LAVAL")
        line = self.book("POS 0604 GREEN GROCER MONTREAL", self.food)
        proposal = line.propose_preset()
        self.assertEqual(proposal["label"].split()[:2], ["GREEN", "GROCER"])
        narrowed = line.count_preset({"label": "GREEN GROCER", "has_direction": True})
        self.assertEqual(
            [narrowed[name] for name in ("caught", "booked_alike", "unmatched", "booked_otherwise")], [2, 1, 1, 0]
        )
        wide = line.count_preset({"label": "MONTREAL"})
        self.assertEqual((wide["caught"], wide["booked_otherwise"]), (2, 1))
        self.assertIn("TOY SHOP", wide["examples"][0])

    def test_preset_books_the_next_one_alike(self):
        tax = self.company_data["default_tax_purchase"]
        line = self.transaction(-115, "POS 1 GREEN GROCER", partner_id=self.family.id)
        line.book_lines([{"kind": "account", "account_id": self.food.id, "tax_ids": tax.ids, "label": "Food"}])
        made = line.create_preset({"name": "Groceries", "label": "GREEN GROCER", "has_direction": True,
                                   "amount_min": 100, "amount_max": 130, "is_automatic": True})  # fmt: skip
        preset = self.env["account.reconcile.model"].browse(made["id"])
        self.assertEqual((preset.match_direction, preset.match_amount, preset.trigger),
                         ("out", "between", "auto_reconcile"))  # fmt: skip
        later = self.transaction(-120, "POS 2 GREEN GROCER", date="2026-03-01")
        others = self.transaction(120, "GREEN GROCER refund") | self.transaction(-300, "GREEN GROCER feast")
        (later | others).auto_match()
        self.assertBooked(later, "matched")
        item = later.sudo().move_id.line_ids.filtered(lambda one: one.account_id == self.food)
        self.assertEqual((item.name, item.tax_ids), ("Food", tax))
        self.assertEqual(others.mapped("match_status"), ["unmatched"] * 2)

    def test_partner_where_no_word_separates(self):
        line = self.book("CHEQUE 00318", self.food, partner_id=self.family.id)
        self.book("CHEQUE 00319", self.toys)
        proposal = line.propose_preset()
        self.assertEqual((proposal["label"], proposal["has_partner"]), ("", True))
        self.transaction(-9, "another", partner_id=self.family.id)
        self.assertEqual(line.count_preset({"has_partner": True})["caught"], 1)

    def test_several_lines_keep_their_shares(self):
        line = self.transaction(-100, "POS MARKET HALL")
        line.book_lines([
            {"kind": "account", "account_id": self.food.id, "amount": 75},
            {"kind": "account", "account_id": self.toys.id},
        ])  # fmt: skip
        made = line.create_preset({"name": "Market", "label": "MARKET HALL"})
        later = self.transaction(-200, "MARKET HALL")
        later.match_expense(made["id"])
        items = later.sudo().move_id.line_ids
        self.assertEqual(items.filtered(lambda one: one.account_id == self.food).balance, 150)
        self.assertEqual(items.filtered(lambda one: one.account_id == self.toys).balance, 50)

    def test_what_would_catch_everything_or_is_no_booking_to_accounts_is_refused(self):
        line = self.book("POS GREEN GROCER", self.food)
        with self.assertRaisesRegex(UserError, "match any transaction"):
            line.create_preset({"name": "All", "has_direction": True})
        with self.assertRaisesRegex(UserError, "a name"):
            line.create_preset({"label": "GREEN"})
        with self.assertRaisesRegex(UserError, "not among"):
            line.count_preset({"account": 5})
        self.assertEqual(line.count_preset({})["caught"], 0)
        paid = self.transaction(40, "Tremblay")
        paid.match_with(self.document([40]))
        with self.assertRaisesRegex(UserError, "accounts alone"):
            paid.propose_preset()
        self.assertFalse(paid.get_bank_matching_details()["is_repeatable"])
        self.assertTrue(line.get_bank_matching_details()["is_repeatable"])

    def test_queries_do_not_grow_with_the_past(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            line.count_preset({"label": "GREEN GROCER"})
            return self.env.cr.sql_log_count - start

        line = self.book("POS GREEN GROCER", self.food)
        self.transaction(-5, "POS GREEN GROCER")
        count()
        few = count()
        for number in range(20):
            self.transaction(-5, f"POS {number} GREEN GROCER")
        self.assertLessEqual(count(), few)

    def test_who_may_not_match_makes_no_preset(self):
        line = self.book("POS GREEN GROCER", self.food)
        user = self.user_with("preset.billing", "account_reconciliation.group_client_billing")
        for call in (line.with_user(user).propose_preset, lambda: line.with_user(user).create_preset({"name": "x"})):
            with self.assertRaises(AccessError):
                call()
