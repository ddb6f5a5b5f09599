from odoo import api, fields, models

from . import reports_sql


class AccountReconciliationPaidItem(models.Model):
    """What clients have paid for each item, by the date of payment, net of refunds and credits.

    What tax receipts such as Quebec's RL-24 need: grouped by year, account owner and item it is the amount that was
    really paid in the calendar year. Money counts with what was received, not with what a payment wrote off. A refund
    reverses the item that its credit note credits; a credit that pays another item moves the amount there.
    """

    _name = "account.reconciliation.paid.item"
    _description = "Amounts paid per item and year"
    _inherit = ["account.reconciliation.report"]
    _auto = False

    counterpart_move_id = fields.Many2one(string="Paid by")
    paid_by = fields.Selection(
        [("payment", "Payment"), ("refund", "Refund"), ("credit", "Credit")], "Kind", readonly=True
    )
    product_id = fields.Many2one(related="move_line_id.product_id", string="Product")
    amount = fields.Monetary("Paid", currency_field="company_currency_id", readonly=True)

    @property
    def _table_query(self):
        return reports_sql.paid_item_rows()

    @api.model
    def _printed_report(self):
        return "account_reconciliation.print_paid_item"

    @api.model
    def _printed_columns(self):
        return [
            {"label": self.env._("Member"), "kind": "text"},
            {"label": self.env._("Item"), "kind": "text"},
            {"label": self.env._("Document"), "kind": "text"},
            {"label": self.env._("Ledger code"), "kind": "text"},
            {"label": self.env._("Paid"), "kind": "money"},
        ]

    @api.model
    def _printed_groups(self, domain):
        """One row an item, under the year and the account owner; an item whose money was all refunded is left out."""
        rows = self._rows_to_print(domain, "partner_id, date, id")
        totals = {}
        for row in rows:
            key = (row.date.year, row.partner_id, row.move_line_id)
            totals.setdefault(key, []).append([row.amount])
        currency = rows[:1].company_currency_id
        groups = {}
        for (year, owner, item), amounts in sorted(
            totals.items(), key=lambda entry: (entry[0][0], entry[0][1].display_name or "", entry[0][2].id)
        ):
            amount = self._add_up(currency, amounts)[0]
            if currency.is_zero(amount):
                continue
            label = f"{year} · {owner.display_name}"
            group = groups.setdefault(label, {"label": label, "rows": []})
            group["rows"].append([
                item.move_id.partner_id.name,
                (item.name or "").split("\n")[0],
                item.move_id.name,
                item.account_id.display_name,
                amount,
            ])  # fmt: skip
        for group in groups.values():
            group["totals"] = self._add_up(currency, [[row[-1]] for row in group["rows"]])
        return list(groups.values())
