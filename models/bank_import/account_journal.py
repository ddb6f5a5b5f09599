import base64
import binascii
from dataclasses import replace

from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.common.odoo_types import JOURNAL_TYPES
from ...statement_formats import BYTES_MAX, Mapping, MappingRequired, StatementFormatError, parse, same_account
from ..common import kinds
from ..common.permissions import require_bank
from ..common.remote_calls import remote_call
from ..common.statement_timeout import explain_timeout
from .planned_statement import PlannedStatement


class AccountJournal(models.Model):
    """Bank statement files: who may import them, which journal each statement is for, what the web client calls."""

    _name = "account.journal"
    _inherit = ["account.journal", "reconciliation.guarded.mixin"]

    statement_mapping = fields.Json("Columns of the bank's tables", readonly=True, guarded=True, copy=False)
    last_statement_import = fields.Datetime(
        "Last import", compute="_compute_last_statement_import", help="When a file last brought a bank transaction."
    )

    def _compute_last_statement_import(self):
        """Read it from an index: one query, however many transactions there are."""
        self.env["account.bank.statement.line"].flush_model(["journal_id", "unique_import_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT journal.id, (SELECT MAX(line.create_date)
                                      FROM account_bank_statement_line line
                                     WHERE line.journal_id = journal.id AND line.unique_import_id IS NOT NULL)
                  FROM account_journal journal
                 WHERE journal.id = ANY(%s)
                """,
                self.ids,
            )
        )
        newest = dict(rows)
        for journal in self:
            journal.last_statement_import = newest.get(journal.id, False)

    @remote_call(filename=kinds.text)
    @explain_timeout
    def import_bank_statement(self, filename, content):
        """Import a bank statement file of any format that ``statement_formats`` reads.

        Each statement goes to the bank journal with its account number, whichever journal this is called on; a file
        that names no account goes to this journal. What was imported before is left out, so importing a file again
        changes nothing. All of the file is imported or nothing; commits nothing.

        :param filename: the file's name (str), for messages and as the statements' reference
        :param content: the file (bytes), or the same in base64 (str) as remote calls send it
        :return: the account.bank.statement records that hold the file's transactions
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: what is wrong with the file, or which account or currency does not fit
        """
        require_bank(self.env)
        filename = str(filename or "")
        parsed = self._parse_statement_file(filename, content)
        plan = self._plan_statements(parsed)
        self._check_plan(filename, plan)
        statements = self._write_statements(filename, plan)
        self._remember_mapping(plan, parsed.mapping)
        return statements

    def _check_statement_size(self, size):
        """Refuse a file by its size in bytes, before it is read into memory."""
        if size > BYTES_MAX:
            raise UserError(
                self.env._(
                    "The file is larger than the %s MB that can be imported at once. Nothing was imported. "
                    "Download the statement in shorter periods.",
                    BYTES_MAX >> 20,
                )
            )

    def _decode_statement_file(self, content):
        """Give the bytes of a file that may have come in base64."""
        if isinstance(content, bytes):
            return content
        if not isinstance(content, str):
            raise UserError(self.env._("There is no file in what arrived, so nothing was imported. Upload it again."))
        self._check_statement_size(len(content) * 3 // 4)
        try:
            return base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(
                self.env._("The file did not arrive whole, so nothing was imported. Upload it again.")
            ) from error

    def _parse_statement_file(self, filename, content, mapping=None):
        """Read a file with the columns that this journal's tables are known to have.

        :param mapping: ``Mapping`` that a user has just chosen, in place of the remembered one
        :return: ``ParsedFile``
        :raise UserError: with the parser's sentence; its ``__cause__`` is the ``StatementFormatError``
        """
        content = self._decode_statement_file(content)
        try:
            if mapping is None and len(self) == 1 and self.statement_mapping:
                mapping = replace(Mapping.from_dict(self.statement_mapping), is_remembered=True)
            return parse(filename, content, mapping)
        except MappingRequired as error:
            raise UserError(
                self.env._("%s Use “Import statements” on the bank journal for it.", self._in_words(error.sentence))
            ) from error
        except StatementFormatError as error:
            raise UserError(self._in_words(error.sentence)) from error

    def _in_words(self, sentence):
        """Put a ``Sentence`` of the parsers into the user's language."""
        return sentence.translated(self.env._)

    def _remember_mapping(self, plan, mapping):
        """Keep the columns of a table for the next file of the same bank account."""
        journal = self if len(self) == 1 else self.browse().union(*(planned.journal for planned in plan))
        if mapping is None or len(journal) != 1 or journal.statement_mapping == mapping.to_dict():
            return
        # Accountants may not configure journals; how their bank writes its tables is all that is kept here.
        journal.sudo().statement_mapping = mapping.to_dict()

    # -- which journal ----------------------------------------------------------

    def _plan_statements(self, parsed, earlier=()):
        """Plan the import of a parsed file. Writes nothing.

        :param parsed: ``ParsedFile``
        :param earlier: list of ``PlannedStatement`` of files that the same import writes first
        :return: list of ``PlannedStatement``, in the order of the file; those with ``error`` have no journal
        """
        journals = self._statement_journals()
        plan = []
        for whole in parsed.statements:
            statement, batch_places = whole.split_batches()
            statement = statement.with_period()
            planned = PlannedStatement(
                statement,
                self.browse(),
                warnings=[self._in_words(warning) for warning in statement.warnings],
                format=parsed.format,
                whole=whole,
                batch_places=batch_places,
            )
            planned.journal, planned.error = self._route_statement(statement, journals)
            if not statement.lines:
                planned.error = ""  # an empty statement of an account without a journal can be left out
            elif not planned.error:
                planned.error = self._check_statement(planned)
            plan.append(planned)
        for planned in plan[:1]:
            planned.warnings = [*map(self._in_words, parsed.warnings), *planned.warnings]
        for journal in self.browse().union(*(planned.journal for planned in plan)):
            journal._identify_statements(
                [planned for planned in plan if planned.journal == journal],
                [planned for planned in earlier if planned.journal == journal],
            )
        for planned in plan:
            planned.warnings += self._statement_warnings(planned)
        return plan

    def _check_plan(self, filename, plan):
        """Refuse a file of which one statement cannot be imported.

        :raise UserError: with every reason
        """
        errors = list(dict.fromkeys(planned.error for planned in plan if planned.error))
        if errors:
            raise UserError(
                self.env._("%(file)s: nothing was imported.\n%(reasons)s", file=filename, reasons="\n".join(errors))
            )

    def _statement_journals(self):
        """The journals that statements may go to: those called on first, then all that the user may use."""
        self.check_access("read")
        wrong = self.filtered(lambda journal: journal.type not in JOURNAL_TYPES)
        if wrong:
            raise UserError(
                self.env._(
                    "Bank statements can't be imported into %s, which is not a bank journal. Choose a bank journal.",
                    ", ".join(wrong.mapped("display_name")),
                )
            )
        companies = self.company_id or self.env.companies
        return self | self.search([("type", "in", JOURNAL_TYPES), ("company_id", "in", companies.ids)])

    def _route_statement(self, statement, journals):
        """Find the journal of a statement.

        :return: (journal, '') or (no journal, the sentence that says why)
        """
        number = statement.account_number
        if not number:
            if len(self) == 1:
                return self, ""
            return self.browse(), self.env._(
                "The file does not say which account it is of. Choose the bank journal that it belongs to."
            )
        found = journals.filtered(lambda journal: same_account(journal.bank_account_id.acc_number or "", number))
        if len(found) > 1 and found & self:
            found &= self
        if len(found) > 1 and statement.currency:
            found = found.filtered(lambda journal: journal._statement_currency().name == statement.currency) or found
        if len(found) == 1:
            return found, ""
        if found:
            return self.browse(), self.env._(
                "The account %(number)s belongs to several journals: %(journals)s. Import the file from one of them.",
                number=number,
                journals=", ".join(found.mapped("display_name")),
            )
        return self.browse(), self.env._(
            "The account %s belongs to none of your bank journals. Enter this number as the account number of the bank "
            "journal it belongs to, or select that journal's company; then import the file again.",
            number,
        )

    def _statement_currency(self):
        return self.currency_id or self.company_id.currency_id

    def _check_statement(self, planned):
        """Give the sentence that says why a statement does not fit its journal, and remove the journal; '' where it
        fits."""
        journal, statement = planned.journal, planned.statement
        currency = journal._statement_currency()
        named = {statement.currency, *(line.currency for line in statement.lines)} - {"", currency.name}
        if named:
            planned.journal = self.browse()
            return self.env._(
                "The statement %(name)s is in %(found)s, but the journal %(journal)s is kept in %(currency)s. "
                "Check that the account number is on the right journal.",
                name=statement.name or statement.account_number,
                found=", ".join(sorted(named)),
                journal=journal.display_name,
                currency=currency.name,
            )
        digits = -currency.decimal_places
        for line in statement.lines:
            if line.amount.normalize().as_tuple().exponent < digits:
                planned.journal = self.browse()
                return self.env._(
                    "The amount %(amount)s of %(date)s has more decimals than %(currency)s has. "
                    "Check the file and what its columns mean.",
                    amount=line.amount,
                    date=line.date,
                    currency=currency.name,
                )
        return ""

    def _statement_warnings(self, planned):
        """Give the warnings of a statement, as sentences."""
        statement, warnings = planned.statement, []
        if planned.error:
            return warnings
        difference = statement.difference
        if difference and planned.journal:
            currency = planned.journal._statement_currency()
            warnings.append(
                self.env._(
                    "Opening balance %(start)s and transactions of %(total)s do not give the closing balance %(end)s: "
                    "the difference is %(difference)s. Check whether the file is complete.",
                    start=currency.format(float(statement.balance_start)),
                    total=currency.format(float(statement.total)),
                    end=currency.format(float(statement.balance_end)),
                    difference=currency.format(float(difference)),
                )
            )
        if not statement.lines:
            warnings.append(self.env._("The statement has no transactions; nothing is imported from it."))
        return warnings

    # -- for the web client -------------------------------------------------------------------------------

    @remote_call()
    def action_import_bank_statement(self):
        """Open the import dialog for this journal, or for whichever journals the files name."""
        require_bank(self.env)
        self.check_access("read")
        journal = self.exists() if len(self) == 1 else self.browse()
        return self.env["account.bank.statement.import"].create(journal._import_values())._open()

    def create_document_from_attachment(self, attachment_ids):
        """Files dropped on the card of a bank journal are bank statements: show the import's preview."""
        journal = self or self.browse(self.env.context.get("default_journal_id"))
        if len(journal) != 1 or journal.type not in JOURNAL_TYPES:
            return super().create_document_from_attachment(attachment_ids)
        return journal._preview_statement_files(kinds.record_ids(self.env, "attachment_ids", attachment_ids))

    def _preview_statement_files(self, attachment_ids):
        require_bank(self.env)
        wizard = self.env["account.bank.statement.import"].create({
            **self._import_values(), "attachment_ids": [Command.set(attachment_ids)],
        })  # fmt: skip
        return wizard.action_preview()

    def _import_values(self):
        """The journal of an import dialog, where one is known; else the dialog proposes one."""
        return {"journal_id": self.id} if len(self) == 1 else {}
