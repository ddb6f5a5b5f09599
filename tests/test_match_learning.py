"""What matching learns: little from common words and from many at once, nothing from bank jargon; it fades."""

import importlib.util
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tests import tagged

from .common.matcher import MatchMemoryCommon

MIGRATION = Path(__file__).parent.parent / "migrations" / "19.0.1.1.0" / "post-forget_misleading.py"


@tagged("post_install", "-at_install")
class TestMatchLearning(MatchMemoryCommon):
    def learn(self, *pairs):
        """Confirm matches of lines with documents, all at once."""
        self.memory._learn([(line, (("account.move", document.id),)) for line, document in pairs])

    def learned(self):
        return {(row.kind, row.key): row.weight for row in self.memory.search([("kind", "!=", "rejected")])}

    def sides(self):
        """Clients' money coming in, vendors' going out: (sign, a function that makes a document of an amount)."""
        return (
            (1, lambda amount: self.document([amount])),
            (-1, lambda amount: self.document([amount], "in_invoice", ref=f"RS-{amount}")),
        )

    def test_bank_jargon_teaches_nothing(self):
        for label, name in (
            ("CHQ", ""),
            ("CHEQUE 1042", ""),
            ("DEPOSIT", ""),
            ("SEPA CREDIT", "NOTPROVIDED"),
            ("JUNE", ""),
            ("CARD SETTLEMENT 20260611 MERCHANT 448120", ""),
            ("PAYOUT 77", "STRIPE"),
        ):
            with self.subTest(label=label):
                self.learn((self.transaction(75, label, partner_name=name), self.document([75])))
                self.assertFalse(self.learned())

    def test_label_that_every_expense_has_teaches_nothing(self):
        records = (("account.reconcile.model", self.preset.id),)
        self.memory._learn([(self.transaction(-4.5, "ONLINE TRANSFER 4412"), records)])
        self.assertFalse(self.learned())
        self.memory._learn([(self.transaction(-4.5, "MONTHLY ACCOUNT FEE"), records)])
        self.assertEqual(self.learned(), {("label", "MONTHLY ACCOUNT FEE"): 1})

    def test_first_name_confirmed_once_is_a_hint_only(self):
        for sign, document in self.sides():
            old, invoice = document(75), document(182.35)
            self.learn((self.transaction(sign * 75, "SEPA", partner_name="ROSE"), old))
            old.button_draft()
            self.assertOnlySuggested(self.transaction(sign * 182.35, "SEPA", partner_name="ROSE"), invoice)
            invoice.button_draft()
            self.memory.search([]).unlink()

    def test_many_accepted_at_once_teach_less_than_one(self):
        old, other = self.document([75]), self.document([76], partner=self.owner("Others"))
        line = self.transaction(75, "SEPA", partner_name="GRANDMA ROSE")
        self.learn((line, old), (self.transaction(76, "SEPA", partner_name="UNCLE BORIS"), other))
        self.assertEqual(set(self.learned().values()), {0.25})
        invoice = self.document([182.35])
        again = self.transaction(182.35, "SEPA", partner_name="GRANDMA ROSE")
        old.button_draft()
        self.assertOnlySuggested(again, invoice)
        self.learn((line, old))
        self.assertMatched(again, invoice)

    def test_words_that_don_t_name_the_owner_are_a_hint_only(self):
        """JUDO is what everybody writes; TREMBLAY is a name."""
        old = self.document([75])
        self.learn((self.transaction(75, "Judo lessons"), old))
        self.learn((self.transaction(75, "Judo Tremblay"), old))
        self.assertEqual(self.learned(), {("name", "JUDO LESSONS"): 0.25, ("name", "JUDO TREMBLAY"): 1})

    def test_term_of_two_owners_is_certain_for_neither(self):
        other = self.owner("Roy household")
        for sign, document in self.sides():
            owners = (self.family, other) if sign > 0 else (self.vendor, other)
            for owner in owners:
                for _time in range(3):
                    old = document(75)
                    old.button_draft()
                    old.partner_id = owner
                    self.learn((self.transaction(sign * 75, "SEPA", partner_name="AGENCY BLUE"), old))
            invoice = document(182.35)
            self.assertOnlySuggested(self.transaction(sign * 182.35, "SEPA", partner_name="AGENCY BLUE"), invoice)
            self.memory.search([]).unlink()

    def test_what_was_learned_long_ago_is_a_hint_only(self):
        old = self.document([75])
        self.learn((self.transaction(75, "SEPA", partner_name="GRANDMA ROSE"), old))
        old.button_draft()
        invoice = self.document([182.35])
        line = self.transaction(182.35, "SEPA", partner_name="GRANDMA ROSE")
        self.assertMatched(line, invoice)
        row = self.memory.search([("kind", "=", "name")])
        row.sudo().date_confirmed = fields.Date.today() - timedelta(days=3 * 365)
        self.assertOnlySuggested(line, invoice)
        self.learn((line, invoice))
        self.assertAlmostEqual(row.weight, 1.125, places=2)

    def test_mandate_is_the_client_s(self):
        for sign, document in self.sides():
            lines = [
                self.env["account.bank.statement.line"]._own_write().create({
                    "journal_id": self.bank.id, "date": "2026-01-15", "amount": sign * amount,
                    "payment_ref": "DIRECT DEBIT", "mandate_id": "MND-77-A",
                })
                for amount in (75, 182.35)
            ]  # fmt: skip
            old, invoice = document(75), document(182.35)
            self.learn((lines[0], old))
            old.button_draft()
            self.assertMatched(lines[1], invoice)
            self.memory.search([]).unlink()

    def test_count_that_a_person_enters_is_worth_as_much(self):
        row = self.memory.create({"kind": "name", "key": "Grandma Rose", "partner_id": self.family.id})
        self.assertEqual(row.weight, 1)
        row.confirmation_count = 4
        self.assertEqual(row.weight, 4)

    def test_update_forgets_what_was_learned_wrongly(self):
        roy = self.owner("Roy household")
        self.owner("Benoit Carpentier")
        rows = [
            ("name", "CHQ", self.family, 3), ("name", "AGENCY BLUE", self.family, 2), ("name", "AGENCY BLUE", roy, 2),
            ("name", "ROSE", self.family, 5), ("name", "CARPENTIER", roy, 4), ("name", "TREMBLAY", self.family, 1),
            ("name", "GRANDMA ROSE", self.family, 1), ("account", "DE8937", self.family, 1),
            ("name", "UNCLE BORIS", roy, 9), ("name", "UNCLE BORIS", self.family, 1),
        ]  # fmt: skip
        for kind, key, partner, count in rows:
            self.memory.create({"kind": kind, "key": key, "partner_id": partner.id, "confirmation_count": count})
        for key in ("ONLINE TRANSFER", "STARBUCKS"):
            self.memory.create({"kind": "label", "key": key, "model_id": self.preset.id})
        spec = importlib.util.spec_from_file_location("forget_misleading", MIGRATION)
        migration = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(migration)
        migration.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        left = {(row.key, row.partner_id.name or row.model_id.name) for row in self.memory.search([])}
        self.assertEqual(left, {
            ("TREMBLAY", self.family.name), ("GRANDMA ROSE", self.family.name), ("DE8937", self.family.name),
            ("BORIS UNCLE", roy.name), ("STARBUCKS", "Coffee"),
        })  # fmt: skip
