"""Who may see and reconcile accounts: those with the permission for bank reconciliation, in their own companies."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common.access_actions import BANK, ROLES
from .common.ledger_accounts import LedgerCommon

MODELS = (
    "account.ledger.account", "account.ledger.responsible", "account.ledger.reconciliation", "account.ledger.rule",
    "account.ledger.run",
    "account.ledger.proof", "account.ledger.snapshot", "account.ledger.snapshot.line", "account.closing",
    "account.closing.line",
)  # fmt: skip
UNDO = ("action_undo", "action_start_undo", "process_undo_slice", "action_open_undone")


@tagged("post_install", "-at_install")
class TestLedgerAccess(LedgerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: cls.env.ref("base.public_user")
            if role == "public"
            else cls.user_with(f"access.{role}".replace(" ", "."), *groups)
            for role, (groups, _rights) in ROLES.items()
        }
        cls.debit, cls.credit = cls.entry(100, "plugh"), cls.entry(-100, "plugh")
        done = cls.ledger().reconcile_lines([cls.debit.id, cls.credit.id])
        cls.done = done["id"]
        cls.open_line = cls.entry(5, "plugh")
        cls.rule = cls.env["account.ledger.rule"].create(
            {"name": "plugh", "account_id": cls.clearing.id, "same_partner": True}
        )
        cls.entry(-3, "run"), cls.entry(3, "run")
        cls.rule.action_run()
        cls.rule_run = cls.rule.run_ids
        cls.proof = cls.env["account.ledger.proof"].create({"account_id": cls.clearing.id, "date": "2026-01-31"})
        cls.closing = cls.env["account.closing"].create({"date": "2026-01-31"})

    def calls(self):
        """Each thing that can be seen or done: (model, method, ids, arguments)."""
        page, account = "account.ledger.account", self.clearing.ids
        return [
            (page, "get_overview", account, []),
            (page, "get_groups", account, []),
            (page, "get_totals", account, []),
            (page, "get_group_lines", account, ["partner", ""]),
            (page, "get_suggestions", account, []),
            (page, "reconcile_lines", account, [[self.open_line.id, self.credit.id]]),
            (page, "book_difference", account, [[self.open_line.id], self.differences_code.id, "x"]),
            (page, "assign", account, [self.accountant.id]),
            (page, "action_open", account, []),
            (page, "action_open_history", account, []),
            *(("account.ledger.reconciliation", method, [self.done], []) for method in UNDO),
            ("account.ledger.reconciliation", "action_open_lines", [self.done], []),
            ("account.ledger.rule", "action_run", self.rule.ids, []),
            ("account.ledger.rule", "action_open_account", self.rule.ids, []),
            ("account.ledger.run", "action_open_summary", self.rule_run.ids, []),
            ("account.ledger.run", "action_start_undo", self.rule_run.ids, []),
            ("account.ledger.proof", "action_prepare", self.proof.ids, []),
            ("account.ledger.proof", "action_open_lines", self.proof.ids, []),
            ("account.ledger.proof", "get_discrepancies", self.proof.ids, []),
            ("account.closing", "action_refresh", self.closing.ids, []),
            ("account.closing.line", "action_open", self.closing.line_ids.ids[:1], []),
            *((model, "search_read", None, [[]]) for model in MODELS),
        ]

    def is_allowed(self, user, model, method, ids, arguments):
        env = self.env(user=user, su=False, context={})
        savepoint = self.cr.savepoint()
        try:
            call_kw(env[model], method, [*([ids] if ids else []), *arguments], {})
            return True
        except AccessError:
            return False
        except UserError:
            return True  # of other reasons
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def test_every_role_and_call(self):
        for role, (_groups, rights) in ROLES.items():
            for model, method, ids, arguments in self.calls():
                expected = BANK in rights
                if method in UNDO:
                    expected = expected and "delete" in rights
                with self.subTest(role=role, call=f"{model}.{method}"):
                    self.assertEqual(self.is_allowed(self.users[role], model, method, ids, arguments), expected)

    def test_other_companies(self):
        """An account of another company: nothing of it can be read or changed, also by its number."""
        other = self.setup_other_company(name="Second rink")
        theirs = self.env["account.account"].create({
            "name": "Xyzzy", "code": "OTHER1", "account_type": "asset_current", "reconcile": True,
            "company_ids": [Command.set(other["company"].ids)],
        })  # fmt: skip
        line = self.entry(50, "Xyzzy", account=theirs, other=other["default_account_revenue"],
                          company_id=other["company"].id)  # fmt: skip
        page = self.ledger(theirs)
        for call in (
            page.get_groups, page.get_totals, page.get_overview, page.get_suggestions, page.action_open,
            lambda: page.reconcile_lines([line.id]), lambda: self.ledger().reconcile_lines([line.id]),
        ):  # fmt: skip
            with self.assertRaises(UserError) as refused:
                call()
            self.assertNotIn("Xyzzy", str(refused.exception))
        rows = self.env["account.ledger.account"].with_user(self.accountant)
        self.assertNotIn(theirs.id, rows.search([]).ids)
        self.clearing.sudo().write({
            "company_ids": [Command.link(other["company"].id)],
            "code_mapping_ids": [Command.create({"company_id": other["company"].id, "code": "SHARED"})],
        })  # fmt: skip
        for record in (self.rule, self.proof):
            with self.assertRaises(AccessError), self.cr.savepoint():
                record.with_user(self.accountant).company_id = other["company"]
        there = rows.with_user(self.env.user).with_company(other["company"])
        self.assertEqual(there.search([("account_id", "=", theirs.id)]).balance, 50)
