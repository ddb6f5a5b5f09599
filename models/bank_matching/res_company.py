from odoo import fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    bank_match_automatic = fields.Boolean(
        "Match bank transactions automatically",
        default=True,
        help="After each import and every night, transactions that are certain are matched; all others wait for you.",
    )

    bank_match_threshold = fields.Float(
        "Confidence for automatic matching",
        default=0.995,
        digits=(4, 4),
        help="A bank transaction is matched automatically only from this confidence on. 0.995: at most one of 200 is "
        "expected to be wrong.",
    )

    _bank_match_threshold_sane = models.Constraint(
        "CHECK (bank_match_threshold BETWEEN 0.9 AND 1)",
        "The confidence for automatic matching is between 0.9 and 1. Choose a value in this range, for example 0.995.",
    )

    def write(self, vals):
        """Keep transfers that wait for their other side known by the account that they wait on.

        :raise UserError: where there are any, and the account is to be another one
        """
        if "transfer_account_id" in vals:
            self._check_transfer_account(vals["transfer_account_id"])
        return super().write(vals)

    def _check_transfer_account(self, account_id):
        # Safe by sudo: only how many there are, in whichever branch.
        items = self.env["account.move.line"].sudo()
        for company in self:
            account = company.transfer_account_id
            if not account or account.id == account_id:
                continue
            count = items.search_count([
                ("account_id", "=", account.id), ("company_id", "=", company.id), ("reconciled", "=", False),
                ("parent_state", "=", "posted"), ("move_id.statement_line_id.transfer_journal_id", "!=", False),
            ])  # fmt: skip
            if count:
                raise UserError(
                    self.env._(
                        "%(count)s transfers of %(company)s wait on %(account)s for the transaction of the other bank "
                        "account. With another account they would not be found. Match them first, or undo their "
                        "matches.",
                        count=count,
                        company=company.display_name,
                        account=account.display_name,
                    )
                )
