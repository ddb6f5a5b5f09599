from odoo import fields, models


class AccountBankStatementImportSettlement(models.TransientModel):
    """One settlement of the preview."""

    _name = "account.bank.statement.import.settlement"
    _description = "Settlement to import"

    wizard_id = fields.Many2one("account.bank.statement.import", required=True, ondelete="cascade", index=True)
    filename = fields.Char("File")
    processor = fields.Char()
    reference = fields.Char()
    journal_id = fields.Many2one("account.journal")
    currency_id = fields.Many2one("res.currency")
    payout_date = fields.Date("Paid out on")
    entry_count = fields.Integer("Entries")
    amount_gross = fields.Monetary("Gross")
    amount_fees = fields.Monetary("Fees")
    amount_net = fields.Monetary("Paid out")
    is_new = fields.Boolean("New")
    remarks = fields.Text()
