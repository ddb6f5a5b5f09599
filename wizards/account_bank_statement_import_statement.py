from odoo import fields, models

from ..models.common.remote_calls import remote_call


class AccountBankStatementImportStatement(models.TransientModel):
    """One statement of the preview."""

    _name = "account.bank.statement.import.statement"
    _description = "Statement to import"

    wizard_id = fields.Many2one("account.bank.statement.import", required=True, ondelete="cascade", index=True)
    attachment_id = fields.Many2one("ir.attachment")
    filename = fields.Char("File")
    is_table = fields.Boolean("Its columns can be chosen")
    name = fields.Char("Statement")
    account_number = fields.Char("Account")
    journal_id = fields.Many2one("account.journal")
    currency_id = fields.Many2one("res.currency")
    date_from = fields.Date("From")
    date_to = fields.Date("To")
    line_count = fields.Integer("Transactions")
    duplicate_count = fields.Integer("Already there")
    suspected_count = fields.Integer("Look like it", help="Same day and amount as one that is there, but no proof.")
    balance_start = fields.Monetary("Opening balance")
    total = fields.Monetary("Sum")
    amount_in = fields.Monetary("Money in")
    amount_out = fields.Monetary("Money out")
    first_lines = fields.Text("First transactions")
    balance_end = fields.Monetary("Closing balance")
    has_balances = fields.Boolean()
    difference = fields.Monetary(help="Opening balance plus transactions minus closing balance, where both are given.")
    remarks = fields.Text()
    is_error = fields.Boolean()

    @remote_call(one=True)
    def action_change_columns(self):
        """Choose again what the columns of this statement's table mean, also where nothing had to be asked.

        :return: the dialog, with the columns as the table was read
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where the file is no table of this dialog
        """
        return self.wizard_id._change_columns(self.attachment_id)

    def _remarks_with_name(self):
        """Say of which statement the remarks are, unless there is only one."""
        name = self.journal_id.display_name or self.account_number
        if len(self.wizard_id.statement_ids) == 1 or not name or self.is_error:
            return self.remarks
        return self.env._(
            "%(statement)s: %(remarks)s", statement=f"{name} {self.name or ''}".strip(), remarks=self.remarks
        )
