from decimal import Decimal

from odoo import api, fields, models

from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call

FORMATS = [
    ("text", "Text"),
    ("html", "Web page or mail"),
    ("csv", "CSV"),
    ("xlsx", "Excel"),
    ("xls", "Excel 97-2003"),
    ("pdf", "PDF"),
    ("ubl", "UBL 2.1"),
    ("x12_820", "EDI X12 820"),
    ("edifact_remadv", "EDIFACT REMADV"),
]
# What a person may complete while it is not matched; all else is as it was read.
OPEN_FIELDS = {"partner_id", "currency_id", "direction", "payment_date", "reference", "statement_line_id", "line_ids"}


class AccountRemittanceAdvice(models.Model):
    """A remittance advice: the documents that a payment is for, their amounts, deductions and reasons.

    It is read from a text, a file or a mail, reviewed, and used when the bank transaction is imported.
    """

    _name = "account.remittance.advice"
    _description = "Remittance advice"
    _inherit = ["mail.thread", "reconciliation.guarded.mixin", "bank.match.record.mixin"]
    _transitions = frozenset({("new", "matched"), ("matched", "new"), ("new", "dismissed"), ("dismissed", "new")})
    _order = "payment_date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Subject", required=True, readonly=True, guarded=True, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, guarded=True, index=True, default=lambda self: self.env.company.id
    )
    partner_id = fields.Many2one(
        "res.partner", "Payer", index="btree_not_null", ondelete="set null", check_company=True, tracking=True
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id,
        help="Of the amounts in the advice.",
    )  # fmt: skip
    direction = fields.Selection(
        [("in", "Money comes in"), ("out", "Money goes out")], required=True, default="in",
        help="A client's advice of what is paid to you, or your own of what you pay.",
    )  # fmt: skip
    payment_date = fields.Date("Paid on", required=True, default=lambda self: self.env.company._today())
    reference = fields.Char(help="The payer's reference of the payment: the bank's text may contain it.")
    payer_name = fields.Char("Payer's name", readonly=True, guarded=True)
    payer_account = fields.Char("Payer's bank account", readonly=True, guarded=True)
    payer_email = fields.Char("Payer's e-mail address", readonly=True, guarded=True)
    format = fields.Selection(FORMATS, readonly=True, guarded=True)
    is_from_mail = fields.Boolean("Received by mail", readonly=True, guarded=True)
    mail_address = fields.Char("Address of the mail that was read", readonly=True, guarded=True)
    amount_stated = fields.Monetary("Total as written", readonly=True, guarded=True)
    amount_total = fields.Monetary("Total", compute="_compute_amount_total", store=True, guarded=True)
    warnings = fields.Text(readonly=True, guarded=True)
    error = fields.Text("Could not be read", readonly=True, guarded=True)
    state = fields.Selection(
        [("new", "To review"), ("matched", "Matched"), ("dismissed", "Set aside")],
        required=True, readonly=True, guarded=True, default="new", copy=False, tracking=True,
    )  # fmt: skip
    statement_line_id = fields.Many2one(
        check_company=True, domain="[('company_id', '=', company_id), ('is_reconciled', '=', False)]"
    )
    line_ids = fields.One2many("account.remittance.advice.line", "advice_id", "Lines")
    line_count = fields.Integer("Number of lines", compute="_compute_counts")
    missing_count = fields.Integer("Not found", compute="_compute_counts")
    amount_missing = fields.Monetary("Amount not found", compute="_compute_counts")
    amount_deducted = fields.Monetary("Deductions", compute="_compute_counts")

    _waiting_idx = models.Index("(company_id, amount_total) WHERE state = 'new'")

    @api.depends("line_ids.amount")
    def _compute_amount_total(self):
        for advice in self:
            advice.amount_total = sum(advice.line_ids.mapped("amount"))

    @api.depends("line_ids.state", "line_ids.amount", "line_ids.deduction")
    def _compute_counts(self):
        for advice in self:
            missing = advice.line_ids.filtered(lambda line: line.state not in ("found", "other"))
            advice.line_count = len(advice.line_ids)
            advice.missing_count = len(missing)
            advice.amount_missing = sum(missing.mapped("amount"))
            advice.amount_deducted = sum(advice.line_ids.mapped("deduction"))

    def write(self, vals):
        """Refuse to change what a matched advice was booked by.

        :raise UserError: naming the advice
        """
        if OPEN_FIELDS & vals.keys() and not self.env.su:
            self._check_not_matched()
        return super().write(vals)

    @api.model
    def _guarded_message(self, names):
        if "state" in names:
            return self.env._("An advice is matched by “Book”, and the match is undone by “Undo the match”.")
        return self.env._("What was read of a remittance advice can't be changed; its lines can be corrected.")

    def _exact_total(self):
        """What is paid, exact (Decimal): at or below zero where the lines deduct more than they pay."""
        return self.currency_id._exact(self.amount_total) if self.currency_id else Decimal(0)

    # -- buttons ---------------------------------------------------------------------------------------------

    @remote_call()
    def action_find(self):
        """Look again for the documents of the lines that have none.

        :return: what was found, as a notification
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where an advice is matched
        """
        return self._find_missing()

    @remote_call(one=True)
    def action_book(self):
        """Book the bank transaction of this payment by the lines of the advice.

        :return: True
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where no bank transaction or more than one can be it, or something can't be booked
        """
        require(self.env, BANK)
        self.check_access("write")
        self._check_not_matched()
        line = self._bank_line_to_book()
        records, amounts = self._records_and_amounts(line)
        line._match_by_hand(records, amounts, logged=self._logged_reasons(line))
        return True

    @remote_call()
    def action_dismiss(self):
        """Set advices aside: they are neither suggested nor used any more.

        :return: True
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        self.check_access("write")
        self._set_state("dismissed")
        return True

    @remote_call()
    def action_reopen(self):
        """Reopen advices that were set aside.

        :return: True
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        self.check_access("write")
        self.filtered(lambda advice: advice.state == "dismissed")._set_state("new")
        return True
