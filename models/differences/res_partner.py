import logging

from odoo import models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class ResPartner(models.Model):
    """What documents lack after their account was reconciled is written off, where a policy says so."""

    _inherit = "res.partner"

    def _reconcile_account_owners(self, companies, wait=True):
        """Reconcile as before; then write off by the policies that say so, also what an earlier payment left."""
        done = super()._reconcile_account_owners(companies, wait)
        policies = self.env["account.difference.policy"]
        for owner_id, move_id, policy_id, amount in policies._rests(companies, list(done)):
            # The entry is the user's own; a document out of sight in a branch is left to a user who may book on it.
            move = self.env["account.move"].browse(move_id)
            if not move.has_access("write") or move.is_disputed:
                continue
            try:
                with self.env.cr.savepoint():
                    # A user who reconciles works by the company's policies, and needn't see how they are set up.
                    policy = policies.sudo().browse(policy_id)
                    self._write_off_rest(done[owner_id], move, policy, -move.currency_id._exact(amount))
            except UserError:
                # Whatever refuses the entry (an archived account), what was reconciled stays; the document is open.
                _logger.warning("The rest of %s was not written off", move.display_name, exc_info=True)
        return done

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
