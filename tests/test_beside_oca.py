"""Beside OCA's ``account_reconcile_oca``: both screens open, both match, and neither undoes what the other did.

Skipped where it isn't installed; ``script/prove beside-oca`` installs it.
"""

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common.bank_matching import BankMatchingCommon

THEIRS = ("account_reconcile_oca", "account_statement_base")
THEIR_FORM = "account_reconcile_oca.bank_statement_line_form_reconcile_view"


@tagged("post_install", "-at_install")
class TestBesideOca(BankMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.user_with(
            "both", "account.group_account_manager", "account_reconciliation.group_accountant"
        ).with_company(cls.company)  # fmt: skip

    def setUp(self):
        super().setUp()
        if self.env["ir.module.module"].search_count([("name", "in", THEIRS), ("state", "=", "installed")]) < len(
            THEIRS
        ):
            self.skipTest("needs account_reconcile_oca")

    def match_by_theirs(self, transaction, document):
        """What their screen does: choose the open line of a document, then validate."""
        line = transaction.with_user(self.manager)
        with Form(line, view=THEIR_FORM) as form:
            form.add_account_move_line_id = document._owed_lines().with_user(self.manager)
            self.assertTrue(form.can_reconcile)
        line.reconcile_bank_line()

    def test_both_match_and_take_back(self):
        one, two = self.document([75, 75, 20]), self.document([120])
        theirs, ours = self.transaction(100, "theirs"), self.transaction(120, "ours")
        was = self.snapshot(one | two), self.bank_snapshot(theirs, ours)
        self.match_by_theirs(theirs, one)
        self.assertEqual(theirs.match_status, "manual")
        self.assertEqual(self.applied(one), [75, 25, 0])
        ours.match_with(two)
        self.assertEqual(ours.match_status, "manual")
        self.assertEqual(two.payment_state, "paid")
        self.assertInvariants(one | two)
        theirs.with_user(self.manager).unreconcile_bank_line()
        self.assertEqual(theirs.match_status, "unmatched")
        ours.action_unmatch()
        self.assertEqual((self.snapshot(one | two), self.bank_snapshot(theirs, ours)), was)
        self.assertInvariants(one | two)

    def test_each_takes_back_what_the_other_matched(self):
        one, two = self.document([75, 20]), self.document([120])
        theirs, ours = self.transaction(95, "theirs"), self.transaction(120, "ours")
        was = self.snapshot(one | two)
        self.match_by_theirs(theirs, one)
        ours.match_with(two)
        theirs.action_unmatch()
        ours.with_user(self.manager).unreconcile_bank_line()
        self.assertEqual(self.snapshot(one | two), was)
        self.assertEqual((theirs | ours).mapped("match_status"), ["unmatched"] * 2)

    def test_our_suggestion_for_their_transaction(self):
        document = self.document([170])
        line = self.transaction(170, f"paid {document.name}")
        records = [tuple(one) for row in line.get_match_suggestions() for one in row["records"]]
        self.assertIn(("account.move", document.id), records)

    def test_every_view_and_action_of_both_opens(self):
        env = self.env(user=self.manager)
        modules = [*THEIRS, "account_reconciliation"]
        ids = lambda model: self.env["ir.model.data"].search(  # noqa: E731
            [("module", "in", modules), ("model", "=", model)]).mapped("res_id")  # fmt: skip
        opened = 0
        for action in self.env["ir.actions.act_window"].browse(ids("ir.actions.act_window")):
            context = safe_eval(action.context or "{}", {"active_id": False, "active_ids": [], "uid": env.uid})
            views = [(False if kind != action.view_mode.split(",")[0] else action.view_id.id, kind)
                     for kind in action.view_mode.split(",")]  # fmt: skip
            with self.subTest(action=action.xml_id):
                found = env[action.res_model].with_context(**context).get_views([*views, (False, "search")])
                self.assertTrue(found["views"])
                opened += 1
        for view in self.env["ir.ui.view"].browse(ids("ir.ui.view")).filtered("model"):
            with self.subTest(view=view.xml_id):
                primary = view
                while primary.mode == "extension":
                    primary = primary.inherit_id
                if primary.model in env and primary.model not in ("res.config.settings", "res.company"):
                    env[primary.model].get_view(primary.id, primary.type)
                    opened += 1
        self.assertGreater(opened, 100)
        visible = env["ir.ui.menu"].load_menus(False)
        self.assertTrue(visible)
