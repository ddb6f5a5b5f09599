"""What the tests of the matcher share: transactions, what is suggested and decided for them, what is learned."""

from odoo import Command

from .reconciliation import ReconciliationCommon


class MatcherCommon(ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.matcher = cls.env["account.bank.matcher"]
        cls.savings = cls.bank.copy({"name": "Savings", "code": "SAV"})
        cls.savings.default_account_id = cls.bank.default_account_id.copy()

    @classmethod
    def transaction(cls, amount, label, date="2026-01-15", journal=None, **values):
        """A bank transaction as an import leaves it."""
        return cls.env["account.bank.statement.line"].create({
            "journal_id": (journal or cls.bank).id, "date": date, "amount": amount, "payment_ref": label, **values,
        })  # fmt: skip

    @classmethod
    def owner(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, **values})

    def suggested(self, line):
        return self.matcher._suggest(line)[line.id]

    def best(self, line):
        return next(iter(self.suggested(line)), None)

    def decided(self, lines):
        """dict line -> records of what was decided."""
        return {line: suggestion.records for line, suggestion, _rivals in self.matcher._decide(lines)}

    def assertMatched(self, line, *records):
        expected = tuple((record._name, record.id) for record in records)
        decided = self.decided(line)
        self.assertEqual(decided.get(line), expected, self._shown(line))

    def assertOnlySuggested(self, line, *records):
        self.assertFalse(self.decided(line), self._shown(line))
        if records:
            expected = tuple((record._name, record.id) for record in records)
            self.assertEqual(self.best(line).records, expected, self._shown(line))

    def _shown(self, line):
        return "\n".join(
            f"{one.probability:.4f} {one.records} {one.note} {'; '.join(self.matcher._explain(one))}"
            for one in self.suggested(line)
        )


class MatchMemoryCommon(MatcherCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.memory = cls.env["account.bank.match.memory"]
        cls.preset = cls.env["account.reconcile.model"].create({
            "name": "Coffee", "company_id": cls.company.id,
            "line_ids": [Command.create({"account_id": cls.company_data["default_account_expense"].id})],
        })  # fmt: skip
