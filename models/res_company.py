from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _install_reconciliation_demo(self):
        """Build the demo company; do nothing where it is already there."""
        # The builder is only ever needed here: an installation without demo data doesn't load it.
        from ..demo import recreation_centre

        if not self.env.ref(recreation_centre.COMPANY_XMLID, raise_if_not_found=False):
            recreation_centre.build(self.env)
