"""Who may import, see, match and undo settlements: each role, each action, by the ORM and by the web client's RPC."""

import base64
from pathlib import Path

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common.access import AccessCommon, AccessRpcCommon
from .common.access_actions import BANK, ROLES, action_of

SETTLEMENT, ENTRY, LINE = "account.settlement", "account.settlement.entry", "account.bank.statement.line"
REPORT = (Path(__file__).parent / "settlements" / "square_transfer_details.csv").read_bytes()
ACTIONS = {}
action = action_of(ACTIONS)(BANK)


@action
def read_settlements(call, ledger):
    return call(SETTLEMENT, "search_read", [("id", "=", ledger.settlement)], ["reference", "amount_net"])


@action
def read_entries(call, ledger):
    return call(ENTRY, "search_read", [("settlement_id", "=", ledger.settlement)], ["customer_email", "amount_gross"])


@action
def group_entries(call, ledger):
    domain = [("settlement_id", "=", ledger.settlement)]
    return call(ENTRY, "formatted_read_group", domain, ["kind"], ["amount_gross:sum"])


@action
def import_report(call, ledger):
    content = base64.b64encode(REPORT.replace(b"DEPOSIT0001", b"DEPOSIT0002")).decode()
    return call("account.journal", "import_settlement_report", [ledger.journal], "square.csv", content)


@action
def give_an_entry_to_a_client(call, ledger):
    return call(ENTRY, "write", [ledger.entry], {"partner_id": ledger.owner})


@action
def find(call, ledger):
    return call(SETTLEMENT, "action_find", [ledger.settlement])


@action
def match(call, ledger):
    return call(SETTLEMENT, "action_match", [ledger.settlement])


@action
def undo(call, ledger):
    return call(SETTLEMENT, "action_undo", [ledger.matched_settlement])


@action
def delete(call, ledger):
    return call(SETTLEMENT, "unlink", [ledger.settlement])


class SettlementAccessCommon(AccessCommon):
    actions = ACTIONS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = cls.codes[0]
        preset = cls.env["account.reconcile.model"].create({
            "name": "Fees of processors", "company_id": cls.company.id,
            "line_ids": [Command.create({"account_id": account.id, "amount_string": "100"})],
        })  # fmt: skip
        cls.company.write({"settlement_fee_id": preset.id, "settlement_account_id": account.id})
        journal = cls.env["account.journal"].browse(cls.mine.journal)
        one = journal.import_settlement_report("square.csv", REPORT)
        other = journal.import_settlement_report("square.csv", REPORT.replace(b"DEPOSIT0001", b"DEPOSIT0009"))
        cls.env[LINE].create([
            {"journal_id": journal.id, "date": "2026-04-14", "amount": 163.89, "payment_ref": f"Square {number}"}
            for number in ("DEPOSIT0001", "DEPOSIT0009")
        ])  # fmt: skip
        other.action_match()
        cls.mine.settlement, cls.mine.matched_settlement, cls.mine.entry = one.id, other.id, one.entry_ids[0].id
        cls.mine.owner = cls.family.id


@tagged("post_install", "-at_install")
class TestSettlementAccessByOrm(SettlementAccessCommon):
    def test_every_role_and_action(self):
        for role, user in self.users.items():
            self.assertCells(role, self.orm(user))


@tagged("post_install", "-at_install")
class TestSettlementAccessByRpc(SettlementAccessCommon, AccessRpcCommon):
    @mute_logger("odoo.http")
    def test_every_role_and_action(self):
        for role in ROLES:
            self.log_in(role)
            self.assertCells(role, self.rpc)
