from odoo import fields, models

COLUMN_ROLES = [
    ("date", "Date"),
    ("value_date", "Value date"),
    ("label", "Description"),
    ("amount", "Amount"),
    ("debit", "Money out"),
    ("credit", "Money in"),
    ("direction", "Debit or credit mark"),
    ("reference", "Reference"),
    ("bank_reference", "Bank's own reference"),
    ("counterparty_name", "Counterparty"),
    ("counterparty_account", "Counterparty's account"),
    ("counterparty_bank", "Counterparty's bank code"),
    ("payer_name", "Payer"),
    ("payer_account", "Payer's account"),
    ("payee_name", "Payee"),
    ("payee_account", "Payee's account"),
    ("account", "Own account number"),
    ("balance", "Balance"),
    ("currency", "Currency"),
    ("original_amount", "Original amount"),
    ("original_currency", "Original currency"),
    ("fee", "Fee deducted"),
    ("status", "Status (booked, pending)"),
    ("check_number", "Check number"),
    ("transaction_code", "Kind of transaction"),
    ("mandate_id", "Mandate"),
    ("return_reason", "Return reason"),
]


class AccountBankStatementImportColumn(models.TransientModel):
    """One column of a table: what it holds is for the user to say."""

    _name = "account.bank.statement.import.column"
    _description = "Column of a bank's table"
    _order = "place"

    wizard_id = fields.Many2one("account.bank.statement.import", required=True, ondelete="cascade", index=True)
    place = fields.Integer(readonly=True)
    name = fields.Char("Column", readonly=True)
    sample = fields.Char("First rows", readonly=True)
    role = fields.Selection(COLUMN_ROLES, "Holds")
