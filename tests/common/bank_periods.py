"""What the tests of bank reconciliations share: a bank account with payments and bank transactions."""

from odoo import Command, fields

from .reconciliation import ReconciliationCommon


def plain(text):
    """A text without the marks by which Odoo keeps amounts on one line."""
    return text.replace("\xa0", " ").replace("\ufeff", "").replace("\u200b", "")


class BankPeriodCommon(ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.periods = cls.env["account.bank.reconciliation"]
        cls.remittances = cls.env["account.bank.remittance"]
        cls.savings = cls.bank.copy({"code": "SAV"})
        cls.savings.name = "Savings"
        cls.fees = cls.company_data["default_account_expense"]

    @classmethod
    def period(cls, month=1, start=0.0, end=0.0, journal=None, **values):
        """A month of 2026."""
        first = fields.Date.to_date(f"2026-{month:02}-01")
        return cls.periods.create({
            "journal_id": (journal or cls.bank).id,
            "date_from": first,
            "date_to": fields.Date.end_of(first, "month"),
            "balance_start": start,
            "balance_end": end,
            **values,
        })  # fmt: skip

    @classmethod
    def transaction(cls, amount, date, name="bank transaction", journal=None, **values):
        return cls.env["account.bank.statement.line"].create({
            "journal_id": (journal or cls.bank).id,
            "amount": amount,
            "date": date,
            "payment_ref": name,
            **values,
        })  # fmt: skip

    @classmethod
    def clear(cls, transaction, *payments):
        """Match a bank transaction with payments: its entry clears their outstanding lines, and the rest stays open."""
        _liquidity, suspense, _others = transaction._seek_for_lines()
        outstanding = cls.env["account.move.line"]
        for payment in payments:
            outstanding |= payment._seek_for_lines()[0]
        commands = [
            Command.create({
                "account_id": line.account_id.id,
                "name": line.name,
                "partner_id": line.partner_id.id,
                "currency_id": line.currency_id.id,
                "amount_currency": -line.amount_residual_currency,
                "balance": -line.amount_residual,
            })
            for line in outstanding
        ]  # fmt: skip
        left = sum(suspense.mapped("balance")) + sum(outstanding.mapped("amount_residual"))
        cls._rewrite(transaction, suspense, commands, left)
        for line in outstanding:
            own = transaction.move_id.line_ids.filtered(
                lambda one, line=line: (
                    one.account_id == line.account_id
                    and not one.reconciled
                    and one.amount_currency == -line.amount_residual_currency
                )
            )[:1]
            (own | line).reconcile()

    @classmethod
    def book(cls, transaction, account, amount=None):
        """Match what is left of a bank transaction, or a part of it, with an account."""
        _liquidity, suspense, _others = transaction._seek_for_lines()
        balance = suspense.balance if amount is None else -amount
        command = Command.create({"account_id": account.id, "name": transaction.payment_ref, "balance": balance})
        cls._rewrite(transaction, suspense, [command], suspense.balance - balance)

    @classmethod
    def _rewrite(cls, transaction, suspense, commands, left):
        left = cls.company.currency_id.round(left)
        if left:
            commands = [*commands, Command.update(suspense.id, {"balance": left, "amount_currency": left})]
        else:
            commands = [*commands, Command.delete(suspense.id)]
        move = transaction.move_id.with_context(force_delete=True, skip_readonly_check=True)
        move.write({"line_ids": commands})
        cls.env.flush_all()

    def offered(self, period):
        """What a period offers: (amount, section, confirmed) by date."""
        rows = period.get_page(limit=500)["rows"]
        return [(row["amount"], row["section"], row["is_confirmed"]) for row in rows]

    def remittance(self, payment):
        return self.remittances._of_records(payment)

    def messages(self, period):
        return [plain(item["message"]) for item in period.get_discrepancies()]

    def kinds(self, period):
        return [item["kind"] for item in period.get_discrepancies()]
