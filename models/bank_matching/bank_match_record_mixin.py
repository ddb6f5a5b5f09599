from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.actions import RELOAD, notify
from ..common.exceptions import StaleMatch
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call


class BankMatchRecordMixin(models.AbstractModel):
    """A record that a bank transaction is matched by: its state changes in one place, with the match and with its undo.

    A model that inherits it has a selection ``state`` with the value ``matched``.
    """

    _name = "bank.match.record.mixin"
    _description = "Matched with a bank transaction"
    _inherit = ["reconciliation.state.mixin"]

    _locks_state = True

    statement_line_id = fields.Many2one(
        "account.bank.statement.line", "Bank transaction", copy=False, ondelete="set null", index="btree_not_null"
    )

    def _find_parts(self):
        """Look again for what the parts of these records belong to."""

    # -- the state -------------------------------------------------------------------------------------------

    def _transition_refusal(self, state):
        return StaleMatch(
            self.env._(
                "%s was matched, undone or set aside in the meantime. Nothing was booked. Reload the page.",
                self.display_name,
            )
        )

    def _check_not_matched(self):
        """Refuse to change or delete a record that is matched.

        :raise UserError: naming the record
        """
        for record in self:
            if record.state == "matched":
                raise UserError(
                    self.env._("%s is matched with its bank transaction. Undo the match first.", record.display_name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_not_matched(self):
        self._check_not_matched()

    def _find_missing(self):
        """Look again for the documents of parts that have none.

        :return: what was found, as a notification
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where a record is matched
        """
        require(self.env, BANK)
        self.check_access("write")
        self._check_not_matched()
        before = sum(self.mapped("missing_count"))
        self._find_parts()
        left = sum(self.mapped("missing_count"))
        return notify(
            self.env._("Found: %(found)s. Still missing: %(left)s.", found=max(0, before - left), left=left),
            kind="warning" if left else "success",
            then=RELOAD,
        )

    # -- buttons ---------------------------------------------------------------------------------------------

    @remote_call()
    def action_undo(self):
        """Undo the match with the bank transaction: the ledger is what it was before.

        :return: True
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where something that was paid is locked; nothing is changed
        """
        require(self.env, BANK)
        self.check_access("write")
        self.filtered(lambda record: record.state == "matched").statement_line_id.action_unmatch()
        return True

    @remote_call(one=True)
    def action_open_transaction(self):
        """Open the bank transaction that this is matched with.

        :return: an action
        :raise UserError: where it is not matched
        """
        if not self.statement_line_id:
            raise UserError(self.env._("%s has no bank transaction yet. Match it first.", self.display_name))
        return self.statement_line_id._action_open_bank_transaction()
