from odoo import api, fields, models
from odoo.tools import format_date

from ..engine.common.odoo_types import SIDE_SELECTION
from ..models.common import context_keys
from . import reports_sql


class AccountReconciliationPayment(models.Model):
    """What every payment, deposit, refund and correction brought, and which item it is applied to.

    Serves “Payment by ledger code” and “Payment by item”. What is not applied has rows without item and ledger code, so
    that the rows of any range of dates add up to the bank and cash receipts of that range.
    """

    _name = "account.reconciliation.payment"
    _description = "Payment by item"
    _inherit = ["account.reconciliation.report"]
    _auto = False

    side = fields.Selection(SIDE_SELECTION, "Account type", readonly=True)
    transaction_type = fields.Selection(
        [
            ("payment", "Payment"),
            ("deposit", "Deposit"),
            ("refund", "Refund"),
            ("correction", "Payment correction"),
            ("bank", "Bank transaction"),
            ("vendor_payment", "Vendor payment"),
            ("vendor_refund", "Vendor refund"),
        ],
        "Type",
        readonly=True,
    )
    state = fields.Selection(
        [("applied", "Applied to items"), ("unreconciled", "Unreconciled"), ("returned", "Returned or corrected")],
        "Status",
        readonly=True,
        help="Returned or corrected: reconciled with another payment, as a deposit that is refunded, or with the "
        "entry that reverses it.",
    )
    payment_id = fields.Many2one("account.payment", "Payment record", readonly=True)
    journal_id = fields.Many2one("account.journal", "Bank or cash account", readonly=True)
    payment_method_line_id = fields.Many2one("account.payment.method.line", "Method of the journal", readonly=True)
    method = fields.Char("Payment method", readonly=True)
    amount = fields.Monetary(
        "Received",
        currency_field="company_currency_id",
        readonly=True,
        help="In company currency, as the bank or the cash box got it; below zero where money went out.",
    )
    amount_settled = fields.Monetary(
        "Settled",
        currency_field="company_currency_id",
        readonly=True,
        help="How much of the item it settles in the ledger: more than is received where the payment writes something "
        "off, another amount where its exchange rate is not the document's.",
    )

    @property
    def _table_query(self):
        return reports_sql.payment_rows(self.env._("Bank transaction"), self.env._("Reversal"))

    @api.model
    def _printed_report(self):
        if self.env.context.get(context_keys.PRINTED_BY_LEDGER_CODE):
            return "account_reconciliation.print_payment_by_code"
        return "account_reconciliation.print_payment_by_item"

    # -- by item -------------------------------------------------------------------------------------------------------

    @api.model
    def _printed_columns(self):
        if self.env.context.get(context_keys.PRINTED_BY_LEDGER_CODE):
            return [
                {"label": self.env._("Payment method"), "kind": "text"},
                {"label": self.env._("Payments"), "kind": "number"},
                {"label": self.env._("Received"), "kind": "money"},
            ]
        return [
            {"label": self.env._("Status"), "kind": "text"},
            {"label": self.env._("Document"), "kind": "text"},
            {"label": self.env._("Member"), "kind": "text"},
            {"label": self.env._("Item"), "kind": "text"},
            {"label": self.env._("Ledger code"), "kind": "text"},
            {"label": self.env._("Received"), "kind": "money"},
        ]

    @api.model
    def _printed_title(self):
        if self.env.context.get(context_keys.PRINTED_BY_LEDGER_CODE):
            return self.env._("Payment by ledger code")
        return super()._printed_title()

    @api.model
    def _printed_groups(self, domain):
        if self.env.context.get(context_keys.PRINTED_BY_LEDGER_CODE):
            return self._printed_codes(domain)
        types, states = (
            dict(self._fields[name]._description_selection(self.env)) for name in ("transaction_type", "state")
        )
        rows = self._rows_to_print(domain, "date, counterpart_move_id, id desc")

        def label(row):
            return " · ".join(
                filter(
                    None,
                    (
                        format_date(self.env, row.date),
                        row.counterpart_move_id.name,
                        types[row.transaction_type],
                        row.method if row.transaction_type != "bank" else None,
                        row.partner_id.display_name,
                    ),
                )
            )

        return self._grouped_for_print(
            rows,
            label,
            lambda row: [
                states[row.state],
                row.move_id.name,
                row.member_id.name if row.move_id else "",
                (row.item_name or "").split("\n")[0],
                row.account_id.display_name,
                row.amount,
            ],
            ["amount"],
        )

    # -- by ledger code ------------------------------------------------------------------------------------------------

    @api.model
    def _printed_codes(self, domain):
        """Totals per ledger code and method; what is applied to no item comes last, under its status."""
        states = dict(self._fields["state"]._description_selection(self.env))
        groups = {}
        for state, account, method, count, amount in self._read_group(
            domain,
            ["state", "account_id", "method"],
            ["counterpart_move_id:count_distinct", "amount:sum"],
            order="state, account_id, method",
        ):
            label = account.display_name or states[state]
            group = groups.setdefault(label, {"label": label, "rows": []})
            group["rows"].append([method, count, amount])
        currency = self.search(domain, limit=1).company_currency_id
        for group in groups.values():
            group["totals"] = self._add_up(currency, [[row[-1]] for row in group["rows"]])
        return list(groups.values())
