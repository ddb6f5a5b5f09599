from odoo import fields, models
from odoo.tools import SQL


class AccountLedgerResponsible(models.Model):
    """Who looks after a reconcilable account in a company, and when it was last looked at."""

    _name = "account.ledger.responsible"
    _description = "Person responsible for an account"
    _rec_name = "account_id"
    _log_access = False

    account_id = fields.Many2one("account.account", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", "Responsible", readonly=True, ondelete="set null")
    seen_uid = fields.Many2one("res.users", "Last looked at by", readonly=True, ondelete="set null")
    seen_date = fields.Datetime("Last looked at", readonly=True)

    _one = models.UniqueIndex("(account_id, company_id)", "There is a row for this account and company already.")

    def _set(self, account, company, values):
        """Change the row of an account in a company; make it where there is none. The callers ask for the permission.

        :param account: account.account
        :param company: res.company, the root of its branches
        :param values: dict of values
        """
        names = list(map(SQL.identifier, values))
        self.env.flush_all()
        # By one statement: two people may open an account for the first time at the same moment.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO account_ledger_responsible (account_id, company_id, %(names)s)
                VALUES (%(account_id)s, %(company_id)s, %(values)s)
                ON CONFLICT (account_id, company_id) DO UPDATE SET %(changes)s
                """,
                names=SQL(", ").join(names),
                account_id=account.id,
                company_id=company.id,
                values=SQL(", ").join(SQL("%s", value or None) for value in values.values()),
                changes=SQL(", ").join(SQL("%s = EXCLUDED.%s", name, name) for name in names),
            )
        )
        self.invalidate_model(flush=False)
