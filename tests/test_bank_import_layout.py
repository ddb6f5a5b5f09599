"""What a person can correct in the import dialog of a table, and the fields of a file that reach the transaction."""

import io

import openpyxl
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common.bank_import import BANK_NUMBER, BankImportCommon

TABLE = "When|What for|Sum\n03/04/2026|Loyer août|100,00\n04/04/2026|Glace|-40,00\n"
MT940 = f""":20:4711
:25:{BANK_NUMBER}
:28C:1/1
:60F:C260401USD100,00
:61:2604020402D30,50NDDT+105NONREF
:86:105?00Lastschrift?20EREF+Order 4711?21MREF+M-0815?22SVWZ+Skates?32Rink Supplies
:62F:C260402USD69,50
-
""".encode()


@tagged("post_install", "-at_install")
class TestBankImportLayout(BankImportCommon):
    def wizard(self, content):
        env = self.env(user=self.accountant)
        attachment = env["ir.attachment"].create({"name": "table", "raw": content})
        action = self.bank.with_env(env)._preview_statement_files(attachment.ids)
        return env[action["res_model"]].browse(action["res_id"])

    def test_another_encoding_is_chosen_and_the_table_read_anew(self):
        wizard = self.wizard(TABLE.encode("cp850"))
        self.assertEqual(wizard.state, "mapping")
        wizard.encoding = "cp1252"
        wizard.action_preview()
        self.assertEqual(wizard.state, "mapping")
        self.assertNotIn("août", " ".join(wizard.column_ids.mapped("sample")))
        wizard.encoding = "cp850"
        wizard.action_preview()
        self.assertEqual(wizard.state, "mapping")
        self.assertIn("août", " ".join(wizard.column_ids.mapped("sample")))

    def test_another_delimiter_gives_other_columns(self):
        wizard = self.wizard(TABLE.encode())
        self.assertEqual(len(wizard.column_ids), 3)
        wizard.delimiter = ";"
        wizard.action_preview()
        self.assertNotEqual(len(wizard.column_ids), 3)
        wizard.delimiter = "|"
        wizard.action_preview()
        self.assertEqual(len(wizard.column_ids), 3)
        for column, role in zip(wizard.column_ids, ("date", "label", "amount"), strict=True):
            column.role = role
        wizard.date_order = "dmy"
        wizard.action_preview()
        self.assertEqual(wizard.state, "preview", wizard.message)
        wizard.action_import()
        self.assertEqual(self.transactions(), [(3, 100, "Loyer août"), (4, -40, "Glace")])

    def test_columns_of_a_remembered_table_are_chosen_again(self):
        wizard = self.wizard(TABLE.encode())
        for column, role in zip(wizard.column_ids, ("date", "label", "amount"), strict=True):
            column.role = role
        wizard.date_order = "dmy"
        wizard.action_preview()
        wizard.action_import()
        again = self.wizard(TABLE.replace("/04/", "/05/").encode())
        self.assertEqual((again.state, again.statement_ids.is_table), ("preview", True))
        action = again.statement_ids.action_change_columns()
        self.assertEqual((action["res_id"], again.state), (again.id, "mapping"))
        self.assertEqual(again.column_ids.mapped("role"), ["date", "label", "amount"])
        self.assertEqual(again.date_order, "dmy")
        again.is_inverted = True
        again.action_preview()
        self.assertEqual((again.state, again.statement_ids.amount_in), ("preview", 40))
        again.action_import()
        self.assertTrue(self.bank.statement_mapping["is_inverted"])
        self.assertNotIn("is_asked", self.bank.statement_mapping)

    def test_columns_that_were_known_by_their_headers_are_chosen_again(self):
        table = "Date,Description,Amount,Balance\n2026-04-03,Ice,-40.00,60.00\n2026-04-04,Skates,15.00,75.00\n"
        wizard = self.wizard(table.encode())
        self.assertEqual(wizard.state, "preview", wizard.message)
        wizard.statement_ids.action_change_columns()
        self.assertEqual(wizard.column_ids.mapped("role"), ["date", "label", "amount", "balance"])
        wizard.column_ids[1].role = "counterparty_name"
        wizard.action_preview()
        self.assertEqual(wizard.state, "preview", wizard.message)
        self.assertIn("Ice", wizard.first_lines)

    def test_another_sheet_of_a_workbook_is_chosen(self):
        def workbook(*titles):
            book = openpyxl.Workbook()
            for number, title in enumerate(titles):
                sheet = book.active if not number else book.create_sheet()
                sheet.title = title
                for row in (("Date", "Description", "Amount"), ("2026-04-03", title, -1.5), ("2026-04-04", "B", 3.5)):
                    sheet.append(row)
            buffer = io.BytesIO()
            book.save(buffer)
            return buffer.getvalue()

        wizard = self.wizard(workbook("Checking", "Savings"))
        self.assertEqual(wizard.state, "preview", wizard.message)
        self.assertIn("Savings", wizard.remarks)
        wizard.statement_ids.action_change_columns()
        self.assertEqual(wizard.sheet_ids.mapped("name"), ["Checking", "Savings"])
        self.assertEqual((wizard.has_sheets, wizard.sheet_id.name), (True, "Checking"))
        wizard.sheet_id = wizard.sheet_ids[1]
        wizard.action_preview()
        self.assertEqual(wizard.state, "preview", wizard.message)
        self.assertIn("Savings", wizard.first_lines)
        wizard.action_import()
        again = self.wizard(workbook("Checking", "Savings"))
        self.assertEqual(again.duplicate_count, 2)
        # Sheets are named after months, too.
        self.assertIn("May", self.wizard(workbook("May")).first_lines)

    def test_a_remembered_mapping_that_can_not_read_the_file_is_mended(self):
        wizard = self.wizard(TABLE.encode())
        for column, role in zip(wizard.column_ids, ("date", "label", "amount"), strict=True):
            column.role = role
        wizard.date_order = "mdy"
        wizard.action_preview()
        wizard.action_import()
        again = self.wizard(TABLE.replace("03/04", "23/04").encode())
        self.assertTrue(again.has_error)
        again.statement_ids.action_change_columns()
        again.date_order = "dmy"
        again.action_preview()
        self.assertFalse(again.has_error, again.remarks)

    def test_a_file_that_is_no_table_has_no_columns_to_choose(self):
        wizard = self.wizard(MT940)
        self.assertFalse(wizard.statement_ids.is_table)
        with self.assertRaisesRegex(UserError, "Only a table"):
            wizard.statement_ids.action_change_columns()

    def test_rows_to_skip_below_zero_are_refused(self):
        wizard = self.wizard(TABLE.encode())
        wizard.rows_skipped = -1
        with self.assertRaisesRegex(UserError, "below zero"):
            wizard.action_preview()

    def test_row_with_the_headers_is_chosen(self):
        # The first row looks like headers too.
        table = "Date;Description;Amount\nDay;What for;Sum\n2026-04-03;Loyer;100,00\n2026-04-04;Glace;-40,00\n"
        wizard = self.wizard(f"{table}2026-04-05;Patins;-1,00\n".replace("Date;", "Notes;").encode())
        self.assertEqual((wizard.state, wizard.header_row_number), ("mapping", 0))
        wizard.header_row_number = 2
        wizard.action_preview()
        self.assertEqual(wizard.column_ids.mapped("name"), ["Day", "What for", "Sum"])
        self.assertEqual(wizard.header_row_number, 2)
        for column, role in zip(wizard.column_ids, ("date", "label", "amount"), strict=True):
            column.role = role
        wizard.action_preview()
        self.assertEqual(wizard.state, "preview", wizard.message)
        wizard.action_import()
        self.assertEqual(self.transactions(), [(3, 100, "Loyer"), (4, -40, "Glace"), (5, -1, "Patins")])

    def test_row_with_the_headers_far_below_is_refused(self):
        wizard = self.wizard(TABLE.encode())
        for number in (-1, 41):
            wizard.header_row_number = number
            with self.assertRaisesRegex(UserError, "one of the first 40"):
                wizard.action_preview()

    def test_marks_that_the_bank_made_up_are_chosen(self):
        table = "Date;Description;Amount;Kind\n2026-04-03;Loyer;100,00;Rein\n2026-04-04;Glace;40,00;Raus\n"
        wizard = self.wizard(f"{table}2026-04-05;Patins;1,00;Raus\n".encode())
        self.assertEqual(wizard.state, "mapping")
        wizard.column_ids[3].role = "direction"
        self.assertTrue(wizard.has_marks)
        wizard.write({"debit_marks": "Raus, Ausgang", "credit_marks": "Rein"})
        wizard.action_preview()
        self.assertEqual(wizard.state, "preview", wizard.message)
        wizard.action_import()
        self.assertEqual(self.transactions(), [(3, 100, "Loyer"), (4, -40, "Glace"), (5, -1, "Patins")])
        # They are remembered.
        wizard = self.wizard(table.replace("-04-", "-05-").encode())
        self.assertEqual(wizard.state, "preview", wizard.message)

    def test_mandate_and_end_to_end_id_are_fields(self):
        line = self.bring(MT940).line_ids
        self.assertEqual((line.mandate_id, line.end_to_end_id), ("M-0815", "Order 4711"))
        self.assertEqual((line.amount, line.partner_name), (-30.5, "Rink Supplies"))

    def test_remembered_columns_are_asked_about_where_the_balance_contradicts_them(self):
        header = "Date,Description,Amount,Balance\n"
        wizard = self.wizard((header + "2026-04-14,A,-10.00,90.00\n2026-04-15,B,12.00,102.00\n").encode())
        wizard.action_import()
        rows = "2026-05-14,A,10.00,92.00\n2026-05-15,B,12.00,104.00\n2026-05-16,C,4.00,100.00\n"
        again = self.wizard((header + rows).encode())
        self.assertEqual(again.state, "mapping")
        self.assertIn("running balance falls", again.message)
        again.is_inverted = True
        again.action_preview()
        self.assertEqual((again.state, again.statement_ids.amount_in), ("preview", 12))
