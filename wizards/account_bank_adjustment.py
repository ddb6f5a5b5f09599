from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..engine.bank_matching.amounts import split_balance
from ..models.common.actions import CLOSE
from ..models.common.permissions import require_bank_periods
from ..models.common.remote_calls import remote_call


class AccountBankAdjustment(models.TransientModel):
    """“Journal entry”: a posted entry on a bank account, for a movement of the bank that is missing in the books."""

    _name = "account.bank.adjustment"
    _description = "Adjustment of a bank account"

    bank_journal_id = fields.Many2one("account.journal", "Bank account", required=True, readonly=True)
    company_id = fields.Many2one(related="bank_journal_id.company_id")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    journal_id = fields.Many2one(
        "account.journal", required=True, compute="_compute_journal_id", store=True, readonly=False, precompute=True,
        domain="[('type', '=', 'general'), ('company_id', '=', company_id)]",
    )  # fmt: skip
    date = fields.Date(required=True, default=lambda self: self.env.company._today())
    ref = fields.Char("Reference", default=lambda self: self.env._("Bank adjustment"))
    line_ids = fields.One2many("account.bank.adjustment.line", "adjustment_id", "Counterparts")
    amount = fields.Monetary(
        "Bank account moves by", compute="_compute_amount", help="Above zero: money in. Below zero: money out."
    )

    @api.depends("bank_journal_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard.bank_journal_id.currency_id or wizard.company_id.currency_id

    @api.depends("bank_journal_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = self.env["account.journal"].search(
                [("type", "=", "general"), ("company_id", "=", wizard.company_id.id)], limit=1
            )

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = sum(wizard.line_ids.mapped("amount"))

    @remote_call(one=True)
    def action_post(self):
        """Post the entry.

        :return: the action that closes the dialog
        :raise UserError: the bank account would not move
        """
        self._post()
        return CLOSE

    def _post(self):
        """Post the entry.

        :return: the account.move
        """
        self.ensure_one()
        require_bank_periods(self.env, self.company_id)
        if self.currency_id.is_zero(self.amount):
            raise UserError(self.env._("Enter what the bank account moves by, and the accounts it is booked to."))
        own = self.company_id.currency_id
        balance = self.currency_id._convert(self.amount, own, self.company_id, self.date)
        amounts = [self.currency_id._exact(line.amount) for line in self.line_ids]
        shares = map(float, split_balance(amounts, own._exact(balance), own.decimal_places))
        move = self.env["account.move"].create({
            "move_type": "entry",
            "journal_id": self.journal_id.id,
            "date": self.date,
            "ref": self.ref,
            "line_ids": [
                self._prepare_line(self.bank_journal_id.default_account_id, self.amount, balance, self.ref),
                *(
                    self._prepare_line(line.account_id, -line.amount, -share, line.name or self.ref, line.partner_id)
                    for line, share in zip(self.line_ids, shares, strict=True)
                ),
            ],
        })  # fmt: skip
        self.company_id._check_day_open(self.date, move.journal_id, move._affect_tax_report())
        move.action_post()
        return move

    def _prepare_line(self, account, amount, balance, name, partner=None):
        return Command.create({
            "account_id": account.id,
            "partner_id": partner.id if partner else False,
            "name": name,
            "currency_id": self.currency_id.id,
            "amount_currency": amount,
            "balance": balance,
        })  # fmt: skip
