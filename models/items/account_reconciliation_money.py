from odoo import fields, models


class AccountReconciliationMoney(models.Model):
    """The balance of one receivable or payable line of money: what came in, what is applied.

    The other side of the item balance. Money is a payment, a bank transaction, or an entry that reverses one. A row is
    made when the line is first reconciled, a reversal's at its posting; what is applied follows the reconciliation
    lines by a database trigger. What money is not applied to items, reports find here, or as an open line that has no
    row yet.
    """

    _name = "account.reconciliation.money"
    _description = "Money balance"
    _rec_name = "move_line_id"
    _log_access = False

    move_line_id = fields.Many2one(
        "account.move.line", "Journal item", required=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="move_line_id.company_id")
    company_currency_id = fields.Many2one(related="move_line_id.company_currency_id")
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    amount_received = fields.Monetary(
        "Received",
        currency_field="company_currency_id",
        readonly=True,
        help="What it is worth on the bank's side, in company currency; below zero where money went out.",
    )
    amount_applied = fields.Monetary(
        "Applied to items",
        currency_field="company_currency_id",
        readonly=True,
    )
    amount_applied_currency = fields.Monetary("Applied, in its own currency", readonly=True)

    _move_line_unique = models.Constraint("UNIQUE (move_line_id)", "A journal item has one money balance.")

    def init(self):
        # A generated column, so that PostgreSQL has statistics of it: it is mostly zero, and for a difference of two
        # columns the whole ledger would be read to find the few rows where it isn't.
        self.env.cr.execute(
            """
            ALTER TABLE account_reconciliation_money ADD COLUMN IF NOT EXISTS amount_rest numeric
                GENERATED ALWAYS AS (amount_received - amount_applied) STORED;
            CREATE INDEX IF NOT EXISTS account_reconciliation_money__rest_idx
                ON account_reconciliation_money (move_line_id) WHERE amount_rest <> 0
            """
        )
