import contextlib
import time

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.permissions import require_bank
from ..statement_formats import Mapping, MappingRequired
from ..statement_formats.mapping import COLUMN_MAX

# Above this many new transactions the dialog works in slices of its own, each committed, and shows how far it is.
SLICE_LINES = 1000
SLICE_SECONDS_MAX = 60
SAMPLE_ROWS = 4
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
    ("account", "Own account number"),
    ("balance", "Balance"),
    ("currency", "Currency"),
    ("check_number", "Check number"),
    ("transaction_code", "Kind of transaction"),
]


class AccountBankStatementImport(models.TransientModel):
    """“Import statements”: choose files, say what a table's columns mean where it must be asked, look, then import."""

    _name = "account.bank.statement.import"
    _description = "Import bank statements"

    journal_id = fields.Many2one(
        "account.journal",
        "Bank journal",
        domain="[('type', 'in', ('bank', 'credit', 'cash'))]",
        help="Statements go to the journal with their account number; this one is for files that name no account.",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    state = fields.Selection(
        [("upload", "Files"), ("mapping", "Columns"), ("preview", "Preview")], required=True, default="upload"
    )
    message = fields.Text(readonly=True)
    statement_ids = fields.One2many("account.bank.statement.import.statement", "wizard_id", "Statements")
    has_error = fields.Boolean(compute="_compute_totals")
    new_count = fields.Integer("New transactions", compute="_compute_totals")
    duplicate_count = fields.Integer("Already imported", compute="_compute_totals")
    column_ids = fields.One2many("account.bank.statement.import.column", "wizard_id", "Columns")
    # By attachment: tables of several banks may be uploaded together.
    mappings = fields.Json()
    mapped_id = fields.Many2one("ir.attachment", "Table", readonly=True)
    date_order = fields.Selection(
        [("dmy", "Day, month, year"), ("mdy", "Month, day, year"), ("ymd", "Year, month, day")], "Order of dates"
    )
    decimal = fields.Selection([(".", "1,234.56"), (",", "1.234,56")], "Amounts are written")
    is_inverted = fields.Boolean("Money out is positive", help="As in exports of some credit cards.")

    @api.depends("statement_ids")
    def _compute_totals(self):
        for wizard in self:
            wizard.has_error = any(wizard.statement_ids.mapped("is_error"))
            wizard.new_count = sum(row.line_count - row.duplicate_count for row in wizard.statement_ids)
            wizard.duplicate_count = sum(wizard.statement_ids.mapped("duplicate_count"))

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import statements"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # -- reading -------------------------------------------------------------------------------------------

    def _plan_files(self):
        """Read every file and plan it.

        :return: list of (attachment, ``ParsedFile`` or None, plan, the error that the file was refused with or None)
        """
        self.ensure_one()
        require_bank(self.env)
        if not self.attachment_ids:
            raise UserError(self.env._("No file is chosen. Choose the files that you downloaded from the bank."))
        found = []
        for attachment in self.attachment_ids.sorted("id"):
            try:
                parsed = self._parse_attachment(attachment)
                found.append((attachment, parsed, self.journal_id._plan_statements(parsed), None))
            except UserError as error:
                found.append((attachment, None, [], error))
        return found

    def _parse_attachment(self, attachment):
        """Read a file with its own columns, or those chosen in this dialog for another table with the same headers."""
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

    def action_preview(self):
        """Read the files and show what importing them would do; ask for the columns of a table where it must be.

        Writes no transaction and no statement.

        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where no file is chosen
        """
        if self.state == "mapping" and self.column_ids:
            self._keep_mapping(self._chosen_mapping())
        self.statement_ids.unlink()
        rows = []
        for attachment, _parsed, plan, error in self._plan_files():
            if error is not None and isinstance(error.__cause__, MappingRequired):
                self._ask_columns(attachment, error.__cause__)
                return self._open()
            if error is not None:
                rows.append({"filename": attachment.name, "remarks": str(error), "is_error": True})
            rows += [self._preview_row(attachment, planned) for planned in plan]
        self.env["account.bank.statement.import.statement"].create([{"wizard_id": self.id, **row} for row in rows])
        self.write({"state": "preview", "message": False})
        return self._open()

    def _preview_row(self, attachment, planned):
        statement = planned.statement
        journal = planned.journal
        amounts = {"balance_start": statement.balance_start, "balance_end": statement.balance_end}
        return {
            "filename": attachment.name,
            "name": statement.name,
            "account_number": statement.account_number,
            "journal_id": journal.id,
            "currency_id": journal._statement_currency().id if journal else False,
            "date_from": statement.date_from,
            "date_to": statement.date_to,
            "line_count": len(statement.lines),
            "duplicate_count": planned.duplicate_count if planned.ids else 0,
            **{name: float(amount or 0) for name, amount in amounts.items()},
            "has_balances": None not in amounts.values(),
            "total": float(statement.total),
            "difference": float(statement.difference or 0),
            "remarks": planned.error or "\n".join(planned.warnings),
            "is_error": bool(planned.error),
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
                "sample": " | ".join(str(row[place])[:60] for row in samples if place < len(row)).replace("\0", ""),
                "role": roles.get(place, False),
            }
            for place in range(width)
        ])  # fmt: skip
        self.write({
            "state": "mapping",
            "message": str(error).replace("\0", ""),
            "mapped_id": attachment.id,
            "date_order": mapping.date_order or False,
            "decimal": mapping.decimal or False,
            "is_inverted": mapping.is_inverted,
        })  # fmt: skip
        self._keep_mapping(mapping)

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

    # -- importing -----------------------------------------------------------------------------------------

    def _check_files(self, files):
        """Refuse all files where one of them, or one of their statements, cannot be imported."""
        errors = [error for _attachment, _parsed, _plan, error in files if error is not None]
        if errors:
            raise UserError(self.env._("Nothing was imported.\n%s", "\n".join(map(str, errors))))
        for attachment, _parsed, plan, _error in files:
            self.journal_id._check_plan(attachment.name, plan)

    def action_import(self):
        """Import the files: all of them or nothing. Many transactions are left to slices with progress.

        :return: the action that shows the bank transactions, or the progress
        """
        self.ensure_one()
        if self.new_count > SLICE_LINES:
            return {
                "type": "ir.actions.client",
                "tag": "account_reconciliation.statement_import_progress",
                "name": self.env._("Importing bank transactions"),
                "target": "new",
                "params": {"wizard_id": self.id, "line_count": self.new_count},
            }
        with self.env.cr.savepoint():
            self._import_files()
        return self.action_open_transactions()

    def _import_files(self, seconds=None):
        """Write what is missing of the files.

        :param seconds: stop after about this long, not counting what reading the files takes; None for to the end
        :return: list of the files' (attachment, ``ParsedFile``)
        """
        files = self._plan_files()
        self._check_files(files)
        deadline = None if seconds is None else time.monotonic() + seconds
        for attachment, parsed, _plan, _error in files:
            # Planned anew: an earlier file of this import may hold the same transactions.
            plan = self.journal_id._plan_statements(parsed)
            written = self.journal_id._write_statements(attachment.name, plan, deadline)
            self.journal_id._remember_mapping(plan, parsed.mapping or self._mapping_of(attachment))
            if written and not written[0].attachment_ids:
                written[0].attachment_ids = attachment
            if deadline is not None and time.monotonic() > deadline:
                break
        return [(attachment, parsed) for attachment, parsed, _plan, _error in files]

    def process_slice(self, seconds=20):
        """Import for a moment and tell how far it is: what the progress dialog calls again and again.

        Each call is committed at its end like every remote call; what a call did not reach, the next one finds.

        :param seconds: how long to work after reading the files, at most 60
        :return: dict ``done_count``, ``line_count``, ``is_done``
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: what is wrong with the files; then nothing of this slice is kept
        """
        files = self._import_files(min(float(SLICE_SECONDS_MAX), float(seconds)))
        plan = [planned for _attachment, parsed in files for planned in self.journal_id._plan_statements(parsed)]
        done = sum(planned.duplicate_count for planned in plan if planned.ids)
        total = sum(len(planned.ids) for planned in plan)
        # A statement is made after its last transaction: one whose transactions are all there may still be missing.
        is_done = done == total and not any(planned.is_loose for planned in plan)
        return {"done_count": done, "line_count": total, "is_done": is_done}

    def action_open_transactions(self):
        """Open the bank transactions of the journals that were imported into."""
        action = self.env["ir.actions.act_window"]._for_xml_id("account_reconciliation.action_bank_transactions")
        journals = self.statement_ids.journal_id or self.journal_id
        action["domain"] = [("journal_id", "in", journals.ids)]
        action["target"] = "main"
        return action


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
    balance_start = fields.Monetary("Opening balance")
    total = fields.Monetary("Sum")
    balance_end = fields.Monetary("Closing balance")
    has_balances = fields.Boolean()
    difference = fields.Monetary(help="Opening balance plus transactions minus closing balance.")
    remarks = fields.Text()
    is_error = fields.Boolean()


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
