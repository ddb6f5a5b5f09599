from odoo import fields, models
from odoo.tools import float_repr

from ...engine.bank_periods.changes import CONFIRMED, Row, fingerprint
from ...engine.ledger_accounts import snapshot_sql
from ..common.actions import form_of
from ..common.remote_calls import remote_call

HEADER_TEXTS = ["name", "prepared_by", "reviewed_by", "taken_by", "note", "documents"]


class AccountLedgerSnapshot(models.Model):
    """What an account's balance consisted of when it was reviewed, sealed by a SHA-256, and its PDF. Never changes."""

    _name = "account.ledger.snapshot"
    _inherit = ["reconciliation.sealed.mixin"]
    _description = "Snapshot of an account"
    _order = "id desc"

    proof_id = fields.Many2one("account.ledger.proof", required=True, readonly=True, index=True, ondelete="restrict")
    account_id = fields.Many2one("account.account", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    name = fields.Char("Account and day", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    balance = fields.Monetary(readonly=True)
    prepared_by = fields.Char("Prepared by", readonly=True)
    prepared_date = fields.Datetime("Prepared on", readonly=True)
    reviewed_by = fields.Char("Reviewed by", readonly=True)
    reviewed_date = fields.Datetime("Reviewed on", readonly=True)
    note = fields.Text(readonly=True)
    documents = fields.Text("Supporting documents", readonly=True)
    document_ids = fields.Many2many(
        "ir.attachment", "account_ledger_snapshot_document_rel", "snapshot_id", "attachment_id", "Files", readonly=True,
        ondelete="restrict", help="The supporting documents as they were reviewed. They are kept unchanged.",
    )  # fmt: skip
    line_ids = fields.One2many("account.ledger.snapshot.line", "snapshot_id", "Lines", readonly=True)

    def _attachment_owner(self):
        return self.proof_id

    def _write_lines(self, open_lines):
        """Write the lines of a new snapshot by one statement, however many there are.

        :param open_lines: SQL, what ``as_of_sql.open_as_of`` gives
        """
        self.env.flush_all()
        self.env.cr.execute(snapshot_sql.insert_lines(open_lines, self.id, self.env.uid, self.env.cr.now()))
        self.invalidate_recordset(["line_ids"], flush=False)

    def _fingerprint(self):
        """The SHA-256 of all that the PDF prints."""
        self.ensure_one()
        self.env.flush_all()
        self.invalidate_recordset(flush=False)
        digits = self.currency_id.decimal_places
        header = {name: self[name] or "" for name in HEADER_TEXTS}
        header |= {name: str(self[name] or "") for name in ("date", "prepared_date", "reviewed_date")}
        header |= {"balance": float_repr(self.balance, digits), "currency": self.currency_id.name}
        return fingerprint(header, self._plain_lines())

    def _plain_lines(self):
        """The printed values of the lines, as the SHA-256 takes them."""
        digits = self.currency_id.decimal_places
        return [
            [
                key, name, label, partner_name, str(day), float_repr(amount, digits),
                float_repr(foreign_amount, foreign_digits or digits), foreign_name,
            ]
            for key, name, label, partner_name, day, amount, foreign_amount, foreign_digits, foreign_name, _partner
            in self._read_lines()
        ]  # fmt: skip

    def _read_lines(self):
        """The lines as ``snapshot_sql.lines`` gives them."""
        self.env["account.ledger.snapshot.line"].flush_model()
        self.env["res.currency"].flush_model(["name", "decimal_places"])
        return self.env.execute_query(snapshot_sql.lines(self.id))

    def _render_html(self):
        """The page that is printed."""
        self.ensure_one()
        lines = self.line_ids.sorted("id")
        return self.env["ir.qweb"]._render(
            "account_reconciliation.ledger_snapshot",
            {
                "doc": self,
                "company": self.company_id,
                "lines": lines,
                "chunks": self._printed_tables(lines),
                "total": self.currency_id.round(sum(lines.mapped("amount"))),
            },
        )

    def _stored_rows(self):
        """The rows for comparison."""
        exact = self.currency_id._exact
        return [
            Row(CONFIRMED, key, name or label, day, exact(amount), partner_id,
                foreign=self._foreign(foreign_amount, digits or 0, foreign_name))
            for key, name, label, _partner, day, amount, foreign_amount, digits, foreign_name, partner_id
            in self._read_lines()
        ]  # fmt: skip

    def _foreign(self, amount, digits, name):
        """The amount in the currency of a line as text; empty where that is the company's.

        :param name: of the currency
        """
        return "" if name in ("", self.currency_id.name) else f"{float_repr(amount, digits)} {name}"

    @remote_call(one=True)
    def action_open_proof(self):
        """Open the proof that the snapshot is of."""
        return form_of(self.proof_id)
