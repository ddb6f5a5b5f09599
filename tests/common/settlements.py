"""What the tests of settlements share: reports of payment processors, and what their import, match and undoing do."""

from pathlib import Path

from ..invariants import violations
from .bank_matching import BankMatchingCommon

FOLDER = Path(__file__).parent.parent / "settlements"


def report(name, *changes):
    """A report's content in the currency of the test's company: euros and dollars change places."""
    content = FOLDER.joinpath(name).read_bytes()
    if not name.startswith(("paypal", "square", "stripe_balance")):
        for one, other in ((b"eur", b"usd"), (b"EUR", b"USD")):
            content = content.replace(one, b"#").replace(other, one).replace(b"#", other)
    for old, new in changes:
        assert old in content, old
        content = content.replace(old, new)
    return content


class SettlementCommon(BankMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.EUR").active = True
        cls.kept = cls.company_data["default_account_assets"].copy(
            {"code": "101900", "name": "At payment processors", "account_type": "asset_current"}
        )
        cls.company.write({"settlement_fee_id": cls.fees.id, "settlement_account_id": cls.kept.id})
        cls.emily = cls.env["res.partner"].create({"name": "Emily Sample", "email": "emily@example.com"})
        cls.noah = cls.env["res.partner"].create({"name": "Noah Example", "email": "noah@example.com"})

    def invoice(self, number, amount, partner=None, currency="USD", **values):
        """A posted invoice with a number of ours, of which all is open."""
        move = self.document(
            [amount],
            partner=partner or self.emily,
            currency_id=self.env.ref(f"base.{currency}").id,
            post=False,
            **values,
        )
        move.name = number
        move.action_post()
        return move

    def imported(self, name, *changes):
        """Import a report as the accountant; give its settlements."""
        journal = self.bank.with_user(self.accountant)
        return journal.import_settlement_report(name, report(name, *changes))

    def places(self, settlement):
        """Kind -> what each entry was found to be."""
        return [
            (entry.kind, entry.state, (entry.payment_id or entry.move_id or entry.partner_id).display_name or "")
            for entry in settlement.entry_ids
        ]

    def ledger(self, line):
        """The counterparts of a matched transaction: account, partner, balance."""
        line = line.sudo()
        rows = line.move_id.line_ids - line._seek_for_lines()[0]
        return sorted((row.account_id.code, row.partner_id.name or "", round(-row.balance, 2)) for row in rows)

    def assertMatchedAndUndone(self, settlement, line, *documents):
        """Match, look that the books are whole, undo, and compare with what was before, field by field."""
        documents = list(documents)
        before = self.bank_snapshot(line), self.snapshot(*documents) if documents else None
        settlement.action_match()
        self.assertBooked(line)
        self.assertEqual((settlement.state, settlement.statement_line_id), ("matched", line))
        self.assertEqual(violations(self.rows), [])
        booked = self.ledger(line)
        settlement.action_undo()
        self.assertEqual((settlement.state, settlement.statement_line_id.id), ("undone", False))
        after = self.bank_snapshot(line), self.snapshot(*documents) if documents else None
        self.assertEqual(after, before)
        settlement.action_match()
        self.assertEqual((settlement.state, self.ledger(line)), ("matched", booked))
        return booked

    def rows(self, statement):
        self.env.flush_all()
        self.env.cr.execute(statement)
        return self.env.cr.fetchall()

    def snapshot(self, *documents):
        self.env.flush_all()
        self.env.invalidate_all()
        fields = ["amount_residual", "payment_state", "reconciliation_status"]
        lines = ["amount_residual", "reconciled", "matching_number", "balance"]
        return [(document.sudo().read(fields), document.sudo().line_ids.read(lines)) for document in documents]
