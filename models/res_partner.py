from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError

from ..engine import plan as plan_sql
from .permissions import MANAGE, VIEW, require


class ResPartner(models.Model):
    _inherit = "res.partner"

    planned_payment_count = fields.Integer("Upcoming payments", compute="_compute_planned_payment_count", groups=VIEW)

    def _compute_planned_payment_count(self):
        domain = [("partner_id", "in", self.commercial_partner_id.ids), ("is_coming", "=", True)]
        counts = dict(self.env["account.planned.payment"]._read_group(domain, ["partner_id"], ["__count"]))
        for partner in self:
            partner.planned_payment_count = counts.get(partner.commercial_partner_id, 0)

    def action_open_planned_payments(self):
        """Open what is planned for the account."""
        require(self.env, VIEW)
        action = self.env["ir.actions.act_window"]._for_xml_id("account_reconciliation.action_planned_payments")
        action["domain"] = [("partner_id", "in", self.commercial_partner_id.ids)]
        return action

    def action_reconcile_account(self):
        """Reconcile the account owner of each partner: oldest money with oldest documents, first item to last.

        :return: dict ``accounts`` (number touched), ``partials`` (number made), ``transactions`` (number touched),
            ``amounts`` (``{currency name: amount reconciled}``), ``open_documents`` and ``open_money``
            (``{currency name: amount}`` that stays open)
        :raise AccessError: without the permission to manage reconciliations
        """
        require(self.env, MANAGE)
        result = {"accounts": 0, "partials": 0, "transactions": 0}
        amounts, documents, money = defaultdict(float), defaultdict(float), defaultdict(float)
        for owner in self.commercial_partner_id:
            done = owner._reconcile_account_owner(self.env.companies)
            result["accounts"] += bool(done["partials"])
            result["partials"] += done["partials"]
            result["transactions"] += done["transactions"]
            for totals, part in ((amounts, "amounts"), (documents, "open_documents"), (money, "open_money")):
                for currency, amount in done[part].items():
                    totals[currency] += amount
        for name, totals in (("amounts", amounts), ("open_documents", documents), ("open_money", money)):
            result[name] = {
                currency.name: currency.round(amount)
                for currency, amount in totals.items()
                if not currency.is_zero(amount)
            }
        return result

    def _reconcile_account_owner(self, companies):
        """Reconcile one account owner.

        :param companies: res.company records to reconcile in, each apart
        :return: dict as :meth:`action_reconcile_account`, its amounts keyed by res.currency record
        """
        self.ensure_one()
        lines = self.env["account.move.line"]
        lines.flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        # A busy account is waited for rather than read half-done: its open lines are locked, oldest first.
        self.env.cr.execute(plan_sql.lock_open_lines(companies.ids, self.ids))
        lines.invalidate_model(["amount_residual", "amount_residual_currency", "reconciled"])
        planned = self.env.execute_query(plan_sql.plan(companies.ids, self.ids))
        pairs, amounts, touched = [], defaultdict(float), set()
        for _owner, currency_id, debit_id, credit_id, debit_move, credit_move, amount in planned:
            debit, credit = lines.browse(debit_id), lines.browse(credit_id)
            amount = debit.currency_id._exact(amount)
            pairs.append({"debit": debit, "credit": credit, "amount": amount, "split": None})
            amounts[self.env["res.currency"].browse(currency_id)] += float(amount)
            touched |= {debit_move, credit_move}
        lines._reconcile_pairs(pairs)
        lines.flush_model()
        documents, money = defaultdict(float), defaultdict(float)
        for currency_id, owed, available in self.env.execute_query(plan_sql.left_open(companies.ids, self.ids)):
            currency = self.env["res.currency"].browse(currency_id)
            documents[currency] += float(owed)
            money[currency] += float(available)
        return {
            "partials": len(pairs),
            "transactions": len(touched),
            "amounts": amounts,
            "open_documents": documents,
            "open_money": money,
        }

    def action_open_reconcile_account(self):
        """Ask before reconciling the account owners of these partners, with what will be done."""
        require(self.env, MANAGE)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reconcile account"),
            "res_model": "account.reconcile.accounts",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_scope": "selected",
                "default_partner_ids": self.commercial_partner_id.ids,
            },
        }

    def action_open_client_billing(self):
        """Open the billing of the account owner: all transactions of the account and its members."""
        require(self.env, VIEW)
        owner = self.commercial_partner_id
        if len(owner) != 1:
            raise UserError(self.env._("Client billing shows one account at a time: choose one client."))
        action = self.env["ir.actions.actions"]._for_xml_id("account_reconciliation.action_client_billing")
        # The account is in the address of the page, so that reloading and the browser's buttons find it again.
        return {**action, "context": {"active_id": owner.id, "active_model": "res.partner"}}
