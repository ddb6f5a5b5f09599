from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.bank_periods import remittances_sql
from ..common import kinds
from ..common.actions import form_of
from ..common.remote_calls import remote_call
from ..common.sql import without_jit


class AccountBankRemittance(models.Model):
    """A cash movement of a bank account according to the books.

    ``engine/bank_periods/remittances_sql.py`` says what counts as one. Its id is the id of its journal item.
    """

    _name = "account.bank.remittance"
    _description = "Remittance"
    _auto = False
    _order = "date, id"
    _rec_name = "name"
    _depends = {
        "account.move": ["name", "state", "date", "statement_line_id", "origin_payment_id", "reversed_entry_id"],
        "account.move.line": [
            "account_id", "amount_currency", "amount_residual", "amount_residual_currency", "balance", "currency_id",
            "date", "journal_id", "move_id", "name", "parent_state", "partner_id", "reconciled",
        ],
        "account.partial.reconcile": [
            "credit_amount_currency", "credit_move_id", "debit_amount_currency", "debit_move_id",
        ],
        "account.payment": [
            "destination_account_id", "journal_id", "memo", "move_id", "outstanding_account_id", "payment_type",
        ],
        "account.journal": ["currency_id", "default_account_id", "suspense_account_id", "type"],
        "account.account": ["reconcile"],
        "res.company": ["currency_id", "parent_path", "transfer_account_id"],
        "res.currency": ["rounding"],
        "res.currency.rate": ["company_id", "currency_id", "name", "rate"],
        "account.bank.reconciliation.confirmation": ["move_line_id", "reconciliation_id"],
    }  # fmt: skip

    move_line_id = fields.Many2one("account.move.line", "Journal item", readonly=True)
    move_id = fields.Many2one("account.move", "Journal entry", readonly=True)
    payment_id = fields.Many2one("account.payment", readonly=True)
    statement_line_id = fields.Many2one("account.bank.statement.line", "Bank transaction", readonly=True)
    journal_id = fields.Many2one("account.journal", "Bank account", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    date = fields.Date(readonly=True)
    name = fields.Char("Number", readonly=True)
    label = fields.Char("Description", readonly=True)
    kind = fields.Selection(
        [
            ("receipt", "Receipt"),
            ("payment", "Payment"),
            ("transfer", "Transfer"),
            ("reversal", "Reversal"),
            ("bank", "Bank transaction"),
            ("difference", "Difference to the bank"),
            ("entry", "Journal entry"),
        ],
        readonly=True,
    )
    amount = fields.Monetary(readonly=True, help="In the currency of the bank account; below zero for money out.")
    is_cleared = fields.Boolean("Cleared in the books", readonly=True)
    is_matched = fields.Boolean("Matched with the bank", readonly=True)
    bank_date = fields.Date("Date at the bank", readonly=True)
    confirmation_id = fields.Many2one("account.bank.reconciliation.confirmation", readonly=True)
    reconciliation_id = fields.Many2one("account.bank.reconciliation", "Confirmed in", readonly=True)

    @property
    def _table_query(self):
        return remittances_sql.remittances()

    # The query of all remittances is so large that compiling it takes many times as long as running it.

    @api.model
    def _search(self, *args, **kwargs):
        without_jit(self.env.cr)
        return super()._search(*args, **kwargs)

    def _fetch_query(self, query, fields):
        without_jit(self.env.cr)
        return super()._fetch_query(query, fields)

    @api.model
    def _of_records(self, records):
        """Find the remittances of payments, entries, journal items or bank transactions.

        :param records: records of one of these models, of this one, or ids of this one
        :return: account.bank.remittance records
        :raise UserError: what is none of these
        """
        if not isinstance(records, models.BaseModel):
            ids = records if isinstance(records, (list, tuple)) else [records]
            if not all(map(kinds.is_id, ids)):
                raise UserError(self.env._("“%s” is not a remittance. Reload the page.", kinds.shown(records)))
            return self.browse(ids)
        if records._name in ("account.move.line", self._name):
            return self.browse(records.ids)
        links = {
            "account.move": "move_id",
            "account.payment": "payment_id",
            "account.bank.statement.line": "statement_line_id",
        }
        if records._name not in links:
            raise UserError(
                self.env._("%s is not a remittance. Choose payments or journal entries.", records[:1].display_name)
            )
        return self.search([(links[records._name], "in", records.ids)])

    def _snapshot_values(self, section):
        """The values of a snapshot's line."""
        self.ensure_one()
        bank = self.statement_line_id
        return {
            "section": section,
            "key": self.id,
            "move_line_id": self.id,
            "move_id": self.move_id.id,
            "payment_id": self.payment_id.id,
            "statement_line_id": bank.id,
            "statement_line_key": bank.id,
            "bank_label": bank.payment_ref,
            "bank_date": self.bank_date if bank else False,
            "is_matched": self.is_matched,
            "name": self.name,
            "label": self.label,
            "partner_id": self.partner_id.id,
            "partner_name": self.partner_id.name,
            "date": self.date,
            "amount": self.amount,
        }

    # -- the trace ------------------------------------------------------------------------------------------

    @remote_call(one=True)
    def action_open_source(self):
        """Open the payment, or the entry."""
        return form_of(self.payment_id or self.move_id)

    @remote_call(one=True)
    def action_open_items(self):
        """List the invoice items and ledger codes that the remittance paid."""
        return self.move_id._action_paid_items()

    @remote_call(one=True)
    def action_open_bank_transaction(self):
        """Open the bank transaction."""
        return self.statement_line_id._action_open_bank_transaction()
