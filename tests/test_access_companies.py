"""Nobody sees or changes another company's reconciliations, by whatever ids a call brings."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common.access import AccessCommon
from .common.access_actions import ACTIONS


@tagged("post_install", "-at_install")
class TestAccessOfOtherCompany(AccessCommon):
    """Ids of company B, given to all methods that a user of company A can call: nothing is returned, nothing
    changed."""

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
                    result = function(call, self.theirs)
                except UserError:  # an AccessError, or a sentence that names nothing of theirs
                    continue
                if name.startswith("repair"):
                    self.assertEqual(self.state(), was_broken)
                    continue
                self.assertFalse(result, f"“{name}” reached company B")
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
        for model, values, asked, result in (
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
                    [row for row in answer["value"][result] if row[0] == Command.CREATE]
                    if isinstance(answer["value"].get(result), list)
                    else answer["value"].get(result)
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
