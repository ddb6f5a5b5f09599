import contextlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_amount, format_date

from ..engine.common.odoo_types import BANK_JOURNAL_TYPES, JOURNAL_TYPES
from ..models.common.actions import form_of
from ..models.common.permissions import BANK, require_bank
from ..models.common.remote_calls import remote_call
from ..statement_formats import Mapping, MappingRequired
from ..statement_formats.text import storable

# How many transactions of each statement the preview shows.
FIRST_LINES = 5
# Above this number they are not shown one by one: for the rest the agreement of the words decides.
SUSPECTED_SHOWN_MAX = 500


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
        domain=[("type", "in", JOURNAL_TYPES)],
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
    first_lines = fields.Text(compute="_compute_totals")
    new_count = fields.Integer("New transactions", compute="_compute_totals")
    duplicate_count = fields.Integer("Already imported", compute="_compute_totals")
    suspected_count = fields.Integer("Looks like already imported", compute="_compute_totals")
    left_out_count = fields.Integer("Left out", compute="_compute_totals")
    suspected_ids = fields.One2many(
        "account.bank.statement.import.duplicate", "wizard_id", "Transactions that look like already imported"
    )
    unshown_left_out_count = fields.Integer(readonly=True)

    @api.depends("statement_ids", "suspected_ids.is_left_out", "unshown_left_out_count")
    def _compute_totals(self):
        for wizard in self:
            rows = wizard.statement_ids
            wizard.has_error = any(rows.mapped("is_error"))
            wizard.remarks = "\n".join(dict.fromkeys(row._remarks_with_name() for row in rows if row.remarks))
            wizard.first_lines = "\n\n".join(text for text in rows.mapped("first_lines") if text)
            wizard.duplicate_count = sum(rows.mapped("duplicate_count"))
            wizard.suspected_count = sum(rows.mapped("suspected_count"))
            shown = sum(wizard.suspected_ids.filtered("is_left_out").mapped("line_count"))
            wizard.left_out_count = shown + wizard.unshown_left_out_count
            wizard.new_count = sum(rows.mapped("line_count")) - wizard.duplicate_count - wizard.left_out_count

    @api.model
    def _default_journal(self):
        """The bank account of the companies that are selected, where they have one only."""
        journals = self.env["account.journal"].search(
            [("type", "in", BANK_JOURNAL_TYPES), ("company_id", "in", self.env.companies.ids)], limit=2
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
        chosen = {(row.journal_id.id, row.unique_id): row.is_left_out for row in self.suspected_ids}
        for planned in plan:
            for key, batch in planned.suspected_batches.items():
                if not batch.is_certain:
                    planned.decide_batch(key, chosen.get((planned.journal.id, key), True))
            planned.left_out = {
                unique_id
                for unique_id, other in planned.suspected_duplicates.items()
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

    @remote_call(one=True)
    def action_preview(self):
        """Read the files and show what importing them would do; ask for the columns of a table where it must be.

        Writes no transaction and no statement.

        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where no file is chosen
        """
        if self.state == "mapping" and self.column_ids:
            self._keep_chosen()
        self.statement_ids.unlink()
        self.suspected_ids.unlink()
        rows, suspected = [], []
        for attachment, parsed, plan, error in self._plan_files():
            if error is not None and isinstance(error.__cause__, MappingRequired):
                self._ask_columns(attachment, error.__cause__)
                return self._open()
            if error is not None:
                rows.append(
                    {
                        "attachment_id": attachment.id,
                        "filename": attachment.name,
                        "remarks": str(error),
                        "is_error": True,
                        "is_table": bool(self._columns_question(attachment)),
                    }
                )
            is_table = bool(parsed and parsed.mapping)
            rows += [self._preview_row(attachment, planned) | {"is_table": is_table} for planned in plan]
            suspected += [row for planned in plan for row in self._suspected_rows(planned)]
        self.env["account.bank.statement.import.statement"].create([{"wizard_id": self.id, **row} for row in rows])
        # Those whose words don't decide come first: a user has to look at them.
        suspected.sort(key=lambda row: row["is_left_out"])
        shown, unshown = suspected[:SUSPECTED_SHOWN_MAX], suspected[SUSPECTED_SHOWN_MAX:]
        self.env["account.bank.statement.import.duplicate"].create([{"wizard_id": self.id, **row} for row in shown])
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
        if journal:
            currency = journal._statement_currency()
        else:
            currencies = self.env["res.currency"].with_context(active_test=False)
            currency = currencies.search([("name", "=", statement.currency)], limit=1) or self.env.company.currency_id
        return {
            "attachment_id": attachment.id,
            "filename": attachment.name,
            "name": statement.name,
            "account_number": statement.account_number,
            "journal_id": journal.id,
            "currency_id": journal._statement_currency().id if journal else False,
            "date_from": statement.date_from,
            "date_to": statement.date_to,
            "line_count": len(statement.lines),
            "duplicate_count": planned.duplicate_count,
            "suspected_count": len(planned.suspected_duplicates)
            + sum(not one.is_certain for one in planned.suspected_batches.values()),
            "balance_start": float(amounts[0] or 0),
            "balance_end": float(amounts[1] or 0),
            "has_balances": None not in amounts,
            "total": float(statement.total),
            "amount_in": float(sum(line.amount for line in statement.lines if line.amount > 0)),
            "amount_out": float(sum(line.amount for line in statement.lines if line.amount < 0)),
            "first_lines": "\n".join(self._line_text(line, currency) for line in statement.lines[:FIRST_LINES]),
            "difference": float(statement.difference or 0),
            "remarks": planned.error or "\n".join(planned.warnings),
            "is_error": bool(planned.error),
        }

    def _line_text(self, line, currency):
        """One transaction of a file as it will be read: day, amount, words."""
        words = " ".join(filter(None, (line.counterparty_name, line.label, line.reference)))
        amount = format_amount(self.env, float(line.amount), currency)
        return storable(f"{format_date(self.env, line.date)} · {amount} · {words}")[:200]

    def _suspected_rows(self, planned):
        """Give the values of the transactions of a statement that look like others, for a person to decide."""
        lines = dict(zip(planned.ids, planned.statement.lines, strict=False))
        for unique_id, other in planned.suspected_duplicates.items():
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
        for unique_id, batch in planned.suspected_batches.items():
            if batch.is_certain:
                continue
            new_lines = [lines[one] for one in batch.ids]
            payments, whole = self.env._("Payments of a batch booking, %s"), self.env._("Sum of a batch booking: %s")
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
