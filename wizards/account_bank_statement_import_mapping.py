"""The columns of a table: what could be guessed is shown, and what the user has chosen is kept."""

import contextlib
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.common.permissions import require_bank
from ..statement_formats import Mapping, MappingRequired, StatementFormatError
from ..statement_formats.mapping import COLUMN_MAX, HEADER_ROWS_MAX
from ..statement_formats.text import storable
from .account_bank_statement_import_column import COLUMN_ROLES

SAMPLE_ROWS = 4
ENCODINGS = [
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1252", "Windows, Western Europe (1252)"),
    ("cp1250", "Windows, Central Europe (1250)"),
    ("cp1251", "Windows, Cyrillic (1251)"),
    ("cp1254", "Windows, Turkish (1254)"),
    ("cp1257", "Windows, Baltic (1257)"),
    ("iso8859_15", "ISO 8859-15"),
    ("iso8859_2", "ISO 8859-2"),
    ("mac_roman", "Mac"),
    ("cp437", "DOS (437)"),
    ("cp850", "DOS, Western Europe (850)"),
    ("cp852", "DOS, Central Europe (852)"),
]
DELIMITERS = [(",", "Comma"), (";", "Semicolon"), ("tab", "Tab"), ("|", "Vertical bar")]
# A value of a selection is part of its external id, where a tab can't be.
TAB = {"tab": "\t"}
# What decides where the columns are, by the names of the mapping's fields.
LAYOUT = ("encoding", "delimiter", "sheet", "rows_skipped", "header_row")
MARKS = ("debit_marks", "credit_marks")


class AccountBankStatementImport(models.TransientModel):
    _inherit = "account.bank.statement.import"

    column_ids = fields.One2many("account.bank.statement.import.column", "wizard_id", "Columns")
    # By attachment: tables of several banks may be uploaded together.
    mappings = fields.Json()
    mapped_id = fields.Many2one("ir.attachment", "Table", readonly=True)
    date_order = fields.Selection(
        [("dmy", "Day, month, year"), ("mdy", "Month, day, year"), ("ymd", "Year, month, day")], "Order of dates"
    )
    decimal = fields.Selection([(".", "1,234.56"), (",", "1.234,56")], "Amounts are written")
    is_inverted = fields.Boolean("Money out is positive", help="As in exports of some credit cards.")
    encoding = fields.Selection(ENCODINGS, help="Choose another one where letters are shown wrongly.")
    delimiter = fields.Selection(DELIMITERS, "Columns are separated by")
    sheet_ids = fields.One2many("account.bank.statement.import.sheet", "wizard_id")
    sheet_id = fields.Many2one(
        "account.bank.statement.import.sheet",
        domain="[('wizard_id', '=', id)]",
        help="The sheet of the workbook that is read. Choose the file once more to import another one, too.",
    )
    has_sheets = fields.Boolean(compute="_compute_has_sheets")
    rows_skipped = fields.Integer("Rows to skip", help="How many rows at the top are no part of the table.")
    header_row_number = fields.Integer(
        "Row with the headers", help="Counted from 1. With 0 it is found by itself; a table may also have none."
    )
    has_marks = fields.Boolean(compute="_compute_has_marks")
    debit_marks = fields.Char(
        "Marks of money out", help="The texts in the column of marks that mean money out, divided by commas."
    )
    credit_marks = fields.Char(
        "Marks of money in", help="The texts in the column of marks that mean money in, divided by commas."
    )

    @api.depends("column_ids.role")
    def _compute_has_marks(self):
        for wizard in self:
            wizard.has_marks = "direction" in wizard.column_ids.mapped("role")

    @api.depends("sheet_ids")
    def _compute_has_sheets(self):
        for wizard in self:
            wizard.has_sheets = len(wizard.sheet_ids) > 1

    def _mapping_of(self, attachment):
        mapping = (self.mappings or {}).get(str(attachment.id))
        return Mapping.from_dict(mapping) if mapping else None

    def _columns_question(self, attachment):
        """What asks for the columns of a file, as it is read now: ``MappingRequired``, or None where it is no table."""
        mapping = self._mapping_of(attachment) or Mapping()
        if mapping == Mapping() and self.journal_id.statement_mapping:
            with contextlib.suppress(StatementFormatError):
                mapping = Mapping.from_dict(self.journal_id.statement_mapping)
        try:
            self.journal_id._parse_statement_file(attachment.name, attachment.raw, replace(mapping, is_asked=True))
        except UserError as error:
            return error.__cause__ if isinstance(error.__cause__, MappingRequired) else None
        return None

    def _change_columns(self, attachment):
        """Ask for the columns of a table though they were known."""
        require_bank(self.env)
        question = self._columns_question(attachment) if attachment and attachment in self.attachment_ids else None
        if not question:
            raise UserError(
                self.env._("Only a table has columns to choose. The format of this file has fields of its own.")
            )
        self._ask_columns(attachment, question)
        return self._open()

    def _ask_columns(self, attachment, error):
        """Show the first rows of a table, a column a line, with what could be guessed."""
        mapping = error.mapping or Mapping()
        roles = {}
        for role, _label in COLUMN_ROLES:
            places = getattr(mapping, role)
            for place in places if role == "label" else () if places is None else (places,):
                roles[place] = role
        width = min(max([len(mapping.header), *map(len, error.rows)]), COLUMN_MAX)
        header = list(mapping.header)
        samples = [row for row in error.rows if list(map(str, row)) != header][:SAMPLE_ROWS]
        self.column_ids.unlink()
        self.sheet_ids.unlink()
        sheets = self.env["account.bank.statement.import.sheet"].create([
            {"wizard_id": self.id, "name": storable(title)} for title in error.sheets
        ])  # fmt: skip
        self.env["account.bank.statement.import.column"].create([
            {
                "wizard_id": self.id,
                "place": place,
                "name": header[place] if place < len(header) else self.env._("Column %s", place + 1),
                "sample": storable(" | ".join(str(row[place])[:60] for row in samples if place < len(row))),
                "role": roles.get(place, False),
            }
            for place in range(width)
        ])  # fmt: skip
        self.write({
            "state": "mapping",
            "message": storable(self.journal_id._in_words(error.sentence)),
            "mapped_id": attachment.id,
            "date_order": mapping.date_order or False,
            "decimal": mapping.decimal or False,
            "is_inverted": mapping.is_inverted,
            "encoding": mapping.encoding if mapping.encoding in dict(ENCODINGS) else False,
            "delimiter": self._delimiter_choice(mapping.delimiter),
            "sheet_id": sheets.filtered(lambda sheet: sheet.name == mapping.sheet)[:1].id,
            "rows_skipped": mapping.rows_skipped,
            "header_row_number": 0 if mapping.header_row is None else mapping.header_row + 1,
            **{name: _marks_text(getattr(mapping, name)) for name in MARKS},
        })  # fmt: skip
        self._keep_mapping(mapping)

    def _keep_chosen(self):
        """Keep what the user has chosen; with another layout the columns are other ones: they are guessed anew."""
        layout = self._chosen_layout()
        is_changed = any(getattr(self._mapping_of(self.mapped_id), name) != layout[name] for name in LAYOUT)
        self._keep_mapping(Mapping(**layout) if is_changed else self._chosen_mapping())

    def _chosen_layout(self):
        """Give how the table is written, as the user has chosen; what the dialog doesn't offer stays as it was.

        :raise UserError: for a number of rows below zero
        """
        if self.rows_skipped < 0:
            raise UserError(self.env._("The number of rows to skip can't be below zero. Enter 0 to skip none."))
        if not 0 <= self.header_row_number <= HEADER_ROWS_MAX:
            raise UserError(
                self.env._(
                    "The row with the headers is one of the first %s. Enter 0 to have it found by itself.",
                    HEADER_ROWS_MAX,
                )
            )
        kept = self._mapping_of(self.mapped_id)
        return {
            "encoding": self.encoding or (kept.encoding if kept.encoding not in dict(ENCODINGS) else ""),
            "delimiter": TAB.get(self.delimiter, self.delimiter)
            or ("" if self._delimiter_choice(kept.delimiter) else kept.delimiter),
            "sheet": self.sheet_id.name or kept.sheet,
            "rows_skipped": self.rows_skipped,
            "header_row": self.header_row_number - 1 if self.header_row_number else None,
        }

    def _delimiter_choice(self, delimiter):
        """Give the choice of the dialog for a delimiter, False where it has none."""
        choices = {TAB.get(choice, choice): choice for choice, _label in DELIMITERS}
        return choices.get(delimiter, False)

    def _keep_mapping(self, mapping):
        self.mappings = dict(self.mappings or {}) | {str(self.mapped_id.id): mapping.to_dict()}

    def _chosen_mapping(self):
        """Give the mapping that the user has chosen.

        :raise UserError: where two columns have one meaning, or none holds the date or the amount
        """
        values = self._mapping_of(self.mapped_id).to_dict() | {role: None for role, _label in COLUMN_ROLES}
        values |= {
            "label": [],
            "date_order": self.date_order or "",
            "decimal": self.decimal or "",
            "is_inverted": self.is_inverted,
        }
        for name in MARKS:
            text = self[name] or ""
            # What the dialog can't show (an empty text as a mark) stays as it was.
            if text != _marks_text(values[name]):
                values[name] = [mark.strip() for mark in text.split(",") if mark.strip()]
        labels = dict(COLUMN_ROLES)
        for column in self.column_ids.sorted("place"):
            if column.role == "label":
                values["label"] = [*values["label"], column.place]
            elif column.role and values[column.role] is not None:
                raise UserError(
                    self.env._(
                        "Two columns are said to hold “%s”. Only the description may be spread over several columns: "
                        "choose one.",
                        labels[column.role],
                    )
                )
            elif column.role:
                values[column.role] = column.place
        mapping = Mapping.from_dict(values)
        # A QIF file has no columns; only the order of its dates is asked for.
        is_table = len(self.column_ids) > 1
        if is_table and not mapping.is_complete:
            raise UserError(
                self.env._("Choose at least which column holds the date, and which the amount (or money in and out).")
            )
        return mapping


def _marks_text(marks):
    """Give the marks of a mapping as the dialog shows them."""
    return ", ".join(filter(None, marks))
