from odoo import api, fields, models

from ..engine.common.odoo_types import SIDE_SELECTION
from . import reports_sql


class AccountReconciliationBreakdown(models.Model):
    """Each reconciliation line: what paid it, for which item and ledger code, with net, tax and total.

    Payments are listed under the ledger code of the item that they paid; credit notes as well. Money that is not
    reconciled is left out. Net and tax are rounded as engine/items/line_amounts_sql.py says: they add up to the total
    of their row, and over an item that is paid in full to the net and tax of the item.
    """

    _name = "account.reconciliation.breakdown"
    _description = "Breakdown of payments by ledger code"
    _inherit = ["account.reconciliation.report"]
    _auto = False

    counterpart_move_id = fields.Many2one(string="Paid by")
    paid_by = fields.Selection(
        [
            ("payment", "Payment"),
            ("bank", "Bank transaction"),
            ("credit", "Credit note"),
            ("entry", "Opening balance or entry"),
        ],
        "Kind",
        readonly=True,
    )
    side = fields.Selection(SIDE_SELECTION, "Account type", readonly=True)
    payment_id = fields.Many2one("account.payment", "Payment record", readonly=True)
    method = fields.Char("Payment method", readonly=True)
    journal_id = fields.Many2one("account.journal", readonly=True)
    document_total = fields.Monetary("Document total", readonly=True)
    amount_untaxed = fields.Monetary("Net", currency_field="company_currency_id", readonly=True)
    amount_tax = fields.Monetary("Tax", currency_field="company_currency_id", readonly=True)
    amount_total = fields.Monetary("Total", currency_field="company_currency_id", readonly=True)

    @property
    def _table_query(self):
        return reports_sql.breakdown_rows(
            self.env._("Bank transaction"),
            self.env._("Reversal"),
            self.env._("Credit note"),
            self.env._("Opening balance or entry"),
        )

    @api.model
    def _printed_report(self):
        return "account_reconciliation.print_breakdown"

    @api.model
    def _printed_columns(self):
        return [
            {"label": self.env._("Date"), "kind": "date"},
            {"label": self.env._("Paid by"), "kind": "text"},
            {"label": self.env._("Method"), "kind": "text"},
            {"label": self.env._("Account owner"), "kind": "text"},
            {"label": self.env._("Document"), "kind": "text"},
            {"label": self.env._("Item"), "kind": "text"},
            {"label": self.env._("Net"), "kind": "money"},
            {"label": self.env._("Tax"), "kind": "money"},
            {"label": self.env._("Total"), "kind": "money"},
        ]

    @api.model
    def _printed_groups(self, domain):
        rows = self._rows_to_print(domain, "account_id, date, id")
        return self._grouped_for_print(
            rows,
            lambda row: row.account_id.display_name,
            lambda row: [
                row.date,
                row.counterpart_move_id.name,
                row.method,
                row.partner_id.display_name,
                row.move_id.name,
                (row.item_name or "").split("\n")[0],
                row.amount_untaxed,
                row.amount_tax,
                row.amount_total,
            ],
            ["amount_untaxed", "amount_tax", "amount_total"],
        )
