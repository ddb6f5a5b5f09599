from odoo import models
from odoo.tools import SQL

from ...engine.differences import rests_sql


class AccountReconciliationRun(models.Model):
    """A run takes the accounts, too, of which it only writes something off by a policy."""

    _inherit = "account.reconciliation.run"

    def _work_list(self, company, owner_ids):
        work_list = super()._work_list(company, owner_ids)
        if not self.env["account.difference.policy"]._of_reconcile_account(company):
            return work_list
        self.env.flush_all()
        return SQL(
            """
            SELECT owner_id, SUM(partials)::int AS partials
              FROM (
                    (%s) UNION ALL SELECT owner_id, COUNT(*) FROM (%s) AS rest GROUP BY owner_id
                   ) AS work
             GROUP BY owner_id ORDER BY owner_id
            """,
            work_list,
            rests_sql.rests(company.ids, owner_ids),
        )
