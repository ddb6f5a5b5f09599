from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.common.odoo_types import OWED_ACCOUNT_TYPES, SIDE_SELECTION, SIDES, side_sql
from ..engine.items import overdue_sql
from ..engine.items.exchange_entries_sql import is_exchange_entry
from ..engine.items.status_sql import STATUSES
from ..models.common import kinds
from ..models.common.actions import form_of
from ..models.common.permissions import VIEW, require
from ..models.common.remote_calls import remote_call

# The types that have a due date.
DUE_TYPES = ("invoice", "receipt", "bill", "vendor_receipt", "entry")
BILLING_ROWS_MAX = 200
# The most words of a search.
SEARCH_WORDS_MAX = 10


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
    side = fields.Selection(SIDE_SELECTION, "Account type", readonly=True)
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
    date_due = fields.Date(
        "Due", readonly=True, help="Of a document with several due dates, the earliest that is open."
    )
    date_owed = fields.Date("Owed since", readonly=True, help="As “Due”, of what is not left out of reminders.")
    is_overdue = fields.Boolean(
        "Overdue",
        compute="_compute_overdue",
        search="_search_is_overdue",
        help="A document that is open after its due date, as the day is for the company.",
    )
    days_overdue = fields.Integer("Days overdue", compute="_compute_overdue", help="0 where it is not overdue.")
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

    @api.depends("date_owed", "amount_residual", "side", "company_id")
    def _compute_overdue(self):
        for company, transactions in self.grouped("company_id").items():
            today = (company or self.env.company)._today()
            for transaction in transactions:
                owed = transaction.amount_residual * (1 if transaction.side == "customer" else -1)
                is_late = transaction.date_owed and transaction.date_owed < today
                transaction.is_overdue = bool(is_late and transaction.currency_id.compare_amounts(owed, 0) > 0)
                transaction.days_overdue = (today - transaction.date_owed).days if transaction.is_overdue else 0

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        owed = Domain("side", "=", "customer") & Domain("amount_residual", ">", 0)
        owed |= Domain("side", "=", "supplier") & Domain("amount_residual", "<", 0)
        late = Domain.OR(
            Domain("company_id", "in", companies.ids) & Domain("date_owed", "<", today)
            for today, companies in self.env.companies._grouped_by_today().items()
        )
        overdue = owed & late
        wanted = set(value)
        return Domain.TRUE if wanted == {True, False} else overdue if wanted == {True} else ~overdue

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT MIN(line.id) AS id, move.id AS move_id, move.origin_payment_id AS payment_id,
                   partner.commercial_partner_id AS partner_id,
                   COALESCE(move.partner_id, MIN(line.partner_id)) AS member_id,
                   line.company_id, line.currency_id,
                   %(side)s AS side,
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
                   MIN(line.date) AS date,
                   COALESCE(MIN(line.date_maturity) FILTER (WHERE NOT line.reconciled), MIN(line.date_maturity))
                   AS date_due,
                   CASE WHEN BOOL_OR(line.no_followup) AND move.move_type <> 'entry'
                        THEN MIN(line.date_maturity) FILTER (WHERE NOT line.reconciled
                             AND ABS(line.amount_residual_currency) > %(left_out)s)
                        ELSE COALESCE(MIN(line.date_maturity) FILTER (WHERE NOT line.reconciled),
                                      MIN(line.date_maturity)) END
                   AS date_owed,
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
            side=side_sql(SQL("account.account_type")),
            left_out=overdue_sql.LEFT_OUT,
            exchange=is_exchange_entry("move", "company"),
        )

    @api.model
    def _search(self, *args, **kwargs):
        # The query reads other models' tables: their pending changes are flushed first.
        self.env["account.reconciliation.item"]._flush_sources()
        self.env["account.payment.return"].flush_model(["statement_line_id", "state"])
        return super()._search(*args, **kwargs)

    @api.model
    @remote_call(partner_id=kinds.record("res.partner"))
    def get_billing_header(self, partner_id):
        """The header of an account's transactions.

        :param partner_id: id of the account owner
        :return: dict ``partner_id``, ``name``, ``members`` (names), ``count`` and ``totals``, a list of dicts
            ``currency_id``, ``side``, ``balance``, ``open_documents``, ``open_money``, ``overdue`` (of the open
            documents), in that currency; the balance of a client is what it owes, the balance of a vendor what it is
            owed
        :raise AccessError: without the permission to see client billing
        """
        require(self.env, VIEW)
        owner = partner_id.commercial_partner_id
        owner.check_access("read")
        domain = [("partner_id", "=", owner.id)]
        today = {company.id: company._today() for company in self.env.companies}
        self.env["account.reconciliation.item"]._flush_sources()
        overdue = {
            (currency_id, SIDES[account_type]): float(amount)
            for _owner, account_type, currency_id, amount, _company_amount in self.env.execute_query(
                overdue_sql.overdue_by_currency(owner.ids, today)
            )
        }
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
                "overdue": currency.round(overdue.get((currency.id, side), 0)),
            })  # fmt: skip
        return {
            "partner_id": owner.id,
            "name": owner.display_name,
            "members": owner.child_ids.filtered("name").sorted("name").mapped("name"),
            "totals": totals,
            "count": self.search_count(domain),
        }

    # -- the page of an account ----------------------------------------------------------------------------------------

    @api.model
    @remote_call(partner_id=kinds.record("res.partner"), filters=kinds.mapping, offset=kinds.whole, limit=kinds.whole)
    def get_billing_page(self, partner_id, filters=None, offset=0, limit=40):
        """One page of an account's transactions, newest first, and what its statuses add up to.

        :param partner_id: id of the account owner
        :param filters: dict of ``search``, ``date_from``, ``date_to``, ``type`` (a ``transaction_type``), ``status`` (a
            ``reconciliation_status``, or ``open`` for all that is not fully reconciled, or ``overdue``); each may be
            missing or empty
        :param limit: how many, up to 200
        :return: dict ``rows`` (dicts), ``length`` (of all pages), ``types`` (those of the account, ``[key, name]``),
            and ``statuses``: dicts ``status``, ``count`` and ``amounts`` (``currency_id``, ``documents``, ``money``:
            what is open), of what all filters but the status leave
        :raise AccessError: without the permission to see client billing
        :raise UserError: where a filter can't be read
        """
        require(self.env, VIEW)
        owner = partner_id.commercial_partner_id
        owner.check_access("read")
        filters = filters or {}
        of_account = Domain("partner_id", "=", owner.id) & Domain("company_id", "in", self.env.companies.ids)
        domain = of_account & self._billing_domain(filters)
        shown = domain & self._status_domain(kinds.text(self.env, "status", filters.get("status")))
        rows = self.search(shown, offset=offset, limit=max(1, min(limit, BILLING_ROWS_MAX)))
        names = dict(self._fields["transaction_type"]._description_selection(self.env))
        types = [key for (key,) in self._read_group(of_account, ["transaction_type"])]
        return {
            "rows": [row._billing_row(names) for row in rows],
            "length": self.search_count(shown),
            "types": [[key, name] for key, name in names.items() if key in types],
            "statuses": self._billing_statuses(domain),
        }

    def _billing_row(self, type_names):
        is_due = self.transaction_type in DUE_TYPES and not self.currency_id.is_zero(self.amount_residual)
        date_due = self.date_due if is_due else None
        return {
            "id": self.id,
            "move_id": self.move_id.id,
            "name": self.name or "",
            "memo": self.memo or "",
            "date": fields.Date.to_string(self.date),
            "date_due": date_due and fields.Date.to_string(date_due),
            "days_overdue": self.days_overdue if date_due else 0,
            "transaction_type": self.transaction_type,
            "type_name": type_names[self.transaction_type],
            "member": self.member_id.name if self.member_id != self.partner_id else "",
            "amount": self.amount,
            "amount_residual": self.amount_residual,
            "currency_id": self.currency_id.id,
            "status": self.reconciliation_status,
        }

    @api.model
    def _billing_domain(self, filters):
        domain = Domain.TRUE
        for name, operator in (("date_from", ">="), ("date_to", "<=")):
            if day := kinds.day(self.env, name, filters.get(name)):
                domain &= Domain("date", operator, day)
        if kind := kinds.text(self.env, "type", filters.get("type")):
            domain &= Domain("transaction_type", "=", kind)
        for word in kinds.text(self.env, "search", filters.get("search")).split()[:SEARCH_WORDS_MAX]:
            found = Domain.OR(Domain(name, "ilike", word) for name in ("name", "memo", "member_id.name"))
            amount = self.env.company.currency_id._typed_amount(word)
            if amount is not None:
                found |= Domain("amount", "in", [amount, -amount])
                found |= Domain("amount_residual", "in", [amount, -amount])
            domain &= found
        return domain

    @api.model
    def _status_domain(self, status):
        """:raise UserError: where there is no such status"""
        if not status:
            return Domain.TRUE
        if status == "open":
            return Domain("amount_residual", "!=", 0)
        if status == "overdue":
            return Domain("is_overdue", "=", True)
        if status not in dict(STATUSES):
            raise UserError(self.env._("There is no status “%s” of transactions.", status))
        return Domain("reconciliation_status", "=", status)

    @api.model
    def _billing_statuses(self, domain):
        found = {}
        for status, currency, side, count, residuals in self._read_group(
            domain,
            ["reconciliation_status", "currency_id", "side"],
            ["__count", "amount_residual:array_agg"],
            order="currency_id",
        ):
            one = found.setdefault(status, {"status": status, "count": 0, "amounts": {}})
            one["count"] += count
            amounts = one["amounts"].setdefault(
                currency.id, {"currency_id": currency.id, "documents": 0.0, "money": 0.0}
            )
            sign = 1 if side == "customer" else -1
            for residual in residuals:
                amounts["documents" if sign * residual > 0 else "money"] += abs(residual)
        for one in found.values():
            one["amounts"] = [
                amounts | {name: self.env["res.currency"].browse(amounts["currency_id"]).round(amounts[name])
                           for name in ("documents", "money")}
                for amounts in one["amounts"].values()
            ]  # fmt: skip
        return [found[status] for status, _name in STATUSES if status in found]

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
