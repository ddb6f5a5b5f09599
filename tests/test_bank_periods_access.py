"""The table of the reference: six roles, six rights, each cell by the ORM and by the web client's RPC."""

from contextlib import contextmanager

from lxml import etree
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common.bank_periods import BankPeriodCommon

MODEL = "account.bank.reconciliation"
YES, NO = True, False
ROLES = ("owner", "super_admin", "admin", "accountant", "general", "client")
TABLE = {
    "create": (YES, YES, NO, YES, NO, NO),
    "view": (YES, YES, NO, YES, NO, NO),
    "confirm": (YES, YES, NO, YES, NO, NO),
    "edit": (YES, YES, NO, YES, NO, NO),
    "delete": (YES, YES, NO, YES, NO, NO),
    "snapshot": (YES, YES, NO, YES, NO, NO),
}
MENUS = ("menu_bank_reconciliations", "menu_bank_book", "menu_bank_snapshots")
ELEMENTS = (
    ("account.payment", "account.view_account_payment_form", "//button[@name='action_open_bank_reconciliation']"),
    ("account.move", "account.view_move_form", "//button[@name='action_open_bank_reconciliation']"),
    ("account.journal", "account.account_journal_dashboard_kanban_view", "//button[@name='action_open_bank_book']"),
)


class BankPeriodAccessCommon(BankPeriodCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: cls.user_with(
                f"bank.{role}",
                *(
                    ["base.group_portal"]
                    if role == "client"
                    # What is asked is whether ours can be exported.
                    else [f"account_reconciliation.group_{role}", "base.group_allow_export"]
                ),
            )
            for role in ROLES
        }
        cls.users["client"].partner_id.parent_id = cls.family
        cls.paid = cls.payment(100, date="2026-01-10")
        cls.january = cls.period(1, end=100)
        cls.key = cls.remittances._of_records(cls.paid).ids
        cls.february = cls.period(2, end=5)
        cls.known = cls.payment(5, date="2026-02-10")
        cls.february.action_confirm(cls.known)
        cls.february.action_close()
        cls.snapshot = cls.february.snapshot_ids

    def actions(self, call, role):
        """Each right of the table: what it takes, as calls of a client. All of them have to be allowed, or none."""
        january, february, snapshot = self.january.ids, self.february.ids, self.snapshot.ids
        values = {"journal_id": self.savings.id, "date_from": "2026-01-01", "date_to": "2026-01-31"}
        return {
            "create": [lambda: call(MODEL, "create", [values])],
            "view": [
                lambda: call(MODEL, "search_read", [("id", "in", january)], ["remaining"]),
                lambda: call(MODEL, "read", january, ["balance_end", "state"]),
                lambda: call(MODEL, "web_search_read", [("id", "in", january)], {"remaining": {}})["records"],
                lambda: call(MODEL, "formatted_read_group", [], ["journal_id"], ["remaining:sum"]),
                # Odoo lets no client export anything.
                lambda: call(MODEL, "export_data" if role != "client" else "read", january, ["remaining"]),
                lambda: call(MODEL, "get_page", january)["rows"],
                lambda: call(MODEL, "get_totals", january),
                lambda: call(MODEL, "get_discrepancies", january) == [],
                lambda: call(MODEL, "action_open_snapshots", february),
                lambda: call("account.bank.remittance", "search_read", [("id", "in", self.key)], ["amount"]),
                lambda: call(f"{MODEL}.snapshot", "read", snapshot, ["sha256"]),
                lambda: call(f"{MODEL}.snapshot", "search_count", []),
                lambda: call(f"{MODEL}.confirmation", "search_count", []),
                lambda: call("account.payment", "read", self.known.ids, ["bank_reconciliation_ids"])[0][
                    "bank_reconciliation_ids"
                ],
            ],
            "confirm": [
                lambda: call(MODEL, "action_confirm", january, self.key)["confirmed_count"] == 1,
                lambda: call(MODEL, "action_unconfirm", january, self.key)["confirmed_count"] == 0,
                lambda: call(MODEL, "action_confirm_all", january)["confirmed_count"] == 1,
                lambda: call(MODEL, "action_unconfirm_all", january)["confirmed_count"] == 0,
                lambda: call(MODEL, "action_confirm_matched", january)["confirmed_count"] == 0,
                lambda: call(MODEL, "action_accept_changes", january),
            ],
            "edit": [
                lambda: call(MODEL, "write", january, {"balance_end": 90}),
                lambda: call(MODEL, "web_save", january, {"balance_end": 100}, {"balance_end": {}}),
                lambda: call(MODEL, "action_reopen", february, "a reason"),
                lambda: call(MODEL, "action_close", january, "a reason"),
                lambda: call(MODEL, "action_adjustment", january),
                lambda: call(MODEL, "action_bank_transfer", january),
            ],
            "delete": [lambda: call(MODEL, "unlink", january)],
            "snapshot": [lambda: call(MODEL, "action_snapshot", january)],
        }

    @contextmanager
    def undone(self):
        savepoint = self.env.cr.savepoint()
        self.env.invalidate_all()
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def assertCells(self, role, call):
        for right, allowed in TABLE.items():
            for number, action in enumerate(self.actions(call, role)[right]):
                with self.subTest(role=role, right=right, action=number), self.undone():
                    if right == "confirm" and number in (1, 3) and allowed[ROLES.index(role)]:
                        call(MODEL, "action_confirm_all", self.january.ids)
                    try:
                        done = action()
                    except AccessError:
                        self.assertFalse(allowed[ROLES.index(role)], f"{role} may {right}, but is refused")
                    else:
                        self.assertTrue(allowed[ROLES.index(role)], f"{role} may not {right}, but got {done!r}")
                        self.assertTrue(done, f"{role}: {right} did nothing")


@tagged("post_install", "-at_install")
class TestBankPeriodAccessByOrm(BankPeriodAccessCommon):
    def orm(self, user):
        env = self.env(user=user, su=False, context={})

        def call(model, method, *args, **kwargs):
            env.invalidate_all()
            return call_kw(env[model], method, list(args), kwargs)

        return call

    def test_every_cell(self):
        for role, user in self.users.items():
            self.assertCells(role, self.orm(user))

    def test_the_bare_permission_does_all_but_close_unbalanced(self):
        user = self.user_with("bare", "account_reconciliation.group_bank_reconciliation")
        period = self.january.with_user(user)
        period.action_confirm_all()
        period.action_close()
        with self.assertRaisesRegex(AccessError, "Close unbalanced bank reconciliations"):
            period.action_reopen("why")
            period.write({"balance_end": 5})
            period.action_close("why")

    def test_bookkeeping_is_written_by_no_hand(self):
        self.january.action_confirm_all()
        call = self.orm(self.users["owner"])
        for model, ids in (
            (f"{MODEL}.confirmation", self.january.confirmation_ids.ids),
            (f"{MODEL}.snapshot", self.snapshot.ids),
            (f"{MODEL}.snapshot.line", self.snapshot.line_ids.ids),
            ("account.bank.remittance", self.key),
        ):
            for method, args in (("write", [ids, {"amount": 1}]), ("unlink", [ids]), ("create", [[{}]])):
                with self.subTest(model=model, method=method), self.undone(), self.assertRaises(AccessError):
                    call(model, method, *args)

    def test_menus_and_buttons(self):
        for role, user in self.users.items():
            env = self.env(user=user, su=False, context={})
            allowed = TABLE["view"][ROLES.index(role)]
            try:
                visible = env["ir.ui.menu"].load_menus(False)
            except AccessError:
                visible = {}
            for name in MENUS:
                with self.subTest(role=role, menu=name):
                    self.assertEqual(self.env.ref(f"account_reconciliation.{name}").id in visible, allowed)
            for model, view, path in ELEMENTS:
                with self.subTest(role=role, element=path, model=model):
                    view = self.env.ref(view)
                    try:
                        arch = env[model].get_view(view.id, view.type)["arch"]
                    except AccessError:
                        arch = "<none/>"
                    self.assertEqual(bool(etree.fromstring(arch).xpath(path)), allowed)
            for kind in ("list", "form", "graph", "search"):
                with self.subTest(role=role, view=kind):
                    try:
                        env[MODEL].get_views([(False, kind)])
                    except AccessError:
                        self.assertFalse(allowed)
                    else:
                        self.assertTrue(allowed)

    # -- the company's switch -----------------------------------------------------------------------------------

    def test_switched_off_it_is_gone_for_all_and_kept(self):
        self.january.action_confirm_all()
        self.company.bank_reconciliation = False
        self.env.flush_all()
        for role, user in self.users.items():
            for right in TABLE:
                for number, action in enumerate(self.actions(self.orm(user), role)[right]):
                    with self.subTest(role=role, right=right, action=number), self.undone():
                        try:
                            done = action()
                        except AccessError:
                            continue
                        self.assertEqual((right, bool(done)), ("view", False), "searching finds nothing")
            if role != "client":
                visible = self.env(user=user, su=False, context={})["ir.ui.menu"].load_menus(False)
                for name in MENUS:
                    self.assertNotIn(self.env.ref(f"account_reconciliation.{name}").id, visible)
        with self.assertRaisesRegex(AccessError, "Bank reconciliation is switched off for"):
            self.periods.with_user(self.users["owner"]).create({"journal_id": self.savings.id})
        self.company.bank_reconciliation = True
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.january.with_user(self.users["owner"]).get_totals()["confirmed_count"], 1)

    def test_setting(self):
        settings = self.env["res.config.settings"].create({})
        settings.bank_reconciliation = False
        settings.execute()
        self.assertFalse(self.env.company.bank_reconciliation)

    def test_other_companies(self):
        other = self.setup_other_company()
        env = self.env(context={"allowed_company_ids": other["company"].ids})
        period = env[MODEL].create({
            "journal_id": other["default_journal_bank"].id, "date_from": "2026-01-01", "date_to": "2026-01-31",
        })  # fmt: skip
        call = self.orm(self.users["owner"])
        self.assertFalse(call(MODEL, "search", [("id", "=", period.id)]))
        for method, args in (("read", [["state"]]), ("get_page", []), ("action_confirm_all", []), ("unlink", [])):
            with self.subTest(method=method), self.assertRaises(AccessError):
                call(MODEL, method, period.ids, *args)


@tagged("post_install", "-at_install")
class TestBankPeriodAccessByRpc(BankPeriodAccessCommon, HttpCase):
    def rpc(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        try:
            return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", params, timeout=60)
        except JsonRpcException as error:
            if str(error) in ("odoo.exceptions.AccessError", "odoo.http.SessionExpiredException"):
                raise AccessError(str(error)) from error
            raise

    @mute_logger("odoo.http")
    def test_every_cell(self):
        for role, user in self.users.items():
            self.authenticate(user.login, user.login)
            self.assertCells(role, self.rpc)

    @mute_logger("odoo.http")
    def test_the_pdf_and_private_methods(self):
        for role, user in self.users.items():
            self.authenticate(user.login, user.login)
            with self.subTest(role=role):
                page = self.url_open(f"/web/content/{self.snapshot.attachment_id.id}")
                if TABLE["view"][ROLES.index(role)]:
                    self.assertEqual(page.status_code, 200)
                    self.assertTrue(page.content.startswith(b"%PDF"))
                else:
                    self.assertNotEqual(page.status_code, 200)
                for method in ("_set_state", "_take_snapshot", "_create_confirmations"):
                    with self.assertRaises(AccessError):
                        self.rpc(MODEL, method, self.january.ids, "closed")
