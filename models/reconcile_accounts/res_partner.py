from collections import Counter, defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.common.odoo_types import ACCOUNT_TYPES
from ...engine.items import overdue_sql
from ...engine.reconcile_accounts import plan_sql
from ..common import context_keys
from ..common.actions import form_of
from ..common.permissions import MANAGE, VIEW, require
from ..common.remote_calls import remote_call
from ..common.sql import for_slice
from ..common.statement_timeout import explain_timeout
from ..items.res_company import ALLOCATION_ORDERS
from .account_reconciliation_run import TOTALS

PAIRS_AT_ONCE = 20_000
OVERDUE_FIELDS = {"receivable_overdue": ACCOUNT_TYPES["customer"], "payable_overdue": ACCOUNT_TYPES["supplier"]}


class ResPartner(models.Model):
    _inherit = "res.partner"

    allocation_order = fields.Selection(
        ALLOCATION_ORDERS,
        "Allocation order",
        company_dependent=True,
        groups=MANAGE,
        help="In which order payments of this account pay the items of a document. Empty: as the company does. It "
        "holds for the account owner and all its members.",
    )
    receivable_overdue = fields.Monetary(
        compute="_compute_overdue",
        search="_search_receivable_overdue",
        groups=VIEW,
        help="What the client owes after its due date, in company currency. Money that is not applied takes nothing "
        "off.",
    )
    payable_overdue = fields.Monetary(
        compute="_compute_overdue",
        search="_search_payable_overdue",
        groups=VIEW,
        help="What is owed to the vendor after its due date, in company currency.",
    )
    planned_payment_count = fields.Integer("Planned payments", compute="_compute_planned_payment_count", groups=VIEW)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Let a user who may see an account's billing send its statement, without the right to edit contacts."""
        if (
            message_operation == "create"
            and self.env.context.get(context_keys.SENDS_STATEMENT)
            and self.env.user.has_group(VIEW)
        ):
            return dict.fromkeys(self, "read")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    @api.depends_context("company")
    def _compute_overdue(self):
        self.env["account.reconciliation.item"]._flush_sources()
        found = {}
        for owner_id, account_type, _currency, _amount, balance in self.env.execute_query(
            overdue_sql.overdue_by_currency(self.ids, self._overdue_days())
        ):
            found[owner_id, account_type] = found.get((owner_id, account_type), 0.0) + float(balance)
        for partner in self:
            for name, account_type in OVERDUE_FIELDS.items():
                partner[name] = found.get((partner._origin.id, account_type), 0.0)

    @api.model
    def _overdue_days(self):
        """The companies whose lines count, as with Odoo's receivable and payable, and the day that it is for them."""
        # The total of a company counts its branches; only the day is asked of them.
        companies = self.env["res.company"].sudo().search([("id", "child_of", self.env.company.root_id.id)])
        return {company.id: company._today() for company in companies}

    def _search_receivable_overdue(self, operator, value):
        return self._search_overdue("receivable_overdue", operator, value)

    def _search_payable_overdue(self, operator, value):
        return self._search_overdue("payable_overdue", operator, value)

    def _search_overdue(self, name, operator, value):
        if operator not in (">", ">=", "<", "<="):
            return NotImplemented
        self.env["account.reconciliation.item"]._flush_sources()

        def to_sql(model, alias, query):
            return SQL("%s %s %s", model._field_to_sql(alias, name, query), SQL(operator), value)

        return Domain.custom(to_sql=to_sql)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in OVERDUE_FIELDS:
            return super()._field_to_sql(alias, field_expr, query)
        # As in Odoo's own method: to search or sort by a field is to read it.
        self._check_field_access(self._fields[field_expr], "read")
        return overdue_sql.overdue_of(SQL.identifier(alias, "id"), OVERDUE_FIELDS[field_expr], self._overdue_days())

    def _compute_planned_payment_count(self):
        domain = [("partner_id", "in", self.commercial_partner_id.ids), ("is_coming", "=", True)]
        counts = dict(self.env["account.planned.payment"]._read_group(domain, ["partner_id"], ["__count"]))
        for partner in self:
            partner.planned_payment_count = counts.get(partner.commercial_partner_id, 0)

    def _allocation_order(self, company):
        """The order in which money is applied to the items of this account owner's documents in a company.

        :param company: res.company
        :return: a key of ``ALLOCATION_ORDERS``
        """
        # The allocation order is not confidential for users who apply payments.
        return self.sudo().with_company(company).allocation_order or company.sudo().allocation_order

    @remote_call()
    def action_open_planned_payments(self):
        """Open what is planned for the account."""
        require(self.env, VIEW)
        action = self.env["ir.actions.act_window"]._for_xml_id("account_reconciliation.action_planned_payments")
        action["domain"] = [("partner_id", "in", self.commercial_partner_id.ids)]
        return action

    @remote_call()
    @explain_timeout
    def action_reconcile_account(self):
        """Reconcile the account owner of each partner: oldest money with oldest documents, item by item.

        An account with the allocation order “explicit” is left to a person: nothing of it is reconciled.

        :return: dict ``accounts`` (number touched), ``partials`` (number made), ``transactions`` (number touched),
            ``amounts`` (``{currency name: amount reconciled}``), ``open_documents`` and ``open_money``
            (``{currency name: amount}`` that stays open), and where it took longer than
            usual, ``notice`` (why)
        :raise AccessError: without the permission to manage reconciliations
        """
        require(self.env, MANAGE)
        result = {"accounts": 0, "partials": 0, "transactions": 0}
        totals = {name: defaultdict(Decimal) for name in TOTALS}
        for done in self.commercial_partner_id._reconcile_account_owners(self.env.companies).values():
            result["accounts"] += bool(done["partials"])
            result["partials"] += done["partials"]
            result["transactions"] += done["transactions"]
            for name in TOTALS:
                for currency_id, amount in done[name].items():
                    totals[name][currency_id] += amount
        currencies = self.env["res.currency"]
        for name in TOTALS:
            result[name] = {
                currencies.browse(currency_id).name: float(amount)
                for currency_id, amount in totals[name].items()
                if amount
            }
        if notice := self.env["account.bulk.reconcile"]._changed_methods_notice():
            result["notice"] = notice
        return result

    def _reconcile_account_owners(self, companies, wait=True):
        """Reconcile account owners, each by the waterfall over all that is open of it.

        :param companies: res.company records to reconcile in, each apart
        :param wait: wait for other transactions that have locked one of them; otherwise such an owner is skipped
        :return: ``{owner id: dict}``, without those that were skipped, with ``partials``, ``by_odoo`` (how many of them
            took Odoo's own path), ``partial_ids``, ``why`` (``{reason: count}`` of those), ``transactions`` and, as
            ``{currency id: exact amount}``, ``amounts``, ``open_documents`` and ``open_money``
        """
        lines = self.env["account.move.line"]
        self.env.flush_all()
        for_slice(self.env.cr)
        owners = self
        if wait:
            # Wait for concurrent transactions, so that no account is read half done: its open lines are locked, oldest
            # first.
            self.env.cr.execute(plan_sql.lock_open_lines(companies.ids, owners.ids))
        else:
            rows = self.env.execute_query(plan_sql.lock_open_lines_or_skip(companies.ids, owners.ids))
            owners -= self.browse(row[0] for row in rows)
        lines.invalidate_model(["amount_residual", "amount_residual_currency", "reconciled"])
        done = {owner.id: _Done() for owner in owners}
        planned = None
        # A large account is written in parts, so that memory stays bounded; the next plan continues where the last one
        # ended.
        while owners and (planned is None or len(planned) == PAIRS_AT_ONCE):
            rows = self.env.execute_query(plan_sql.plan(companies.ids, owners.ids, PAIRS_AT_ONCE))
            planned = [plan_sql.PlannedPair(*row) for row in rows]
            written = self.env["account.bulk.reconcile"]._reconcile([
                (pair.debit_line_id, pair.credit_line_id, pair.amount) for pair in planned
            ])  # fmt: skip
            for pair, (debit_id, credit_id, amount) in zip(planned, written.pairs, strict=True):
                key = debit_id, credit_id
                done[pair.owner_id].add(pair, amount, written.why.get(key), written.partials.get(key))
        self.env.flush_all()
        for owner_id, currency_id, documents, money in self.env.execute_query(
            plan_sql.left_open(companies.ids, owners.ids)
        ):
            done[owner_id].left(currency_id, documents, money)
        return {owner_id: one.summary() for owner_id, one in done.items()}

    @remote_call(one=True)
    @explain_timeout
    def action_reconcile_account_now(self):
        """Reconcile the account owner of this partner at once, in the current company.

        :return: an action that says what was done and offers to undo it
        :raise AccessError: without the permission to manage reconciliations
        """
        run = self.env["account.reconciliation.run"]._start(self.env.company, self)
        run._process()
        return run._notify_done()

    @remote_call()
    def action_open_reconcile_account(self):
        """Ask before reconciling the account owners of these partners, with what will be done."""
        require(self.env, MANAGE)
        context = {"default_scope": "selected", "default_partner_ids": self.commercial_partner_id.ids}
        dialog = self.env["account.reconcile.accounts"]
        return form_of(dialog, self.env._("Reconcile account"), is_dialog=True, context=context)

    @remote_call(one=True)
    def action_open_account(self):
        """Open the billing of an account, or for users who may not see any money, the contact."""
        if self.env.user.has_group(VIEW):
            return self.action_open_client_billing()
        return form_of(self.commercial_partner_id)

    @remote_call()
    def action_open_client_billing(self):
        """Open the billing of the account owner: all transactions of the account and its members."""
        require(self.env, VIEW)
        owner = self.commercial_partner_id
        if len(owner) != 1:
            raise UserError(self.env._("Client billing shows one account at a time: choose one client."))
        action = self.env["ir.actions.actions"]._for_xml_id("account_reconciliation.action_client_billing")
        # The account is in the address of the page, so that reloading and the browser's buttons find it again.
        return {**action, "context": {"active_id": owner.id, "active_model": "res.partner"}}


class _Done:
    """What was done for one account owner, pair by pair."""

    def __init__(self):
        self.partials, self.partial_ids, self.why = 0, [], Counter()
        self.moves = set()
        self.totals = {name: defaultdict(Decimal) for name in TOTALS}

    def add(self, pair, amount, why, partial_id):
        self.partials += 1
        if partial_id:
            self.partial_ids.append(partial_id)
        self.moves.update((pair.debit_move_id, pair.credit_move_id))
        self.totals["amounts"][pair.currency_id] += amount
        if why:
            self.why[why] += 1

    def left(self, currency_id, documents, money):
        for name, amount in (("open_documents", documents), ("open_money", money)):
            if amount:
                self.totals[name][currency_id] += Decimal(str(amount))

    def summary(self):
        return {
            "partials": self.partials,
            "partial_ids": self.partial_ids,
            "by_odoo": sum(self.why.values()),
            "why": dict(self.why),
            "transactions": len(self.moves),
            **{name: dict(totals) for name, totals in self.totals.items()},
        }
