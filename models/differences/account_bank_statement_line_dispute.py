from odoo import models
from odoo.exceptions import UserError

from ..common import kinds
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call


class AccountBankStatementLine(models.Model):
    """A short payment can be accepted: what it left open is disputed."""

    _inherit = "account.bank.statement.line"

    @remote_call(one=True, reason=kinds.text, note=kinds.text)
    def dispute_rest(self, reason, note=""):
        """Accept this short payment: what it left open of documents is disputed, until the match is undone.

        :param reason: as for ``account.move.dispute_rest``
        :param note: str, the payer's words
        :return: the account.dispute records
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where it left nothing open
        """
        require(self.env, BANK)
        self.check_access("write")
        moves = self._paid_short()
        if not moves:
            raise UserError(self.env._("“%s” left nothing open of a document.", self.display_name))
        # Where all are disputed, the refusal names the first.
        moves = moves.filtered(lambda move: not move._is_in_dispute()) or moves
        return self.env["account.dispute"].union(*(move._dispute_rest(reason, note, self) for move in moves))

    def _paid_short(self):
        """The documents of which this transaction left something open (account.move)."""
        moves = self.move_id._reconciled_moves(self.move_id.line_ids)
        return moves.filtered(lambda move: move.is_invoice(include_receipts=True) and move.amount_residual)

    @remote_call(one=True)
    def get_bank_matching_details(self):
        """Add whether something is open that may be disputed."""
        is_paid_short = not all(move._is_in_dispute() for move in self._paid_short())
        return super().get_bank_matching_details() | {"is_paid_short": is_paid_short}

    def _forget_match(self):
        """Undo the disputes of this short payment with its match."""
        # A user who may undo a bank transaction's match by Odoo's own rights undoes this as well.
        self.env["account.dispute"].sudo().search([("statement_line_id", "in", self.ids)])._forget()
        return super()._forget_match()
