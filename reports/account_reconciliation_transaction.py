from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.items.exchange_entries_sql import is_exchange_entry
from ..engine.odoo_types import OWED_ACCOUNT_TYPES
from ..models.common import kinds
from ..models.common.actions import form_of
from ..models.common.permissions import VIEW, require
from ..models.common.remote_calls import remote_call


class AccountReconciliationTransaction(models.Model):
    """A transaction of an account: a document or a payment, as client billing and “Unreconciled items” show it."""

    _name = "account.reconciliation.transaction"
    _description = "Account transaction"
    _inherit = ["reconciliation.status.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "name"
    _reconciliation_move_field = "move_id"
    _reconciliation_owner_field = "partner_id"

    move_id = fields.Many2one("account.move", "Journal entry", readonly=True)
    payment_id = fields.Many2one("account.payment", readonly=True)
    partner_id = fields.Many2one("res.partner", "Account owner", readonly=True)
    member_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")
    side = fields.Selection([("customer", "Client"), ("supplier", "Vendor")], "Account type", readonly=True)
    transaction_type = fields.Selection(
        [
            ("invoice", "Invoice"),
            ("receipt", "Sales receipt"),
            ("credit_note", "Credit note"),
            ("payment", "Payment"),
            ("deposit", "Deposit"),
            ("refund", "Refund"),
            ("bill", "Vendor bill"),
            ("vendor_receipt", "Purchase receipt"),
            ("vendor_credit", "Vendor credit note"),
            ("vendor_payment", "Vendor payment"),
            ("vendor_refund", "Vendor refund"),
            ("returned", "Returned payment"),
            ("bank", "Bank transaction"),
            ("entry", "Journal entry"),
        ],
        "Type",
        readonly=True,
    )
    name = fields.Char("Number", readonly=True, help="The receipt number of a payment, the number of a document.")
    memo = fields.Char(readonly=True)
    date = fields.Date(readonly=True)
    date_due = fields.Date("Due", readonly=True)
    amount = fields.Monetary(readonly=True, help="Above zero: the account owes it. Below zero: it has paid it.")
    amount_residual = fields.Monetary("Open", readonly=True)
    balance = fields.Monetary("Amount in company currency", currency_field="company_currency_id", readonly=True)
    balance_residual = fields.Monetary("Open in company currency", currency_field="company_currency_id", readonly=True)
    age = fields.Integer("Age in days", compute="_compute_age")

    @api.depends("date", "company_id")
    def _compute_age(self):
        for company, transactions in self.grouped("company_id").items():
            today = (company or self.env.company)._today()
            for transaction in transactions:
                transaction.age = (today - transaction.date).days if transaction.date else 0

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT MIN(line.id) AS id, move.id AS move_id, move.origin_payment_id AS payment_id,
                   partner.commercial_partner_id AS partner_id,
                   COALESCE(move.partner_id, MIN(line.partner_id)) AS member_id,
                   line.company_id, line.currency_id,
                   CASE account.account_type WHEN 'asset_receivable' THEN 'customer' ELSE 'supplier' END AS side,
                   CASE WHEN move.move_type = 'out_invoice' THEN 'invoice'
                        WHEN move.move_type = 'out_receipt' THEN 'receipt'
                        WHEN move.move_type = 'out_refund' THEN 'credit_note'
                        WHEN move.move_type = 'in_invoice' THEN 'bill'
                        WHEN move.move_type = 'in_receipt' THEN 'vendor_receipt'
                        WHEN move.move_type = 'in_refund' THEN 'vendor_credit'
                        WHEN EXISTS (SELECT FROM account_payment_return AS returned
                                      WHERE returned.statement_line_id = move.statement_line_id
                                        AND returned.state = 'booked') THEN 'returned'
                        WHEN move.statement_line_id IS NOT NULL THEN 'bank'
                        WHEN move.origin_payment_id IS NULL THEN 'entry'
                        WHEN account.account_type = 'liability_payable'
                        THEN CASE WHEN SUM(line.balance) > 0 THEN 'vendor_payment' ELSE 'vendor_refund' END
                        WHEN SUM(line.balance) > 0 THEN 'refund'
                        WHEN SUM(line.amount_residual) = SUM(line.balance) THEN 'deposit'
                        ELSE 'payment'
                   END AS transaction_type,
                   move.name, COALESCE(payment.memo, move.ref) AS memo,
                   MIN(line.date) AS date, MIN(line.date_maturity) AS date_due,
                   SUM(line.amount_currency) AS amount, SUM(line.amount_residual_currency) AS amount_residual,
                   SUM(line.balance) AS balance, SUM(line.amount_residual) AS balance_residual
              FROM account_move_line AS line
              JOIN account_account AS account ON account.id = line.account_id
              JOIN account_move AS move ON move.id = line.move_id
              JOIN res_company AS company ON company.id = move.company_id
              JOIN res_partner AS partner ON partner.id = line.partner_id
              LEFT JOIN account_payment AS payment ON payment.id = move.origin_payment_id
             WHERE line.parent_state = 'posted'
               AND account.account_type IN %(owed_types)s
               AND move.tax_cash_basis_rec_id IS NULL AND move.tax_cash_basis_origin_move_id IS NULL
               AND NOT (move.move_type = 'entry' AND move.origin_payment_id IS NULL
                        AND move.statement_line_id IS NULL
                        AND %(exchange)s IS TRUE)
             GROUP BY move.id, partner.commercial_partner_id, line.company_id, line.currency_id, account.account_type,
                      payment.memo
            """,
            owed_types=OWED_ACCOUNT_TYPES,
            exchange=is_exchange_entry("move", "company"),
        )

    @api.model
    def _search(self, *args, **kwargs):
        # The query reads other models' tables: what they hold in memory has to be there first.
        self.env["account.reconciliation.item"]._flush_sources()
        self.env["account.payment.return"].flush_model(["statement_line_id", "state"])
        return super()._search(*args, **kwargs)

    @api.model
    @remote_call(partner_id=kinds.record("res.partner"))
    def get_billing_header(self, partner_id):
        """The header of an account's transactions.

        :param partner_id: id of the account owner
        :return: dict ``partner_id``, ``name``, ``members`` (names), ``count`` and ``totals``, a list of dicts
            ``currency_id``, ``side``, ``balance``, ``open_documents``, ``open_money``, in that currency; the balance of
            a customer is what it owes, the balance of a vendor what it is owed
        :raise AccessError: without the permission to see client billing
        """
        require(self.env, VIEW)
        owner = partner_id.commercial_partner_id
        owner.check_access("read")
        domain = [("partner_id", "=", owner.id)]
        totals = []
        for currency, side, balance, residuals in self._read_group(
            domain, ["currency_id", "side"], ["amount:sum", "amount_residual:array_agg"], order="side, currency_id"
        ):
            sign = 1 if side == "customer" else -1
            totals.append({
                "currency_id": currency.id,
                "side": side,
                "balance": currency.round(sign * balance),
                "open_documents": currency.round(sum(sign * amount for amount in residuals if sign * amount > 0)),
                "open_money": currency.round(sum(-sign * amount for amount in residuals if sign * amount < 0)),
            })  # fmt: skip
        return {
            "partner_id": owner.id,
            "name": owner.display_name,
            "members": owner.child_ids.filtered("name").sorted("name").mapped("name"),
            "totals": totals,
            "count": self.search_count(domain),
        }

    @remote_call(one=True)
    def action_open(self):
        """Open the document or payment itself."""
        return form_of(self.payment_id or self.move_id)

    @remote_call(one=True)
    def action_open_client_billing(self):
        """Open the billing of the account owner, also where the transaction is a member's."""
        return self.partner_id.action_open_client_billing()

    @remote_call()
    def action_open_reconciliations(self):
        """Open the table of this transaction's reconciliations."""
        return self.move_id.action_open_reconciliations(self.partner_id)
