"""Which menus, views, buttons and fields each role sees."""

from lxml import etree
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common.access import AccessCommon
from .common.access_actions import ACCOUNTS, BANK, MANAGE, ROLES, VIEW

MENUS = {
    "menu_root": {ACCOUNTS, BANK},
    "menu_clients": {ACCOUNTS},
    "menu_accounts": {ACCOUNTS},
    "menu_reconcile_all": {MANAGE},
    "menu_finance": {VIEW},
    "menu_unreconciled": {VIEW},
    "menu_planned_payments": {VIEW},
    "menu_transactions": {VIEW},
    "menu_lines": {VIEW},
    "menu_runs": {VIEW},
    "menu_reminders": {VIEW},
    "menu_overview": {VIEW},
    "menu_reports": {VIEW},
    "menu_payment_by_code": {VIEW},
    "menu_breakdown": {VIEW},
    "menu_payment_by_item": {VIEW},
    "menu_paid_items": {VIEW},
    "menu_payment_returns": {VIEW},
    "menu_differences": {VIEW},
    "menu_disputes": {VIEW},
    "menu_remittance_advices": {BANK},
    "menu_bank_batches": {BANK},
    "menu_difference_policies": {BANK},
    "menu_bank": {BANK},
    "menu_bank_transactions": {BANK},
    "menu_import_statements": {BANK},
    "menu_decisions": {BANK},
    "menu_bank_matching": {BANK},
    "menu_expenses": {BANK},
    "menu_expense_presets": {BANK},
    "menu_bank_match_memory": {BANK},
    "menu_ledger": {BANK},
    "menu_ledger_accounts": {BANK},
    "menu_ledger_rules": {BANK},
    "menu_ledger_reconciliations": {BANK},
    "menu_ledger_proofs": {BANK},
    "menu_closings": {BANK},
}

# (model, view type): who may load it
VIEWS = {
    ("account.reconciliation.line", "list"): VIEW,
    ("account.reconciliation.transaction", "list"): VIEW,
    ("account.reconciliation.transaction", "pivot"): VIEW,
    ("account.reconciliation.run", "list"): VIEW,
    ("account.reconciliation.run", "form"): VIEW,
    ("account.reconciliation.modify", "form"): VIEW,
    ("account.reconciliation.breakdown", "list"): VIEW,
    ("account.reconciliation.breakdown", "pivot"): VIEW,
    ("account.reconciliation.payment", "list"): VIEW,
    ("account.reconciliation.payment", "graph"): VIEW,
    ("account.reconciliation.paid.item", "list"): VIEW,
    ("account.make.payment", "form"): MANAGE,
    ("account.reconcile.accounts", "form"): MANAGE,
}

# (model, view or its type, what is looked for): who sees it in Odoo's own screens
ELEMENTS = {
    ("account.move", "form", "//button[@name='action_open_reconciliations']"): VIEW,
    ("account.move", "form", "//page[@name='reconciliations']"): VIEW,
    ("account.move", "account.view_out_invoice_tree", "//field[@name='reconciliation_status']"): VIEW,
    ("account.move", "search", "//filter[@name='reconciliation_partial']"): VIEW,
    ("account.payment", "form", "//button[@name='action_open_reconciliations']"): VIEW,
    ("account.payment", "list", "//field[@name='reconciliation_status']"): VIEW,
    ("account.payment", "search", "//filter[@name='by_reconciliation']"): VIEW,
    ("res.partner", "base.view_partner_form", "//button[@name='action_open_client_billing']"): VIEW,
    ("res.partner", "base.view_partner_form", "//button[@name='action_open_reconcile_account']"): MANAGE,
    ("res.partner", "account_reconciliation.view_account_list", "//field[@name='complete_name']"): ACCOUNTS,
    ("res.partner", "account_reconciliation.view_account_list", "//field[@name='credit']"): VIEW,
    ("res.partner", "account_reconciliation.view_account_list", "//field[@name='total_invoiced']"): VIEW,
    ("res.partner", "account_reconciliation.view_account_list", "//header/button"): MANAGE,
    ("account.reconciliation.run", "form", "//button[@name='action_cancel']"): MANAGE,
}
# The contact's own screens are Odoo's and not ours to hide.
OPEN_TO_ALL = {"//field[@name='complete_name']"}


@tagged("post_install", "-at_install")
class TestAccessByViews(AccessCommon):
    def as_roles(self):
        for role, user in self.users.items():
            yield role, ROLES[role][1], self.env(user=user, su=False)

    def test_menus(self):
        for role, rights, env in self.as_roles():
            try:
                visible = env["ir.ui.menu"].load_menus(False)
            except AccessError:  # there are no menus for clients
                visible = {}
            for name, opens in MENUS.items():
                with self.subTest(role=role, menu=name):
                    menu = self.env.ref(f"account_reconciliation.{name}")
                    self.assertEqual(menu.id in visible, bool(opens & rights))

    def test_own_views(self):
        for role, rights, env in self.as_roles():
            for (model, kind), right in VIEWS.items():
                with self.subTest(role=role, model=model, view=kind):
                    try:
                        env[model].get_views([(False, kind)])
                    except AccessError:
                        self.assertNotIn(right, rights)
                    else:
                        self.assertIn(right, rights)

    def test_form_of_a_user_can_give_every_permission(self):
        """It offers one group of a privilege, so each group of a privilege includes those before it."""
        category = self.env.ref("account_reconciliation.module_category_reconciliation")
        self.assertEqual(len(category.privilege_ids), 4)
        for privilege in category.privilege_ids:
            groups = privilege.group_ids.sorted(lambda group: len(group.all_implied_ids & group.privilege_id.group_ids))
            if privilege == self.env.ref("account_reconciliation.privilege_role"):
                continue  # nobody has two roles
            for first, second in zip(groups, groups[1:], strict=False):
                self.assertIn(first, second.all_implied_ids, privilege.name)

    def test_buttons_fields_and_filters(self):
        for role, rights, env in self.as_roles():
            for (model, view, path), right in ELEMENTS.items():
                with self.subTest(role=role, model=model, view=view, path=path):
                    found = self.found(env[model], view, path)
                    if path in OPEN_TO_ALL:
                        self.assertTrue(found or role in ("portal", "public"))
                    else:
                        self.assertEqual(found, right in rights)

    def found(self, model, view, path):
        """Whether the arch that a user gets has an element; a view that can't be loaded has none."""
        by_id = self.env.ref(view) if "." in view else None
        try:
            arch = model.get_view(*((by_id.id, by_id.type) if by_id else (False, view)))["arch"]
        except AccessError:
            return False
        return bool(etree.fromstring(arch).xpath(path))

    def test_action_menu_of_contacts(self):
        server_action = self.env.ref("account_reconciliation.action_reconcile_selected_accounts")
        for role, rights, env in self.as_roles():
            if role not in ("portal", "public"):
                with self.subTest(role=role):
                    found = env["ir.actions.actions"].get_bindings("res.partner").get("action", [])
                    self.assertEqual(server_action.id in [bound["id"] for bound in found], MANAGE in rights)

    def test_general_sees_accounts_without_money(self):
        general = self.env(user=self.users["role general"], su=False)
        owner = general["res.partner"].browse(self.family.id)
        self.assertEqual(owner.read(["name"])[0]["name"], "Tremblay family")
        for name in ("credit", "debit", "total_invoiced"):
            with self.assertRaises(AccessError):
                owner.read([name])


# -- several companies -------------------------------------------------------------------------------------------------
