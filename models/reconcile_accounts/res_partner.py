from collections import Counter, defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from ...engine.reconcile_accounts import plan_sql
from ..common.actions import form_of
from ..common.permissions import MANAGE, VIEW, require
from ..common.remote_calls import remote_call
from ..common.sql import without_jit
from ..common.statement_timeout import explain_timeout
from ..items.res_company import ALLOCATION_ORDERS

PAIRS_AT_ONCE = 20_000
TOTALS = ("amounts", "open_documents", "open_money")


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
    planned_payment_count = fields.Integer("Upcoming payments", compute="_compute_planned_payment_count", groups=VIEW)

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
        # Users who apply money may know in which order it is applied.
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
            took Odoo's own path), ``why`` (``{reason: count}`` of those), ``transactions`` and, as
            ``{currency id: exact amount}``, ``amounts``, ``open_documents`` and ``open_money``
        """
        lines = self.env["account.move.line"]
        self.env.flush_all()
        without_jit(self.env.cr)
        owners = self
        if wait:
            # A busy account is waited for rather than read half-done: its open lines are locked, oldest first.
            self.env.cr.execute(plan_sql.lock_open_lines(companies.ids, owners.ids))
        else:
            rows = self.env.execute_query(plan_sql.lock_open_lines_or_skip(companies.ids, owners.ids))
            owners -= self.browse(row[0] for row in rows)
        lines.invalidate_model(["amount_residual", "amount_residual_currency", "reconciled"])
        done = {owner.id: _Done() for owner in owners}
        planned = None
        # A large account is written in parts, so that memory stays bounded; the next plan goes on where one ended.
        while owners and (planned is None or len(planned) == PAIRS_AT_ONCE):
            rows = self.env.execute_query(plan_sql.plan(companies.ids, owners.ids, PAIRS_AT_ONCE))
            planned = [plan_sql.PlannedPair(*row) for row in rows]
            written = self.env["account.bulk.reconcile"]._reconcile([
                (pair.debit_line_id, pair.credit_line_id, pair.amount) for pair in planned
            ])  # fmt: skip
            for pair, (debit_id, credit_id, amount) in zip(planned, written.pairs, strict=True):
                done[pair.owner_id].add(pair, amount, written.why.get((debit_id, credit_id)))
        self.env.flush_all()
        for owner_id, currency_id, documents, money in self.env.execute_query(
            plan_sql.left_open(companies.ids, owners.ids)
        ):
            done[owner_id].left(currency_id, documents, money)
        return {owner_id: one.summary() for owner_id, one in done.items()}

    @remote_call()
    def action_open_reconcile_account(self):
        """Ask before reconciling the account owners of these partners, with what will be done."""
        require(self.env, MANAGE)
        context = {"default_scope": "selected", "default_partner_ids": self.commercial_partner_id.ids}
        dialog = self.env["account.reconcile.accounts"]
        return form_of(dialog, self.env._("Reconcile account"), is_dialog=True, context=context)

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
        self.partials, self.why = 0, Counter()
        self.moves = set()
        self.totals = {name: defaultdict(Decimal) for name in TOTALS}

    def add(self, pair, amount, why):
        self.partials += 1
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
            "by_odoo": sum(self.why.values()),
            "why": dict(self.why),
            "transactions": len(self.moves),
            **{name: dict(totals) for name, totals in self.totals.items()},
        }
