from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.ledger_accounts import open_lines_sql
from ..common import kinds
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call


class AccountLedgerAccount(models.Model):
    """A reconcilable account with open lines, in the company that one works in and its branches that are selected.

    Its number is that of the account, so that an account is opened by it, with open lines or without.
    """

    _name = "account.ledger.account"
    _description = "Account to reconcile"
    _auto = False
    _order = "date_oldest, id"
    _rec_name = "account_id"
    _depends = {
        "account.move.line": [
            "account_id", "company_id", "parent_state", "reconciled", "amount_residual", "amount_residual_currency",
            "balance", "date",
        ],
        "account.account": ["account_type", "reconcile"],
        "account.ledger.responsible": ["account_id", "company_id", "user_id", "seen_uid", "seen_date"],
    }  # fmt: skip

    account_id = fields.Many2one("account.account", readonly=True)
    account_type = fields.Selection(
        lambda self: self.env["account.account"]._fields["account_type"].selection, "Type", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    line_count = fields.Integer("Open lines", readonly=True)
    debit = fields.Monetary("Open debits", readonly=True)
    credit = fields.Monetary("Open credits", readonly=True)
    balance = fields.Monetary("Open balance", readonly=True, help="What the open lines of the account add up to.")
    date_oldest = fields.Date("Oldest", readonly=True, help="Date of the oldest open line.")
    share_2 = fields.Float(
        "Two months ago", readonly=True, aggregator=None,
        help="Share of what was booked on the account in that month that is reconciled.",
    )  # fmt: skip
    share_1 = fields.Float(
        "Last month", readonly=True, aggregator=None,
        help="Share of what was booked on the account in that month that is reconciled.",
    )  # fmt: skip
    share_0 = fields.Float(
        "This month", readonly=True, aggregator=None,
        help="Share of what was booked on the account in that month that is reconciled.",
    )  # fmt: skip
    user_id = fields.Many2one("res.users", "Responsible", readonly=True, help="Who looks after the account.")
    seen_uid = fields.Many2one("res.users", "Last looked at by", readonly=True)
    seen_date = fields.Datetime("Last looked at", readonly=True)

    @property
    def _table_query(self):
        company = self.env.company
        root = company.root_id
        month = company._today().replace(day=1)
        return open_lines_sql.accounts(self._companies().ids, root.id, company.sudo().currency_id.id, month)

    @api.model
    def _companies(self):
        """The company that one works in, and those of its branches that are selected: all have one currency."""
        root = self.env.company.root_id
        return self.env.companies.filtered(lambda company: company.root_id == root)

    @remote_call(user_id=kinds.record_id)
    def assign(self, user_id=None):
        """Set who looks after these accounts in the current company.

        :param user_id: id of a user who may reconcile them, or None for nobody
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where the user may not reconcile accounts of the company
        """
        require(self.env, BANK)
        root = self.env.company.root_id
        user = self.env["res.users"].browse(user_id or ()).exists()
        # Safe by sudo: only whether the user may do it.
        may = user.sudo()
        if user_id and (not user or may.share or not may.has_group(BANK) or self.env.company not in may.company_ids):
            raise UserError(
                self.env._(
                    "This user can't look after an account of %s: it takes the permission for bank reconciliation "
                    "and access to the company. Nothing was changed. Choose another one.",
                    self.env.company.name,
                )
            )
        for one in self:
            self.env["account.ledger.responsible"]._set(one._account(), root, {"user_id": user.id})
        self.invalidate_model()

    def _account(self):
        """The account of the chart, for a user who may reconcile it.

        :raise AccessError: without the permission for bank reconciliation, or for the account
        :raise UserError: where it can't be reconciled
        """
        require(self.env, BANK)
        self.ensure_one()
        account = self.env["account.account"].browse(self.id).exists()
        account.check_access("read")
        if not account:
            raise UserError(self.env._("This account doesn't exist. Reload the list, then choose again."))
        if not account.reconcile:
            raise UserError(
                self.env._(
                    "Nothing is reconciled on %s: the chart of accounts does not allow it. Tick “Allow Reconciliation” "
                    "on the account first.",
                    account.display_name,
                )
            )
        return account

    @remote_call(one=True)
    def action_open(self):
        """Open the page of the account."""
        account = self._account()
        action = self.env["ir.actions.actions"]._for_xml_id("account_reconciliation.action_ledger_account")
        return {**action, "context": {"active_id": account.id, "active_model": self._name}}

    @remote_call(one=True)
    def action_open_history(self):
        """List what was reconciled on the account by its page and rules: when, by whom, and by which rule."""
        account = self._account()
        action = self.env["ir.actions.actions"]._for_xml_id("account_reconciliation.action_ledger_reconciliations")
        return {**action, "domain": [("account_id", "=", account.id)], "context": {}}

    @remote_call(one=True)
    def action_open_partials(self):
        """List everything that was reconciled on the account, by whatever page or program."""
        account = self._account()
        action = self.env["ir.actions.actions"]._for_xml_id("account_reconciliation.action_ledger_partials")
        domain = [("debit_move_id.account_id", "=", account.id), ("company_id", "in", self._companies().ids)]
        return {**action, "domain": domain, "context": {}}
