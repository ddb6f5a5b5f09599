"""Who may see and do what, through the ORM and the web client's RPC: each role, each action."""

import io
import json
from datetime import datetime

import openpyxl
from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common.access import AccessCommon, AccessRpcCommon
from .common.access_actions import ROLES, VIEW


@tagged("post_install", "-at_install")
class TestAccessByOrm(AccessCommon):
    def test_every_role_and_action(self):
        for role, user in self.users.items():
            self.assertCells(role, self.orm(user))

    def test_portal_user_reads_the_document_itself(self):
        """The refusals above are about our data: the client does read its own invoice."""
        invoice = self.env["account.move"].browse(self.mine.invoice).with_user(self.users["portal"])
        self.assertEqual(invoice.read(["amount_total"])[0]["amount_total"], 170)

    def test_invoicing_user_registers_payments_and_the_items_get_their_lines(self):
        """The addon's own bookkeeping needs no rights of the user; seeing it does."""
        user = self.users["invoicing only"]
        invoice = self.document([75, 75, 20], date="2026-01-20")
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        wizard = self.env["account.payment.register"].with_user(user).with_context(**context)
        payment = wizard.create({"payment_date": "2026-01-20", "amount": 100})._create_payments()
        self.assertEqual(payment.env.user, user)
        self.assertEqual(self.applied(invoice, payment.sudo()), [75, 25, 0])
        self.assertEqual(invoice.reconciliation_line_ids.create_uid, user)
        self.assertInvariants(invoice)

    def test_invoicing_user_posts_credits_and_resets_what_is_open(self):
        """Whoever posts makes the items, whoever resets takes them away."""
        user = self.users["invoicing only"]
        invoice = self.document([75, 20], post=False).with_user(user)
        invoice.action_post()
        self.assertEqual(len(invoice.sudo().reconciliation_item_ids), 2)
        invoice.button_draft()
        self.assertFalse(invoice.sudo().reconciliation_item_ids)

    def test_refusal_names_the_permission(self):
        general, admin = self.users["role general"], self.users["role admin"]
        invoice = self.env["account.move"].browse(self.mine.invoice)
        for user, call, permission in (
            (general, lambda move: move.get_reconciliation_report(), "Client billing"),
            (general, lambda move: move.action_repair_reconciliation(), "Manage reconciliations"),
            (admin, lambda move: move.action_delete_reconciliations(), "Delete reconciliations"),
            (admin, lambda move: move.line_ids.remove_move_reconcile(), "Delete reconciliations"),
        ):
            with self.undone(), self.assertRaisesRegex(AccessError, permission):
                call(invoice.with_user(user))

    def test_nobody_writes_the_bookkeeping_by_hand(self):
        """Items, lines and runs are made by the addon alone: not even the owner writes them."""
        owner = self.env(user=self.users["role owner"])
        line = self.env["account.reconciliation.line"].search([("move_id", "=", self.mine.invoice)], limit=1)
        for model, ids in (
            ("account.reconciliation.item", [self.mine.item]),
            ("account.reconciliation.line", line.ids),
            ("account.reconciliation.run", [self.mine.run]),
            ("account.reconciliation.transaction", [self.mine.owed_line]),
        ):
            for method, args in (("write", [{"company_id": self.company.id}]), ("unlink", []), ("create", [{}])):
                with self.subTest(model=model, method=method), self.undone():
                    records = owner[model] if method == "create" else owner[model].browse(ids)
                    with self.assertRaises(AccessError):
                        getattr(records, method)(*args)


@tagged("post_install", "-at_install")
class TestAccessByRpc(AccessRpcCommon):
    @mute_logger("odoo.http")
    def test_every_role_and_action(self):
        for role in ROLES:
            self.log_in(role)
            self.assertCells(role, self.rpc)

    @mute_logger("odoo.http")
    def test_private_methods_are_out_of_reach(self):
        self.log_in("role owner")
        for model, method in (
            ("account.move", "_modify_reconciliations"),
            ("account.move", "_rebuild_reconciliation"),
            ("account.move.line", "_reconcile_pairs"),
            ("account.reconciliation.line", "_allocate"),
            ("account.reconciliation.item", "_drop"),
            ("account.reconciliation.run", "_set_state"),
            ("account.reconciliation.run", "_start"),
        ):
            with self.subTest(method=f"{model}.{method}"), self.assertRaises(AccessError):
                self.rpc(model, method, [self.mine.invoice], [])

    def export(self, model, domain, names, kind="csv"):
        data = {
            "model": model,
            "domain": domain,
            "ids": False,
            "groupby": [],
            "import_compat": False,
            "context": {},
            "fields": [{"name": name, "label": name, "type": "char", "store": True} for name in names],
        }
        return self.url_open(
            f"/web/export/{kind}", data={"data": json.dumps(data), "csrf_token": Request.csrf_token(self)}, timeout=60
        )

    @mute_logger("odoo.http")
    def test_export_routes(self):
        exports = (
            ("account.reconciliation.item", [("move_id", "=", self.mine.invoice)], ["amount_total"]),
            ("account.reconciliation.line", [("move_id", "=", self.mine.invoice)], ["amount"]),
            ("account.reconciliation.transaction", [("move_id", "=", self.mine.invoice)], ["amount"]),
            ("account.reconciliation.breakdown", [("move_id", "=", self.mine.invoice)], ["amount_total"]),
            ("account.reconciliation.payment", [("move_id", "=", self.mine.invoice)], ["amount"]),
            ("account.reconciliation.paid.item", [("move_id", "=", self.mine.invoice)], ["amount"]),
            ("account.move", [("id", "=", self.mine.invoice)], ["reconciliation_status"]),
            ("account.move.line", [("id", "=", self.mine.item_line)], ["item_amount_total"]),
        )
        for role, (_groups, rights) in ROLES.items():
            if role == "public":
                continue
            self.log_in(role)
            for model, domain, names in exports:
                with self.subTest(role=role, model=model):
                    response = self.export(model, domain, names)
                    if VIEW in rights:
                        self.assertEqual(response.status_code, 200, response.text[:300])
                        self.assertEqual(len(response.text.splitlines()), 1 + self.rows(model, domain))
                    else:
                        self.assertNotEqual(response.status_code, 200)

    def rows(self, model, domain):
        return self.env[model].search_count(domain)

    @mute_logger("odoo.http")
    def test_xlsx_of_unreconciled_items(self):
        self.log_in("permission client billing")
        domain = [("amount_residual", "!=", 0)]
        response = self.export("account.reconciliation.transaction", domain, ["name", "amount_residual"], "xlsx")
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.content.startswith(b"PK"))

    @mute_logger("odoo.http")
    def test_xlsx_of_reports_has_real_numbers_and_dates(self):
        self.log_in("permission client billing")
        for model, amount in (("breakdown", "amount_total"), ("payment", "amount"), ("paid.item", "amount")):
            response = self.export(
                f"account.reconciliation.{model}", [("move_id", "=", self.mine.invoice)], ["date", amount], "xlsx"
            )
            rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))[1:]
            self.assertEqual({row[0] for row in rows}, {datetime(2026, 1, 15)}, model)
            self.assertEqual(sorted(row[1] for row in rows), [25, 75], model)

    @mute_logger("odoo.http")
    def test_public_routes_lead_to_the_login(self):
        self.authenticate(None, None)
        for path in (
            "/odoo/account-transactions",
            "/odoo/reconciliation-lines",
            f"/odoo/account.move/{self.mine.invoice}",
            "/json/1/account-transactions",
        ):
            with self.subTest(path=path):
                response = self.url_open(path, allow_redirects=True)
                self.assertTrue("/web/login" in response.url or response.status_code >= 400, response.url)

    def test_client_opens_its_invoice_in_the_portal(self):
        """The portal page of a document works with the addon installed, and tells nothing of it."""
        self.log_in("portal")
        page = self.url_open(f"/my/invoices/{self.mine.invoice}")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("econciliation", page.text)


# -- views -------------------------------------------------------------------------------------------------------------
