from odoo import models
from odoo.exceptions import UserError

from ...engine.overview import balances_sql
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call


class AccountBankStatement(models.Model):
    """The opening balance of a statement that does not follow the one before can be corrected."""

    _inherit = "account.bank.statement"

    def _open_statements(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bank statements"),
            "res_model": self._name,
            "domain": [("id", "in", self.ids)],
            "views": [[False, "list"], [False, "form"]],
            "context": {"create": False},
        }

    @remote_call(one=True)
    def action_correct_opening(self):
        """Set the opening balance to the closing balance of the statement before, if the statement then adds up.

        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where its transactions do not lead from there to its closing balance
        """
        require(self.env, BANK)
        self.check_access("write")
        self.env["account.bank.statement"].flush_model()
        rows = self.env.execute_query(balances_sql.statements_in_a_row(self.journal_id.ids))
        row = next((row for row in rows if row[1] == self.id), None)
        currency = self.journal_id._statement_currency()
        if not row or currency.compare_amounts(row[4] + float(row[7] or 0), row[8] or 0):
            raise UserError(
                self.env._(
                    "%s can't be corrected by its opening balance alone: its transactions do not lead from the balance "
                    "before to its closing balance. Import what is missing instead. Nothing was changed.",
                    self.display_name,
                )
            )
        end = self.balance_end_real
        self.balance_start = row[4]
        self.balance_end_real = end
        return True
