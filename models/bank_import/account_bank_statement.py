from odoo import fields, models

from ...engine.bank_import.statement_kinds import IMPORTING


class AccountBankStatement(models.Model):
    """A bank statement knows what kind of file it was imported from."""

    _name = "account.bank.statement"
    _inherit = ["account.bank.statement", "reconciliation.guarded.mixin"]

    import_kind = fields.Selection(
        [
            ("statement", "Statement"),
            ("report", "Intraday report"),
            ("notification", "Notification"),
            (IMPORTING, "Being imported"),
        ],
        "Kind",
        readonly=True,
        guarded=True,
        copy=False,
        help="A statement with balances takes over the transactions that an intraday report announced. "
        "Where the import of a statement was interrupted, importing the same file again completes it.",
    )
    import_note = fields.Text("Remarks of the import", readonly=True, guarded=True, copy=False)
