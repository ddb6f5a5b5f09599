"""Several documents in one transaction, several transactions for one document, payouts less refunds, transfers."""

from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..engine.bank_matching.subset_sums import subset_sums
from ..engine.bank_matching.transfers import bank_days
from .common.matcher import MatcherCommon


@tagged("post_install", "-at_install")
class TestBankSums(MatcherCommon):
    def sides(self):
        return (
            (1, lambda amount: self.document([amount])),
            (-1, lambda amount: self.document([amount], "in_invoice", ref=f"RS-{amount}")),
        )

    # -- several documents ------------------------------------------------------------------------------------

    def test_twenty_documents_without_numbers(self):
        for sign, document in self.sides():
            amounts = [Decimal(1013 + 37 * number * number) / 100 for number in range(20)]
            documents = [document(float(amount)) for amount in amounts]
            line = self.transaction(sign * float(sum(amounts)), "Payment", partner_id=documents[0].partner_id.id)
            decided = self.decided(line).get(line)
            self.assertEqual(set(decided or ()), {("account.move", one.id) for one in documents}, self._shown(line))

    def test_sum_that_several_ways_make_is_only_suggested(self):
        for sign, document in self.sides():
            documents = [document(amount) for amount in (30, 40, 50, 60, 71.5)]
            line = self.transaction(sign * 90, "Payment", partner_id=documents[0].partner_id.id)
            self.assertOnlySuggested(line)
            self.assertIn("several_solutions", [one.note for one in self.suggested(line)])

    def test_every_way_is_counted(self):
        amounts = [100 * number for number in range(1, 41)]
        self.assertEqual(len(subset_sums(9000, amounts, solutions_max=3).solutions), 3)
        odd = [1, *(2**number * 100 for number in range(1, 16))]
        self.assertEqual(subset_sums(1 + 200 + 400, odd).solutions, ((0, 1, 2),))

    def test_search_that_would_need_too_much_is_not_made(self):
        amounts = [10**9 + 7 * number * number for number in range(40)]
        found = subset_sums(sum(amounts[:20]), amounts)
        self.assertEqual((found.solutions, found.is_complete), ((), False))

    def test_list_of_numbers_that_the_bank_s_field_cuts_off(self):
        for sign, document in self.sides():
            documents = [document(amount) for amount in (101.17, 63.55, 47.31, 20.4)]
            document(12.5)
            names = ", ".join(one.ref or one.name for one in documents)
            line = self.transaction(sign * 232.43, names[: names.index(",", names.index(",") + 1) + 6])
            self.assertOnlySuggested(line)
            wanted = {("account.move", one.id) for one in documents}
            self.assertIn(wanted, [set(one.records) for one in self.suggested(line)[:3]], self._shown(line))

    # -- several transactions ---------------------------------------------------------------------------------

    def halves(self, sign, document, label="part of", **values):
        """Lines of 120.35 and 80.15."""
        text = f"{label} {document.ref or document.name}" if label else "Payment"
        values.setdefault("partner_name", document.partner_id.name.upper())
        return self.transaction(sign * 120.35, text, **values) | self.transaction(
            sign * 80.15, text, date="2026-01-17", **values
        )

    def test_document_paid_in_two_transactions_that_name_it(self):
        for sign, document in self.sides():
            paid = document(200.5)
            lines = self.halves(sign, paid)
            self.assertEqual(self.decided(lines), dict.fromkeys(lines, (("account.move", paid.id),)))
            self.assertEqual(
                self.decided(lines[0]), {lines[0]: (("account.move", paid.id),)}, "the other of an earlier import"
            )
            lines.auto_match()
            self.assertEqual(lines.mapped("match_status"), ["matched", "matched"])
            self.assertEqual(paid.payment_state, "paid")
            self.assertIn("Together with 1 other", lines[0].match_explanation)

    def test_parts_that_don_t_add_up_are_only_suggested(self):
        for sign, document in self.sides():
            lines = self.halves(sign, document(200.6))
            self.assertFalse(self.decided(lines))

    def test_parts_of_which_two_ways_add_up_are_only_suggested(self):
        for sign, document in self.sides():
            paid = document(200.5)
            lines = self.halves(sign, paid) | self.transaction(
                sign * 80.15, paid.ref or paid.name, partner_name=paid.partner_id.name
            )
            self.assertFalse(self.decided(lines))

    def test_parts_of_a_document_with_a_registered_payment_are_only_suggested(self):
        paid = self.document([200.5])
        self.payment(200.5, date="2026-01-14")
        self.payment(120.35, date="2026-01-14")
        self.assertNotIn((("account.move", paid.id),), self.decided(self.halves(1, paid)).values())

    def test_document_that_another_transaction_names_with_another_amount(self):
        """One pays its amount and names nothing, the other names it and pays a part: a person decides."""
        for sign, document in self.sides():
            paid = document(200.5)
            lines = self.transaction(sign * 200.5, "Payment", partner_name=paid.partner_id.name.upper())
            self.assertTrue(self.decided(lines))
            lines |= self.transaction(sign * 150, paid.ref or paid.name, partner_name=paid.partner_id.name.upper())
            self.assertFalse(self.decided(lines), self._shown(lines[0]))

    # -- payouts ----------------------------------------------------------------------------------------------

    def test_payout_less_a_refund(self):
        payments = [self.payment(amount, partner=self.owner(name)) for amount, name in (
            (31.5, "Anna Berg"), (75, "Carlos Dias"), (120.25, "Ellen Falk"))]  # fmt: skip
        payments.append(self.payment(20.1, partner=self.owner("Ivo Grau"), direction="outbound"))
        line = self.transaction(206.65, "STRIPE PAYOUT 150126", date="2026-01-16")
        best = self.best(line)
        self.assertEqual(
            set(best.records), {("account.payment", payment.id) for payment in payments}, self._shown(line)
        )
        self.assertEqual(sum(best.amounts), Decimal("206.65"))
        line.auto_match()
        self.assertEqual(line.match_status, "matched")
        self.assertTrue(all(payment.is_matched for payment in payments))

    # -- transfers --------------------------------------------------------------------------------------------

    def test_weekend_counts_nothing(self):
        self.assertEqual(bank_days(date(2026, 1, 9), date(2026, 1, 13)), 2)
        self.assertEqual(bank_days(date(2026, 1, 13), date(2026, 1, 9)), 2)
        self.assertEqual(bank_days(date(2026, 1, 14), date(2026, 1, 14)), 0)

    def test_transfer_over_a_weekend_whichever_side_came_first(self):
        for first, second in (("2026-01-09", "2026-01-13"), ("2026-01-13", "2026-01-09")):
            out = self.transaction(-1234.5, "Transfer to savings", date=first)
            into = self.transaction(1234.5, "DEPOSIT", journal=self.savings, date=second)
            self.assertEqual(self.decided(out | into), {out: (("account.bank.statement.line", into.id),)})
            (out | into).unlink()

    def test_text_that_names_the_company_or_its_account(self):
        number = self.env["res.partner.bank"].create({
            "acc_number": "DE89370400440532013000", "partner_id": self.company.partner_id.id,
        })  # fmt: skip
        self.savings.bank_account_id = number
        for label in ("payment DE89 3704 0044 0532 0130 00", f"ref 4711 {self.company.name}"):
            out = self.transaction(-1234.5, label)
            into = self.transaction(1234.5, "CREDIT", journal=self.savings, date="2026-01-16")
            self.assertEqual(self.decided(out | into), {out: (("account.bank.statement.line", into.id),)}, label)
            (out | into).unlink()

    def test_transfer_is_never_first_suggested_as_an_expense(self):
        preset = self.env["account.reconcile.model"].create({
            "name": "Odds", "company_id": self.company.id,
            "line_ids": [Command.create({"account_id": self.company_data["default_account_expense"].id})],
        })  # fmt: skip
        records = (("account.reconcile.model", preset.id),)
        for _time in range(5):
            line = self.transaction(-77.7, "SAVINGS PLAN OTTAWA")
            self.env["account.bank.match.memory"]._learn([(line, records)])
        self.assertEqual(self.best(self.transaction(-90, "SAVINGS PLAN OTTAWA 2")).entity_type, "expense")
        out = self.transaction(-1000, "SAVINGS PLAN OTTAWA 1", date="2026-01-20")
        self.transaction(1000, "from operating", journal=self.savings, date="2026-01-20")
        self.assertEqual(self.best(out).entity_type, "internal_transfer", self._shown(out))
