"""What the tests of accounts to reconcile share: a clearing account, entries on it, two accountants."""

from odoo import Command

from .reconciliation import ReconciliationCommon


class LedgerCommon(ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clearing = cls.env["account.account"].create(
            {"name": "Card clearing", "code": "CLEAR1", "account_type": "asset_current", "reconcile": True}
        )
        cls.differences_code = cls.company_data["default_account_expense"].copy(
            {"name": "Card differences", "code": "CLEAR2"}
        )
        cls.accountant = cls.user_with("ledger.accountant", "account_reconciliation.group_accountant")
        cls.reviewer = cls.user_with("ledger.reviewer", "account_reconciliation.group_accountant")
        cls.lines = cls.env["account.move.line"]

    @classmethod
    def entry(cls, amount, label="", date="2026-01-10", account=None, **values):
        """A posted entry with a line on the account: a debit above zero, a credit below.

        :return: the account.move.line on the account
        """
        account = account or cls.clearing
        company = cls.env["res.company"].browse(values.pop("company_id", cls.company.id))
        currency = values.pop("currency", company.currency_id)
        line = {
            "account_id": account.id, "name": label, "partner_id": (values.pop("partner", None) or cls.vendor).id,
            "currency_id": currency.id, "amount_currency": amount,
        }  # fmt: skip
        other = {**line, "account_id": values.pop("other", cls.swim_code).id, "amount_currency": -amount}
        journal = cls.env["account.journal"].search(
            [*cls.env["account.journal"]._check_company_domain(company), ("type", "=", "general")], limit=1
        )
        move = cls.env["account.move"].create({
            "date": date, "journal_id": journal.id, "company_id": company.id,
            "line_ids": [Command.create(line), Command.create(other)], **values,
        })  # fmt: skip
        move.action_post()
        return move.line_ids.filtered(lambda one: one.account_id == account)[:1]

    @classmethod
    def ledger(cls, account=None):
        """The account's page, as an accountant sees it."""
        return cls.env["account.ledger.account"].with_user(cls.accountant).browse((account or cls.clearing).id)

    def open_of(self, *lines):
        """What is open of lines."""
        lines = self.lines.union(*lines)
        lines.invalidate_recordset()
        return lines.mapped("amount_residual")

    def reconciliation(self, done):
        return self.env["account.ledger.reconciliation"].with_user(self.accountant).browse(done["id"])
