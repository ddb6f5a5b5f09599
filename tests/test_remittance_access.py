"""Who may read, see, book and undo remittance advice: each role, each action, by the ORM."""

import base64

from odoo.tests import tagged

from .common.access import AccessCommon
from .common.access_actions import BANK, action_of

ADVICE, LINE = "account.remittance.advice", "account.remittance.advice.line"
ACTIONS = {}
action = action_of(ACTIONS)(BANK)


@action
def read_advices(call, ledger):
    return call(ADVICE, "search_read", [("id", "=", ledger.advice)], ["name", "amount_total"])


@action
def read_lines(call, ledger):
    return call(LINE, "search_read", [("advice_id", "=", ledger.advice)], ["document_number", "amount"])


@action
def group_lines(call, ledger):
    return call(LINE, "formatted_read_group", [("advice_id", "=", ledger.advice)], ["reason_code"], ["amount:sum"])


@action
def read_its_file(call, ledger):
    return call("ir.attachment", "read", [ledger.advice_file], ["raw"])[0]["raw"]


@action
def import_advice(call, ledger):
    content = base64.b64encode(f"Invoice,Paid\n{ledger.invoice_name},10.00\n".encode()).decode()
    return call(ADVICE, "import_advice", "a.csv", content)


@action
def read_by_the_dialog(call, ledger):
    wizard = call(f"{ADVICE}.import", "create", {"text": f"Invoice {ledger.invoice_name}: 10.00"})
    return call(f"{ADVICE}.import", "action_read", [wizard])


@action
def correct_a_line(call, ledger):
    return call(LINE, "write", [ledger.advice_line], {"amount": 12})


@action
def confirm_a_line(call, ledger):
    return call(LINE, "action_confirm", [ledger.advice_line])


@action
def find(call, ledger):
    return call(ADVICE, "action_find", [ledger.advice])


@action
def book(call, ledger):
    return call(ADVICE, "action_book", [ledger.advice])


@action
def undo(call, ledger):
    return call(ADVICE, "action_undo", [ledger.matched_advice])


@action
def set_aside(call, ledger):
    return call(ADVICE, "action_dismiss", [ledger.advice])


@action
def delete(call, ledger):
    return call(ADVICE, "unlink", [ledger.advice])


@tagged("post_install", "-at_install")
class TestRemittanceAccessByOrm(AccessCommon):
    actions = ACTIONS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        advices = cls.env[ADVICE].with_company(cls.company)
        journal = cls.env["account.journal"].browse(cls.mine.journal)
        invoice = cls.env["account.move"].browse(cls.mine.invoice)
        for name, amount in (("matched_advice", 20), ("advice", 15)):
            cls.env["account.bank.statement.line"].create(
                {"journal_id": journal.id, "date": "2026-02-10", "amount": amount, "payment_ref": "x"}
            )
            advice = advices.import_advice("a.csv", f"Invoice,Paid\n{invoice.name},{amount}.00\n".encode())
            advice.payment_date = "2026-02-10"
            setattr(cls.mine, name, advice.id)
            if name == "matched_advice":
                advice.action_book()
        cls.mine.invoice_name, cls.mine.advice_line = invoice.name, advice.line_ids.id
        cls.mine.advice_file = cls.env["ir.attachment"].search(
            [("res_model", "=", ADVICE), ("res_id", "=", advice.id)]
        ).id  # fmt: skip

    def test_every_role_and_action(self):
        for role, user in self.users.items():
            self.assertCells(role, self.orm(user))
