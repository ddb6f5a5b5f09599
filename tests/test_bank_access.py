"""Who may match bank transactions: each role, each action, by the ORM and by the web client's RPC."""

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common.access import AccessCommon, AccessRpcCommon
from .common.access_actions import BANK, ROLES, action_of

LINE = "account.bank.statement.line"
ACTIONS = {}
action = action_of(ACTIONS)(BANK)


@action
def suggestions(call, ledger):
    return isinstance(call(LINE, "get_match_suggestions", [ledger.transaction]), list)


@action
def search_targets(call, ledger):
    return call(LINE, "search_match_targets", [ledger.transaction], "Tremblay")


@action
def match_with_document(call, ledger):
    return call(LINE, "match_with", [ledger.transaction], [["account.move", ledger.invoice]])


@action
def accept_match(call, ledger):
    return call(LINE, "accept_match", [ledger.transaction], [["account.move", ledger.invoice]])["state"] == "done"


@action
def match_expense(call, ledger):
    return call(LINE, "match_with", [ledger.transaction], [["account.reconcile.model", ledger.preset]])


@action
def auto_match(call, ledger):
    return call(LINE, "auto_match", [ledger.transaction])


@action
def accept_suggestions(call, ledger):
    return call(LINE, "accept_suggestions", [ledger.transaction], 0.9)


@action
def reject_suggestion(call, ledger):
    return call(LINE, "reject_suggestion", [ledger.transaction], [["account.move", ledger.invoice]])


@action
def ignore(call, ledger):
    return call(LINE, "action_ignore", [ledger.transaction], "Not ours")


@action
def unignore(call, ledger):
    return call(LINE, "action_unignore", [ledger.transaction])


@action
def unmatch(call, ledger):
    return call(LINE, "action_unmatch", [ledger.matched])


@action
def read_decisions(call, ledger):
    domain = [("statement_line_id", "=", ledger.matched)]
    return call("account.bank.match.decision", "search_read", domain, ["chosen"])


@action
def verify_decisions(call, ledger):
    return call("account.bank.match.decision", "verify_chains") == []


@action
def read_what_was_learned(call, ledger):
    return isinstance(call("account.bank.match.memory", "search_read", [], ["display_name"]), list)


class BankAccessCommon(AccessCommon):
    actions = ACTIONS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lines = cls.env[LINE].create([
            {"journal_id": cls.mine.journal, "date": "2026-02-01", "amount": 70, "payment_ref": "Tremblay"},
            {"journal_id": cls.mine.journal, "date": "2026-02-01", "amount": -4, "payment_ref": "Fee"},
        ])  # fmt: skip
        preset = cls.env["account.reconcile.model"].create({
            "name": "Fees", "company_id": cls.company.id,
            "line_ids": [Command.create({"account_id": cls.codes[0].id, "amount_string": "100"})],
        })  # fmt: skip
        lines[1].match_expense(preset)
        cls.mine.transaction, cls.mine.matched, cls.mine.preset = lines[0].id, lines[1].id, preset.id


@tagged("post_install", "-at_install")
class TestBankAccessByOrm(BankAccessCommon):
    def test_every_role_and_action(self):
        for role, user in self.users.items():
            self.assertCells(role, self.orm(user))


@tagged("post_install", "-at_install")
class TestBankAccessByRpc(BankAccessCommon, AccessRpcCommon):
    @mute_logger("odoo.http")
    def test_every_role_and_action(self):
        for role in ROLES:
            self.log_in(role)
            self.assertCells(role, self.rpc)
