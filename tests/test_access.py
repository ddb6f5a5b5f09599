"""Who may see and do what, by every route: each role, each action, through the ORM, the web client's RPC and the views.

An action is written once, as calls of a client (model, method, arguments); the routes differ in how a call gets there.
"""

import io
import json
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace
from unittest.mock import patch

import openpyxl
from lxml import etree
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.service.model import call_kw
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import ReconciliationCommon

ACCOUNTS, VIEW, MANAGE, DELETE, BANK, REGISTER = "accounts", "view", "manage", "delete", "bank", "register payment"
EVERYTHING = {ACCOUNTS, VIEW, MANAGE, DELETE, BANK, REGISTER}

# role: (groups, what it may do). REGISTER is Odoo's own “Register payment”.
ROLES = {
    "role general": (["account_reconciliation.group_general"], {ACCOUNTS}),
    "role admin": (["account_reconciliation.group_admin"], EVERYTHING - {DELETE, BANK}),
    "role accountant": (["account_reconciliation.group_accountant"], EVERYTHING),
    "role super admin": (["account_reconciliation.group_super_admin"], EVERYTHING),
    "role owner": (["account_reconciliation.group_owner"], EVERYTHING),
    "permission view client accounts": (["account_reconciliation.group_view_client_accounts"], {ACCOUNTS}),
    "permission client billing": (["account_reconciliation.group_client_billing"], {ACCOUNTS, VIEW}),
    "permission manage": (["account_reconciliation.group_manage_reconciliations"], EVERYTHING - {DELETE, BANK}),
    "permission delete": (["account_reconciliation.group_delete_reconciliations"], EVERYTHING - {MANAGE, BANK}),
    "permission bank reconciliation": (["account_reconciliation.group_bank_reconciliation"], {BANK, REGISTER}),
    "accounting administrator": (["account.group_account_manager"], EVERYTHING),
    "invoicing only": (["account.group_account_invoice"], {REGISTER}),
    "internal user": (["base.group_user"], set()),
    "portal": (["base.group_portal"], set()),
    "public": (["base.group_public"], set()),
}

ACTIONS = {}


def action(right):
    """Register an action: a function of ``call`` and a ledger that returns something true where it told or did it."""

    def register(function):
        ACTIONS[function.__name__] = (right, function)
        return function

    return register


# -- seeing ------------------------------------------------------------------------------------------------------------


@action(VIEW)
def read_items(call, ledger):
    return call("account.reconciliation.item", "search_read", [("move_id", "=", ledger.invoice)], ["amount_total"])


@action(VIEW)
def read_one_item(call, ledger):
    return call("account.reconciliation.item", "read", [ledger.item], ["amount_total", "amount_residual"])


@action(VIEW)
def read_reconciliation_lines(call, ledger):
    return call("account.reconciliation.line", "search_read", [("move_id", "=", ledger.invoice)], ["amount"])


@action(VIEW)
def group_reconciliation_lines(call, ledger):
    domain = [("move_id", "=", ledger.invoice)]
    return call("account.reconciliation.line", "formatted_read_group", domain, ["account_id"], ["amount:sum"])


@action(VIEW)
def read_transactions(call, ledger):
    return call("account.reconciliation.transaction", "search_read", [("move_id", "=", ledger.invoice)], ["amount"])


@action(VIEW)
def search_transactions_by_status(call, ledger):
    domain = [("move_id", "=", ledger.invoice), ("reconciliation_status", "=", "partial")]
    return call("account.reconciliation.transaction", "search_count", domain)


@action(VIEW)
def read_runs(call, ledger):
    return call("account.reconciliation.run", "read", [ledger.run], ["state", "amounts"])


@action(VIEW)
def read_accounts_of_a_run(call, ledger):
    return call("account.reconciliation.run.account", "search_read", [("run_id", "=", ledger.run)], ["partner_id"])


@action(VIEW)
def billing_header(call, ledger):
    return call("account.reconciliation.transaction", "get_billing_header", ledger.partner)["totals"]


@action(VIEW)
def open_client_billing(call, ledger):
    # The page of an account that one may see opens; its money is what the other actions ask for.
    return ledger.is_mine and call("res.partner", "action_open_client_billing", [ledger.partner])


@action(VIEW)
def reconciliation_report(call, ledger):
    return call("account.move", "get_reconciliation_report", [ledger.invoice])


@action(VIEW)
def reconciliation_report_of_a_payment(call, ledger):
    return call("account.move", "get_reconciliation_report", [ledger.payment_move])


@action(VIEW)
def status_of_a_document(call, ledger):
    return call("account.move", "read", [ledger.invoice], ["reconciliation_status"])


@action(VIEW)
def status_of_a_payment(call, ledger):
    return call("account.payment", "read", [ledger.payment], ["reconciliation_status"])


@action(VIEW)
def search_documents_by_status(call, ledger):
    domain = [("id", "=", ledger.invoice), ("reconciliation_status", "=", "partial")]
    return call("account.move", "search", domain)


@action(VIEW)
def group_documents_by_status(call, ledger):
    return call(
        "account.move", "formatted_read_group", [("id", "=", ledger.invoice)], ["reconciliation_status"], ["__count"]
    )


@action(VIEW)
def items_of_a_document(call, ledger):
    return call("account.move", "read", [ledger.invoice], ["reconciliation_item_ids", "reconciliation_line_ids"])


@action(VIEW)
def what_a_payment_is_applied_to(call, ledger):
    return call("account.move", "read", [ledger.payment_move], ["applied_line_ids"])


@action(VIEW)
def item_amounts_of_a_line(call, ledger):
    names = ["item_amount_total", "item_amount_reconciled", "item_amount_residual"]
    return call("account.move.line", "read", [ledger.item_line], names)


@action(VIEW)
def search_lines_by_open_amount(call, ledger):
    return call("account.move.line", "search", [("id", "=", ledger.item_line), ("item_amount_total", ">", 0)])


@action(VIEW)
def lines_of_a_partial(call, ledger):
    return call("account.partial.reconcile", "read", [ledger.partial], ["reconciliation_line_ids"])[0][
        "reconciliation_line_ids"
    ]


@action(VIEW)
def open_reconciliations(call, ledger):
    return call("account.move", "action_open_reconciliations", [ledger.invoice])


@action(VIEW)
def read_the_table_of_reconciliations(call, ledger):
    wizard = call("account.reconciliation.modify", "create", {"move_id": ledger.invoice})
    names = ["amount_total", "status", "error_text", "totals", "line_ids"]
    return call("account.reconciliation.modify", "read", [wizard], names)[0]["line_ids"]


@action(VIEW)
def export_items(call, ledger):
    ids = call("account.reconciliation.item", "search", [("move_id", "=", ledger.invoice)])
    return call("account.reconciliation.item", "export_data", ids, ["amount_total"])["datas"]


@action(VIEW)
def read_breakdown(call, ledger):
    domain = [("move_id", "=", ledger.invoice)]
    return call("account.reconciliation.breakdown", "search_read", domain, ["amount_untaxed", "amount_total"])


@action(VIEW)
def group_payments_by_ledger_code(call, ledger):
    domain = [("move_id", "=", ledger.invoice)]
    return call("account.reconciliation.payment", "formatted_read_group", domain, ["account_id"], ["amount:sum"])


@action(VIEW)
def read_unreconciled_payments(call, ledger):
    domain = [("partner_id", "=", ledger.partner), ("state", "=", "unreconciled"), ("company_id", "=", ledger.company)]
    return call("account.reconciliation.payment", "search_read", domain, ["amount"])


@action(VIEW)
def read_amounts_paid(call, ledger):
    domain = [("move_id", "=", ledger.invoice)]
    return call("account.reconciliation.paid.item", "search_read", domain, ["amount"])


@action(VIEW)
def read_balances_of_money(call, ledger):
    domain = [("move_line_id.move_id", "=", ledger.payment_move)]
    return call("account.reconciliation.money", "search_read", domain, ["amount_received"])


@action(VIEW)
def print_a_report(call, ledger):
    context = {"active_domain": [("move_id", "=", ledger.invoice)]}
    return ledger.is_mine and call("account.reconciliation.payment", "action_print", [], context=context)


@action(VIEW)
def overview(call, ledger):
    companies = call("account.reconciliation.overview", "get_overview")["companies"]
    return [company for company in companies if company["id"] == ledger.company]


@action(VIEW)
def export_breakdown(call, ledger):
    ids = call("account.reconciliation.breakdown", "search", [("move_id", "=", ledger.invoice)])
    return call("account.reconciliation.breakdown", "export_data", ids, ["amount_total"])["datas"]


# -- making and modifying ----------------------------------------------------------------------------------------------


@action(MANAGE)
def modify_in_the_table(call, ledger):
    wizard = call("account.reconciliation.modify", "create", {"move_id": ledger.invoice})
    rows = call("account.reconciliation.modify.line", "search", [
        ("wizard_id", "=", wizard), ("money_line_id", "=", ledger.deposit_line), ("item_id", "=", ledger.last_item),
    ])  # fmt: skip
    call("account.reconciliation.modify.line", "write", rows, {"amount": 10})
    call("account.reconciliation.modify", "action_save", [wizard])
    return ledger.applied() == 110


@action(MANAGE)
def make_payment(call, ledger):
    wizard = call(
        "account.make.payment",
        "create",
        {
            "partner_id": ledger.partner,
            "amount": 10,
            "date": "2026-01-20",
            "company_id": ledger.company,
            "currency_id": ledger.currency,
            "journal_id": ledger.journal,
        },
        context={"make_payment_move_ids": [ledger.invoice]},
    )
    call("account.make.payment", "action_pay", [wizard])
    return ledger.applied() == 110


@action(MANAGE)
def assign_outstanding_credit(call, ledger):
    call("account.move", "js_assign_outstanding_line", [ledger.invoice], ledger.deposit_line)
    return ledger.applied() == 130


@action(MANAGE)
def reconcile_account(call, ledger):
    call("res.partner", "action_reconcile_account", [ledger.partner])
    return ledger.applied() == 130


@action(MANAGE)
def ask_to_reconcile_account(call, ledger):
    return ledger.is_mine and call("res.partner", "action_open_reconcile_account", [ledger.partner])


@action(MANAGE)
def preview_of_reconcile_all_accounts(call, ledger):
    wizard = call("account.reconcile.accounts", "create", {"scope": "all", "company_id": ledger.company})
    return call("account.reconcile.accounts", "read", [wizard], ["account_count", "amount_text"])[0]["account_count"]


@action(MANAGE)
def reconcile_all_accounts(call, ledger):
    wizard = call("account.reconcile.accounts", "create", {"scope": "all", "company_id": ledger.company})
    call("account.reconcile.accounts", "action_reconcile", [wizard])
    return ledger.applied() == 130


@action(MANAGE)
def reconcile_in_slices(call, ledger):
    values = {"scope": "selected", "partner_ids": [(6, 0, [ledger.partner])], "company_id": ledger.company}
    wizard = call("account.reconcile.accounts", "create", values)
    return call("account.reconcile.accounts", "action_start", [wizard])


@action(MANAGE)
def scheduled_batch(call, ledger):
    call("account.reconcile.accounts", "run_batch")
    return ledger.applied() == 130


@action(MANAGE)
def help_with_a_run(call, ledger):
    call("account.reconcile.accounts", "help_running")
    return ledger.applied() == 130


@action(MANAGE)
def work_on_a_run(call, ledger):
    call("account.reconciliation.run", "process_slice", [ledger.run], 20)
    return ledger.applied() == 130


@action(MANAGE)
def cancel_a_run(call, ledger):
    call("account.reconciliation.run", "action_cancel", [ledger.run])
    return ledger.run_state() == "cancelled"


@action(MANAGE)
def repair(call, ledger):
    ledger.break_lines()
    call("account.move", "action_repair_reconciliation", [ledger.invoice])
    return ledger.applied() == 100


@action(MANAGE)
def repair_in_the_table(call, ledger):
    ledger.break_lines()
    wizard = call("account.reconciliation.modify", "create", {"move_id": ledger.invoice})
    call("account.reconciliation.modify", "action_repair", [wizard])
    return ledger.applied() == 100


# -- deleting ----------------------------------------------------------------------------------------------------------


@action(DELETE)
def delete_reconciliations(call, ledger):
    call("account.move", "action_delete_reconciliations", [ledger.invoice])
    return ledger.applied() == 0


@action(DELETE)
def delete_one_reconciliation(call, ledger):
    call("account.move", "action_delete_reconciliations", [ledger.invoice], ledger.payment_move)
    return ledger.applied() == 0


@action(DELETE)
def delete_in_the_table(call, ledger):
    wizard = call("account.reconciliation.modify", "create", {"move_id": ledger.invoice})
    call("account.reconciliation.modify", "action_delete", [wizard])
    return ledger.applied() == 0


@action(DELETE)
def delete_a_row_of_the_table(call, ledger):
    wizard = call("account.reconciliation.modify", "create", {"move_id": ledger.invoice})
    row = call("account.reconciliation.modify.line", "search", [("wizard_id", "=", wizard), ("amount", ">", 0)])[:1]
    call("account.reconciliation.modify.line", "action_delete", row)
    return ledger.applied() == 0


@action(DELETE)
def unreconcile_in_the_payments_widget(call, ledger):
    call("account.move", "js_remove_outstanding_partial", [ledger.invoice], ledger.partial)
    return ledger.applied() == 0


@action(DELETE)
def unlink_the_partial(call, ledger):
    call("account.partial.reconcile", "unlink", [ledger.partial])
    return ledger.applied() == 0


@action(DELETE)
def unreconcile_a_journal_item(call, ledger):
    call("account.move.line", "remove_move_reconcile", [ledger.owed_line])
    return ledger.applied() == 0


@action(DELETE)
def cancel_a_paid_document(call, ledger):
    # Odoo keeps a reconciliation at reset to draft and takes it back when the draft is cancelled.
    call("account.move", "button_draft", [ledger.invoice])
    call("account.move", "button_cancel", [ledger.invoice])
    return ledger.state() == "cancel"


@action(DELETE)
def cancel_an_applied_payment(call, ledger):
    call("account.payment", "action_cancel", [ledger.payment])
    return ledger.applied() == 0


# -- what bank matching has learned ------------------------------------------------------------------------------------


def _taught(call, ledger):
    values = {"kind": "name", "key": "GRANDMA ROSE", "partner_id": ledger.partner, "company_id": ledger.company}
    return call("account.bank.match.memory", "create", [values])


@action(BANK)
def teach_bank_matching(call, ledger):
    return _taught(call, ledger)


@action(BANK)
def read_what_bank_matching_has_learned(call, ledger):
    ids = _taught(call, ledger)
    return call("account.bank.match.memory", "read", ids, ["key", "meaning"])


@action(BANK)
def delete_what_bank_matching_has_learned(call, ledger):
    return call("account.bank.match.memory", "unlink", _taught(call, ledger))


# -- Odoo's own register payment ---------------------------------------------------------------------------------------


@action(REGISTER)
def register_a_payment(call, ledger):
    context = {"active_model": "account.move", "active_ids": [ledger.invoice]}
    wizard = call("account.payment.register", "create", {"payment_date": "2026-01-20", "amount": 10}, context=context)
    call("account.payment.register", "action_create_payments", [wizard], context=context)
    return ledger.applied() == 110


class AccessCommon(ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {}
        for role, (groups, _rights) in ROLES.items():
            if role == "public":
                cls.users[role] = cls.env.ref("base.public_user")
                continue
            if role != "portal":
                groups = [*groups, "base.group_allow_export"]  # what is asked is whether ours can be exported
            cls.users[role] = cls.user_with(role.replace(" ", "."), *groups)
        # The client reads its own documents in the portal.
        cls.users["portal"].partner_id.parent_id = cls.family
        cls.mine = cls.ledger(cls.company_data, cls.family)

    @classmethod
    def ledger(cls, company_data, partner, is_mine=True):
        """A document of 170 in three items, 100 of it paid, and 30 of money that waits; and a run that is pending."""
        company = company_data["company"]
        env = cls.env(user=cls.env.ref("base.user_root"), context={"allowed_company_ids": company.ids})
        partner = partner.with_env(env)
        code, bank = company_data["default_account_revenue"], company_data["default_journal_bank"]
        with patch.multiple(cls, env=env, codes=[code] * 3, bank=bank):
            invoice = cls.document([75, 75, 20], partner=partner)
            payment = cls.register_payment(invoice, 100)
            deposit = cls.payment(30, partner=partner)
            run = env["account.reconciliation.run"]._start(company)
        items = invoice.reconciliation_item_ids.sorted("sequence")

        def applied():
            env.invalidate_all()
            return sum(invoice.reconciliation_line_ids.mapped("amount_currency"))

        def break_lines():
            env.cr.execute(
                "UPDATE account_reconciliation_line SET amount_currency = 20, amount = 20"
                " WHERE move_id = %s AND amount_currency = 25",
                [invoice.id],
            )
            env.invalidate_all(flush=False)

        def fresh(record, name):
            env.invalidate_all()
            return record[name]

        return SimpleNamespace(
            is_mine=is_mine,
            company=company.id,
            currency=company.currency_id.id,
            journal=bank.id,
            partner=partner.id,
            invoice=invoice.id,
            item=items[0].id,
            last_item=items[-1].id,
            item_line=items[0].move_line_id.id,
            owed_line=invoice._owed_lines().id,
            payment=payment.id,
            payment_move=payment.move_id.id,
            deposit_line=deposit.move_id._owed_lines().id,
            partial=invoice._partials_with(payment.move_id).id,
            run=run.id,
            applied=applied,
            break_lines=break_lines,
            run_state=lambda: fresh(run, "state"),
            state=lambda: fresh(invoice, "state"),
            moves=invoice | payment.move_id | deposit.move_id,
        )

    @contextmanager
    def undone(self):
        """Whatever happens in here is taken back at the end."""
        savepoint = self.env.cr.savepoint()
        self.env.invalidate_all()
        try:
            # The scheduled action commits its batches, which a test can't have.
            with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
                yield
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def orm(self, user, **context):
        """The route of a program: the ORM as a user, with the checks of a remote call."""
        env = self.env(user=user, su=False, context=context)

        def call(model, method, *args, **kwargs):
            env.invalidate_all()
            kwargs["context"] = {**context, **kwargs.get("context", {})}
            return call_kw(env[model], method, list(args), kwargs)

        return call

    # What is tried; a part of the addon with a table of its own names it here.
    actions = ACTIONS

    def assertCells(self, role, call):
        """Try every action as a role: it works where the table allows it, and is refused where not."""
        rights = ROLES[role][1]
        for name, (right, function) in self.actions.items():
            with self.subTest(role=role, action=name), self.undone():
                try:
                    done = function(call, self.mine)
                except AccessError:
                    self.assertNotIn(right, rights, f"{role} may {right}, but “{name}” is refused")
                else:
                    self.assertIn(right, rights, f"{role} may not {right}, but “{name}” gave {done!r}")
                    self.assertTrue(done, f"{role}: “{name}” did nothing")


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
class TestAccessByRpc(AccessCommon, HttpCase):
    def rpc(self, model, method, *args, **kwargs):
        """The route of the web client; refusals come back as the exceptions that they were."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        try:
            return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", params, timeout=60)
        except JsonRpcException as error:
            if str(error) in ("odoo.exceptions.AccessError", "odoo.http.SessionExpiredException"):
                raise AccessError(str(error)) from error
            raise

    def log_in(self, role):
        if role == "public":
            self.authenticate(None, None)
        else:
            self.authenticate(self.users[role].login, self.users[role].login)

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

# menu: any of these rights opens it
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
    "menu_bank": {BANK},
    "menu_bank_transactions": {BANK},
    "menu_import_statements": {BANK},
    "menu_decisions": {BANK},
    "menu_bank_matching": {BANK},
    "menu_expenses": {BANK},
    "menu_expense_presets": {BANK},
    "menu_bank_match_memory": {BANK},
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


@tagged("post_install", "-at_install")
class TestAccessOfOtherCompany(AccessCommon):
    """Ids of company B, given to whatever a user of company A can call: nothing told, nothing changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company_data = cls.setup_other_company()
        cls.other = cls.other_company_data["company"]
        cls.other_partner = cls.env["res.partner"].create({"name": "Client of both"})
        cls.theirs = cls.ledger(cls.other_company_data, cls.other_partner, is_mine=False)

    def state(self):
        """All of company B that an action could change."""
        self.env.flush_all()
        rows = []
        for statement in (
            "SELECT id, amount_residual, matching_number, parent_state FROM account_move_line WHERE company_id = %s",
            "SELECT id, amount FROM account_partial_reconcile WHERE company_id = %s",
            "SELECT id, amount_currency FROM account_reconciliation_line WHERE company_id = %s",
            "SELECT id, amount_residual FROM account_reconciliation_item WHERE company_id = %s",
            "SELECT id, state FROM account_reconciliation_run WHERE company_id = %s",
            "SELECT id, state FROM account_payment WHERE company_id = %s",
        ):
            self.env.cr.execute(statement + " ORDER BY id", [self.other.id])
            rows.append(self.env.cr.fetchall())
        return rows

    def assertNothingOfTheirs(self, call):
        was = self.state()
        for name, (_right, function) in ACTIONS.items():
            # To break their lines is not what the user does: only the attempt to repair is.
            with self.subTest(action=name), self.undone(), patch.object(self.theirs, "break_lines", lambda: None):
                if name.startswith("repair"):
                    was_broken = self.state()
                try:
                    told = function(call, self.theirs)
                except UserError:  # an AccessError, or a sentence that names nothing of theirs
                    continue
                if name.startswith("repair"):
                    self.assertEqual(self.state(), was_broken)
                    continue
                self.assertFalse(told, f"“{name}” reached company B")
                self.assertEqual(self.state(), was, f"“{name}” changed company B")

    def test_user_of_one_company(self):
        for role in ("role owner", "permission client billing", "accounting administrator"):
            self.assertNothingOfTheirs(self.orm(self.users[role]))

    def test_user_of_both_with_one_selected(self):
        user = self.users["role owner"]
        user.company_ids = [Command.link(self.other.id)]
        self.assertNothingOfTheirs(self.orm(user, allowed_company_ids=self.company.ids))

    def test_user_of_both_with_both_selected(self):
        """The refusals above are about the company: with both selected it all works."""
        user = self.users["role owner"]
        user.company_ids = [Command.link(self.other.id)]
        call = self.orm(user, allowed_company_ids=(self.company | self.other).ids)
        for name, (_right, function) in ACTIONS.items():
            with self.subTest(action=name), self.undone(), patch.object(self.theirs, "is_mine", True):
                self.assertTrue(function(call, self.theirs), name)

    def test_rows_of_dialogs_tell_nothing_of_another_company(self):
        """A crafted dialog row with ids of company B must not become a way to read them."""
        call = self.orm(self.users["role owner"])
        table = call("account.reconciliation.modify", "create", {"move_id": self.mine.invoice})
        payment = call("account.make.payment", "create", {"partner_id": self.mine.partner, "amount": 1})
        schedule = call("account.plan.payments", "create", {"move_id": self.mine.invoice})
        for model, values, names in (
            (
                "account.plan.payments",
                {"move_id": self.theirs.invoice},
                ["move_id", "partner_id", "amount", "amount_open", "item_ids", "row_ids"],
            ),
            (
                "account.plan.payments.item",
                {"wizard_id": schedule, "item_id": self.theirs.item},
                ["item_id", "account_id", "amount_open"],
            ),
            (
                "account.reconciliation.modify.line",
                {"wizard_id": table, "item_id": self.theirs.item, "money_line_id": self.mine.deposit_line},
                ["item_id", "document_id", "account_id", "amount_total"],
            ),
            (
                "account.reconciliation.modify.line",
                {"wizard_id": table, "item_id": self.mine.item, "money_line_id": self.theirs.deposit_line},
                ["money_line_id", "money_date"],
            ),
            ("account.reconciliation.modify", {"move_id": self.theirs.invoice}, ["move_id", "status"]),
            (
                "account.make.payment.item",
                {"wizard_id": payment, "item_id": self.theirs.item},
                ["item_id", "move_id", "account_id", "amount_open"],
            ),
            (
                "account.make.payment.document",
                {"wizard_id": payment, "move_id": self.theirs.invoice},
                ["move_id", "member_name", "date"],
            ),
            (
                "account.make.payment",
                {
                    "partner_id": self.theirs.partner,
                    "company_id": self.other.id,
                    "journal_id": self.theirs.journal,
                    "amount": 1,
                },
                ["document_ids", "journal_id"],
            ),
        ):
            with self.subTest(model=model, values=values), self.undone(), self.assertRaises(AccessError):
                row = call(model, "create", values)
                call(model, "read", [row], names)

    def test_onchange_of_dialogs_tells_nothing_of_another_company(self):
        """The web client asks for the dialog before it is saved: the same answers, the same refusals."""
        call = self.orm(self.users["role owner"])
        for model, values, asked, told in (
            ("account.make.payment", {"partner_id": self.theirs.partner, "company_id": self.other.id},
             {"document_ids": {"fields": {"move_id": {}, "amount_open": {}}}, "journal_id": {}}, "document_ids"),
            ("account.reconciliation.modify", {"move_id": self.theirs.invoice},
             {"line_ids": {"fields": {"item_id": {}, "amount": {}}}, "amount_total": {}}, "line_ids"),
            ("account.plan.payments", {"move_id": self.theirs.invoice},
             {"item_ids": {"fields": {"item_id": {}, "amount": {}}}, "amount_open": {}}, "item_ids"),
            ("account.reconcile.accounts", {"company_id": self.other.id},
             {"account_count": {}, "amount_text": {}}, "account_count"),
        ):  # fmt: skip
            with self.subTest(model=model), self.undone():
                try:
                    answer = call(model, "onchange", [], values, [], {**dict.fromkeys(values, {}), **asked})
                except UserError:
                    continue
                self.assertFalse(
                    [row for row in answer["value"][told] if row[0] == Command.CREATE]
                    if isinstance(answer["value"].get(told), list)
                    else answer["value"].get(told)
                )

    def test_dialogs_of_a_colleague_are_closed(self):
        """What somebody else has typed, or was offered, is not for anyone who guesses a number."""
        owner, other = self.orm(self.users["role owner"]), self.orm(self.users["role accountant"])
        payment = owner("account.make.payment", "create", {"partner_id": self.mine.partner, "amount": 1})
        table = owner("account.reconciliation.modify", "create", {"move_id": self.mine.invoice})
        accounts = owner("account.reconcile.accounts", "create", {"scope": "all"})
        for model, wizard in (
            ("account.make.payment", payment),
            ("account.reconciliation.modify", table),
            ("account.reconcile.accounts", accounts),
        ):
            with self.subTest(model=model):
                self.assertTrue(owner(model, "read", [wizard], ["display_name"]))
                with self.assertRaises(AccessError):
                    other(model, "read", [wizard], ["display_name"])
        for model in ("account.make.payment.document", "account.reconciliation.modify.line"):
            self.assertTrue(owner(model, "search", []))
            self.assertFalse(other(model, "search", []))
