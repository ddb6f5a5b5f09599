from odoo import api, models


class AccountBankStatementLine(models.Model):
    """A bank transaction can be the payout of a settlement."""

    _inherit = "account.bank.statement.line"

    @api.model
    def _whole_models(self):
        return (*super()._whole_models(), "account.settlement")
