from odoo import Command, api, fields, models

from ...statement_formats.settlements import PROCESSORS
from ..common.remote_calls import remote_call

STATES = [("imported", "Imported"), ("matched", "Matched"), ("undone", "Match undone")]


class AccountSettlement(models.Model):
    """One payout of a payment processor to a bank account, and the entries that it is made of.

    The bank transaction is matched with it as a whole: payments clear, fees are booked, refunds and chargebacks are
    found.
    """

    _name = "account.settlement"
    _description = "Settlement of a payment processor"
    _inherit = ["mail.thread", "reconciliation.guarded.mixin", "bank.match.whole.mixin"]
    _whole_amount, _whole_date, _whole_undone = "amount_net", "payout_date", "undone"
    _transitions = frozenset({("imported", "matched"), ("matched", "undone"), ("undone", "matched")})
    _order = "payout_date desc, id desc"
    _rec_names_search = ["reference"]
    _check_company_auto = True

    journal_id = fields.Many2one(
        "account.journal",
        "Bank account",
        required=True,
        readonly=True,
        guarded=True,
        ondelete="restrict",
        index=True,
        check_company=True,
    )
    company_id = fields.Many2one(related="journal_id.company_id", store=True, guarded=True, index=True, precompute=True)
    processor = fields.Selection(
        [(name, module.TITLE) for name, module in PROCESSORS.items()], required=True, readonly=True, guarded=True
    )
    reference = fields.Char(required=True, readonly=True, guarded=True, help="The processor's own id of the payout.")
    bank_references = fields.Json(
        readonly=True, guarded=True, help="Texts that the bank transaction of this payout may contain."
    )
    payout_date = fields.Date("Paid out on", required=True, readonly=True, guarded=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, guarded=True)
    amount_gross = fields.Monetary("Gross", compute="_compute_amounts", store=True, guarded=True)
    amount_fees = fields.Monetary("Fees", compute="_compute_amounts", store=True, guarded=True)
    amount_net = fields.Monetary("Paid out", required=True, readonly=True, guarded=True)
    is_itemized = fields.Boolean(
        readonly=True, guarded=True, help="Whether the report says what the payout is made of."
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, guarded=True, default="imported", copy=False, tracking=True
    )
    entry_ids = fields.One2many("account.settlement.entry", "settlement_id", "Entries")
    entry_count = fields.Integer("Number of entries", compute="_compute_amounts", store=True, guarded=True)
    missing_count = fields.Integer("Not found", compute="_compute_missing", store=True, guarded=True)
    amount_missing = fields.Monetary("Amount missing", compute="_compute_missing", store=True, guarded=True)
    fee_id = fields.Many2one(
        "account.reconcile.model",
        "Fees by preset",
        compute="_compute_fee_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('company_id', 'parent_of', company_id), ('line_ids.account_id', '!=', False)]",
        help="The account, and the tax, that the fees of this payout are booked by.",
    )
    account_id = fields.Many2one(
        "account.account",
        "Account for the rest",
        compute="_compute_account_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="Takes what the processor keeps or releases, and what nothing is found for.",
    )

    _payout_uniq = models.UniqueIndex(
        "(company_id, processor, reference, currency_id)",
        "This payout was imported in the same moment by somebody else. Import the report again: what is already there "
        "will be left out.",
    )
    _waiting_idx = models.Index("(journal_id, amount_net) WHERE state <> 'matched'")

    @api.depends("processor", "reference")
    def _compute_display_name(self):
        titles = dict(self._fields["processor"]._description_selection(self.env))
        for settlement in self:
            settlement.display_name = f"{titles.get(settlement.processor, '')} {settlement.reference or ''}".strip()

    @api.depends("entry_ids.amount_gross", "entry_ids.amount_fee")
    def _compute_amounts(self):
        for settlement in self:
            settlement.amount_gross = sum(settlement.entry_ids.mapped("amount_gross"))
            settlement.amount_fees = sum(settlement.entry_ids.mapped("amount_fee"))
            settlement.entry_count = len(settlement.entry_ids)

    @api.depends("entry_ids.state", "entry_ids.amount_gross")
    def _compute_missing(self):
        for settlement in self:
            missing = settlement.entry_ids.filtered(lambda entry: entry.state == "missing")
            settlement.missing_count = len(missing)
            settlement.amount_missing = sum(missing.mapped("amount_gross"))

    @api.depends("company_id", "processor")
    def _compute_fee_id(self):
        """The preset of the processor's last matched settlement, else that of the company."""
        for settlement in self:
            last = self.search(
                [
                    ("company_id", "=", settlement.company_id.id),
                    ("processor", "=", settlement.processor),
                    ("state", "=", "matched"),
                    ("fee_id", "!=", False),
                ],
                limit=1,
            )
            settlement.fee_id = settlement.fee_id or last.fee_id or settlement.company_id.settlement_fee_id

    @api.depends("company_id")
    def _compute_account_id(self):
        for settlement in self:
            settlement.account_id = settlement.account_id or settlement.company_id.settlement_account_id

    def write(self, vals):
        """Refuse to change where the fees and the rest of a matched settlement are booked.

        :raise UserError: naming the settlement
        """
        if {"fee_id", "account_id"} & vals.keys():
            self._check_not_matched()
        return super().write(vals)

    def _fee_preset(self):
        """The preset that the fees are booked by: this settlement's, else the company's."""
        return self.fee_id or self.company_id.settlement_fee_id

    def _rest_account(self):
        """The account for the rest: this settlement's, else the company's."""
        return self.account_id or self.company_id.settlement_account_id

    @api.model
    def _guarded_message(self, names):
        if {"state", "statement_line_id"} & set(names):
            return self.env._(
                "A settlement is matched with its bank transaction by “Match”, and the match is undone by “Undo the "
                "match”."
            )
        return self.env._("What the processor reported can't be changed. Delete the settlement and import its report.")

    def _itemize(self, vals_list):
        """Complete a payout of which only a list of payouts was imported so far.

        :param vals_list: values of its entries
        """
        self.ensure_one()
        self._check_not_matched()
        commands = [Command.create(values) for values in vals_list]
        return self._own_write().write({"is_itemized": True, "entry_ids": commands})

    # -- buttons ---------------------------------------------------------------------------------------------

    @remote_call()
    def action_find(self):
        """Look again for the payments and documents of the entries that have none.

        :return: what was found, as a notification
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where a settlement is matched
        """
        return self._find_missing()
