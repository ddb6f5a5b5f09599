import logging
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from ...engine.common.odoo_types import INVOICE_TYPES

_logger = logging.getLogger(__name__)


class ResPartner(models.Model):
    """What documents lack after their account was reconciled is written off, where a policy says so."""

    _inherit = "res.partner"

    def _reconcile_account_owners(self, companies, wait=True):
        """Reconcile as before; then write off by the policies that say so."""
        done = super()._reconcile_account_owners(companies, wait)
        # A user who reconciles uses the company's policies, also without access to them.
        policies = self.env["account.difference.policy"].sudo().search([
            ("company_id", "in", companies.ids), ("on_reconcile_account", "=", True), ("kind", "=", "under"),
        ])  # fmt: skip
        if policies:
            for one in done.values():
                self._write_off_rests(one, policies)
        return done

    def _write_off_rests(self, done, policies):
        """Write off what is still open of the documents that payments of one account owner were just applied to.

        :param done: dict as ``_reconcile_account_owners`` gives for an owner; what is written off is added to it
        :param policies: account.difference.policy records
        """
        # The documents of the account may be out of the user's sight in a branch; they were reconciled already.
        partials = self.env["account.partial.reconcile"].sudo().browse(done["partial_ids"])
        paid = {}
        for partial in partials:
            for line, amount in (
                (partial.debit_move_id, partial.debit_amount_currency),
                (partial.credit_move_id, partial.credit_amount_currency),
            ):
                # What is left of a credit note is the client's or ours to use, and lacks nothing.
                if line.move_id.move_type in INVOICE_TYPES:
                    paid[line.move_id] = paid.get(line.move_id, Decimal(0)) + line.currency_id._exact(amount)
        for move, amount in paid.items():
            # The entry is the user's own; a document out of sight is left to a user who may book on it.
            move = move.with_env(self.env)
            if not move.has_access("write"):
                continue
            side = "customer" if move.is_sale_document(include_receipts=True) else "supplier"
            fitting = policies.filtered(
                lambda one, move=move: (one.company_id, one.currency_id) == (move.company_id, move.currency_id)
            )
            left = move.currency_id._exact(move.amount_residual)
            if not left or not fitting or move.is_disputed:
                continue
            policy, difference = fitting._fitting(side, amount, amount + left)
            if not policy:
                continue
            try:
                with self.env.cr.savepoint():
                    self._write_off_rest(done, move, policy, difference)
            except UserError:
                # Whatever refuses the entry (an archived account), what was reconciled stays; the document is open.
                _logger.warning("The rest of %s was not written off", move.display_name, exc_info=True)

    def _write_off_rest(self, done, move, policy, difference):
        reasons = dict(policy._fields["reason"]._description_selection(self.env))
        label = f"{reasons[policy.reason]}: {move.name}"
        entry = move._write_off_part(-difference, policy.preset_id.line_ids.account_id, label)
        lines = entry._owed_lines()
        done["partial_ids"] += (lines.matched_debit_ids | lines.matched_credit_ids).ids
        done["partials"] += 1
        open_documents = done["open_documents"]
        if move.currency_id.id in open_documents:
            open_documents[move.currency_id.id] += difference
        self.env["account.difference"].sudo().create({
            "entry_id": entry.id,
            "policy_id": policy.id,
            "move_ids": move.ids,
            "partner_id": move._account_owner().id,
            "company_id": move.company_id.id,
            "currency_id": move.currency_id.id,
            "date": entry.date,
            "side": policy.side,
            "reason": policy.reason,
            "amount": float(difference),
            "balance": -sum(line.balance for line in entry.line_ids - lines),
            "is_automatic": True,
        })  # fmt: skip
