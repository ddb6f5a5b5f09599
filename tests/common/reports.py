"""The figures of the reports, computed again from the raw partials and journal items in Python."""

from collections import defaultdict
from decimal import Decimal

from ...engine.common.odoo_types import MONEY_ACCOUNT_TYPES, OWED_ACCOUNT_TYPES
from ..invariants import received_violations
from .reconciliation import ReconciliationCommon


def exact(amount):
    return Decimal(str(amount)).quantize(Decimal("0.01"))


def nonzero(amounts):
    return {key: amount for key, amount in amounts.items() if amount}


class ReportChecks:
    """What must hold between the reports and the ledger of a company; mixed into a test case."""

    def report_rows(self, model, company):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env[f"account.reconciliation.{model}"].search([("company_id", "=", company.id)])

    def summed(self, rows, key, name="amount"):
        totals = defaultdict(Decimal)
        for row in rows:
            totals[key(row)] += exact(row[name])
        return nonzero(totals)

    def money_moves(self, company):
        moves = self.env["account.move"].search([("company_id", "=", company.id), ("state", "=", "posted")])
        return moves.filtered(
            lambda move: (
                self.money_behind(move)
                and move.line_ids.filtered(lambda line: line.account_id.account_type in OWED_ACCOUNT_TYPES)
            )
        )

    def money_behind(self, move):
        """The payment's or bank transaction's entry that an entry is, or reverses; none for what isn't money."""
        while move.move_type == "entry" and not (move.origin_payment_id or move.statement_line_id):
            if not move.reversed_entry_id:
                return move.browse()
            move = move.reversed_entry_id
        return move if move.move_type == "entry" else move.browse()

    def brought_by_hand(self, move):
        """What money brought to bank or cash, from its journal items."""
        payment = self.money_behind(move).origin_payment_id
        if payment:
            accounts = payment._seek_for_lines()[0].account_id
            outstanding = move.line_ids.filtered(lambda line: line.account_id in accounts)
            return sum(map(exact, outstanding.mapped("balance"))) + self.shown_by_hand(outstanding)
        return -sum(map(exact, move.line_ids.filtered(self.is_settled).mapped("balance")))

    def shown_by_hand(self, outstanding):
        """What the bank got for a payment more than was registered: exchange differences, and its part of fees."""
        shown = Decimal(0)
        for partial in outstanding.matched_debit_ids | outstanding.matched_credit_ids:
            bank_line = (partial.debit_move_id | partial.credit_move_id) - outstanding
            if not bank_line.statement_line_id:
                continue
            exchanged = partial.exchange_move_id.line_ids.filtered(
                lambda line: line.account_id in outstanding.account_id
            )
            shown += sum(map(exact, exchanged.mapped("balance")))
            entry = bank_line.move_id
            if not set(OWED_ACCOUNT_TYPES).isdisjoint(entry.line_ids.account_id.mapped("account_type")):
                continue
            whole = entry.line_ids.matched_debit_ids | entry.line_ids.matched_credit_ids
            whole = whole.filtered(lambda one: (one.debit_move_id | one.credit_move_id).payment_id).sorted("id")
            beside = -sum(map(exact, entry.line_ids.filtered(self.is_settled).mapped("balance")))
            until = [sum(map(exact, whole.filtered(test).mapped("amount"))) for test in (
                lambda one, last=partial: one.id <= last.id, lambda one, last=partial: one.id < last.id)]  # fmt: skip
            size = sum(map(exact, whole.mapped("amount")))
            shown += exact(beside * until[0] / size) - exact(beside * until[1] / size)
        return shown

    def is_settled(self, line):
        """Whether a line of a bank transaction is a debt that it settles, or what it writes off beside it."""
        account, journal = line.account_id, line.move_id.journal_id
        if account in journal.default_account_id | journal.suspense_account_id:
            return False
        if account.account_type in MONEY_ACCOUNT_TYPES:
            return False
        is_result = account.account_type.startswith(("income", "expense"))
        return (
            account.account_type in OWED_ACCOUNT_TYPES or is_result or bool(line.tax_line_id) or not account.reconcile
        )

    def applied_by_hand(self, company):
        """``{(money or credit, document): amount}`` from the partials alone, above zero where money comes in."""
        totals = defaultdict(Decimal)
        for partial in self.env["account.partial.reconcile"].search([("company_id", "=", company.id)]):
            for own, other, amount in (
                (partial.debit_move_id, partial.credit_move_id, partial.debit_amount_currency),
                (partial.credit_move_id, partial.debit_move_id, partial.credit_amount_currency),
            ):
                if (
                    amount
                    and own.account_id.account_type in OWED_ACCOUNT_TYPES
                    and own.parent_state == other.parent_state == "posted"
                    and own.move_id.sudo().reconciliation_item_ids
                ):
                    sign = 1 if other == partial.credit_move_id else -1
                    totals[other.move_id, own.move_id] += sign * exact(partial.amount)
        return nonzero(totals)

    def assertReportsTie(self, company):
        """Every report against the ledger, for everything that a company has."""
        breakdown, payments, paid = (
            self.report_rows(model, company) for model in ("breakdown", "payment", "paid.item")
        )
        money = self.money_moves(company)
        is_money = set(money)

        # The payments of the report are those of the ledger, each with what it brought.
        brought = nonzero({move: self.brought_by_hand(move) for move in money})
        self.assertEqual(self.summed(payments, lambda row: row.counterpart_move_id), brought)
        for move, rows in payments.grouped("counterpart_move_id").items():
            self.assertEqual(rows.mapped("date"), [move.date] * len(rows), move.name)
        by_journal = defaultdict(Decimal)
        for move, amount in brought.items():
            by_journal[move.journal_id] += amount
        self.assertEqual(self.summed(payments, lambda row: row.journal_id), nonzero(by_journal))

        self.assertEqual(received_violations(self.env["res.company"].with_company(company).env), [])

        # What is applied is what the partials say.
        applied = self.applied_by_hand(company)
        self.assertEqual(
            self.summed(breakdown, lambda row: (row.counterpart_move_id, row.move_id), "amount_total"), applied
        )
        by_money = {key: amount for key, amount in applied.items() if key[0] in is_money}
        applied_rows = payments.filtered(lambda row: row.state == "applied")
        self.assertEqual(
            self.summed(applied_rows, lambda row: (row.counterpart_move_id, row.move_id), "amount_settled"), by_money
        )

        # Received is settled, unless something is written off, or the currency is another one on either side.
        for move, rows in applied_rows.grouped("counterpart_move_id").items():
            owed = move.line_ids.filtered(lambda line: line.account_id.account_type in OWED_ACCOUNT_TYPES)
            has_difference = (owed.matched_debit_ids | owed.matched_credit_ids).exchange_move_id
            if (
                owed.currency_id == company.currency_id
                and not has_difference
                and self.brought_by_hand(move) == -sum(map(exact, owed.mapped("balance")))
            ):
                self.assertEqual(rows.mapped("amount"), rows.mapped("amount_settled"), move.name)

        # What is open of the ledger is unreconciled in the report.
        for move in money:
            owed = move.line_ids.filtered(lambda line: line.account_id.account_type in OWED_ACCOUNT_TYPES)
            rows = payments.filtered(lambda row, move=move: row.counterpart_move_id == move)
            is_open = any(line.amount_residual_currency or line.amount_residual for line in owed)
            unreconciled = rows.filtered(lambda row: row.state == "unreconciled")
            self.assertEqual(bool(unreconciled), is_open, move.name)
            if not any(row.state == "applied" for row in rows) and len(owed) == 1 and owed.balance:
                share = exact(owed.amount_residual_currency) / exact(owed.amount_currency)
                self.assertAlmostEqual(
                    sum(map(exact, unreconciled.mapped("amount"))), self.brought_by_hand(move) * share, 1, move.name
                )

        # Net and tax add up to the row, and over an item that is paid in full to the item.
        for row in breakdown:
            self.assertEqual(exact(row.amount_untaxed) + exact(row.amount_tax), exact(row.amount_total))
        for line, rows in breakdown.grouped("move_line_id").items():
            item = line.reconciliation_item_ids
            if item.amount_residual or line.currency_id != company.currency_id or line.display_type != "product":
                continue
            if sum(map(exact, rows.mapped("amount_total"))).copy_abs() != abs(exact(line.price_total)):
                continue  # a rounding of the whole document went to this item
            self.assertEqual(
                sum(map(exact, rows.mapped("amount_untaxed"))).copy_abs(), abs(exact(line.price_subtotal)), line.name
            )

        # Ledger codes are those of the items.
        for rows in (breakdown, applied_rows):
            self.assertEqual(rows.mapped("account_id.id"), rows.mapped("move_line_id.account_id.id"))

        # What clients paid is what was received from them for items; credits move it and add up to nothing.
        received = applied_rows.filtered(lambda row: row.side == "customer")
        self.assertEqual(
            self.summed(
                paid.filtered(lambda row: row.paid_by != "credit"), lambda row: (row.partner_id, row.date.year)
            ),
            self.summed(received, lambda row: (row.partner_id, row.date.year)),
        )
        credit = paid.filtered(lambda row: row.paid_by == "credit" and "entry" not in (
            row.move_id.move_type, row.counterpart_move_id.move_type))  # fmt: skip
        self.assertEqual(self.summed(credit, lambda row: (row.partner_id, row.date.year)), {})


class ReportCommon(ReconciliationCommon, ReportChecks):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2026-01-01", 0.8), ("2026-02-01", 0.5)])
        cls.tax = cls.env["account.tax"].create({"name": "14.975 %", "amount": 14.975, "company_id": cls.company.id})
        cls.expense = cls.company_data["default_account_expense"]

    def by_code(self, **domain):
        """``{ledger code or status: received}`` of “Payment by ledger code”."""
        rows = self.report_rows("payment", self.company)
        return {
            (account.name or state): float(exact(amount))
            for state, account, amount in rows._read_group(
                [("company_id", "=", self.company.id), *domain.get("where", [])],
                ["state", "account_id"],
                ["amount:sum"],
            )
        }

    def paid(self, **domain):
        """``{item: paid}`` of “Amounts paid per item and year”."""
        rows = self.report_rows("paid.item", self.company)
        return {
            item.name: float(exact(amount))
            for item, amount in rows._read_group(
                [("company_id", "=", self.company.id), *domain.get("where", [])], ["move_line_id"], ["amount:sum"]
            )
        }

    def statement_entry(self, amount, account, partner, date="2026-01-15"):
        """A bank transaction that is booked to an account directly."""
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": date,
                "payment_ref": "bank",
                "amount": amount,
                "partner_id": partner.id,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = account
        return line.move_id
