from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tzs


class ResCompany(models.Model):
    _inherit = "res.company"

    accounting_tz = fields.Selection(
        lambda _self: _tzs,
        "Time zone of the accounting days",
        help="Which day it is for this company: when an installment is due, retried or overdue, and which date "
        "payments and bank periods get by default. Empty: the time zone of the company's contact, or UTC where it has "
        "none.",
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

    @api.model
    def _install_reconciliation_demo(self):
        """Build the demo company; do nothing where it is already there."""
        # The builder is only ever needed here: an installation without demo data doesn't load it.
        from ...demo import recreation_centre

        if not self.env.ref(recreation_centre.COMPANY_XMLID, raise_if_not_found=False):
            recreation_centre.build(self.env)
