import json

from odoo import api, models

from ..common import context_keys

RECENT_DECISIONS = 200
RECENT_MAX = 7


class AccountAccount(models.Model):
    """Accounts are searched with those first that were booked to lately."""

    _inherit = "account.account"

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Give the accounts first that the bank account of the context was lately booked to."""
        found = super().name_search(name, domain, operator, limit)
        journal_id = self.env.context.get(context_keys.RECENT_OF_JOURNAL)
        if not journal_id:
            return found
        recent = self._recently_booked(journal_id)
        if not recent:
            return found
        names = dict(super().name_search(name, [*(domain or []), ("id", "in", recent)], operator, limit))
        first = [(account_id, names[account_id]) for account_id in recent if account_id in names]
        return (first + [row for row in found if row[0] not in names])[:limit]

    @api.model
    def _recently_booked(self, journal_id):
        """The accounts of the latest bookings of a bank account, the latest first; one query by an index.

        :return: list of ids
        """
        decisions = self.env["account.bank.match.decision"].search_fetch(
            [("journal_id", "=", journal_id), ("action", "=", "manual")],
            ["payload"],
            order="number DESC",
            limit=RECENT_DECISIONS,
        )
        found = {}
        for decision in decisions:
            for model, record_id, _name in json.loads(decision.payload)["records"]:
                if model == self._name:
                    found.setdefault(record_id)
        return list(found)[:RECENT_MAX]
