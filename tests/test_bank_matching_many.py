"""Many bank transactions at once: the best suggestions in the list, the review before accepting, one undo."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common.bank_matching import BankMatchingCommon

BATCH = "run-1"


@tagged("post_install", "-at_install")
class TestBankMatchingMany(BankMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lines = cls.env["account.bank.statement.line"].with_user(cls.accountant)

    def named(self, amount, **values):
        invoice = self.document([amount])
        return invoice, self.transaction(amount, f"{invoice.name} Tremblay family", **values)

    def choices(self, lines):
        return [{"id": row["id"], "records": row["records"]} for row in lines.get_best_suggestions()]

    # -- the best suggestion in the list -------------------------------------------------------------------

    def test_each_row_has_its_best_suggestion_or_none(self):
        invoice, line = self.named(41.17)
        nothing = self.transaction(3.5, "who knows")
        rows = (line | nothing).get_best_suggestions()
        self.assertEqual([row["id"] for row in rows], [line.id])
        best = line.get_match_suggestions()[0]
        self.assertEqual(
            [rows[0][name] for name in ("records", "names", "confidence", "entity_type")],
            [best[name] for name in ("records", "names", "confidence", "entity_type")],
        )
        self.assertEqual(rows[0]["records"], [("account.move", invoice.id)])
        self.assertEqual(rows[0]["rival"], "")

    def test_near_rival_is_named(self):
        self.document([41.17])
        other = self.document([41.17])
        row = self.transaction(41.17, "Tremblay family").get_best_suggestions()[0]
        self.assertTrue(row["rival"])
        self.assertIn(other.name, [*row["names"], row["rival"]])

    def test_preset_and_waiting_transfer_are_suggestions(self):
        rule = self.preset("Charges", self.fees_code, match_label="contains", match_label_param="charge")
        charge = self.transaction(-7, "monthly charge")
        self.transaction(-500, "out").book_lines([{"kind": "transfer", "journal_id": self.savings.id}])
        into = self.transaction(500, "in", journal=self.savings)
        found = {row["id"]: row for row in (charge | into).get_best_suggestions()}
        self.assertEqual(found[charge.id]["records"], [(rule._name, rule.id)])
        self.assertEqual(found[into.id]["entity_type"], "internal_transfer")

    def test_member_is_named_with_the_account_owner(self):
        member = self.env["res.partner"].create({"name": "Zoe", "parent_id": self.family.id, "type": "contact"})
        invoice = self.document([41.17], partner=member)
        row = self.transaction(41.17, f"{invoice.name}").get_best_suggestions()[0]
        self.assertIn("Zoe", row["owner"])
        self.assertIn(self.family.name, row["owner"])

    def test_queries_do_not_grow_with_the_rows(self):
        def count(lines):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            lines.get_best_suggestions()
            return self.env.cr.sql_log_count - start

        few = self.named(41.17)[1] | self.named(52.33)[1]
        count(few)
        cost = count(few)
        many = few
        for number in range(20):
            many |= self.named(60 + number)[1]
        count(many)
        self.assertLessEqual(count(many), cost + 2)
        self.assertLess(cost, 60)

    def test_an_accept_costs_the_same_however_many_wait(self):
        def accept_and_go_on():
            """What the page asks between a key and the next transaction."""
            _invoice, line = self.named(next(amounts))
            _invoice, following = self.named(next(amounts))
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            records = line.get_best_suggestions()[0]["records"]
            line.accept_match([list(record) for record in records])
            following.get_bank_matching_details()
            following.get_match_suggestions(8)
            return self.env.cr.sql_log_count - start

        amounts = iter(range(101, 200))
        accept_and_go_on()
        few = accept_and_go_on()
        for number in range(40):
            self.transaction(-number - 1, f"waits {number}")
        self.assertLessEqual(accept_and_go_on(), few + 10)
        self.assertLess(few, 220)

    # -- accepting -----------------------------------------------------------------------------------------

    def test_what_was_reviewed_is_booked_and_one_undo_takes_all_back(self):
        invoices, lines = self.env["account.move"], self.lines
        for amount in (41.17, 52.33, 63.71):
            invoice, line = self.named(amount)
            invoices |= invoice
            lines |= line
        before = self.bank_snapshot(*lines)
        result = lines.accept_choices(self.choices(lines), BATCH)
        self.assertEqual((result["accepted"], result["left"], result["messages"]), (3, 0, []))
        self.assertEqual(invoices.mapped("payment_state"), ["paid"] * 3)
        decision = lines[0].sudo().decision_ids[:1]
        self.assertEqual((decision.action, decision.batch), ("manual", BATCH))
        self.assertEqual(json.loads(decision.payload)["batch"], BATCH)
        self.assertTrue(decision.reasons)
        self.assertEqual(lines[0].get_bank_matching_details()["decisions"][0]["batch"], BATCH)
        decision.with_user(self.accountant).action_undo_batch()
        self.assertEqual(self.bank_snapshot(*lines), before)
        self.assertEqual(invoices.mapped("payment_state"), ["not_paid"] * 3)
        self.assertFalse(self.env["account.bank.match.decision"].with_user(self.accountant).verify_chains())

    def test_undo_leaves_what_was_changed_since(self):
        _invoice, first = self.named(41.17)
        _invoice, second = self.named(52.33)
        lines = first | second
        lines.accept_choices(self.choices(lines), BATCH)
        first.action_unmatch()
        first.match_expense(self.fees.id)
        result = self.lines.undo_batch(BATCH)
        self.assertEqual(result, {"undone": 1, "left": 1})
        self.assertEqual((first.match_status, second.match_status), ("manual", "unmatched"))

    def test_only_what_still_is_suggested_is_booked(self):
        invoice, line = self.named(41.17)
        other = self.document([99], move_type="in_invoice")
        choices = [{"id": line.id, "records": [["account.move", other.id]]}]
        result = line.accept_choices(choices, BATCH)
        self.assertEqual((result["accepted"], result["left"]), (0, 1))
        self.assertIn("changed", result["messages"][0])
        chosen = self.choices(line)
        self.transaction(41.17).match_with(invoice)
        self.assertEqual(line.accept_choices(chosen, BATCH)["accepted"], 0)
        self.assertEqual(line.match_status, "unmatched")

    def test_one_document_is_paid_once(self):
        invoice = self.document([41.17])
        lines = self.transaction(41.17, invoice.name) | self.transaction(41.17, invoice.name)
        result = lines.accept_choices(self.choices(lines), BATCH)
        self.assertEqual((result["accepted"], result["left"]), (1, 1))
        self.assertEqual(invoice.payment_state, "paid")

    def test_transfer_that_is_chosen_on_both_its_sides_is_booked_once(self):
        pairs = []
        for number in range(5):
            out = self.transaction(-100 - number, "transfer to savings")
            pairs.append((out, self.transaction(100 + number, "transfer from bank", journal=self.savings)))
        invoice, named = self.named(41.17)
        lines = self.env["account.bank.statement.line"].union(*(out | into for out, into in pairs), named)
        choices = [
            {"id": one.id, "records": [("account.bank.statement.line", other.id)]}
            for out, into in pairs
            for one, other in ((out, into), (into, out))
        ] + self.choices(named)
        result = lines.accept_choices(choices, BATCH)
        self.assertEqual((result["accepted"], result["left"], result["messages"]), (11, 0, []))
        self.assertEqual((set(lines.mapped("match_status")), invoice.payment_state), ({"manual"}, "paid"))
        for line in lines:
            self.assertBooked(line)

    # -- the same for all ----------------------------------------------------------------------------------

    def test_book_each_to_an_account_and_undo(self):
        lines = self.transaction(-7, "one") | self.transaction(-8, "two")
        before = self.bank_snapshot(*lines)
        result = lines.book_each([{"kind": "account", "account_id": self.fees_code.id}], BATCH)
        self.assertEqual(result["accepted"], 2)
        for line in lines:
            self.assertBooked(line)
        self.lines.undo_batch(BATCH)
        self.assertEqual(self.bank_snapshot(*lines), before)

    def test_transfer_each(self):
        lines = self.transaction(-7, "one") | self.transaction(-8, "two")
        into = self.transaction(8, "in", journal=self.savings)
        lines.book_each([{"kind": "transfer", "journal_id": self.savings.id}], BATCH)
        self.assertEqual(lines.mapped("matched_entity_type"), ["internal_transfer"] * 2)
        self.assertEqual(into.match_status, "matched")

    def test_partner_of_many(self):
        lines = self.transaction(-7, "one") | self.transaction(8, "two")
        lines.assign_partner(self.family.id)
        self.assertEqual(lines.partner_id, self.family)
        self.assertEqual(lines.mapped("match_status"), ["unmatched"] * 2)
        lines.assign_partner(False)
        self.assertFalse(lines.partner_id)
        lines[0].match_expense(self.fees.id)
        with self.assertRaisesRegex(UserError, "matched already"):
            lines.assign_partner(self.family.id)

    # -- the page ------------------------------------------------------------------------------------------

    def test_money_in_and_out_are_apart(self):
        self.transaction(100, "in")
        self.transaction(-30.5, "out")
        journal = self.bank.with_user(self.accountant)
        progress = journal.get_bank_matching_overview()["progress"]
        self.assertEqual((progress["amount_in"], progress["amount_out"]), (100, -30.5))
        page = journal.get_bank_matching_page("unmatched", {"direction": "out"})
        self.assertEqual([row["label"] for row in page], ["out"])
        with self.assertRaisesRegex(UserError, "not a direction"):
            journal.get_bank_matching_page("unmatched", {"direction": "up"})

    def test_order_of_the_page(self):
        for amount, label in ((5, "b"), (-9, "c"), (70, "a")):
            self.transaction(amount, label)
        journal = self.bank.with_user(self.accountant)
        for order, labels in (("amount_desc", "abc"), ("amount", "cba"), ("label", "abc")):
            page = journal.get_bank_matching_page("unmatched", {}, order=order)
            self.assertEqual("".join(row["label"] for row in page), labels, order)
        with self.assertRaisesRegex(UserError, "not a sort order"):
            journal.get_bank_matching_page("unmatched", {}, order="id; drop table")

    def test_who_may_not_match_may_nothing_of_this(self):
        _invoice, line = self.named(41.17)
        user = self.user_with("many.billing", "account_reconciliation.group_client_billing")
        own = line.with_user(user)
        for call in (
            own.get_best_suggestions,
            lambda: own.accept_choices([]),
            lambda: own.book_each([]),
            lambda: own.assign_partner(self.family.id),
            lambda: own.undo_batch(BATCH),
        ):
            with self.assertRaises(AccessError):
                call()
