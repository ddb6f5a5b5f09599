"""Matching by itself: what is certain is booked, all else waits with its suggestions; rules for the rest."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common.bank_matching import BankMatchingCommon


@tagged("post_install", "-at_install")
class TestBankAuto(BankMatchingCommon):
    # -- documents ------------------------------------------------------------------------------------------

    def test_number_amount_and_payer_match_by_themselves(self):
        invoice = self.document([75, 75, 20])
        line = self.transaction(170, f"Payment {invoice.name} thank you", partner_name="TREMBLAY FAMILY")
        result = line.auto_match()
        self.assertEqual((result["transactions"], result["matched"], result["unmatched"]), (1, 1, 0))
        self.assertBooked(line, "matched")
        self.assertEqual(invoice.payment_state, "paid")
        self.assertGreaterEqual(line.match_confidence, self.company.bank_match_threshold)
        self.assertIn(invoice.name, line.match_explanation)
        decision = line.decision_ids
        self.assertEqual((decision.action, decision.chosen), ("auto", invoice.display_name))
        self.assertEqual(self.applied(invoice), [75, 75, 20])

    def test_second_run_changes_nothing(self):
        invoice = self.document([60])
        lines = self.transaction(60, f"Payment {invoice.name} thank you", partner_name="TREMBLAY FAMILY")
        lines |= self.transaction(61, "Who knows")
        lines.auto_match()
        before = self.bank_snapshot(*lines)
        self.assertEqual(lines.auto_match()["matched"], 0)
        self.assertEqual(self.bank_snapshot(*lines), before)

    def test_second_run_changes_nothing_where_a_rule_took_the_rival(self):
        self.rule(match_label="contains", match_label_param="subscription")
        invoice = self.document([60])
        lines = self.transaction(60, f"Payment {invoice.name}", partner_name="TREMBLAY FAMILY")
        lines |= self.transaction(60, f"Subscription {invoice.name}", partner_name="TREMBLAY FAMILY")
        result = lines.auto_match()
        self.assertEqual((result["matched"], result["by_rule"], result["unmatched"]), (1, 1, 0))
        self.assertEqual(invoice.payment_state, "paid")

    def test_nothing_asked_nothing_done(self):
        invoice = self.document([60])
        line = self.transaction(60, f"Payment {invoice.name} thank you", partner_name="TREMBLAY FAMILY")
        self.assertEqual(line.browse().auto_match()["transactions"], 0)
        self.assertEqual(line.match_status, "unmatched")

    def test_number_with_another_amount_is_only_suggested(self):
        invoice = self.document([170])
        line = self.transaction(100, invoice.name, partner_name="TREMBLAY FAMILY")
        self.assertEqual(line.auto_match()["matched"], 0)
        best = line.get_match_suggestions()[0]
        self.assertEqual(best["records"], [("account.move", invoice.id)])
        self.assertEqual((best["is_whole"], best["note"]), (False, "partial"))
        self.assertTrue(best["reasons"])

    def test_ignored_and_matched_are_left_alone(self):
        invoice = self.document([60])
        line = self.transaction(60, f"Payment {invoice.name} thank you", partner_name="TREMBLAY FAMILY")
        line.action_ignore("later")
        self.assertEqual(line.auto_match()["transactions"], 0)
        self.assertEqual(line.match_status, "ignored")

    def test_transfer_pairs_by_itself(self):
        out = self.transaction(-512.34, "Transfer to savings")
        into = self.transaction(512.34, "Transfer from operating", journal=self.savings, date="2026-02-11")
        result = (out | into).auto_match()
        if result["matched"]:
            self.assertBooked(out, "matched")
            self.assertBooked(into, "matched")
        else:
            self.assertEqual(out.get_match_suggestions()[0]["entity_type"], "internal_transfer")

    def test_archived_bank_account_keeps_nothing_from_being_matched(self):
        invoice, other = self.document([41.17]), self.document([52.33])
        lines = self.transaction(41.17, f"{invoice.name} Tremblay family", self.savings)
        lines |= self.transaction(52.33, f"{other.name} Tremblay family")
        self.savings.active = False
        self.assertTrue(lines[0].get_match_suggestions())
        self.assertEqual(lines.auto_match()["matched"], 2)

    def test_refused_booking_leaves_the_others(self):
        first, second = self.document([60]), self.document([81])
        lines = self.transaction(60, f"Payment {first.name} thank you", partner_name="TREMBLAY FAMILY")
        lines |= self.transaction(81, f"Payment {second.name} thank you", partner_name="TREMBLAY FAMILY")
        book = type(lines)._book

        def refuse_first(self, bookings):
            if any(booking.line == lines[0] for booking in bookings):
                raise UserError(self.env._("Locked"))
            return book(self, bookings)

        with patch.object(type(lines), "_book", refuse_first):
            result = lines.auto_match()
        self.assertEqual((result["matched"], result["refused"]), (1, 1))
        self.assertEqual(lines.mapped("match_status"), ["unmatched", "matched"])

    def test_booking_costs_three_queries_a_transaction(self):
        """Many at once, planning included; what does not depend on their number is left out."""
        lines = self.env["account.bank.statement.line"].with_user(self.accountant)
        for number in range(36):
            owner = self.env["res.partner"].create({"name": f"Quarterly {number} Household"})
            invoice = self.document([60 + number], partner=owner)
            label = f"Payment {invoice.name} thank you"
            lines |= self.transaction(60 + number, label, partner_name=owner.name.upper())
        counts = {}
        for batch in (lines[:3], lines[3:9], lines[9:36]):
            decided = self.env["account.bank.matcher"]._decide(batch.with_prefetch(lines._prefetch_ids))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            bookings, unplanned = batch._plan_decisions(decided)
            # What is read of one is read of those that are booked with it, and of no others.
            self.assertEqual({*bookings[0].line._prefetch_ids}, {*batch.ids})
            booked, refused = batch._book_safely(bookings)
            self.env.flush_all()
            counts[len(batch)] = self.env.cr.sql_log_count - before
            self.assertEqual((len(booked), unplanned, refused), (len(batch), [], []))
        self.assertLessEqual((counts[27] - counts[6]) / 21, 3, counts)

    # -- suggestions --------------------------------------------------------------------------------------------

    def test_accepting_all_above_a_confidence(self):
        documents = self.document([60]) | self.document([81])
        lines = self.env["account.bank.statement.line"].with_user(self.accountant)
        for document in documents:
            lines |= self.transaction(document.amount_total, f"Payment {document.name} thank you",
                                      partner_name="TREMBLAY FAMILY")  # fmt: skip
        lines |= self.transaction(33.21, "Who knows")
        answer = lines.accept_suggestions(0.9)
        self.assertEqual((answer["accepted"], answer["left"]), (2, 1))
        self.assertEqual(lines.mapped("match_status"), ["manual", "manual", "unmatched"])
        with self.assertRaises(UserError):
            lines.accept_suggestions(0.1)

    def test_foreign_document_offers_to_settle_in_full(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        invoice = self.document([100], currency_id=euro.id)
        line = self.transaction(193.4, invoice.name, partner_name="TREMBLAY FAMILY")
        found = [row for row in line.get_match_suggestions() if row["records"] == [("account.move", invoice.id)]]
        self.assertEqual([row["settle"] for row in found], [False, True])

    def test_rejected_suggestion_is_logged(self):
        invoice = self.document([60])
        line = self.transaction(60, "Tremblay")
        line.reject_suggestion([("account.move", invoice.id)])
        self.assertEqual(line.decision_ids.mapped("action"), ["reject"])

    def test_search_finds_by_number_name_and_amount(self):
        invoice = self.document([123.45])
        bill = self.document([50], "in_invoice", ref="LUM-77")
        payment = self.payment(88, direction="outbound", partner_type="supplier")
        line = self.transaction(123.45)

        def found(term):
            return [row["record"] for row in line.search_match_targets(term)]

        self.assertIn(("account.move", invoice.id), found(invoice.name))
        self.assertIn(("account.move", invoice.id), found("tremblay 123.45"))
        self.assertIn(("account.move", invoice.id), found("123,45"))
        self.assertEqual(found("lum-77"), [("account.move", bill.id)])
        self.assertIn(("account.payment", payment.id), found("rink 88"))
        self.assertEqual(found("no such thing"), [])

    def test_amounts_are_found_however_they_are_typed(self):
        dollar, dinar = self.company.currency_id, self.env["res.currency"].with_context(active_test=False).search(
            [("name", "=", "TND")]
        )  # fmt: skip
        for typed, amount in (
            ("1234.56", 1234.56), ("1234,56", 1234.56), ("1,234.56", 1234.56), ("1.234,56", 1234.56),
            ("1’234.56", 1234.56), ("-60", 60), ("1,234", 1234), ("1.234", 1234), ("1.234.567", 1234567),
            ("0.123", 0.12), ("12D", None), ("1.2.3", None), (".", None), ("nan", None), ("1e3", None),
            ("9" * 30, None),
        ):  # fmt: skip
            with self.subTest(typed):
                self.assertEqual(dollar._typed_amount(typed), amount)
        self.assertEqual(dinar._typed_amount("1,234"), 1.234)

    # -- rules ------------------------------------------------------------------------------------------------------

    def rule(self, **values):
        return self.preset("Rule", self.fees_code, trigger="auto_reconcile", **values)

    def test_rule_books_an_expense(self):
        rule = self.rule(match_label="contains", match_label_param="monthly FEE")
        line = self.transaction(-12, "Your Monthly fee February")
        other = self.transaction(-12, "Something else")
        result = (line | other).auto_match()
        self.assertEqual(result["by_rule"], 1)
        self.assertBooked(line, "matched")
        self.assertEqual(line.matched_entity_type, "expense")
        self.assertEqual((line.decision_ids.action, line.decision_ids.chosen), ("rule", rule.display_name))
        self.assertEqual(other.match_status, "unmatched")

    def test_first_rule_in_order_wins(self):
        second = self.rule(match_label="contains", match_label_param="fee", sequence=20)
        first = self.rule(match_label="contains", match_label_param="fee", sequence=5)
        line = self.transaction(-12, "fee")
        line.auto_match()
        item = line.sudo().move_id.line_ids.filtered("reconcile_model_id")
        self.assertEqual(item.reconcile_model_id, first)
        self.assertNotEqual(item.reconcile_model_id, second)

    def test_amounts_of_rules_mean_what_people_mean(self):
        cases = [
            ({"match_amount": "lower", "match_amount_max": 20}, {-12: True, -20: True, -20.01: False, 12: True}),
            ({"match_amount": "greater", "match_amount_min": 20}, {-12: False, -20: True, 25: True}),
            (
                {"match_amount": "between", "match_amount_min": 10, "match_amount_max": 20, "match_direction": "out"},
                {-12: True, 12: False, -9.99: False, -20: True},
            ),
        ]
        for values, expected in cases:
            rule = self.rule(**values)
            for amount, fits in expected.items():
                with self.subTest(values=values, amount=amount):
                    self.assertEqual(rule._fits(self.transaction(amount).sudo()), fits)

    def test_rule_by_pattern_and_partner_and_journal(self):
        rule = self.rule(match_label="match_regex", match_label_param=r"^FEE \d+$")
        self.assertTrue(rule._fits(self.transaction(-1, "fee 12").sudo()))
        self.assertFalse(rule._fits(self.transaction(-1, "fee twelve").sudo()))
        rule = self.rule(match_partner_ids=self.vendor.ids)
        self.assertTrue(rule._fits(self.transaction(-1, partner_id=self.vendor.id).sudo()))
        self.assertFalse(rule._fits(self.transaction(-1).sudo()))
        rule = self.rule(match_journal_ids=self.savings.ids)
        self.assertFalse(rule._fits(self.transaction(-1).sudo()))
        self.assertTrue(rule._fits(self.transaction(-1, journal=self.savings).sudo()))

    def test_rule_without_any_condition_takes_nothing(self):
        """It would take all that nobody has matched yet."""
        self.rule()
        line = self.transaction(-12, "whatever")
        self.assertEqual(line.auto_match()["by_rule"], 0)
        self.assertEqual(line.match_status, "unmatched")

    @mute_logger("odoo.addons.account_reconciliation.models.bank_matching.account_reconcile_model")
    def test_pattern_that_never_ends_is_stopped(self):
        rule = self.rule(match_label="match_regex", match_label_param=r"(a+)+(b+)+$(?<!x)\1c")
        self.assertFalse(rule._fits(self.transaction(-1, "a" * 1500 + "b" * 400).sudo()))

    def test_part_by_label_and_the_rest(self):
        preset = self.env["account.reconcile.model"].create({
            "name": "Card settlement", "company_id": self.company.id,
            "line_ids": [
                (0, 0, {"account_id": self.fees_code.id, "amount_type": "regex", "amount_string": r"COM ([\d.,]+)"}),
                (0, 0, {"account_id": self.swim_code.id, "amount_type": "percentage", "amount_string": "100"}),
            ],
        })  # fmt: skip
        line = self.transaction(-100, "CARDS COM 2,50 REF 9")
        line.match_expense(preset)
        balances = {item.account_id: item.balance for item in line.sudo().move_id.line_ids}
        self.assertEqual((balances[self.fees_code], balances[self.swim_code]), (2.5, 97.5))
        for text, amount in (("1,234.50", 1234.5), ("1.234,50", 1234.5), ("1,234", 1234), ("7.", 7), ("none", 0)):
            found = preset._amount_in_label(preset.line_ids[0], self.transaction(-1, f"COM {text}"))
            self.assertEqual(found, amount, text)

    # -- the scheduled action ------------------------------------------------------------------------------------------

    def test_scheduled_action_only_for_companies_that_want_it(self):
        invoice = self.document([60])
        line = self.transaction(60, f"Payment {invoice.name} thank you", partner_name="TREMBLAY FAMILY")
        lines = self.env["account.bank.statement.line"]
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", lambda self, *args, **kwargs: 1):
            self.env["res.company"].search([]).bank_match_automatic = False
            lines._cron_auto_match()
            self.assertEqual(line.match_status, "unmatched")
            self.company.bank_match_automatic = True
            lines._cron_auto_match()
        self.assertEqual(line.match_status, "matched")

    def test_import_calls_the_scheduled_action(self):
        cron = self.env.ref("account_reconciliation.cron_auto_match")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        content = b"Date,Amount,Description\n2026-02-10,12.00,Hello\n2026-02-11,13.00,World\n"
        self.bank.with_user(self.accountant).import_bank_statement("x.csv", content)
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), before + 1)
