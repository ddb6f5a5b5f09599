"""A bank's file becomes bank transactions and statements: once, in the right journal, or not at all."""

import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.common.odoo_types import BANK_JOURNAL_TYPES
from ..models.bank_import import account_journal, account_journal_write
from ..statement_formats import parse
from ..wizards import account_bank_statement_import_write
from .common.bank_import import BANK_NUMBER, FOLDER, BankImportCommon, mt940, ofx, ofx_file


@tagged("post_install", "-at_install")
class TestBankImport(BankImportCommon):
    def test_statement_has_its_lines_and_balances(self):
        statement = self.bring(mt940([(2, 100, "Rent of hall"), (3, -40, "Ice")], 1000, 1060))
        self.assertEqual((statement.balance_start, statement.balance_end_real), (1000, 1060))
        self.assertEqual((statement.journal_id, statement.reference), (self.bank, "april"))
        self.assertTrue(statement.is_complete)
        self.assertEqual(self.transactions(), [(2, 100, "Rent of hall"), (3, -40, "Ice")])
        lines = statement.line_ids.sorted("internal_index")
        self.assertEqual(lines.mapped("state"), ["posted", "posted"])
        self.assertFalse(any(lines.mapped("is_reconciled")))
        self.assertIn(":61:260402", lines[0].raw_text)

    def test_base64_as_remote_calls_send_it(self):
        content = mt940([(2, 100, "Rent of hall")], 0, 100)
        self.assertEqual(len(self.bring(base64.b64encode(content).decode()).line_ids), 1)
        self.refused("did not arrive whole", "not base64 at all!")

    def test_same_file_twice_changes_nothing(self):
        content = mt940([(2, 100, "Rent of hall"), (3, -40, "Ice")], 1000, 1060)
        first = self.bring(content)
        was = self.count()
        self.assertEqual(self.bring(content, name="again"), first)
        self.assertEqual(self.count(), was)
        self.assertEqual(first.reference, "april")

    def test_overlapping_file_adds_only_what_is_new(self):
        self.bring(mt940([(2, 100, "Rent of hall"), (3, -40, "Ice")], 1000, 1060))
        later = self.bring(mt940([(3, -40, "Ice"), (4, 7, "Fine")], 1100, 1067, number="2"))
        self.assertEqual(self.transactions(), [(2, 100, "Rent of hall"), (3, -40, "Ice"), (4, 7, "Fine")])
        new = later.line_ids.filtered(lambda line: line.payment_ref == "Fine").statement_id
        self.assertEqual((new.balance_start, new.balance_end_real), (1060, 1067))
        self.assertTrue(new.is_complete and new.is_valid)

    def test_two_equal_coffees_on_one_day_stay_two(self):
        coffees = [(2, -3.5, "Coffee"), (2, -3.5, "Coffee")]
        content = mt940(coffees, 10, 3)
        self.bring(content)
        self.bring(content)
        self.assertEqual(self.transactions(), [(2, -3.5, "Coffee")] * 2)
        self.bring(mt940([*coffees, (2, -3.5, "Coffee")], 10, -0.5))
        self.assertEqual(self.transactions(), [(2, -3.5, "Coffee")] * 3)

    def test_bank_reference_tells_lines_of_one_amount_apart(self):
        self.bring(ofx_file(ofx([(2, "-5.00", "FEE", "A1"), (2, "-5.00", "FEE", "A2")])))
        self.bring(ofx_file(ofx([(2, "-5.00", "FEE renamed by the bank", "A2"), (2, "-5.00", "FEE", "A3")])))
        self.assertEqual(len(self.transactions()), 3)

    def test_several_accounts_go_to_their_journals(self):
        content = ofx_file(ofx([(2, "10.00", "one")]), ofx([(3, "20.00", "two")], account="55502"))
        statements = self.bring(content, journal=self.env["account.journal"])
        self.assertEqual(statements.journal_id, self.bank | self.second)
        self.assertEqual(self.transactions(self.second), [(3, 20, "two")])
        self.assertEqual(self.bring(content, journal=self.euro_bank), statements)

    def test_iban_finds_its_journal_however_it_is_written(self):
        content = (FOLDER / "camt053_v02_german.xml").read_bytes()
        statement = self.bring(content, journal=self.env["account.journal"])[0]
        self.assertEqual(statement.journal_id, self.euro_bank)
        self.assertEqual((statement.balance_start, statement.balance_end_real), (1000, 1497.35))
        self.assertTrue(statement.is_complete)
        line = statement.line_ids.filtered(lambda line: line.amount == 595)
        self.assertEqual(line.account_number, "NL91ABNA0417164300")
        self.assertTrue(line.partner_name and line.raw_data)

    def test_batch_booking_becomes_its_payments(self):
        statement = self.bring((FOLDER / "camt053_v02_german.xml").read_bytes(), self.euro_bank)[0]
        amounts = statement.line_ids.mapped("amount")
        self.assertIn(-12.5, amounts)
        self.assertIn(-17.5, amounts)
        self.assertNotIn(-30, amounts)

    def test_unknown_account_is_named_and_nothing_imported(self):
        content = ofx_file(ofx([(2, "10.00", "one")]), ofx([(3, "20.00", "two")], account="98765"))
        self.refused("98765", content)

    def test_empty_statement_of_a_foreign_account_does_no_harm(self):
        content = ofx_file(ofx([(2, "10.00", "one")]), ofx([], account="98765"))
        self.assertEqual(len(self.bring(content)), 1)

    def test_file_without_account_needs_a_journal(self):
        content = b"Date,Description,Amount\n2026-04-01,Rent,100.00\n"
        self.refused("which account", content, self.env["account.journal"])
        self.bring(content)
        self.assertEqual(self.transactions(), [(1, 100, "Rent")])

    def test_wrong_currency_is_refused(self):
        message = self.refused("EUR", ofx_file(ofx([(2, "10.00", "one")], currency="EUR")))
        self.assertIn("USD", message)

    def test_more_decimals_than_the_currency_has(self):
        self.refused("decimals", b"Date,Description,Amount\n2026-04-01,Rent,100.1234\n")

    def test_difference_is_shown_not_hidden(self):
        statement = self.bring(mt940([(2, 100, "Rent of hall")], 1000, 1150))
        self.assertIn("50.00", statement.import_note)
        self.assertEqual((statement.balance_start, statement.balance_end_real), (1000, 1150))
        self.assertFalse(statement.is_complete)

    def test_hostile_file_leaves_nothing(self):
        bomb = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Document>&b;</Document>'
        broken = (FOLDER / "camt053_v02_german.xml").read_bytes()[:3000]
        with mute_logger("odoo.addons.account_reconciliation.statement_formats"):
            for content in (bomb, broken, b"", b"%PDF-1.4", b"\0\1\2", None, 7):
                self.refused(".", content)

    def test_text_that_the_database_cannot_hold(self):
        content = b"Date,Description,Amount\n2026-04-01,Re\0nt,100.00\n"
        try:
            self.bring(content)
        except UserError:
            self.assertEqual(self.transactions(), [])
        else:
            self.assertEqual(self.transactions(), [(1, 100, "Rent")])

    def test_journal_of_another_kind_is_refused(self):
        self.refused("not a bank journal", ofx_file(ofx([])), self.company_data["default_journal_sale"])

    def test_columns_are_remembered_for_the_account(self):
        wizard = self.wizard(b"When;What for;Sum\n03/04/2026;Rent;100,00\n04/04/2026;Ice;-40,00\n")
        self.assertEqual(wizard.state, "mapping")
        for column, role in zip(wizard.column_ids, ("date", "label", "amount"), strict=True):
            column.role = role
        wizard.date_order = "dmy"
        wizard.action_preview()
        self.assertEqual(wizard.state, "preview", wizard.message)
        wizard.action_import()
        self.assertEqual(self.transactions(), [(3, 100, "Rent"), (4, -40, "Ice")])
        self.bring(b"When;What for;Sum\n05/04/2026;Skates;30,00\n")
        self.assertEqual(self.transactions()[-1], (5, 30, "Skates"))

    def test_the_only_bank_account_is_proposed(self):
        imports = self.env["account.bank.statement.import"].with_user(self.accountant)
        self.assertFalse(imports.create({}).journal_id, "there are several")
        others = self.env["account.journal"].search([("type", "in", BANK_JOURNAL_TYPES)]) - self.bank
        others.active = False
        self.assertEqual(imports.create({}).journal_id, self.bank)

    def test_file_without_account_waits_for_the_journal_in_its_preview(self):
        table = b"Date,Description,Amount\n2026-04-05,Skates,30.00\n2026-04-14,Ice,-4.00\n"
        wizard = self.wizard(table, journal=self.env["account.journal"])
        self.assertEqual((wizard.state, wizard.has_error), ("preview", True))
        self.assertIn("Choose the bank journal", wizard.remarks)
        wizard.journal_id = self.second
        wizard.action_preview()
        self.assertFalse(wizard.has_error)
        wizard.action_import()
        imported = self.lines.search([("journal_id", "=", self.second.id)])
        self.assertEqual(sorted(imported.mapped("amount")), [-4, 30])

    def test_goes_on_in_bank_matching_where_it_was_asked_from(self):
        wizard = self.wizard(mt940([(1, 100, "Rent")], 1000, 1100))
        self.assertEqual(wizard.action_open_transactions()["res_model"], "account.bank.statement.line")
        wizard.goes_on_matching = True
        action = wizard.action_open_transactions()
        self.assertEqual(action["tag"], "account_reconciliation.bank_matching")
        self.assertEqual((action["context"]["default_journal_id"], action["target"]), (self.bank.id, "main"))

    def test_partner_by_bank_account_or_unambiguous_name(self):
        bank = self.env["res.partner.bank"]
        bank.create({"acc_number": "NL91 ABNA 0417 1643 00", "partner_id": self.family.id})
        statement = self.bring((FOLDER / "camt053_v02_german.xml").read_bytes(), self.euro_bank)[0]
        self.assertEqual(statement.line_ids.filtered(lambda line: line.amount == 595).partner_id, self.family)
        twins = self.env["res.partner"].create([{"name": "Twin"}, {"name": "Twin"}])
        content = b"Date,Payee,Description,Amount\n2026-04-01,Twin,a,-1.00\n2026-04-02,Rink Supplies,b,2.00\n"
        lines = self.bring(content + "2026-04-03,Léa Tremblay,c,3.00\n".encode()).line_ids.sorted("date")
        self.assertFalse(lines[0].partner_id & twins)
        self.assertEqual(lines[1].partner_id, self.vendor)
        self.assertEqual(lines[2].partner_id, self.family, "a member's account owner")
        self.assertEqual(lines[0].partner_name, "Twin")

    def test_foreign_currency_as_the_payer_stated_it(self):
        parsed = parse("swiss", (FOLDER / "camt053_v08_swiss.xml").read_bytes())
        line = next(line for line in parsed.statements[0].lines if line.original_currency == "USD")
        franc = self.setup_other_currency("CHF")
        journal = self.bank.copy({"name": "Franc", "code": "CHF", "currency_id": franc.id})
        self.number(journal, parsed.statements[0].account_number)
        lines = self.bring((FOLDER / "camt053_v08_swiss.xml").read_bytes(), journal).line_ids
        found = lines.filtered("foreign_currency_id")
        self.assertEqual((found.amount, found.amount_currency), (float(line.amount), float(line.original_amount)))
        self.assertEqual(found.foreign_currency_id.name, "USD")
        self.assertTrue(lines.filtered("structured_reference"))

    def test_statement_takes_over_what_an_intraday_report_announced(self):
        report = self.bring(mt940([(2, 100, "Rent of hall")], 1000, 1100))
        report.sudo().import_kind = "report"
        statement = self.bring(mt940([(2, 100, "Rent of hall"), (3, -40, "Ice")], 1000, 1060))
        self.assertFalse(report.exists())
        self.assertEqual((len(statement), len(statement.line_ids)), (1, 2))
        self.assertEqual((statement.balance_start, statement.balance_end_real), (1000, 1060))
        self.assertTrue(statement.is_complete)

    def test_who_may_import(self):
        content = mt940([(2, 100, "Rent of hall")], 0, 100)
        allowed = ["group_accountant", "group_super_admin", "group_owner", "group_bank_reconciliation"]
        refused = ["group_general", "group_admin", "group_manage_reconciliations", "group_client_billing"]
        groups = {f"account_reconciliation.{name}": True for name in allowed}
        groups |= {f"account_reconciliation.{name}": False for name in refused}
        groups |= {"account.group_account_user": True, "account.group_account_invoice": False}
        groups |= {"base.group_user": False, "base.group_portal": False, "base.group_public": False}
        for number, (group, is_allowed) in enumerate(groups.items()):
            user = self.user_with(f"importer{number}", group)
            journal = self.bank.with_user(user)
            with self.subTest(group=group):
                was = self.count()
                if is_allowed:
                    self.assertEqual(len(journal.import_bank_statement("april", content)), 1)
                else:
                    with self.assertRaisesRegex(AccessError, "Bank reconciliation"):
                        journal.import_bank_statement("april", content)
                    self.assertEqual(self.count(), was)

    def test_queries_are_those_of_odoos_own_create(self):
        """Linear, and per line what Odoo's create of bank lines takes, plus at most 10 %."""

        def queries(function):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            function()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        def imported(number, name):
            lines = [(3, 1 + index, f"{name} {index}") for index in range(number)]
            content = mt940(lines, 0, number * (number + 1) / 2, number=name)
            return queries(lambda: self.bring(content))

        def created(number):
            values = [
                {"journal_id": self.bank.id, "date": "2026-04-03", "amount": 1 + index, "payment_ref": f"own {index}"}
                for index in range(number)
            ]
            return queries(lambda: self.lines.with_user(self.accountant).create(values))

        imported(10, "warm up")
        created(10)
        per_line = (imported(120, "many") - imported(20, "few")) / 100
        per_line_of_odoo = (created(120) - created(20)) / 100
        self.assertLessEqual(per_line, 1.1 * per_line_of_odoo + 0.05)

    def test_journal_knows_its_last_import(self):
        self.assertFalse(self.bank.last_statement_import)
        by_hand = self.lines.create({"journal_id": self.bank.id, "date": "2026-04-01", "amount": 1, "payment_ref": "x"})
        self.bank.invalidate_recordset()
        self.assertFalse(self.bank.last_statement_import, "typed by hand is no import")
        lines = self.bring(mt940([(2, 100, "Rent of hall")], 1000, 1100)).line_ids
        (self.bank | self.second).invalidate_recordset()
        with self.assertQueryCount(1):
            (self.bank | self.second).mapped("last_statement_import")
        self.assertEqual(self.bank.last_statement_import, lines.create_date)
        self.assertFalse(self.second.last_statement_import)
        self.assertTrue(by_hand)


@tagged("post_install", "-at_install")
class TestBankImportDialog(BankImportCommon):
    wizard = TestBankImport.wizard

    def test_preview_writes_nothing(self):
        self.bring(mt940([(2, 100, "Rent of hall")], 1000, 1100))
        was = self.count()
        wizard = self.wizard(mt940([(2, 100, "Rent of hall"), (3, -40, "Ice")], 1000, 1070))
        self.assertEqual(self.count(), was)
        (row,) = wizard.statement_ids
        self.assertEqual((row.journal_id, row.account_number), (self.bank, BANK_NUMBER))
        self.assertEqual((row.line_count, row.duplicate_count), (2, 1))
        self.assertEqual((row.balance_start, row.balance_end, row.difference), (1000, 1070, -10))
        self.assertIn("10.00", row.remarks)

    def test_file_that_is_too_large_is_refused_unread(self):
        with patch.object(account_journal, "BYTES_MAX", 100):
            wizard = self.wizard(b"x" * 101)
        self.assertTrue(wizard.has_error)
        self.assertIn("shorter periods", wizard.remarks)

    def test_balance_that_the_file_leaves_out_is_computed(self):
        (row,) = self.wizard(ofx_file(ofx([(2, "100.00", "Rent")], closing="1100.00"))).statement_ids
        self.assertEqual((row.balance_start, row.balance_end, row.difference), (1000, 1100, 0))
        self.assertTrue(row.has_balances)

    def test_several_files_at_once(self):
        wizard = self.wizard(
            mt940([(2, 100, "Rent of hall")], 1000, 1100), ofx_file(ofx([(3, "20.00", "two")], account="55502"))
        )
        self.assertEqual(len(wizard.statement_ids), 2)
        action = wizard.action_import()
        self.assertEqual(action["res_model"], "account.bank.statement.line")
        self.assertEqual(self.transactions(), [(2, 100, "Rent of hall")])
        self.assertEqual(self.transactions(self.second), [(3, 20, "two")])

    def test_one_bad_file_keeps_all_from_being_imported(self):
        wizard = self.wizard(mt940([(2, 100, "Rent of hall")], 1000, 1100), b"%PDF-1.4")
        self.assertTrue(wizard.has_error)
        self.assertIn("PDF", " ".join(row.remarks for row in wizard.statement_ids))
        was = self.count()
        with self.assertRaisesRegex(UserError, "PDF"), self.env.cr.savepoint():
            wizard.action_import()
        self.assertEqual(self.count(), was)

    def test_dropping_files_on_the_bank_card_opens_the_preview(self):
        env = self.env(user=self.accountant)
        attachment = env["ir.attachment"].create({"name": "april", "raw": mt940([(2, 100, "Rent")], 0, 100)})
        journals = env["account.journal"].with_context(default_journal_id=self.bank.id)
        action = journals.create_document_from_attachment(attachment.ids)
        self.assertEqual(action["res_model"], "account.bank.statement.import")
        self.assertEqual(env[action["res_model"]].browse(action["res_id"]).state, "preview")

    def test_dialog_is_refused_without_the_permission(self):
        user = self.user_with("desk", "account_reconciliation.group_admin")
        with self.assertRaises(AccessError):
            self.bank.with_user(user).action_import_bank_statement()
        with self.assertRaises(AccessError):
            self.env["account.bank.statement.import"].with_user(user).create({})

    def test_large_file_is_imported_in_slices(self):
        wizard = self.wizard(mt940([(1, 1, f"Rent {index}") for index in range(25)], 0, 25))
        with patch.object(account_bank_statement_import_write, "SLICE", 10):
            counts = [wizard.process_slice(0) for _call in range(5)]
        self.assertEqual([progress["done_count"] for progress in counts], [0, 10, 20, 25, 25])
        self.assertEqual([progress["is_done"] for progress in counts], [False] * 4 + [True])
        statement = self.env["account.bank.statement"].search([("journal_id", "=", self.bank.id)])
        self.assertEqual((len(statement), len(statement.line_ids)), (1, 25))
        self.assertEqual((statement.balance_end, statement.balance_end_real), (25, 25))
        self.assertTrue(wizard.process_slice(0)["is_done"])
        self.assertEqual(len(self.transactions()), 25)

    def test_large_file_goes_on_where_it_was_cut_off(self):
        content = mt940([(1 + index // 4, 1, f"Rent {index}") for index in range(25)], 0, 25)
        wizard = self.wizard(content)
        with patch.object(account_bank_statement_import_write, "SLICE", 10):
            wizard.process_slice(0)
            wizard.process_slice(0)
        # The browser is closed: the first part is there, no statement is.
        self.assertEqual(len(self.transactions()), 10)
        self.assertFalse(self.env["account.bank.statement"].search([("journal_id", "=", self.bank.id)]))
        statement = self.bring(content)
        self.assertEqual(len(statement.line_ids), 25)
        self.assertEqual((statement.balance_end, statement.balance_end_real), (25, 25))

    def test_statistics_follow_a_growing_journal(self):
        """At 4, 8 and 16 lines, in slices and in one call, however large the slices are."""
        content = mt940([(1, 1, f"Rent {index}") for index in range(21)], 0, 21)
        patches = (
            patch.object(account_journal_write, "STATISTICS_LINES", 4),
            patch.object(account_journal_write, "SLICE", 3),
            patch.object(account_bank_statement_import_write, "SLICE", 3),
        )
        with patches[0], patches[1], patches[2]:
            journal_class = self.env.registry["account.journal"]
            with patch.object(journal_class, "_refresh_statistics", autospec=True) as refreshed:
                self.bring(content)
                self.assertEqual(refreshed.call_count, 3)
                wizard = self.wizard(content.replace(BANK_NUMBER.encode(), b"55502"))
                while not wizard.process_slice(0)["is_done"]:
                    pass
                self.assertEqual(refreshed.call_count, 6)
        self.assertEqual(len(self.transactions()), len(self.transactions(self.second)))

    def test_slices_write_what_one_call_writes(self):
        lines = [(1 + index // 4, 1 + index, f"Rent {index}") for index in range(7)]
        whole = self.bring(mt940(lines, 0, 28)).line_ids
        wizard = self.wizard(mt940(lines, 0, 28, account="55502"))
        with patch.object(account_bank_statement_import_write, "SLICE", 3):
            while not wizard.process_slice(0)["is_done"]:
                pass
        sliced = self.lines.search([("journal_id", "=", self.second.id)])
        names = ["date", "amount", "payment_ref", "ref", "partner_name", "raw_data", "transaction_details"]
        names += ["import_format"]

        def written(transactions):
            return sorted(str([line[name] for name in names]) for line in transactions)

        self.assertEqual(written(sliced), written(whole))
        self.assertEqual(sliced.statement_id.mapped("balance_end_real"), [28])
