from odoo import fields, models


class AccountBankReconciliationConfirmation(models.Model):
    """A remittance that was ticked off: by whom, when, and the figures it had.

    Made and deleted by ``account.bank.reconciliation`` alone. Outlives its journal item, so that what is deleted later
    can be named.
    """

    _name = "account.bank.reconciliation.confirmation"
    _description = "Confirmed remittance"
    _order = "date, id"
    _rec_name = "name"

    reconciliation_id = fields.Many2one(
        "account.bank.reconciliation", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="reconciliation_id.company_id", store=True)
    journal_id = fields.Many2one(related="reconciliation_id.journal_id", string="Bank account")
    currency_id = fields.Many2one(related="reconciliation_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line", "Journal item", readonly=True, ondelete="set null", index="btree_not_null"
    )
    move_line_key = fields.Integer("Number of the journal item", required=True, readonly=True, index=True)
    statement_line_key = fields.Integer("Number of the bank transaction", readonly=True)
    is_matched = fields.Boolean("Matched with the bank", readonly=True)
    name = fields.Char("Number", readonly=True)
    label = fields.Char("Description", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="set null")
    date = fields.Date(required=True, readonly=True)
    bank_date = fields.Date("Date at the bank", readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    create_uid = fields.Many2one("res.users", "Confirmed by", readonly=True)
    create_date = fields.Datetime("Confirmed on", readonly=True)

    _one_reconciliation = models.UniqueIndex(
        "(move_line_id)",
        "One of these remittances was confirmed in the same moment by somebody else. Nothing was confirmed. "
        "Reload the page.",
    )
