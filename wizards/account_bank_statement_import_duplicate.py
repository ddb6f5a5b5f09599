from odoo import fields, models


class AccountBankStatementImportDuplicate(models.TransientModel):
    """One transaction of the preview that may be there already: a person decides."""

    _name = "account.bank.statement.import.duplicate"
    _description = "Transaction that looks like already imported"
    _order = "is_left_out, date, id"

    wizard_id = fields.Many2one("account.bank.statement.import", required=True, ondelete="cascade", index=True)
    journal_id = fields.Many2one("account.journal", readonly=True)
    unique_id = fields.Char(readonly=True)
    date = fields.Date(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True)
    name = fields.Char("In the file", readonly=True)
    other_name = fields.Char("Already there", readonly=True)
    line_count = fields.Integer(readonly=True, help="How many lines of the file are left out if it is counted once.")
    is_left_out = fields.Boolean(
        "Count once",
        help="It is the transaction that is there already. Proposed where the words agree. Untick what is a second, "
        "equal transaction. Of a batch booking the payments are kept: they take the place of their sum.",
    )
