"""Files and questions beside a bank transaction: receipts, the documents' own files, what a colleague is asked."""

from odoo import models

from ..common import kinds
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call

FILES_MAX = 20
QUESTIONS_MAX = 10


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    @remote_call(one=True, records=kinds.listed)
    def get_matching_files(self, records=None):
        """Give the files of this transaction's entry, of what it is matched with, and of other records.

        :param records: ``[(model, id)]`` as suggested; those that are no documents are left out
        :return: list of dicts ``id``, ``name``, ``mimetype``, ``of`` (name of the document; empty where it is the
            transaction's own)
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        self.check_access("read")
        moves = self.move_id | self.move_id._reconciled_moves(self.move_id.line_ids)
        for record in self._match_records(records) if records else ():
            if record._name == "account.move":
                moves |= record
            elif record._name in ("account.move.line", "account.payment"):
                moves |= record.move_id
        moves = moves._filtered_access("read")
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "in", moves.ids)], limit=FILES_MAX, order="id desc"
        )
        names = {move.id: move.display_name for move in moves}
        return [
            {
                "id": one.id,
                "name": one.name,
                "mimetype": one.mimetype or "",
                "of": "" if one.res_id == self.move_id.id else names[one.res_id],
            }
            for one in files
        ]

    @remote_call(one=True)
    def action_ask_colleague(self):
        """Open the dialog for an activity on this transaction's entry: a question or a note to a colleague.

        :return: an action
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask a colleague"),
            "res_model": "mail.activity.schedule",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_id": self.move_id.id,
                "active_ids": self.move_id.ids,
                "active_model": "account.move",
                "default_summary": self.payment_ref or "",
            },
        }

    def _question_rows(self):
        """What colleagues are asked about this transaction."""
        return [
            {
                "id": activity.id,
                "summary": activity.summary or activity.activity_type_id.name or "",
                "user": activity.user_id.display_name or "",
                "date": activity.date_deadline,
            }
            for activity in self.move_id.activity_ids[:QUESTIONS_MAX]
        ]
