from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tzs

from ...engine.items.allocation import EXPLICIT, LISTED, OLDEST, PRO_RATA

ALLOCATION_ORDERS = [
    (LISTED, "Listed order"),
    (OLDEST, "Oldest due item first"),
    (PRO_RATA, "Pro rata"),
    (EXPLICIT, "Explicit"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    accounting_tz = fields.Selection(
        _tzs,
        "Time zone of the accounting days",
        help="Which day it is for this company: when an installment is due, retried or overdue, and which date "
        "payments and bank periods get by default. Empty: the time zone of the company's contact, or UTC where it has "
        "none.",
    )

    allocation_order = fields.Selection(
        ALLOCATION_ORDERS,
        "Allocation order",
        required=True,
        default=LISTED,
        help="In which order a payment pays the items of a document. Listed: first item first. Oldest due: by the date "
        "of the installment that pays the item, else by the payment terms, else listed. Pro rata: every open item gets "
        "its share, to the cent. Explicit: the amounts per item are entered in Make payment, which proposes none, and "
        "Reconcile accounts leaves the account to a person; what Odoo applies automatically (Register payment, the "
        "portal, the bank) keeps the listed order. What is reconciled already stays as it is.",
    )

    portal_item_balances = fields.Boolean(
        "Clients see what they paid for",
        help="On the portal's page of an invoice, and in no other place, the client sees how much of each item is paid "
        "and how much is open. Which payment paid what is never shown.",
    )

    reminder_user_ids = fields.Many2many(
        "res.users",
        "res_company_reminder_user_rel",
        string="Remind",
        domain=[("share", "=", False)],
        help="Each of them has a to-do for whatever waits: bank transactions to match, payments to apply, installments "
        "that failed, bank periods to close; as far as the user may see it. It goes away when nothing is left.",
    )

    planned_retry_count = fields.Integer(
        "Retries of a failed installment",
        default=3,
        help="How often an installment that failed is tried again automatically. 0: never.",
    )
    planned_retry_days = fields.Integer(
        "Days between retries", default=3, help="How many days pass before a failed installment is tried again."
    )

    bank_match_automatic = fields.Boolean(
        "Match bank transactions automatically",
        default=True,
        help="After each import and every night, transactions that are certain are matched; all others wait for you.",
    )

    bank_match_threshold = fields.Float(
        "Certainty for automatic matching",
        default=0.995,
        digits=(4, 4),
        help="A bank transaction is matched automatically only where the probability that this is right is at least so "
        "high. 0.995: at most one of 200 is expected to be wrong.",
    )

    _bank_match_threshold_sane = models.Constraint(
        "CHECK (bank_match_threshold BETWEEN 0.9 AND 1)",
        "The certainty for automatic matching lies between 0.9 and 1. Choose a value in this range, for example 0.995.",
    )
    bank_reconciliation = fields.Boolean(
        "Bank reconciliation",
        default=True,
        help="Reconcile bank accounts by period. Off: nobody sees the menus nor the periods; they are kept.",
    )

    _planned_retry_sane = models.Constraint(
        "CHECK (planned_retry_count BETWEEN 0 AND 30 AND planned_retry_days BETWEEN 1 AND 365)",
        "A failed installment can be tried again 0 to 30 times, 1 to 365 days apart.",
    )

    def _today(self, timestamp=None):
        """Give the day that it is for this company, whoever asks and wherever they are.

        :param timestamp: naive datetime in UTC, or None for now
        :return: date
        """
        self.ensure_one()
        # Which time zone a company works in is no secret; scheduled actions and clients on the portal need it too.
        company = self.sudo()
        zone = company.accounting_tz or company.partner_id.tz or "UTC"
        return fields.Date.context_today(company.with_context(tz=zone), timestamp)

    def _grouped_by_today(self):
        """Group companies by the day that it is for them; there are at most three at any moment.

        :return: ``{date: res.company records}``
        """
        return self.grouped(lambda company: company._today())

    def write(self, vals):
        """The menus that users see depend on the switch of bank reconciliation."""
        result = super().write(vals)
        if "bank_reconciliation" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    def _install_reconciliation_demo(self):
        """Build the demo company; do nothing where it is already there."""
        # The builder is only ever needed here: an installation without demo data doesn't load it.
        from ...demo import recreation_centre

        if not self.env.ref(recreation_centre.COMPANY_XMLID, raise_if_not_found=False):
            recreation_centre.build(self.env)
