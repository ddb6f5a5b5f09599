import pytz
from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tzs
from odoo.exceptions import UserError
from odoo.tools import format_date


class ResCompany(models.Model):
    _inherit = "res.company"

    accounting_tz = fields.Selection(
        lambda _self: _tzs,
        "Time zone of the accounting days",
        help="Which day it is for this company: when a planned payment is due, retried or overdue, and which date "
        "payments and bank reconciliations get by default. Empty: the time zone of the company's contact, else of the "
        "company "
        "above it, of its country where that has only one, or of its first user who has one.",
    )

    def _today(self, timestamp=None):
        """Give the day that it is for this company, whoever asks and wherever they are.

        :param timestamp: naive datetime in UTC, or None for now
        :return: date
        """
        self.ensure_one()
        # The time zone of a company is not confidential; scheduled actions and clients on the portal need it too.
        company = self.sudo()
        return fields.Date.context_today(company.with_context(tz=company._accounting_zone()), timestamp)

    def _accounting_zone(self):
        """Give the time zone of the company's days: UTC only where no other one is known."""
        for company in reversed(self.parent_ids):
            if zone := company.accounting_tz or company.partner_id.tz:
                return zone
        zones = pytz.country_timezones.get(self.country_id.code or "", ())
        if len(zones) == 1:
            return zones[0]
        user = self.env["res.users"].search(
            [("company_ids", "in", self.root_id.ids), ("share", "=", False), ("tz", "!=", False)], order="id", limit=1
        )
        return user.tz or "UTC"

    def _check_day_open(self, day, journal, has_tax=False):
        """Refuse to post an entry on a day that is locked: Odoo would post it on another one, and say nothing.

        :param day: date that somebody has chosen for the entry
        :param journal: account.journal of the entry
        :param has_tax: whether the entry is in the tax report
        :raise UserError: naming the lock dates
        """
        locks = self._get_violated_lock_dates(day, has_tax, journal)
        if locks:
            raise UserError(
                self.env._(
                    "%(day)s is in a locked period of %(company)s: %(locks)s. Nothing was posted. Choose a later day.",
                    day=format_date(self.env, day), company=self.display_name, locks=self._format_lock_dates(locks),
                )
            )  # fmt: skip

    def _branches(self):
        """The company and its branches, itself first, whoever asks."""
        self.ensure_one()
        # Which branches a company has is not confidential; access is checked where their records are read.
        return self | self.sudo().search([("id", "child_of", self.id)]).sudo(self.env.su)

    def _is_seen_whole(self):
        """Whether the user has access to the company and all its branches."""
        return self.env.su or not self._branches() - self.env.user.company_ids

    def _require_branches(self):
        """The company and its branches, for what concerns all of them.

        :return: res.company records, itself first
        :raise UserError: where the user has no access to all of them
        """
        if not self._is_seen_whole():
            raise UserError(
                self.env._(
                    "%s has branches that you have no access to, and this concerns all of them. Nothing was changed. "
                    "Ask somebody who has access to all.",
                    self.sudo().display_name,
                )
            )
        return self._branches()

    def _grouped_by_today(self):
        """Group companies by the day that it is for them; there are at most three at any moment.

        :return: ``{date: res.company records}``
        """
        return self.grouped(lambda company: company._today())

    @api.model
    def _install_reconciliation_demo(self):
        """Build the demo company; do nothing where it is already there."""
        # The builder is only ever needed here: an installation without demo data doesn't load it.
        from ...demo import recreation_centre

        if not self.env.ref(recreation_centre.COMPANY_XMLID, raise_if_not_found=False):
            recreation_centre.build(self.env)
