"""How the reports open, what they export, and who may export."""

import io
import json
from ast import literal_eval

import openpyxl
from lxml import etree
from odoo import fields
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import ReconciliationCommon
from .common.access_actions import ROLES

REPORTS = {
    "action_payment_by_code": "month-1",
    "action_payment_by_item": "month-1",
    "action_breakdown": "month-1",
    "action_paid_items": "year",
}
MAY_EXPORT = {"role accountant", "role super admin", "role owner"}


@tagged("post_install", "-at_install")
class TestReportScreens(ReconciliationCommon):
    def test_reports_open_on_a_period_that_can_be_changed(self):
        for name, period in REPORTS.items():
            with self.subTest(report=name):
                action = self.env.ref(f"account_reconciliation.{name}")
                self.assertEqual(literal_eval(action.context)["search_default_date"], 1)
                search = etree.fromstring(self.env[action.res_model].get_view(view_type="search")["arch"])
                [choice] = search.xpath("//filter[@name='date']")
                self.assertEqual((choice.get("date"), choice.get("default_period")), ("date", period))

    def test_ledger_codes_are_in_view(self):
        listed = self.env.ref("account_reconciliation.view_payment_code_list")
        arch = etree.fromstring(self.env["account.reconciliation.payment"].get_view(listed.id, "list")["arch"])
        self.assertEqual((arch.get("default_group_by"), arch.get("expand")), ("state,account_id,method", "1"))

    def test_lists_show_the_currency(self):
        for view_name, name in (
            ("payment_item_list", "company_currency_id"),
            ("payment_code_list", "company_currency_id"),
            ("breakdown_list", "company_currency_id"),
            ("paid_item_list", "company_currency_id"),
            ("transaction_list", "currency_id"),
            ("reconciliation_line_list", "currency_id"),
            ("planned_payment_list", "currency_id"),
            ("bank_transaction_list", "currency_id"),
        ):
            with self.subTest(view=view_name):
                view = self.env.ref(f"account_reconciliation.view_{view_name}")
                arch = etree.fromstring(self.env[view.model].get_view(view.id, "list")["arch"])
                [column] = arch.xpath(f"/list/field[@name='{name}']")
                self.assertEqual((column.get("optional"), column.get("column_invisible")), ("show", None))

    def test_lists_have_cards_for_a_phone(self):
        """A list, also one in a form, opens as cards where there is no room for columns."""
        records = self.env["ir.model.data"].search([("module", "=", "account_reconciliation")])
        own = records.filtered(lambda record: record.model == "ir.actions.act_window")
        for action in self.env["ir.actions.act_window"].browse(own.mapped("res_id")):
            views = {kind: view_id for view_id, kind in action.views}
            if "list" not in views:
                continue
            listed = self.env[action.res_model].get_view(views["list"], "list")
            if self.env["ir.ui.view"].browse(listed["id"]).xml_id.startswith("account_reconciliation."):
                with self.subTest(action=action.xml_id):
                    self.assertIn("kanban", views)
        own = records.filtered(lambda record: record.model == "ir.ui.view")
        for view in self.env["ir.ui.view"].browse(own.mapped("res_id")):
            # In a dialog, amounts are entered in the columns.
            if view.type == "form" and not self.env[view.model]._transient:
                for listed in etree.fromstring(view.arch).xpath("//field/list"):
                    columns = listed.xpath("field[not(@column_invisible)]")
                    with self.subTest(view=view.xml_id, field=listed.getparent().get("name")):
                        self.assertTrue(len(columns) < 4 or listed.xpath("../kanban"))

    def test_row_of_a_list_in_a_form_opens_nothing_else(self):
        """Odoo heeds the action of a list's row only where the list is a page of its own."""
        own = self.env["ir.model.data"].search(
            [("module", "=", "account_reconciliation"), ("model", "=", "ir.ui.view")]
        )
        for view in self.env["ir.ui.view"].browse(own.mapped("res_id")):
            with self.subTest(view=view.xml_id):
                self.assertFalse(etree.fromstring(view.arch).xpath("//field/list[@action]"))

    def test_green_badges_can_be_read(self):
        """White on Odoo's usual green is too light: a view with a green badge asks for the darker one."""
        green = "//field[@widget='badge'][@decoration-success] | //field[contains(@options, \"'success'\")]"
        own = self.env["ir.model.data"].search(
            [("module", "=", "account_reconciliation"), ("model", "=", "ir.ui.view")]
        )
        for view in self.env["ir.ui.view"].browse(own.mapped("res_id")):
            arch = etree.fromstring(view.arch)
            if view.type in ("list", "form", "kanban") and view.mode == "primary" and arch.xpath(green):
                with self.subTest(view=view.xml_id):
                    self.assertIn("o_readable_badges", (arch.get("class") or "").split())

    def test_amounts_in_one_style(self):
        dollars = self.company.currency_id
        euro = self.setup_other_currency("EUR")
        other_dollars = self.setup_other_currency("CAD")
        other_dollars.symbol = dollars.symbol
        totals = self.env["res.currency"]._format_totals
        self.assertEqual(totals({dollars.id: 1234.5}), dollars.format(1234.5))
        self.assertEqual(totals({euro.id: 2, dollars.id: 0}), euro.format(2))
        self.assertEqual(totals({other_dollars.id: 3}), f"{other_dollars.format(3)} CAD", "not the company's dollar")

    def test_who_may_export(self):
        for role, (groups, _rights) in ROLES.items():
            if role in ("portal", "public", "accounting administrator"):
                continue
            with self.subTest(role=role):
                user = self.user_with(f"export {role}", *groups)
                self.assertEqual(user.has_group("base.group_allow_export"), role in MAY_EXPORT)


@tagged("post_install", "-at_install")
class TestExport(ReconciliationCommon, HttpCase):
    def test_spreadsheet_has_a_currency_column(self):
        self.user_with("export_accountant", "account_reconciliation.group_accountant")
        invoice = self.document([75, 20], date=str(fields.Date.today()))
        self.register_payment(invoice, 80, payment_date=str(fields.Date.today()))
        self.authenticate("export_accountant", "export_accountant")
        model = "account.reconciliation.payment"
        names = ["date", "account_id", "amount", "company_currency_id"]
        response = self.url_open(
            "/web/export/xlsx",
            data={
                "data": json.dumps({
                    "model": model,
                    "fields": [
                        {"name": name, "label": name, "type": self.env[model]._fields[name].type} for name in names
                    ],
                    "ids": False,
                    "domain": [["move_id", "=", invoice.id]],
                    "groupby": [],
                    "import_compat": False,
                    "context": {"allowed_company_ids": self.company.ids},
                }),
                "csrf_token": Request.csrf_token(self),
            },
        )  # fmt: skip
        response.raise_for_status()
        rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
        self.assertEqual(rows[0], tuple(names))
        self.assertEqual({row[-1] for row in rows[1:]}, {self.company.currency_id.name})
        self.assertEqual(sum(row[2] for row in rows[1:]), 80)
