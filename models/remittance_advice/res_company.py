from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    remittance_alias_id = fields.Many2one("mail.alias", "Mail alias of remittance advice", copy=False)
    remittance_alias_name = fields.Char(
        "Alias of remittance advice",
        compute="_compute_remittance_alias_name",
        inverse="_inverse_remittance_alias_name",
        help="What is sent to this address becomes a remittance advice to review. Empty: none is received by mail.",
    )
    remittance_alias_email = fields.Char("Address", compute="_compute_remittance_alias_name")

    @api.depends("remittance_alias_id.alias_name", "remittance_alias_id.alias_full_name")
    def _compute_remittance_alias_name(self):
        for company in self:
            # A user who sees the settings of a company sees its address.
            alias = company.sudo().remittance_alias_id
            company.remittance_alias_name = alias.alias_name
            company.remittance_alias_email = alias.alias_full_name if "@" in (alias.alias_full_name or "") else False

    def _inverse_remittance_alias_name(self):
        """Make, rename or take away the alias; a user who may change the company may do that."""
        for company in self:
            alias, name = company.sudo().remittance_alias_id, (company.remittance_alias_name or "").strip()
            if not name:
                alias.unlink()
            elif alias:
                alias.alias_name = name
            else:
                company.sudo().remittance_alias_id = alias.create({
                    "alias_name": name,
                    "alias_domain_id": company.sudo().alias_domain_id.id,
                    "alias_model_id": self.env["ir.model"]._get_id("account.remittance.advice"),
                    "alias_defaults": {"company_id": company.id},
                    "alias_contact": "everyone",
                })  # fmt: skip
