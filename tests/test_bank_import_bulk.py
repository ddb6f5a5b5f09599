"""The bulk import leaves what Odoo's own ``create`` leaves: random files, both ways, compared row by row.

``BULK_FILES=300`` plays so many of them, ``BULK_FILES=17,42`` plays those two again.
"""

import os
import random
from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import SQL

from ..engine.common import odoo_methods
from ..models.bank_import import account_journal_write
from ..models.bank_import.account_bulk_import import LINES_MIN
from ..statement_formats import Line, ParsedFile, Statement
from ..wizards import account_bank_statement_import_batch
from .common.bank_import import BANK_NUMBER, BankImportCommon

EURO_NUMBER = "DE89370400440532013000"
# Each with the columns that refer to rows of these tables: column -> table.
TABLES = {
    "account_bank_statement": {},
    "account_move": {"statement_line_id": "account_bank_statement_line"},
    "account_bank_statement_line": {"move_id": "account_move", "statement_id": "account_bank_statement"},
    "account_move_line": {
        "move_id": "account_move", "statement_line_id": "account_bank_statement_line",
        "statement_id": "account_bank_statement",
    },
    "mail_message": {"res_id": "account_move"},
    "mail_followers": {"res_id": "account_move"},
}  # fmt: skip
# Who wrote it when, and numbers that are drawn at random.
LEFT_OUT = {"create_date", "write_date", "write_uid", "message_id"}


def seeds():
    # In 6 and 40 Odoo's own ``create`` computes the balances of a statement from some of its transactions.
    asked = os.environ.get("BULK_FILES", "0,1,6,40")
    return [int(seed) for seed in asked.split(",")] if "," in asked else range(int(asked))


class BulkImportCommon(BankImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.euro_bank.currency_id
        cls.env["res.currency.rate"].create([
            {"currency_id": cls.euro.id, "name": day, "rate": rate, "company_id": cls.company.id}
            for day, rate in (("2024-12-01", 0.81), ("2025-03-01", 0.9), ("2026-01-15", 1.123456))
        ])  # fmt: skip
        cls.yen = cls.setup_other_currency("JPY", rounding=1.0, rates=[("2024-12-01", 151.3)])
        child = cls.env["res.partner"].create({"name": "Child of Roy", "parent_id": cls.family.id})
        abroad = cls.env["res.partner"].create({
            "name": "Abroad Ltd", "country_id": cls.env.ref("base.de").id,
            "bank_ids": [Command.create({"acc_number": "DE02120300000000202051", "allow_out_payment": True})],
        })  # fmt: skip
        cls.env["account.fiscal.position"].create({
            "name": "Abroad", "auto_apply": True, "country_id": cls.env.ref("base.de").id,
            "company_id": cls.company.id,
        })  # fmt: skip
        cls.partners = cls.family | child | abroad
        cls.bulk = cls.env["account.bulk.import"]

    def statement(self, rng, journal, count):
        start = date(2025, 1, 1) + timedelta(rng.randrange(400))
        lines = []
        for place in range(count):
            cents = rng.choice([1, -1]) * rng.randint(1, 10 ** rng.randint(1, 7))
            amount = Decimal(cents).scaleb(-2)
            extra = {}
            if rng.random() < 0.15:
                foreign = rng.choice([currency for currency in ("EUR", "USD", "JPY") if currency != journal[1]])
                extra = {"original_currency": foreign, "original_amount": abs(amount) * 150 + 1}
                if foreign == "JPY":
                    extra["original_amount"] = round(extra["original_amount"])
            if rng.random() < 0.4:
                extra["counterparty_name"] = rng.choice([*self.partners.mapped("name"), "Nobody we know"])
            if rng.random() < 0.3:
                extra["reference"] = rng.choice(["B", "A", "Z 7", "ä"])
            if rng.random() < 0.2:
                extra["charges"] = Decimal("-0.35")
            lines.append(Line(
                start + timedelta(rng.choice([0, 0, 0, 1, 1, 2, 40, 200])), amount, label=f"No {place} \\ \" {{}} é",
                counterparty_account=rng.choice(["", f"ES{place}"]), end_to_end_id=rng.choice(["", f"E{place}"]),
                bank_reference=f"{journal[0]} {place}", raw=rng.choice(["", "text", {"a": "b"}]), **extra,
            ))  # fmt: skip
        lines.sort(key=lambda line: line.date)
        values = {}
        if rng.random() < 0.6:
            start = Decimal(rng.randint(-(10**5), 10**5)).scaleb(-2)
            values["balance_start"] = start
            values["balance_end"] = start + sum(line.amount for line in lines) + rng.choice([0, 0, 0, Decimal("0.01")])
        return Statement(
            account_number=journal[0], currency=journal[1], lines=tuple(lines), name=rng.choice(["", "No. 5"]),
            kind=rng.choice(["statement", "report"]), **values,
        )  # fmt: skip

    def import_by(self, parsed, by_odoo):
        """Import a file by one way.

        :return: (why Odoo created transactions: Counter, the rows)
        """
        bank = self.bank.with_user(self.accountant).with_context(
            tracking_disable=False, mail_create_nolog=False, mail_create_nosubscribe=False, mail_notrack=False
        )  # fmt: skip
        before = {table: self.last_id(table) for table in TABLES}
        slow = Counter()
        create = type(bank)._create_statement_lines

        def watched(journal, vals_list, written=0, _slow=None, begin=None):
            return create(journal, vals_list, written, slow, begin)

        forced = patch.object(type(self.bulk), "_why", lambda *_args: "addon") if by_odoo else patch.dict({}, {})
        unlinked = (
            patch.object(type(self.bulk), "_may_put_in_statement", lambda *_args: False)
            if by_odoo else patch.dict({}, {})
        )  # fmt: skip
        with forced, unlinked, patch.object(type(bank), "_create_statement_lines", watched):
            bank._write_statements("file", bank._plan_statements(parsed))
        self.env.flush_all()
        return slow, self.rows(before)

    def last_id(self, table):
        self.env.flush_all()
        return self.env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(table)))[0][0]

    def rows(self, before):
        """The new rows of all tables, without what differs from one time to the other."""
        found = {
            table: [
                row
                for (row,) in self.env.execute_query(
                    SQL("SELECT to_jsonb(t) FROM %s AS t WHERE id > %s ORDER BY id", SQL.identifier(table), last)
                )
            ]
            for table, last in before.items()
        }
        places = {table: {row["id"]: place for place, row in enumerate(rows)} for table, rows in found.items()}
        for table, rows in found.items():
            for row in rows:
                for column in LEFT_OUT:
                    row.pop(column, None)
                if table == "mail_message":
                    row.pop("date")
                row["id"] = places[table][row["id"]]
                for column, target in TABLES[table].items():
                    row[column] = places[target].get(row[column], row[column])
                for column in ("internal_index", "first_line_index"):
                    if row.get(column):
                        row[column] = row[column][:18]
        subtypes = self.env.execute_query(
            SQL(
                """
                SELECT mail_followers_id, mail_message_subtype_id FROM mail_followers_mail_message_subtype_rel
                 WHERE mail_followers_id > %s ORDER BY 1, 2
                """,
                before["mail_followers"],
            )
        )
        found["subtypes"] = [
            {"follower": places["mail_followers"][follower], "subtype": subtype} for follower, subtype in subtypes
        ]
        return found

    def both(self, parsed):
        """Import a file by both ways, each undone.

        :return: (why Odoo created transactions where the bulk way was asked, the rows in bulk, the rows by Odoo)
        """
        results = []
        for by_odoo in (False, True):
            self.env.flush_all()
            self.env.cr.precommit.run()
            with closing(self.env.cr.savepoint()):
                results.append(self.import_by(parsed, by_odoo))
            self.env.invalidate_all(flush=False)
        (slow, in_bulk), (_all, by_odoo) = results
        return slow, in_bulk, by_odoo

    def assertSame(self, in_bulk, by_odoo, message):
        differences = []
        for table, rows in by_odoo.items():
            self.assertEqual(len(in_bulk[table]), len(rows), f"{message}: rows of {table}")
            for one, other in zip(in_bulk[table], rows, strict=True):
                differences += [
                    (table, other.get("id"), column, one.get(column), other[column])
                    for column in other
                    if one.get(column) != other[column]
                ]
        self.assertFalse(differences[:20], f"{message}: (table, row, column, in bulk, by Odoo); {len(differences)}")


@tagged("post_install", "-at_install")
class TestBulkImport(BulkImportCommon):
    def test_random_files(self):
        seen = Counter()
        for seed in seeds():
            with self.subTest(seed=seed), closing(self.env.cr.savepoint()):
                rng = random.Random(seed)
                self.set_up(rng)
                statements = [
                    self.statement(rng, rng.choice([(BANK_NUMBER, "USD"), (EURO_NUMBER, "EUR")]), count)
                    for count in rng.sample([LINES_MIN, LINES_MIN + 10], rng.randint(1, 2))
                ]
                slow, in_bulk, by_odoo = self.both(ParsedFile("test", tuple(statements)))
                seen.update(slow)
                seen["bulk"] += len(in_bulk["account_move"]) - slow.total()
                self.assertSame(in_bulk, by_odoo, f"seed {seed}")
            self.env.invalidate_all(flush=False)
        if len(seeds()) >= 4:
            self.assertGreater(seen["bulk"], seen.total() * 0.6, seen)
        self.assertFalse(seen["differs"], seen)

    def set_up(self, rng):
        """What is there already: numbers of other kinds, a locked period."""
        if rng.random() < 0.25:
            self.company.fiscalyear_lock_date = fields.Date.to_date("2025-06-30")
        for journal in self.bank | self.euro_bank:
            if rng.random() < 0.5:
                line = self.env["account.bank.statement.line"].create({
                    "journal_id": journal.id, "date": date(2025, 7, 1) + timedelta(rng.randrange(300)), "amount": 5,
                    "payment_ref": "before",
                })  # fmt: skip
                line.move_id.name = rng.choice([
                    line.move_id.name, f"X/{line.date:%Y/%m}/0007", f"{line.date:%Y}-0000300", "FREE0099",
                ])  # fmt: skip
        self.euro_bank.suspense_account_id.reconcile = rng.random() < 0.3
        self.env.flush_all()
        self.env.cr.precommit.run()

    def some(self, count=LINES_MIN, **values):
        return [
            {
                "journal_id": self.bank.id, "date": f"2026-04-{1 + place % 20:02}", "amount": 5.0 + place,
                "payment_ref": f"No {place}", **values,
            }
            for place in range(count)
        ]  # fmt: skip

    def create_lines(self, vals_list):
        slow = Counter()
        lines = self.bank._create_statement_lines(vals_list, 0, slow)
        self.assertEqual(lines.mapped("amount"), [values["amount"] for values in vals_list])
        return lines, dict(slow)

    def test_few_transactions_are_created_by_odoo(self):
        self.assertEqual(self.create_lines(self.some(3))[1], {"few": 3})

    def test_what_is_not_simple_is_created_by_odoo(self):
        def why(vals_list):
            lines, reason = self.bulk._create(self.bank, vals_list)
            self.assertEqual(len(lines), 0 if reason else len(vals_list))
            return reason

        strangers = self.env["res.partner"].create({
            "name": "Of others", "company_id": self.setup_other_company(name="Others")["company"].id,
        })  # fmt: skip
        self.assertEqual(why(self.some(narration="<p>Hello</p>")), "values")
        self.assertEqual(why([*self.some(), *self.some(1, amount=0.0)]), "amount")
        self.assertEqual(why(self.some(partner_id=strangers.id)), "company")
        self.bank.restrict_mode_hash_table = True
        self.assertEqual(why(self.some()), "journal")
        self.bank.restrict_mode_hash_table = False
        self.company.fiscalyear_lock_date = fields.Date.to_date("2026-04-03")
        self.assertEqual(why(self.some()), "locked")

    def test_another_odoo_turns_it_off_and_the_statement_says_so(self):
        statement = Statement(
            BANK_NUMBER, "USD", lines=tuple(
                Line(date(2026, 4, 2), Decimal(5 + place), label=f"No {place}") for place in range(LINES_MIN)
            ),
        )  # fmt: skip
        change = odoo_methods.Change("account.move._post", "account", "1", "2")
        plan = self.bank._plan_statements(ParsedFile("test", (statement,)))
        self.assertTrue(change.is_of("import"))
        with patch.object(self.env.registry, "account_reconciliation_changes", [change]):
            written = self.bank._write_statements("file", plan)
        self.assertIn(f"{LINES_MIN} transactions were created one by one", written.import_note)
        self.assertIn("another version of Odoo", written.import_note)

    def test_one_that_is_not_simple_makes_only_its_slice_slow(self):
        vals_list = [*self.some(), *self.some(LINES_MIN, amount=0.0), *self.some()]
        with patch.object(account_journal_write, "SLICE", LINES_MIN):
            lines, slow = self.create_lines(vals_list)
        self.assertEqual(slow, {"amount": LINES_MIN})
        self.assertEqual(lines.mapped("amount"), [values["amount"] for values in vals_list])

    def test_amounts_of_an_entry_are_rounded_in_its_currency(self):
        """10.50 dollars for 1,500 yen: Odoo adds up the dollars and writes them in yen."""
        foreign = {"foreign_currency_id": self.yen.id, "amount_currency": 1500.0}
        vals_list = [{**values, **foreign, "amount": 11.0} for values in self.some()]
        vals_list[1]["amount"] = 10.5
        lines, slow = self.create_lines(vals_list)
        self.assertFalse(slow)
        self.assertEqual(lines[:2].move_id.mapped("amount_total"), [11, 11])

    def test_the_dialog_writes_several_parts_at_once_where_all_are_simple(self):
        wizard = self.env["account.bank.statement.import"].create({"journal_id": self.bank.id})
        wizard.write({"is_batched": True, "batched_count": 7 * LINES_MIN})
        self.env["account.bank.statement.import.batch"].create([
            {
                "wizard_id": wizard.id,
                "journal_id": self.bank.id,
                **self.env["account.bank.statement.import.batch"]._content(self.some(amount=amount)),
            }
            for amount in (1, 2, 3, 4, 5, 0, 7)
        ])  # fmt: skip
        together = []
        create = type(self.bank)._create_in_bulk

        def watched(journal, vals_list, written, begin):
            together.append(len(vals_list) // LINES_MIN)
            return create(journal, vals_list, written, begin)

        with (
            patch.object(account_bank_statement_import_batch, "SLICES_IN_BULK", 4),
            patch.object(type(self.bank), "_create_in_bulk", watched),
        ):
            self.assertEqual(wizard.process_slice(0)["done_count"], 4 * LINES_MIN)
            self.assertEqual(wizard.process_slice(60)["done_count"], 7 * LINES_MIN)
        # Four together; then three, of which one is not simple: one after the other.
        self.assertEqual(together, [4, 3, 1, 1, 1])
        self.assertEqual(wizard.slow_counts, {"amount": LINES_MIN})
        lines = self.env["account.bank.statement.line"].search([("journal_id", "=", self.bank.id)], order="id")
        self.assertEqual(
            lines[-7 * LINES_MIN :].mapped("amount"), [one for one in (1, 2, 3, 4, 5, 0, 7) for _n in range(LINES_MIN)]
        )

    def test_a_method_of_another_addon_turns_it_off(self):
        model = type(self.env["account.move"])
        post = model._post

        def other_post(moves, soft=True):
            return post(moves, soft)

        other_post.__module__ = "odoo.addons.some_localisation.models.account_move"
        with patch.object(model, "_post", other_post):
            _lines, slow = self.create_lines(self.some())
        self.assertEqual(slow, {"addon": LINES_MIN})

    def test_stored_fields_of_others_are_computed(self):
        """A field that somebody added in the settings, on the entry, that depends on the transaction."""
        self.env["ir.model.fields"].create({
            "model_id": self.env["ir.model"]._get("account.move").id, "name": "x_in_words", "ttype": "char",
            "store": True, "depends": "statement_line_id.amount, name, line_ids.balance",
            "compute": "for one in self:\n    one['x_in_words'] = '%s %s' % (one.name, one.statement_line_id.amount)",
        })  # fmt: skip
        self.addCleanup(self.registry.reset_changes)
        lines, slow = self.create_lines(self.some())
        self.assertFalse(slow)
        for line in lines:
            self.assertEqual(line.move_id.x_in_words, f"{line.move_id.name} {line.amount}")

    def test_queries_do_not_grow_with_the_transactions(self):
        self.create_lines(self.some())
        counts = []
        for count in (60, 240):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.create_lines(self.some(count))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1], counts[0] + 20, counts)

    def test_the_number_goes_on_after_other_entries(self):
        first, _slow = self.create_lines(self.some(1))
        first.move_id.name = "BNK/2026/0041"
        lines, slow = self.create_lines(self.some())
        self.assertFalse(slow)
        self.assertEqual(
            lines.sorted(lambda line: (line.date, line.id)).move_id.mapped("name"),
            [f"BNK/2026/{42 + place:04}" for place in range(LINES_MIN)],
        )
        self.assertFalse(any(lines.move_id.mapped("made_sequence_gap")))
        self.assertEqual(set(lines.move_id.mapped("state")), {"posted"})
