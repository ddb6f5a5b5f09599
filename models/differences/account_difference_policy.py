from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.common.odoo_types import SIDE_SELECTION
from ...engine.differences.tolerance import difference_within

REASONS = [
    ("rounding", "Rounding"),
    ("bank_fee", "Bank fee"),
    ("late_discount", "Discount taken late"),
    ("pricing", "Pricing"),
    ("damaged", "Damaged goods"),
    ("tax_withheld", "Tax withheld"),
    ("other", "Other"),
]


class AccountDifferencePolicy(models.Model):
    """How small differences of payments are written off: up to which limits, and by which account and tax.

    Without a policy nothing is written off.
    """

    _name = "account.difference.policy"
    _description = "Policy for differences"
    _order = "company_id, currency_id, side, kind"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id,
        help="Of the bank account that the money came on or went from.",
    )  # fmt: skip
    side = fields.Selection(SIDE_SELECTION, "Account type", required=True, default="customer")
    kind = fields.Selection(
        [("under", "Less was paid"), ("over", "More was paid")], "Difference", required=True, default="under"
    )
    amount_max = fields.Monetary("Up to", required=True, help="Both limits must hold.")
    percent_max = fields.Float(
        "Up to (%)", required=True, digits=(5, 2), help="Of what is open. Both limits must hold."
    )
    preset_id = fields.Many2one(
        "account.reconcile.model", "Booked by", required=True, check_company=True, ondelete="restrict",
        domain="[('line_ids.account_id', '!=', False)]",
        help="The preset whose account, and tax, take the difference.",
    )  # fmt: skip
    reason = fields.Selection(REASONS, required=True, default="rounding")
    is_automatic = fields.Boolean(
        "Automatic",
        help="Written off without a person, where the label names exactly one document. Otherwise it is suggested.",
    )
    on_reconcile_account = fields.Boolean(
        "On “Reconcile account”",
        help="What a document lacks after its account was reconciled is written off too, by an entry of that day. "
        "Needs a preset with one account and no taxes.",
    )
    active = fields.Boolean(default=True)

    _one = models.UniqueIndex(
        "(company_id, currency_id, side, kind) WHERE active",
        "There is a policy for this currency, account type and difference already. Change that one.",
    )

    @api.constrains("amount_max", "percent_max")
    def _check_limits(self):
        for policy in self:
            if policy.amount_max < 0 or not 0 <= policy.percent_max <= 100:
                raise ValidationError(
                    self.env._("The largest amount can't be below zero, and the percentage must be from 0 to 100.")
                )

    @api.constrains("on_reconcile_account", "kind", "preset_id")
    def _check_on_reconcile_account(self):
        for policy in self.filtered("on_reconcile_account"):
            rows = policy.preset_id.line_ids.filtered("account_id")
            if policy.kind != "under" or len(rows) != 1 or rows.tax_ids:
                raise ValidationError(
                    self.env._(
                        "“Reconcile account” writes off only what is lacking, by a preset with one account and no "
                        "taxes."
                    )
                )

    @api.depends("side", "kind", "currency_id")
    def _compute_display_name(self):
        sides = dict(self._fields["side"]._description_selection(self.env))
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for policy in self:
            policy.display_name = (
                f"{sides.get(policy.side, '')}, {policy.currency_id.name}: {kinds.get(policy.kind, '')}"
            )

    @api.model
    def _of(self, company, currency):
        """The policies of a company and currency."""
        # A user who matches uses the company's policies, also without access to them.
        return self.sudo().search([("company_id", "=", company.id), ("currency_id", "=", currency.id)])

    def _fitting(self, side, total, asked):
        """The policy of these that covers a difference.

        :param side: ``customer`` or ``supplier``
        :param total: Decimal, what was paid
        :param asked: Decimal, what is open of what it pays
        :return: (account.difference.policy record, Decimal: the difference, above 0 where more was paid)
        """
        kind = "over" if total > asked else "under"
        for policy in self.filtered(lambda one: (one.side, one.kind) == (side, kind)):
            limits = policy.currency_id._exact(policy.amount_max), Decimal(str(policy.percent_max))
            difference = difference_within(total, asked, *limits)
            if difference is not None:
                return policy, difference
        return self.browse(), None
