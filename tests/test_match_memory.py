"""What people teach the matching: used from then on, visible, fading, and for those with the permission only."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL, mute_logger
from psycopg2 import IntegrityError
from psycopg2.errors import DeadlockDetected, SerializationFailure

from ..models.bank_matching import account_bank_match_memory_learn
from .common.matcher import MatchMemoryCommon


@tagged("post_install", "-at_install")
class TestMatchMemory(MatchMemoryCommon):
    def test_confirmed_name_is_known_from_then_on(self):
        """Grandmother pays: her name says nothing until somebody confirmed it once."""
        old = self.document([75])
        first = self.transaction(75, "SEPA CREDIT", partner_name="GRANDMA ROSE")
        self.assertOnlySuggested(first)
        self.memory._learn([(first, (("account.move", old.id),))])
        old.button_draft()
        invoice = self.document([182.35])
        line = self.transaction(182.35, "SEPA CREDIT", partner_name="ROSE GRANDMA")
        best = self.best(line)
        self.assertEqual(best.records, (("account.move", invoice.id),))
        self.assertIn("owner_learned", [reason.kind for reason in best.reasons])
        self.assertMatched(line, invoice)

    def test_bank_account_is_remembered(self):
        invoice = self.document([75])
        line = self.transaction(75, "PAYMENT", account_number="DE89 3704 0044 0532 0130 00")
        self.memory._learn([(line, (("account.move", invoice.id),))])
        found = self.memory.search([("kind", "=", "account")])
        self.assertEqual((found.key, found.partner_id), ("DE89370400440532013000", self.family))
        self.assertEqual(found.confirmation_count, 1)

    def test_label_becomes_an_expense(self):
        line = self.transaction(-4.5, "CARD 4412 STARBUCKS #443")
        self.memory._learn([(line, (("account.reconcile.model", self.preset.id),))])
        best = self.best(self.transaction(-5.25, "CARD 4412 STARBUCKS #17"))
        self.assertEqual((best.entity_type, best.records), ("expense", (("account.reconcile.model", self.preset.id),)))
        self.assertGreater(best.probability, 0.8)
        self.assertFalse(self.decided(self.transaction(-6, "CARD 4412 STARBUCKS #18")), "once is not certain")

    def test_counts_add_up_however_often_the_same_is_taught_at_once(self):
        lines = [self.transaction(-4.5, f"STARBUCKS #{n}") for n in range(12)]
        records = (("account.reconcile.model", self.preset.id),)
        self.env.flush_all()
        counts = []
        for some in (lines[:1], lines[:2], lines):
            before = self.cr.sql_log_count
            self.memory._learn([(line, records) for line in some])
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2], "as many queries for twelve as for two")
        self.assertEqual(self.memory.search([("kind", "=", "label")]).confirmation_count, 15)

    def test_what_others_learn_at_the_same_time_is_counted_after_the_commit(self):
        """Who confirms the same as somebody else a moment before need not match again for that."""
        old = self.document([75])
        line = self.transaction(75, "SEPA CREDIT", partner_name="GRANDMA ROSE")
        cr = self.env.cr
        execute = type(cr).execute
        for times, error in enumerate((SerializationFailure, DeadlockDetected)):

            def conflict(cursor, query, *args, error=error, **kwargs):
                if "INSERT INTO account_bank_match_memory" in (query.code if isinstance(query, SQL) else query):
                    raise error
                return execute(cursor, query, *args, **kwargs)

            with patch.object(type(cr), "execute", conflict):
                self.memory._learn([(line, (("account.move", old.id),))])
            learned = self.memory.search([("key", "=", "GRANDMA ROSE")])
            self.assertEqual(sum(learned.mapped("confirmation_count")), times)
            with patch.object(account_bank_match_memory_learn, "retry_on_conflict") as counted:
                cr.postcommit.run()
            count = counted.call_args.args[1]
            self.assertEqual(len(counted.call_args_list), 1)
            execute(cr, *count.args)
            self.memory.invalidate_model()
            self.assertEqual(self.memory.search([("key", "=", "GRANDMA ROSE")]).confirmation_count, times + 1)

    def test_documents_of_two_owners_teach_no_name(self):
        documents = self.document([75]) | self.document([75], partner=self.owner("Others"))
        line = self.transaction(150, "BATCH", partner_name="AGENT")
        self.memory._learn([(line, tuple(("account.move", document.id) for document in documents))])
        self.assertFalse(self.memory.search([("kind", "=", "name")]))

    def test_rejected_suggestion_steps_back_and_comes_back(self):
        invoice = self.document([75])
        line = self.transaction(75, "Tremblay", partner_name="TREMBLAY FAMILY")
        before = self.best(line)
        self.memory._reject(line, before.records)
        after = next(one for one in self.suggested(line) if one.records == (("account.move", invoice.id),))
        self.assertLess(after.probability, before.probability)
        self.assertFalse(self.decided(line))
        rejected = self.memory.search([("kind", "=", "rejected")])
        rejected.sudo().date_rejected = fields.Date.today() - timedelta(days=720)
        self.assertAlmostEqual(self.best(line).probability, before.probability, places=3)

    def test_rejection_weakens_what_led_to_it_and_confirmation_takes_it_back(self):
        invoice = self.document([75])
        line = self.transaction(75, "X", partner_name="GRANDMA ROSE")
        records = (("account.move", invoice.id),)
        self.memory._learn([(line, records)])
        self.memory._reject(line, records)
        learned = self.memory.search([("kind", "=", "name")])
        self.assertEqual((learned.confirmation_count, learned.rejection_count), (1, 1))
        self.assertTrue(self.memory.search([("kind", "=", "rejected")]))
        self.memory._learn([(line, records)])
        self.assertFalse(self.memory.search([("kind", "=", "rejected")]))

    def test_what_a_person_enters_is_brought_into_form(self):
        form = Form(self.memory)
        form.kind, form.key, form.partner_id = "name", "Grandma  Rose, Inc.", self.family
        self.assertEqual(form.save().key, "GRANDMA ROSE")

    @mute_logger("odoo.sql_db")
    def test_the_same_fact_twice_is_refused(self):
        values = {"kind": "name", "key": "ROSE", "partner_id": self.family.id, "company_id": self.company.id}
        self.memory.create(values)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.memory.create(values)

    def test_companies_don_t_learn_from_each_other(self):
        other = self.setup_other_company()["company"]
        self.memory.create({"kind": "name", "key": "ROSE", "partner_id": self.family.id, "company_id": other.id})
        invoice = self.document([182.35])
        best = self.best(self.transaction(182.35, "SEPA", partner_name="ROSE"))
        self.assertEqual(best.records, (("account.move", invoice.id),))
        self.assertNotIn("owner_learned", [reason.kind for reason in best.reasons])

    def test_permission_for_bank_reconciliation_is_needed(self):
        row = self.memory.create(
            {"kind": "name", "key": "ROSE", "partner_id": self.family.id, "company_id": self.company.id}
        )
        companies = [Command.set(self.company.ids)]
        allowed = new_test_user(
            self.env, "bank person", "account_reconciliation.group_bank_reconciliation", company_id=self.company.id,
            company_ids=companies,
        )  # fmt: skip
        row.with_user(allowed).write({"confirmation_count": 2})
        self.assertIn("ROSE", row.with_user(allowed).meaning)
        for groups in ("account_reconciliation.group_admin", "account.group_account_invoice", "base.group_user",
                       "base.group_portal"):  # fmt: skip
            login = f"without {groups}"
            user = new_test_user(self.env, login, groups, company_id=self.company.id, company_ids=companies)
            for forbidden in (
                lambda user=user: row.with_user(user).read(["key"]),
                lambda user=user: row.with_user(user).unlink(),
                lambda user=user: self.memory.with_user(user).create({"key": "X", "partner_id": self.family.id}),
            ):
                with self.assertRaises(AccessError, msg=groups):
                    forbidden()

    def test_learning_as_the_person_who_matches(self):
        user = new_test_user(
            self.env, "matcher", "account_reconciliation.group_bank_reconciliation", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        invoice = self.document([75])
        line = self.transaction(75, "X", partner_name="GRANDMA ROSE").with_user(user)
        self.memory.with_user(user)._learn([(line, (("account.move", invoice.id),))])
        self.assertEqual(self.memory.search([("kind", "=", "name")]).create_uid, user)
