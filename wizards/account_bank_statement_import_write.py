import time
from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..models.bank_import.account_journal_write import SLICE, SLICES_IN_BULK
from ..models.common import kinds
from ..models.common.permissions import require_bank
from ..models.common.remote_calls import remote_call
from ..models.common.statement_timeout import explain_timeout

# Above this number of new transactions, the dialog creates them in slices, each of which is committed, and shows the
# progress.
SLICE_LINES = 1000
SLICE_SECONDS_MAX = 60


class AccountBankStatementImport(models.TransientModel):
    """“Import statements”: writing, at once or in committed slices.

    The files are read once for all slices: what is to be created is stored in parts, each of which is deleted together
    with its creation. The statements are completed at the end by planning once more, so that whatever was interrupted,
    and however, is completed by importing the same files again.
    """

    _inherit = "account.bank.statement.import"

    batch_ids = fields.One2many("account.bank.statement.import.batch", "wizard_id")
    is_batched = fields.Boolean(readonly=True)
    batched_count = fields.Integer("Transactions to create", readonly=True)
    slow_counts = fields.Json("Created one by one", readonly=True)

    def _check_files(self, files):
        """Refuse all files where one of them, or one of their statements, cannot be imported."""
        errors = [error for _attachment, _parsed, _plan, error in files if error is not None]
        if errors:
            raise UserError(self.env._("Nothing was imported.\n%s", "\n".join(map(str, errors))))
        for attachment, _parsed, plan, _error in files:
            self.journal_id._check_plan(attachment.name, plan)

    @remote_call(one=True)
    @explain_timeout
    def action_import(self):
        """Import the files: all of them or nothing. Many transactions are left to slices with progress.

        :return: the action that shows the bank transactions, or the progress
        """
        if self.new_count > SLICE_LINES:
            return {
                "type": "ir.actions.client",
                "tag": "account_reconciliation.statement_import_progress",
                "name": self.env._("Importing bank transactions"),
                "target": "new",
                "params": {"wizard_id": self.id, "line_count": self.new_count},
            }
        self._import_files()
        return self.action_open_transactions()

    def _import_files(self):
        """Write what is missing of the files: transactions and statements."""
        files = self._plan_files()
        self._check_files(files)
        slow = Counter(self.slow_counts or {})
        for place, (attachment, parsed, plan, _error) in enumerate(files):
            if place:
                # Planned again: an earlier file of this import may hold the same transactions.
                plan = self._plan(parsed)
            written = self.journal_id._write_statements(attachment.name, plan, slow)
            self.journal_id._remember_mapping(plan, parsed.mapping or self._mapping_of(attachment))
            if written and not written[0].attachment_ids:
                written[0].attachment_ids = attachment

    def _prepare_batches(self):
        """Read the files, refuse them where they must be, and store what is to be created."""
        files = self._plan_files()
        self._check_files(files)
        parts, bulk = self.env["account.bank.statement.import.batch"], self.env["account.bulk.import"]
        count = 0
        for number, (attachment, planned) in enumerate(
            (attachment, planned) for attachment, _parsed, plan, _error in files for planned in plan
        ):
            free_ids, new = planned.free_ids, planned.new
            held = bulk._statements_of(free_ids)
            can_begin = bulk._may_put_in_statement(held, len(free_ids) + len(new))
            common = {
                "wizard_id": self.id,
                "journal_id": planned.journal.id,
                "statement_id": can_begin and bulk._begun_statements(held)[0].id,
                "statement_number": number,
                "can_begin_statement": can_begin,
                "filename": attachment.name,
            }
            for pairs in split_every(SLICE * SLICES_IN_BULK, new, list):
                vals_list = planned.journal._prepare_statement_lines(pairs, planned)
                parts.create([{**common, **parts._content(some)} for some in split_every(SLICE, vals_list, list)])
                # Together they are as large as the file.
                self.env.flush_all()
                self.env.invalidate_all(flush=False)
                count += len(pairs)
        self.write({"is_batched": True, "batched_count": count})

    @remote_call(one=True, seconds=kinds.seconds)
    @explain_timeout
    def process_slice(self, seconds=20):
        """Import for a moment and return the progress; the progress dialog calls it again and again.

        Each call is committed at its end like every remote call. The first one reads the files, the last one completes
        the statements; each one between creates at least one part.

        :param seconds: how long to go on with further parts, at most 60
        :return: dict ``done_count``, ``line_count``, ``is_done``
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: what is wrong with the files; then nothing of this slice is kept
        """
        require_bank(self.env)
        deadline = time.monotonic() + min(SLICE_SECONDS_MAX, seconds)
        if not self.is_batched:
            self._prepare_batches()
            return self._slice_progress()
        batches = self.env["account.bank.statement.import.batch"].search([("wizard_id", "=", self.id)])
        if not batches:
            self._import_files()
            return self._slice_progress() | {"is_done": True}
        written = self._slice_progress()["done_count"]
        singly = batches.browse()
        while batches:
            parts = singly[:1] or batches._next_in_bulk()
            count = parts._create_transactions(written)
            if not count:
                singly = parts
                continue
            singly, batches, written = singly - parts, batches - parts, written + count
            if time.monotonic() > deadline:
                break
        return self._slice_progress()

    def _slice_progress(self):
        waiting = self.env["account.bank.statement.import.batch"]._read_group(
            [("wizard_id", "=", self.id)], aggregates=["line_count:sum"]
        )[0][0]
        return {
            "done_count": self.batched_count - (waiting or 0),
            "line_count": self.batched_count,
            "is_done": False,
        }
