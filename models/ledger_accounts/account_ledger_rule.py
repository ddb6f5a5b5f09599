from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..common.actions import CLOSE, notify
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call
from ..common.statement_timeout import explain_timeout

SAME = {
    "same_partner": "partner",
    "same_reference": "reference",
    "same_order": "order",
    "same_product": "product",
    "same_word": "word",
}


class AccountLedgerRule(models.Model):
    """What open lines of an account must have in common to be reconciled, and whether that is automatic."""

    _name = "account.ledger.rule"
    _description = "Rule of an account"
    _inherit = ["reconciliation.guarded.mixin"]
    _order = "account_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company.root_id
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(
        "account.account", required=True, index=True, ondelete="cascade", check_company=True,
        domain="[('reconcile', '=', True)]",
    )  # fmt: skip
    takes = fields.Selection(
        [("pair", "One debit and one credit"), ("group", "All that share it and add up to zero")],
        "What is reconciled", required=True, default="pair",
        help="One debit and one credit of the same amount, the oldest first; or all open lines that share what is "
        "asked for below, where they add up to zero.",
    )  # fmt: skip
    same_partner = fields.Boolean("Same partner")
    same_reference = fields.Boolean("Same reference", help="The reference of the entry, or the label without one.")
    same_order = fields.Boolean(
        "Same order",
        help="The purchase order, where Odoo's purchases are installed, or the document's source.",
    )
    same_product = fields.Boolean("Same product")
    same_word = fields.Boolean(
        "Same number in the label", help="The first word of the label that has a digit and at least four characters."
    )
    label_contains = fields.Char(
        "Label contains", help="Only lines with this text in their label or reference are reconciled."
    )
    days_max = fields.Integer(
        "Days apart", default=0, help="How many days may be between the lines at most. Zero: any number."
    )
    amount_within = fields.Monetary(
        "Difference up to", help="By how much one debit and one credit may differ, where nothing else like them is "
        "open. The difference is booked to the account below. In company currency only.",
    )  # fmt: skip
    difference_account_id = fields.Many2one(
        "account.account", "Account of differences", check_company=True, ondelete="restrict",
        domain="[('id', '!=', account_id)]",
    )  # fmt: skip
    is_automatic = fields.Boolean(
        "Automatic",
        help="Runs automatically every night, and by “Run now”. Otherwise the rule only suggests.",
    )
    preview = fields.Text("What it would reconcile now", compute="_compute_preview")
    run_date = fields.Datetime("Last run", readonly=True, guarded=True, copy=False)
    run_text = fields.Char("Result of the last run", readonly=True, guarded=True, copy=False)
    run_ids = fields.One2many("account.ledger.run", "rule_id", "Runs", readonly=True, guarded=True, copy=False)

    _days_in_range = models.Constraint(
        "CHECK (days_max BETWEEN 0 AND 3660)",
        "The days between two lines must be from 0, for any number, to 3660.",
    )
    _amount_not_negative = models.Constraint(
        "CHECK (amount_within >= 0)", "The difference that a rule allows can't be below zero."
    )

    @api.constrains(*SAME, "days_max", "label_contains")
    def _check_conditions(self):
        for rule in self:
            if not rule._same() and not rule.days_max:
                raise ValidationError(
                    self.env._(
                        "“%s” asks for nothing that lines of the same amount must share. Tick what must be the same, "
                        "or say how many days they may be apart.",
                        rule.name,
                    )
                )
            if rule.takes == "group" and not rule._same():
                raise ValidationError(
                    self.env._("“%s” takes all lines that share something: tick what they must share.", rule.name)
                )

    @api.constrains("amount_within", "difference_account_id", "account_id", "takes")
    def _check_difference(self):
        for rule in self:
            if rule.amount_within and (not rule.difference_account_id or rule.takes == "group"):
                raise ValidationError(
                    self.env._(
                        "“%s” allows a difference: choose the account that it is booked to, and let the rule take one "
                        "debit and one credit.",
                        rule.name,
                    )
                )
            if rule.difference_account_id == rule.account_id:
                raise ValidationError(
                    self.env._("“%s”: a difference can't be booked to the account itself.", rule.name)
                )
            if rule.account_id and not rule.account_id.reconcile:
                raise ValidationError(
                    self.env._("Nothing is reconciled on %s. Choose another account.", rule.account_id.display_name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Create rules.

        :raise UserError: of an automatic one, where the user has no access to all branches of its company
        """
        rules = super().create(vals_list)
        rules._check_automatic()
        return rules

    def write(self, vals):
        """Change rules.

        :raise AccessError: where they become those of a company that the user has no access to
        :raise UserError: of an automatic one, where the user has no access to all branches of its company
        """
        self._check_automatic()
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")
        self._check_automatic()
        return result

    def _check_automatic(self):
        """An automatic rule runs in all branches, so whoever makes or changes it needs access to them."""
        for company in self.filtered("is_automatic").company_id:
            company._require_branches()

    def _same(self):
        """What the lines must share: names as of ``rules_sql.rule_key``."""
        self.ensure_one()
        return [name for field, name in SAME.items() if self[field]]

    @api.depends(
        "account_id", "takes", *SAME, "label_contains", "days_max", "amount_within", "difference_account_id",
    )  # fmt: skip
    def _compute_preview(self):
        for rule in self:
            says_something = rule._same() or rule.days_max
            rule.preview = rule._preview_text() if rule.account_id.reconcile and says_something else ""

    def _preview_text(self):
        """What the rule would reconcile now, in words: the figures and the first lines."""
        planned = self._plan()
        if not planned.pairs and not planned.differing:
            return self.env._("Nothing: no open lines of the account fit.")
        amounts = {currency_id: float(amount) for currency_id, amount in planned.amounts.items()}
        texts = [
            self.env._(
                "%(count)s reconciliations, %(amounts)s", count=len(planned.pairs) + len(planned.differing),
                amounts=self.env["res.currency"]._format_totals(amounts),
            )
        ]  # fmt: skip
        if planned.differing:
            total = sum(abs(debit.amount + credit.amount) for debit, credit in planned.differing)
            texts.append(
                self.env._(
                    "%(count)s of them with a difference, %(amount)s in all", count=len(planned.differing),
                    amount=self.currency_id.format(float(total)),
                )
            )  # fmt: skip
        shown = [(debit, credit) for debit, credit, _amount in planned.pairs[:5]]
        shown += [(debit.id, credit.id) for debit, credit in planned.differing[:3]]
        lines = self.env["account.move.line"].browse([one for pair in shown for one in pair])
        names = {
            line.id: f"{line.move_name} {format_date(self.env, line.date)} {line.name or line.ref or ''}".strip()
            for line in lines
        }
        texts += [f"{names[debit]} – {names[credit]}" for debit, credit in shown]
        return "\n".join(texts)

    @remote_call(one=True)
    def action_open_account(self):
        """Open the account's page, where the rule's reconciliations are suggested."""
        require(self.env, BANK)
        self.check_access("read")
        return self.env["account.ledger.account"].browse(self.account_id.id).action_open()

    @remote_call()
    @explain_timeout
    def action_run(self):
        """Reconcile what these rules find, now.

        :return: an action that shows the summary, or says what was done where it were several
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        self.check_access("write")
        if not self:
            raise UserError(self.env._("Choose at least one rule."))
        runs = self.env["account.ledger.run"].concat(*(rule._run() for rule in self))
        if len(self) == len(runs) == 1:
            return runs.action_open_summary()
        return notify("\n".join(self.mapped("run_text")), then=CLOSE)
