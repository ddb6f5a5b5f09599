from odoo import fields, models


class AccountBankStatementImportSheet(models.TransientModel):
    """One sheet of a workbook: which one holds the statement is for the user to say."""

    _name = "account.bank.statement.import.sheet"
    _description = "Sheet of a bank's workbook"

    wizard_id = fields.Many2one("account.bank.statement.import", required=True, ondelete="cascade", index=True)
    name = fields.Char("Sheet", readonly=True)
