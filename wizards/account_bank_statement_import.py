import contextlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.common.actions import form_of
from ..models.common.permissions import BANK, require_bank
from ..models.common.remote_calls import remote_call
from ..statement_formats import Mapping, MappingRequired
from ..statement_formats.mapping import COLUMN_MAX, HEADER_ROWS_MAX
from ..statement_formats.text import storable

SAMPLE_ROWS = 4
# More of them nobody ticks one by one: the rest goes by what the words say.
LOOKALIKES_SHOWN_MAX = 500
COLUMN_ROLES = [
    ("date", "Date"),
    ("value_date", "Value date"),
    ("label", "Description"),
    ("amount", "Amount"),
    ("debit", "Money out"),
    ("credit", "Money in"),
    ("direction", "Debit or credit mark"),
    ("reference", "Reference"),
    ("bank_reference", "Bank's own reference"),
    ("counterparty_name", "Counterparty"),
    ("counterparty_account", "Counterparty's account"),
    ("payer_name", "Payer"),
    ("payer_account", "Payer's account"),
    ("payee_name", "Payee"),
    ("payee_account", "Payee's account"),
    ("account", "Own account number"),
    ("balance", "Balance"),
    ("currency", "Currency"),
    ("original_amount", "Original amount"),
    ("original_currency", "Original currency"),
    ("fee", "Fee taken off"),
    ("status", "Status (booked, pending)"),
    ("check_number", "Check number"),
    ("transaction_code", "Kind of transaction"),
]


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
LAYOUT = ("encoding", "delimiter", "rows_skipped", "header_row")
MARKS = ("debit_marks", "credit_marks")


class AccountBankStatementImport(models.TransientModel):
    """“Import statements”: choose files, say what a table's columns mean where it must be asked, look, then import."""

    _name = "account.bank.statement.import"
    _description = "Import bank statements"
    # A large file may take longer than the hour after which Odoo clears dialogs away.
    _transient_max_hours = 24

    journal_id = fields.Many2one(
        "account.journal",
        "Bank journal",
        default=lambda self: self._default_journal(),
        domain="[('type', 'in', ('bank', 'credit', 'cash'))]",
        help="Statements go to the journal with their account number; this one is for files that name no account.",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    # Bank Matching opens after the import, else the list of bank transactions.
    goes_on_matching = fields.Boolean("Goes on in Bank Matching")
    state = fields.Selection(
        [("upload", "Files"), ("mapping", "Columns"), ("preview", "Preview")], required=True, default="upload"
    )
    message = fields.Text(readonly=True)
    statement_ids = fields.One2many("account.bank.statement.import.statement", "wizard_id", "Statements")
    has_error = fields.Boolean(compute="_compute_totals")
    remarks = fields.Text(compute="_compute_totals")
    new_count = fields.Integer("New transactions", compute="_compute_totals")
    duplicate_count = fields.Integer("Already imported", compute="_compute_totals")
    lookalike_count = fields.Integer("Looks like already imported", compute="_compute_totals")
    left_out_count = fields.Integer("Left out", compute="_compute_totals")
    lookalike_ids = fields.One2many(
        "account.bank.statement.import.lookalike", "wizard_id", "Transactions that look like already imported"
    )
    unshown_left_out_count = fields.Integer(readonly=True)
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

    @api.depends("statement_ids", "lookalike_ids.is_left_out", "unshown_left_out_count")
    def _compute_totals(self):
        for wizard in self:
            rows = wizard.statement_ids
            wizard.has_error = any(rows.mapped("is_error"))
            wizard.remarks = "\n".join(dict.fromkeys(row._remarks_with_name() for row in rows if row.remarks))
            wizard.duplicate_count = sum(rows.mapped("duplicate_count"))
            wizard.lookalike_count = sum(rows.mapped("lookalike_count"))
            shown = sum(wizard.lookalike_ids.filtered("is_left_out").mapped("line_count"))
            wizard.left_out_count = shown + wizard.unshown_left_out_count
            wizard.new_count = sum(rows.mapped("line_count")) - wizard.duplicate_count - wizard.left_out_count

    @api.model
    def _default_journal(self):
        """The bank account of the companies that are selected, where they have one only."""
        journals = self.env["account.journal"].search(
            [("type", "in", ("bank", "credit")), ("company_id", "in", self.env.companies.ids)], limit=2
        )
        return journals if len(journals) == 1 else journals.browse()

    def _open(self):
        return form_of(self, self.env._("Import statements"), is_dialog=True, context={"dialog_size": "extra-large"})

    # -- reading -------------------------------------------------------------------------------------------

    def _statement_attachments(self):
        """The files that are bank statements, in the order in which they were chosen."""
        return self.attachment_ids.sorted("id")

    def _plan_files(self):
        """Read every file and plan it.

        :return: list of (attachment, ``ParsedFile`` or None, plan, the error that the file was refused with or None)
        """
        self.ensure_one()
        require_bank(self.env)
        if not self.attachment_ids:
            raise UserError(self.env._("No file is chosen. Choose the files that you downloaded from the bank."))
        found, earlier = [], []
        for attachment in self._statement_attachments():
            try:
                parsed = self._parse_attachment(attachment)
                plan = self._plan(parsed, earlier)
            except UserError as error:
                found.append((attachment, None, [], error))
            else:
                found.append((attachment, parsed, plan, None))
                earlier += [planned for planned in plan if not planned.error]
        return found

    def _plan(self, parsed, earlier=()):
        """Plan a file, with what the user has chosen for the transactions that look like others."""
        plan = self.journal_id._plan_statements(parsed, earlier)
        chosen = {(row.journal_id.id, row.unique_id): row.is_left_out for row in self.lookalike_ids}
        for planned in plan:
            for key, batch in planned.suspected.items():
                if not batch.is_certain:
                    planned.decide_batch(key, chosen.get((planned.journal.id, key), True))
            planned.left_out = {
                unique_id
                for unique_id, other in planned.lookalikes.items()
                if chosen.get((planned.journal.id, unique_id), other.is_agreed)
            }
        return plan

    def _parse_attachment(self, attachment):
        """Read a file with its own columns, or those chosen in this dialog for another table with the same headers."""
        self.journal_id._check_statement_size(attachment.file_size)
        content = attachment.raw
        own = self._mapping_of(attachment)
        try:
            return self.journal_id._parse_statement_file(attachment.name, content, own)
        except UserError as error:
            if own is not None or not isinstance(error.__cause__, MappingRequired):
                raise
            for other in map(Mapping.from_dict, (self.mappings or {}).values()):
                with contextlib.suppress(UserError):
                    if other.header:
                        return self.journal_id._parse_statement_file(attachment.name, content, other)
            raise

    def _mapping_of(self, attachment):
        mapping = (self.mappings or {}).get(str(attachment.id))
        return Mapping.from_dict(mapping) if mapping else None

    @remote_call(one=True)
    def action_preview(self):
        """Read the files and show what importing them would do; ask for the columns of a table where it must be.

        Writes no transaction and no statement.

        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where no file is chosen
        """
        if self.state == "mapping" and self.column_ids:
            layout = self._chosen_layout()
            is_changed = any(getattr(self._mapping_of(self.mapped_id), name) != layout[name] for name in LAYOUT)
            # With another layout the columns are other ones: they are guessed anew.
            self._keep_mapping(Mapping(**layout) if is_changed else self._chosen_mapping())
        self.statement_ids.unlink()
        self.lookalike_ids.unlink()
        rows, lookalikes = [], []
        for attachment, _parsed, plan, error in self._plan_files():
            if error is not None and isinstance(error.__cause__, MappingRequired):
                self._ask_columns(attachment, error.__cause__)
                return self._open()
            if error is not None:
                rows.append({"filename": attachment.name, "remarks": str(error), "is_error": True})
            rows += [self._preview_row(attachment, planned) for planned in plan]
            lookalikes += [row for planned in plan for row in self._lookalike_rows(planned)]
        self.env["account.bank.statement.import.statement"].create([{"wizard_id": self.id, **row} for row in rows])
        # Those that the words don't tell come first: a person has to look at them.
        lookalikes.sort(key=lambda row: row["is_left_out"])
        shown, unshown = lookalikes[:LOOKALIKES_SHOWN_MAX], lookalikes[LOOKALIKES_SHOWN_MAX:]
        self.env["account.bank.statement.import.lookalike"].create([{"wizard_id": self.id, **row} for row in shown])
        self.write({
            "state": "preview",
            "message": False,
            "unshown_left_out_count": sum(row["line_count"] for row in unshown if row["is_left_out"]),
        })  # fmt: skip
        return self._open()

    def _preview_row(self, attachment, planned):
        statement = planned.statement
        journal = planned.journal
        amounts = statement.opening_and_closing
        return {
            "filename": attachment.name,
            "name": statement.name,
            "account_number": statement.account_number,
            "journal_id": journal.id,
            "currency_id": journal._statement_currency().id if journal else False,
            "date_from": statement.date_from,
            "date_to": statement.date_to,
            "line_count": len(statement.lines),
            "duplicate_count": planned.duplicate_count,
            "lookalike_count": len(planned.lookalikes) + sum(not one.is_certain for one in planned.suspected.values()),
            "balance_start": float(amounts[0] or 0),
            "balance_end": float(amounts[1] or 0),
            "has_balances": None not in amounts,
            "total": float(statement.total),
            "difference": float(statement.difference or 0),
            "remarks": planned.error or "\n".join(planned.warnings),
            "is_error": bool(planned.error),
        }

    def _lookalike_rows(self, planned):
        """Give the values of the transactions of a statement that look like others, for a person to decide."""
        lines = dict(zip(planned.ids, planned.statement.lines, strict=False))
        for unique_id, other in planned.lookalikes.items():
            line = lines[unique_id]
            texts = (line.counterparty_name, line.label, line.reference)
            yield {
                "journal_id": planned.journal.id,
                "unique_id": unique_id,
                "date": line.date,
                "currency_id": planned.journal._statement_currency().id,
                "amount": float(line.amount),
                "name": storable(" ".join(filter(None, texts)))[:200],
                "other_name": storable(other.text)[:200],
                "is_left_out": other.is_agreed,
                "line_count": 1,
            }
        for unique_id, batch in planned.suspected.items():
            if batch.is_certain:
                continue
            new_lines = [lines[one] for one in batch.ids]
            payments, whole = self.env._("Payments of a batch, %s"), self.env._("Sum of a batch: %s")
            texts = (whole, payments) if batch.is_total_new else (payments, whole)
            yield {
                "journal_id": planned.journal.id,
                "unique_id": unique_id,
                "date": new_lines[0].date,
                "currency_id": planned.journal._statement_currency().id,
                "amount": float(sum(line.amount for line in new_lines)),
                "name": storable(texts[0] % batch.text)[:200],
                "other_name": storable(texts[1] % batch.other_text)[:200],
                "is_left_out": True,
                "line_count": sum(one in planned.batches for one in batch.ids),
            }

    # -- columns of a table --------------------------------------------------------------------------------

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
            "message": storable(str(error)),
            "mapped_id": attachment.id,
            "date_order": mapping.date_order or False,
            "decimal": mapping.decimal or False,
            "is_inverted": mapping.is_inverted,
            "encoding": mapping.encoding if mapping.encoding in dict(ENCODINGS) else False,
            "delimiter": self._delimiter_choice(mapping.delimiter),
            "rows_skipped": mapping.rows_skipped,
            "header_row_number": 0 if mapping.header_row is None else mapping.header_row + 1,
            **{name: _marks_text(getattr(mapping, name)) for name in MARKS},
        })  # fmt: skip
        self._keep_mapping(mapping)

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

    @remote_call()
    def action_open_transactions(self):
        """Open what was imported: Bank Matching, or the bank transactions of the journals."""
        journals = self.statement_ids.journal_id or self.journal_id
        if self[:1].goes_on_matching and self.env.user.has_group(BANK):
            return journals[:1].action_open_bank_matching() | {"target": "main"}
        action = self.env["ir.actions.act_window"]._for_xml_id("account_reconciliation.action_bank_transactions")
        action["domain"] = [("journal_id", "in", journals.ids)]
        action["target"] = "main"
        return action


def _marks_text(marks):
    """Give the marks of a mapping as the dialog shows them."""
    return ", ".join(filter(None, marks))


class AccountBankStatementImportStatement(models.TransientModel):
    """One statement of the preview."""

    _name = "account.bank.statement.import.statement"
    _description = "Statement to import"

    wizard_id = fields.Many2one("account.bank.statement.import", required=True, ondelete="cascade", index=True)
    filename = fields.Char("File")
    name = fields.Char("Statement")
    account_number = fields.Char("Account")
    journal_id = fields.Many2one("account.journal")
    currency_id = fields.Many2one("res.currency")
    date_from = fields.Date("From")
    date_to = fields.Date("To")
    line_count = fields.Integer("Transactions")
    duplicate_count = fields.Integer("Already there")
    lookalike_count = fields.Integer("Look like it", help="Same day and amount as one that is there, but no proof.")
    balance_start = fields.Monetary("Opening balance")
    total = fields.Monetary("Sum")
    balance_end = fields.Monetary("Closing balance")
    has_balances = fields.Boolean()
    difference = fields.Monetary(help="Opening balance plus transactions minus closing balance, where both are given.")
    remarks = fields.Text()
    is_error = fields.Boolean()

    def _remarks_with_name(self):
        """Say of which statement the remarks are, unless there is only one."""
        name = self.journal_id.display_name or self.account_number
        if len(self.wizard_id.statement_ids) == 1 or not name or self.is_error:
            return self.remarks
        return self.env._(
            "%(statement)s: %(remarks)s", statement=f"{name} {self.name or ''}".strip(), remarks=self.remarks
        )


class AccountBankStatementImportColumn(models.TransientModel):
    """One column of a table: what it holds is for the user to say."""

    _name = "account.bank.statement.import.column"
    _description = "Column of a bank's table"
    _order = "place"

    wizard_id = fields.Many2one("account.bank.statement.import", required=True, ondelete="cascade", index=True)
    place = fields.Integer(readonly=True)
    name = fields.Char("Column", readonly=True)
    sample = fields.Char("First rows", readonly=True)
    role = fields.Selection(COLUMN_ROLES, "Holds")
