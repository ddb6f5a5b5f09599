from odoo import models
from odoo.tools import SQL

from ...engine.bank_matching.own_accounts import OwnAccountNames


class AccountJournal(models.Model):
    """Bank and cash accounts are known in a bank's texts by their names."""

    _inherit = "account.journal"

    def _names_in_bank_texts(self):
        """What these journals of one company may be called: by their own name or their account's, in any language.

        :return: ``OwnAccountNames``
        """
        self.env["account.journal"].flush_model(["name", "default_account_id"])
        self.env["account.account"].flush_model(["name"])
        self.env.cr.execute(
            SQL(
                """
                SELECT journal.id, journal.name, account.name
                  FROM account_journal journal
                  LEFT JOIN account_account account ON account.id = journal.default_account_id
                 WHERE journal.id = ANY(%s)
                """,
                self.ids,
            )
        )
        names = {
            journal_id: [*(name or {}).values(), *(account or {}).values()]
            for journal_id, name, account in self.env.cr.fetchall()
        }
        # Safe by sudo: the company's name is only left out of what its accounts are called.
        return OwnAccountNames(names, self.company_id.sudo()[:1].name or "")
