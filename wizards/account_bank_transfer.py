from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.common.odoo_types import JOURNAL_TYPES
from ..models.common.actions import CLOSE
from ..models.common.permissions import require_bank_periods
from ..models.common.remote_calls import remote_call


class AccountBankTransfer(models.TransientModel):
    """“Bank transfer”: money from one bank account to another, as a payment out of one and a payment into the other.

    Both payments wait on their outstanding accounts, so each bank's transaction can be matched with its own.
    """

    _name = "account.bank.transfer"
    _description = "Bank transfer"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    journal_id = fields.Many2one(
        "account.journal", "From", required=True,
        domain=f"[('type', 'in', {JOURNAL_TYPES}), ('company_id', '=', company_id)]",
    )  # fmt: skip
    destination_journal_id = fields.Many2one(
        "account.journal", "To", required=True,
        domain=f"[('type', 'in', {JOURNAL_TYPES}), ('company_id', '=', company_id),"
        " ('id', '!=', journal_id)]",
    )  # fmt: skip
    currency_id = fields.Many2one("res.currency", compute="_compute_currencies")
    destination_currency_id = fields.Many2one("res.currency", compute="_compute_currencies")
    date = fields.Date(required=True, default=lambda self: self.env.company._today())
    amount = fields.Monetary(required=True)
    amount_received = fields.Monetary(
        currency_field="destination_currency_id", compute="_compute_amount_received", store=True, readonly=False,
        help="What arrives, in the currency of the other bank account.",
    )  # fmt: skip
    memo = fields.Char(default=lambda self: self.env._("Bank transfer"))

    @api.depends("journal_id", "destination_journal_id")
    def _compute_currencies(self):
        for wizard in self:
            own = wizard.company_id.currency_id
            wizard.currency_id = wizard.journal_id.currency_id or own
            wizard.destination_currency_id = wizard.destination_journal_id.currency_id or own

    @api.depends("amount", "date", "journal_id", "destination_journal_id")
    def _compute_amount_received(self):
        for wizard in self:
            day = wizard.date or wizard.company_id._today()
            wizard.amount_received = wizard.currency_id._convert(
                wizard.amount, wizard.destination_currency_id, wizard.company_id, day
            )

    @remote_call(one=True)
    def action_transfer(self):
        """Post the transfer.

        :return: the action that closes the dialog
        :raise UserError: no amount, or the same bank account twice
        """
        self._transfer()
        return CLOSE

    def _transfer(self):
        """Post the transfer.

        :return: the two account.payment records, out and in
        """
        self.ensure_one()
        require_bank_periods(self.env, self.company_id)
        company = self.company_id
        if self.journal_id == self.destination_journal_id or {company} != {
            self.journal_id.company_id,
            self.destination_journal_id.company_id,
        }:
            raise UserError(
                self.env._("A transfer goes from one bank account of %s to another one. Choose two.", company.name)
            )
        if self.amount <= 0 or self.amount_received <= 0:
            raise UserError(self.env._("Enter the amount of the transfer, above zero."))
        if not company.transfer_account_id:
            raise UserError(
                self.env._(
                    "%s has no account for internal transfers. Choose one in the settings of Invoicing.", company.name
                )
            )
        payments = self.env["account.payment"].with_context(force_payment_move=True).create([
            self._prepare_payment("outbound", self.journal_id, self.currency_id, self.amount),
            self._prepare_payment(
                "inbound", self.destination_journal_id, self.destination_currency_id, self.amount_received
            ),
        ])  # fmt: skip
        payments.action_post()
        on_the_way = payments.move_id.line_ids.filtered(lambda line: line.account_id == company.transfer_account_id)
        on_the_way.filtered(lambda line: not line.reconciled).reconcile()
        return payments

    def _prepare_payment(self, payment_type, journal, currency, amount):
        return {
            "payment_type": payment_type,
            "partner_type": "supplier" if payment_type == "outbound" else "customer",
            "partner_id": self.company_id.partner_id.id,
            "company_id": self.company_id.id,
            "journal_id": journal.id,
            "currency_id": currency.id,
            "amount": amount,
            "date": self.date,
            "memo": self.memo,
            "destination_account_id": self.company_id.transfer_account_id.id,
        }
