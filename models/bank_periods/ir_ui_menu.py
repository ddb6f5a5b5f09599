from odoo import models

from ..common.permissions import BANK

MENUS = ("menu_bank_reconciliations", "menu_bank_book", "menu_bank_snapshots")


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Hide the menus of bank reconciliations from users all of whose companies have switched them off."""
        hidden = super()._load_menus_blacklist()
        if self.env.user.has_group(BANK) and not any(self.env.user.company_ids.mapped("bank_reconciliation")):
            hidden = [*hidden, *(self.env.ref(f"account_reconciliation.{name}").id for name in MENUS)]
        return hidden
