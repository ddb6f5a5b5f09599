"""What the tests of bank matching share: bank transactions in the accountant's words, and snapshots of both sides."""

import functools

from odoo import Command

from .reconciliation import ReconciliationCommon

# What each suggestion tells, see get_match_suggestions.
SUGGESTION = {"entity_type", "records", "names", "amounts", "confidence", "reasons", "weights", "owner", "note",
              "is_whole", "settle"}  # fmt: skip


class BankMatchingCommon(ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls.user_with("matching.accountant", "account_reconciliation.group_accountant")
        cls.savings = cls.bank.copy({"name": "Savings", "code": "SAVE"})
        cls.fees_code = cls.company_data["default_account_expense"].copy({"code": "620100", "name": "Bank fees"})
        cls.fees = cls.preset("Bank fees", cls.fees_code)
        transactions = cls.env.registry["account.bank.statement.line"]
        suggest = transactions.get_match_suggestions

        @functools.wraps(suggest)
        def suggest_whole_rows(line, *args, **kwargs):
            """The page needs all of a suggestion, wherever it comes from."""
            rows = suggest(line, *args, **kwargs)
            for row in rows:
                lacking = SUGGESTION - row.keys()
                sizes = {len(row[key]) for key in ("records", "names", "amounts")}
                if lacking or len(sizes) > 1 or len(row["weights"]) != len(row["reasons"]):
                    raise AssertionError(f"{row} is no whole suggestion: {lacking or sizes}")
            return rows

        cls.classPatch(transactions, "get_match_suggestions", suggest_whole_rows)

    @classmethod
    def preset(cls, name, account, taxes=None, **values):
        return cls.env["account.reconcile.model"].create({
            "name": name,
            "company_id": cls.company.id,
            "line_ids": [Command.create({
                "account_id": account.id, "amount_type": "percentage", "amount_string": "100",
                "tax_ids": [Command.set(taxes.ids if taxes else [])],
            })],
            **values,
        })  # fmt: skip

    @classmethod
    def transaction(cls, amount, label="/", journal=None, date="2026-02-10", **values):
        """A bank transaction as an import leaves it, seen as the accountant sees it."""
        line = cls.env["account.bank.statement.line"]._own_write().create({
            "journal_id": (journal or cls.bank).id, "date": date, "amount": amount, "payment_ref": label, **values,
        })  # fmt: skip
        return line.with_env(cls.env).with_user(cls.accountant)

    def bank_snapshot(self, *lines):
        """All of a transaction that matching may change, but for the ids of journal items, which undoing makes anew."""
        self.env.flush_all()
        self.env.invalidate_all()
        line_fields = ["payment_ref", "partner_id", "amount", "amount_residual", "is_reconciled", "match_status",
                       "matched_entity_type", "match_confidence", "match_explanation", "ignore_reason"]  # fmt: skip
        item_fields = ["name", "account_id", "partner_id", "currency_id", "amount_currency", "balance", "date_maturity",
                       "amount_residual", "amount_residual_currency", "reconciled", "matching_number",
                       "parent_state"]  # fmt: skip
        move_fields = ["name", "state", "partner_id", "commercial_partner_id", "ref", "date", "narration"]
        without_id = lambda rows: [{k: v for k, v in row.items() if k != "id"} for row in rows]  # noqa: E731
        return [
            (
                line.sudo().read(line_fields),
                line.sudo().move_id.read(move_fields),
                without_id(line.sudo().move_id.line_ids.sorted("balance").read(item_fields)),
            )
            for line in lines
        ]

    def assertBooked(self, line, status="manual"):
        """The transaction's entry is whole: balanced in both currencies, nothing left on the suspense account."""
        line = line.sudo()
        self.env.invalidate_all()
        self.assertEqual(line.match_status, status)
        self.assertFalse(line._seek_for_lines()[1], "nothing waits on the suspense account")
        self.assertEqual(self.company.currency_id.compare_amounts(sum(line.move_id.line_ids.mapped("balance")), 0), 0)
        bank_line = line._seek_for_lines()[0]
        self.assertEqual(len(bank_line), 1)
        self.assertEqual(line.currency_id.compare_amounts(bank_line.amount_currency, line.amount), 0)
