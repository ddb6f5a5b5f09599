"""Who may see, book and undo returned payments: each role, each action, by the ORM and by the web client's RPC."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common.access import AccessCommon, AccessRpcCommon
from .common.access_actions import BANK, ROLES, VIEW, action_of

RETURN, LINE = "account.payment.return", "account.bank.statement.line"
ACTIONS = {}
action = action_of(ACTIONS)


@action({VIEW, BANK})
def read_returns(call, ledger):
    return call(RETURN, "search_read", [("id", "=", ledger.payment_return)], ["reason", "amount"])


@action({VIEW, BANK})
def read_items_of_a_return(call, ledger):
    return call("account.payment.return.line", "search_read", [("return_id", "=", ledger.payment_return)], ["amount"])


@action(VIEW)
def read_the_reason_on_a_document(call, ledger):
    return call("account.move", "read", [ledger.returned_invoice], ["return_reason"])[0]["return_reason"]


@action(VIEW)
def open_the_returns_of_a_document(call, ledger):
    return call("account.move", "action_open_returns", [ledger.returned_invoice])


@action(BANK)
def book_a_return(call, ledger):
    return call(LINE, "match_with", [ledger.return_line], [["account.move.line", ledger.money_line]])


@action(BANK)
def undo_a_return(call, ledger):
    return call(RETURN, "action_undo", [ledger.payment_return])


class ReturnAccessCommon(AccessCommon):
    actions = ACTIONS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        journal = cls.env["account.journal"].browse(cls.mine.journal)
        invoices = [cls.document([75, 25]) for _number in range(2)]
        payments = [cls.register_payment(invoice, 100) for invoice in invoices]
        lines = cls.env[LINE].create([
            {"journal_id": journal.id, "date": "2026-02-01", "amount": -100, "payment_ref": f"RETURNED {payment.name}"}
            for payment in payments
        ])  # fmt: skip
        money = [payment.move_id._owed_lines() for payment in payments]
        lines[0].match_with(money[0])
        cls.mine.payment_return = cls.env[RETURN].search([("statement_line_id", "=", lines[0].id)]).id
        cls.mine.returned_invoice, cls.mine.return_line = invoices[0].id, lines[1].id
        cls.mine.money_line = money[1].id


@tagged("post_install", "-at_install")
class TestReturnAccessByOrm(ReturnAccessCommon):
    def test_every_role_and_action(self):
        for role, user in self.users.items():
            self.assertCells(role, self.orm(user))

    def test_nobody_writes_a_return(self):
        record = self.env[RETURN].browse(self.mine.payment_return)
        for user in self.users.values():
            for model in (record, record.line_ids):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    model.with_user(user).write({"amount": 1})
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    model.with_user(user).unlink()


@tagged("post_install", "-at_install")
class TestReturnAccessByRpc(ReturnAccessCommon, AccessRpcCommon):
    @mute_logger("odoo.http")
    def test_every_role_and_action(self):
        for role in ROLES:
            self.log_in(role)
            self.assertCells(role, self.rpc)
