"""Preparing and reviewing a proof: two people, a sealed snapshot."""

from odoo import fields, models
from odoo.exceptions import UserError

from ...engine.bank_periods.changes import fingerprint
from ..common import kinds
from ..common.context_keys import OPEN_IN_PROOF
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call
from ..common.statement_timeout import explain_timeout


class AccountLedgerProof(models.Model):
    _inherit = "account.ledger.proof"

    def _ask(self):
        """Ask for the permission and lock the proofs.

        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        self.check_access("write")
        self._lock()

    def _key(self):
        """The SHA-256 of what the proof consists of now."""
        rows = [[str(value) for value in row] for row in self._open_rows()]
        # All documents, also those that a user who reviews may not read.
        self.invalidate_recordset(["attachment_ids"])
        documents = [[one.id, one.checksum or one.url or ""] for one in self.sudo().attachment_ids.sorted("id")]
        self.invalidate_recordset(["attachment_ids"])
        header = {"date": str(self.date), "balance": str(self.balance), "note": self.note or "", "documents": documents}
        return fingerprint(header, rows)

    @remote_call()
    @explain_timeout
    def action_prepare(self):
        """Sign that these proofs are prepared: that the open lines are right, and explained.

        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where a part of the balance is not explained by open lines
        """
        self._ask()
        for proof in self:
            proof.invalidate_recordset(["balance", "open_balance", "unexplained", "line_count"])
            proof._companies()
            if not proof.currency_id.is_zero(proof.unexplained):
                raise UserError(
                    self.env._(
                        "%(amount)s of the balance of %(proof)s is explained by no open line. Check which lines of the "
                        "account were booked before it allowed reconciliation.",
                        amount=proof.currency_id.format(proof.unexplained),
                        proof=proof.display_name,
                    )
                )
            proof._set_state(
                "prepared", prepared_uid=self.env.uid, prepared_date=fields.Datetime.now(), prepared_key=proof._key()
            )

    @remote_call()
    @explain_timeout
    def action_review(self):
        """Sign that these proofs are reviewed: the figures are sealed in a snapshot with its PDF.

        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: by the person who has prepared one; where something has changed since it was prepared
        """
        self._ask()
        for proof in self:
            if proof.state == "prepared":
                proof._check_can_review()
            proof._set_state("reviewed", reviewed_uid=self.env.uid, reviewed_date=fields.Datetime.now())
            proof._take_snapshot()

    def _check_can_review(self):
        self.invalidate_recordset(["balance", "open_balance", "unexplained", "line_count"])
        if self.prepared_uid == self.env.user:
            raise UserError(self.env._("%s was prepared by you, so somebody else has to review it.", self.display_name))
        if self.prepared_key != self._key():
            raise UserError(
                self.env._(
                    "%s has changed since it was prepared: an entry, a reconciliation, the note or a document. Open "
                    "it again and prepare it a second time.",
                    self.display_name,
                )
            )

    @remote_call(reason=kinds.text)
    def action_reopen(self, reason=""):
        """Open proofs again; the snapshots of earlier reviews stay.

        :param reason: why (str), or what the form has as the reason; it is kept in the notes
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: of a reviewed proof without a reason
        """
        self._ask()
        for proof in self:
            why = (reason or proof.reopen_reason or "").strip()
            if proof.state == "reviewed" and not why:
                raise UserError(self.env._("Give a reason for opening %s again: it is kept.", proof.display_name))
            proof._set_state(
                "draft", prepared_uid=False, prepared_date=False, prepared_key=False, reviewed_uid=False,
                reviewed_date=False, reopen_reason=False,
            )  # fmt: skip
            if why:
                # The addon's own note on what its method has done.
                proof.sudo().message_post(body=why)

    def _take_snapshot(self):
        """Keep the figures as they are now, sealed and printed."""
        # Made by this model alone; the permission was checked.
        proof = self.sudo()
        snapshot = self.env["account.ledger.snapshot"].sudo().create({
            "proof_id": proof.id,
            "account_id": proof.account_id.id,
            "company_id": proof.company_id.id,
            "currency_id": proof.currency_id.id,
            "name": proof.display_name,
            "date": proof.date,
            "balance": proof.balance,
            "prepared_by": proof.prepared_uid.name,
            "prepared_date": proof.prepared_date,
            "reviewed_by": proof.reviewed_uid.name,
            "reviewed_date": proof.reviewed_date,
            "taken_by": self.env.user.name,
            "note": proof.note,
            "documents": "\n".join(f"{one.name} (SHA-1 {one.checksum})" for one in proof.attachment_ids.sorted("id")),
            "document_ids": [fields.Command.set(proof.attachment_ids.ids)],
        })  # fmt: skip
        snapshot._write_lines(self._open_sql())
        snapshot._seal()
        snapshot._print_soon()
        return snapshot

    @remote_call(one=True)
    def action_open_lines(self):
        """List the lines that were open at the end of the day."""
        require(self.env, BANK)
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("account_reconciliation.action_ledger_lines")
        domain = [("id", "in", [row[0] for row in self._open_rows()])]
        return {**action, "domain": domain, "context": {OPEN_IN_PROOF: self.id}}

    @remote_call(one=True)
    def action_open_account(self):
        """Open the page of the account."""
        require(self.env, BANK)
        self.check_access("read")
        return self.env["account.ledger.account"].browse(self.account_id.id).action_open()

    @remote_call(one=True)
    def action_open_snapshot(self):
        """Open the PDF of the last review."""
        require(self.env, BANK)
        self.check_access("read")
        snapshot = self._snapshot()
        if not snapshot:
            raise UserError(self.env._("%s was not reviewed yet, so it has no PDF.", self.display_name))
        return snapshot.action_open()
