from odoo import fields, models


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
        """Change the row of an account in a company; make it where there is none.

        :param account: account.account
        :param company: res.company, the root of its branches
        :param values: dict of values
        """
        # The addon's own bookkeeping; the callers check the permission.
        rows = self.sudo()
        found = rows.search([("account_id", "=", account.id), ("company_id", "=", company.id)])
        if found:
            found.write(values)
        else:
            rows.create({"account_id": account.id, "company_id": company.id, **values})
