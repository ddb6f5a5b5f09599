from odoo import api, fields, models
from odoo.tools import float_repr

from ...engine.bank_periods.changes import CONFIRMED, ELSEWHERE, OUTSTANDING, UNMATCHED, Row, fingerprint
from ...engine.common import rows_sql
from ..common.actions import form_of
from ..common.remote_calls import remote_call

HEADER_TEXTS = ["name", "account_number", "period_state", "closed_by", "close_reason", "taken_by"]
HEADER_AMOUNTS = ["balance_start", "total_reconciled", "balance_end", "remaining"]
HEADER_DATES = ["date_from", "date_to", "close_date"]


def _plain_value(field, value):
    """The value of a field as a row's JSON has it: what is empty is null."""
    if field.type == "boolean":
        return bool(value)
    if value is False or value is None:
        return None
    return value if isinstance(value, int | float | str) else str(value)


class AccountBankReconciliationSnapshot(models.Model):
    """The figures of a bank reconciliation at one moment, sealed by a SHA-256, and their PDF. Never changes.

    It holds names as they were, and links to what they name for as long as that exists.
    """

    _name = "account.bank.reconciliation.snapshot"
    _inherit = ["reconciliation.sealed.mixin"]
    _description = "Snapshot of a bank reconciliation"
    _order = "id desc"

    reconciliation_id = fields.Many2one(
        "account.bank.reconciliation", readonly=True, index="btree_not_null", ondelete="set null"
    )
    journal_id = fields.Many2one("account.journal", "Bank account", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one(related="journal_id.company_id", store=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    name = fields.Char("Period", required=True, readonly=True)
    account_number = fields.Char(readonly=True)
    date_from = fields.Date("Start date", required=True, readonly=True)
    date_to = fields.Date("End date", required=True, readonly=True)
    balance_start = fields.Monetary("Opening balance", readonly=True)
    balance_end = fields.Monetary("Closing balance", readonly=True)
    total_reconciled = fields.Monetary("Total confirmed", readonly=True)
    remaining = fields.Monetary("Variance", readonly=True)
    period_state = fields.Selection([("open", "Open"), ("closed", "Closed")], "Period was", readonly=True)
    is_closing = fields.Boolean("Taken at closing", readonly=True)
    closed_by = fields.Char("Closed by", readonly=True)
    close_date = fields.Datetime("Closed on", readonly=True)
    close_reason = fields.Text("Reason for closing unbalanced", readonly=True)
    line_ids = fields.One2many("account.bank.reconciliation.snapshot.line", "snapshot_id", "Lines", readonly=True)
    confirmed_count = fields.Integer("Confirmed", compute="_compute_counts")
    outstanding_count = fields.Integer("Outstanding", compute="_compute_counts")
    unmatched_count = fields.Integer("Unmatched", compute="_compute_counts")

    @api.depends("line_ids.section")
    def _compute_counts(self):
        counts = {
            (snapshot.id, section): count
            for snapshot, section, count in self.env["account.bank.reconciliation.snapshot.line"]._read_group(
                [("snapshot_id", "in", self.ids)], ["snapshot_id", "section"], ["__count"]
            )
        }
        for snapshot in self:
            snapshot.confirmed_count = counts.get((snapshot.id, CONFIRMED), 0)
            snapshot.outstanding_count = counts.get((snapshot.id, OUTSTANDING), 0)
            snapshot.unmatched_count = counts.get((snapshot.id, UNMATCHED), 0)

    @api.depends("line_ids.amount")
    def _compute_is_intact(self):
        return super()._compute_is_intact()

    def _attachment_owner(self):
        return self.reconciliation_id or self

    def _write_lines(self, rows):
        """Write the lines of a new snapshot by one statement, however many there are.

        :param rows: list of dict, values of account.bank.reconciliation.snapshot.line
        """
        if not rows:
            return
        lines, digits = self.line_ids, self.currency_id.decimal_places
        ids = self.env.execute_query(rows_sql.reserve_ids(lines._table, len(rows)))
        common = {
            "snapshot_id": self.id, "company_id": self.company_id.id, "create_uid": self.env.uid,
            "write_uid": self.env.uid, "create_date": str(self.env.cr.now()), "write_date": str(self.env.cr.now()),
        }  # fmt: skip
        self.env.flush_all()
        self.env.cr.execute(
            rows_sql.insert_rows(
                {
                    lines._table: [
                        (
                            common,
                            [
                                {
                                    name: _plain_value(lines._fields[name], value)
                                    for name, value in row.items()
                                    if name not in common
                                }
                                | {"amount": float_repr(self.currency_id.round(row["amount"]), digits), "id": line_id}
                                for row, (line_id,) in zip(rows, ids, strict=True)
                            ],
                        )
                    ]
                }
            )
        )
        self.invalidate_recordset(["line_ids"], flush=False)

    def _fingerprint(self):
        """The SHA-256 of all that the PDF prints of the period."""
        self.ensure_one()
        self.env.flush_all()
        self.invalidate_recordset(flush=False)
        digits = self.currency_id.decimal_places
        header = {name: self[name] or "" for name in HEADER_TEXTS}
        header |= {name: float_repr(self[name], digits) for name in HEADER_AMOUNTS}
        header |= {name: str(self[name] or "") for name in HEADER_DATES}
        header["currency"] = self.currency_id.name
        return fingerprint(header, [line._plain(digits) for line in self.line_ids.sorted("id")])

    def _render_html(self):
        """The page that is printed."""
        self.ensure_one()
        sections = []
        for section, title, empty in (
            (CONFIRMED, self.env._("Confirmed remittances"), self.env._("None.")),
            (OUTSTANDING, self.env._("Outstanding remittances, not confirmed"), self.env._("None.")),
            (ELSEWHERE, self.env._("Remittances of these days that another period had confirmed"), ""),
            (UNMATCHED, self.env._("Bank transactions that were not matched"), self.env._("None.")),
        ):
            lines = self.line_ids.filtered(lambda line, section=section: line.section == section).sorted("id")
            if section == ELSEWHERE and not lines:
                continue  # the exception
            sections.append({
                "key": section,
                "title": title,
                "empty": empty,
                "total": self.currency_id.round(sum(lines.mapped("amount"))),
                "count": len(lines),
                "chunks": self._printed_tables(lines),
            })  # fmt: skip
        return self.env["ir.qweb"]._render(
            "account_reconciliation.bank_reconciliation_snapshot",
            {"doc": self, "company": self.company_id, "sections": sections},
        )

    @remote_call(one=True)
    def action_open_reconciliation(self):
        """Open the period that the snapshot is of."""
        return form_of(self.reconciliation_id)

    def _stored_rows(self):
        """The rows for comparison."""
        exact = self.currency_id._exact
        return [
            Row(one.section, one.key, one._title(), one.date, exact(one.amount), one.partner_id.id,
                one.statement_line_key, one.is_matched)
            for one in self.line_ids.sorted("id")
        ]  # fmt: skip

    def _copy_rows(self):
        """The rows for one more snapshot of the same closing."""
        return [line.copy_data({"snapshot_id": False})[0] for line in self.line_ids.sorted("id")]

    def _keep_attachments(self):
        """Keep the PDFs of a reconciliation that is about to be deleted."""
        for snapshot in self:
            snapshot.attachment_id.write({"res_model": self._name, "res_id": snapshot.id})
