from odoo import fields, models

from ..common import kinds
from ..common.remote_calls import remote_call


class AccountBankStatementLine(models.Model):
    """A bank transaction knows the row of the bank's file that it came from."""

    _name = "account.bank.statement.line"
    _inherit = ["account.bank.statement.line", "reconciliation.guarded.mixin"]

    unique_import_id = fields.Char(
        "Import identity",
        readonly=True,
        guarded=True,
        copy=False,
        help="By this a second import of the same or an overlapping file knows the transaction again.",
    )
    import_format = fields.Char(
        "Imported from",
        readonly=True,
        guarded=True,
        copy=False,
        help="Format of the file. Two formats may write one transaction in other words, one format does not.",
    )
    import_batch_id = fields.Char(
        "Batch booking",
        readonly=True,
        guarded=True,
        copy=False,
        index="btree_not_null",
        help="The identity of the sum that this single payment is part of. A file that brings the sum later brings "
        "nothing new.",
    )
    structured_reference = fields.Char(readonly=True, guarded=True, copy=False, index="btree_not_null")
    end_to_end_id = fields.Char(
        "End-to-end ID",
        readonly=True,
        guarded=True,
        copy=False,
        index="btree_not_null",
        help="The reference that the payer gave the payment (ISO 20022).",
    )
    mandate_id = fields.Char(readonly=True, guarded=True, copy=False, help="Mandate of a direct debit.")
    charges = fields.Monetary(
        readonly=True,
        guarded=True,
        copy=False,
        help="Charges that the bank has already taken off (below zero) or added to the amount.",
    )
    return_code = fields.Char(readonly=True, guarded=True, copy=False, help="Why a payment was returned (ISO 20022).")
    return_reason = fields.Char(readonly=True, guarded=True, copy=False, help="Why a payment was returned, in words.")
    # Not prefetched: the text is long, and lists don't need it.
    raw_data = fields.Json("Row of the bank's file", readonly=True, guarded=True, copy=False, prefetch=False)
    raw_text = fields.Text("Original bank text", compute="_compute_raw_text")

    _unique_import_id_idx = models.UniqueIndex(
        "(journal_id, unique_import_id) WHERE unique_import_id IS NOT NULL",
        "A transaction of this file was imported in the same moment by somebody else. Nothing of this import was kept. "
        "Import the file again: what is already there will be left out.",
    )
    # The journal's card asks for the last import.
    _imported_idx = models.Index("(journal_id, create_date) WHERE unique_import_id IS NOT NULL")

    def _compute_raw_text(self):
        for line in self:
            raw = line.raw_data or ""
            if isinstance(raw, dict):
                raw = "\n".join(f"{name}: {value}" for name, value in raw.items())
            line.raw_text = str(raw)

    @remote_call(attachment_ids=kinds.record_ids)
    def create_document_from_attachment(self, attachment_ids):
        """Files dropped on the list of bank transactions are bank statements: show the import's preview.

        :param attachment_ids: ids of ir.attachment, uploaded by the user
        :return: the action of the dialog
        :raise AccessError: without the permission for bank reconciliation
        """
        journal = self.env["account.journal"].browse(self.env.context.get("default_journal_id"))
        return journal._preview_statement_files(attachment_ids)
