import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..common.refusals import REFUSALS, why_refused
from ..common.remote_calls import remote_call
from .account_reconciliation_run import BUSY_TRIES, TOTALS


class AccountReconciliationRunAccount(models.Model):
    """One account of a run."""

    _name = "account.reconciliation.run.account"
    _description = "Account of a reconciliation run"
    _order = "run_id desc, id"
    _rec_name = "partner_id"
    _log_access = False

    run_id = fields.Many2one("account.reconciliation.run", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="run_id.company_id")
    partner_id = fields.Many2one("res.partner", "Account owner", required=True, ondelete="cascade")
    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("done", "Done"),
            ("failed", "Left alone"),
            ("undone", "Undone"),
            ("kept", "Not undone, or in part"),
        ],
        required=True,
        default="pending",
    )
    planned_count = fields.Integer("Reconciliations planned")
    attempts = fields.Integer("Times found busy")
    partial_count = fields.Integer("Reconciliations")
    partial_ids = fields.Json("Ids of the reconciliations", help="Those that the run made, by which it is undone.")
    odoo_count = fields.Integer("By Odoo's own method")
    transaction_count = fields.Integer("Transactions")
    why = fields.Json("Reasons")
    amounts = fields.Json()
    open_documents = fields.Json()
    open_money = fields.Json()
    amounts_text = fields.Char("Reconciled", compute="_compute_texts")
    open_documents_text = fields.Char("Documents still open", compute="_compute_texts")
    open_money_text = fields.Char("Money still open", compute="_compute_texts")
    message = fields.Char("Why")

    _pending_idx = models.Index("(run_id, attempts, id) WHERE state = 'pending'")

    @api.depends(*TOTALS)
    def _compute_texts(self):
        for account in self:
            for name in TOTALS:
                totals = {int(currency_id): amount for currency_id, amount in (account[name] or {}).items()}
                account[f"{name}_text"] = self.env["res.currency"]._format_totals(totals)

    def _reconcile(self, company, wait):
        """Reconcile these accounts, each whole, or leave it whole and say why.

        :param company: res.company
        :param wait: wait for other transactions that have locked one of them, instead of leaving it for later
        :return: ``(number of accounts that are done, number of busy ones)``
        """
        try:
            with self.env.cr.savepoint():
                done = self.partner_id._reconcile_account_owners(company, wait)
        except REFUSALS as error:
            self.env.invalidate_all(flush=False)
            if len(self) > 1:
                # One of the accounts can't be reconciled, or takes too long: each is tried by itself, so that only that
                # one is left.
                results = [account._reconcile(company, wait) for account in self]
                return sum(one[0] for one in results), sum(one[1] for one in results)
            # The work list is the addon's own; the run asked for the permission when it started.
            self.sudo().write({"state": "failed", "message": why_refused(self.env, error)})
            return 1, 0
        accounts = {account.partner_id.id: account.id for account in self}
        self._write_results({accounts[owner_id]: result for owner_id, result in done.items()})
        busy = [account_id for owner_id, account_id in accounts.items() if owner_id not in done]
        self.browse(busy)._put_off()
        return len(done), len(busy)

    def _put_off(self):
        """Leave accounts that somebody else works on for later; in the end for the next run."""
        if not self:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_reconciliation_run_account
                   SET attempts = attempts + 1,
                       state = CASE WHEN attempts + 1 >= %(tries)s THEN 'failed' ELSE state END,
                       message = CASE WHEN attempts + 1 >= %(tries)s THEN %(message)s ELSE message END
                 WHERE id = ANY(%(ids)s)
                """,
                tries=BUSY_TRIES,
                message=self.env._("Somebody else was working on this account all the time. Run it again."),
                ids=self.ids,
            )
        )
        self.invalidate_recordset(flush=False)

    def _write_results(self, results):
        """Write what was done, all accounts in one statement.

        :param results: ``{id: dict}`` as ``res.partner._reconcile_account_owners`` gives
        """
        if not results:
            return
        rows = [
            SQL(
                "(%s, %s, %s::jsonb, %s, %s, %s::jsonb, %s::jsonb, %s::jsonb, %s::jsonb, %s)",
                account_id,
                one["partials"],
                json.dumps(one["partial_ids"]),
                one["by_odoo"],
                one["transactions"],
                json.dumps(one["why"]),
                *(
                    json.dumps({str(currency): float(amount) for currency, amount in one[name].items()})
                    for name in TOTALS
                ),
                self._explain(one),
            )
            for account_id, one in results.items()
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_reconciliation_run_account AS account
                   SET state = 'done', partial_count = new.partials, partial_ids = new.partial_ids,
                       odoo_count = new.by_odoo,
                       transaction_count = new.transactions, why = new.why, amounts = new.amounts,
                       open_documents = new.documents, open_money = new.money, message = new.message
                  FROM (VALUES %s)
                    AS new (id, partials, partial_ids, by_odoo, transactions, why, amounts, documents, money, message)
                 WHERE account.id = new.id
                """,
                SQL(", ").join(rows),
            )
        )
        self.invalidate_recordset(flush=False)

    def _explain(self, done):
        """Why something stays open; None where nothing does."""
        if done["open_documents"] and done["open_money"]:
            return self.env._("Different currency or ledger account: nothing fits what is left.")
        if done["open_documents"]:
            return self.env._("No money left for the open documents.")
        if done["open_money"]:
            return self.env._("No open document left for the money.")
        return None

    @remote_call(one=True)
    def action_open_client_billing(self):
        """Open the billing of this account."""
        return self.partner_id.action_open_client_billing()
