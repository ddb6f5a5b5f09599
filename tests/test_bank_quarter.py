"""A quarter of a recreation centre's bank account, as its accountant would tell it."""

from odoo.tests import tagged

from .common.bank_periods import BankPeriodCommon


@tagged("post_install", "-at_install")
class TestBankQuarter(BankPeriodCommon):
    def statement(self, name, start, end, transactions):
        lines = self.env["account.bank.statement.line"].union(*transactions)
        return self.env["account.bank.statement"].create({
            "name": name, "balance_start": start, "balance_end_real": end, "line_ids": [(6, 0, lines.ids)],
        })  # fmt: skip

    def open_period(self, month):
        """A new period with nothing but its dates: the balances come by themselves."""
        return self.periods.create({
            "journal_id": self.bank.id,
            "date_from": f"2026-{month:02}-01",
            "date_to": f"2026-{month:02}-{[31, 28, 31][month - 1]}",
        })  # fmt: skip

    def test_a_quarter(self):
        # January. Two families pay, the landlord gets a cheque that he keeps in a drawer; the bank takes a fee.
        swimming, judo = self.payment(300, date="2026-01-08"), self.payment(150, date="2026-01-20")
        cheque = self.payment(120, date="2026-01-28", direction="outbound", partner_type="supplier")
        fee = self.transaction(-4.5, "2026-01-31", "Account fee")
        deposits = self.transaction(300, "2026-01-09"), self.transaction(150, "2026-01-21")
        self.statement("January", 1000, 1445.5, [*deposits, fee])
        for transaction, payment in zip(deposits, (swimming, judo), strict=True):
            self.clear(transaction, payment)
        january = self.open_period(1)
        self.assertEqual((january.balance_start, january.balance_end), (1000, 1445.5))
        january.action_confirm_matched()
        self.assertEqual(january.remaining, 4.5, "the fee isn't in the books yet")
        self.assertEqual(january.unmatched_count, 1)
        self.book(fee, self.fees)
        january.action_confirm_matched()
        self.assertEqual((january.remaining, january.is_balanced), (0, True))
        self.assertFalse(january.is_fully_reconciled, "the cheque is outstanding")
        january.action_close()
        self.assertEqual(january.snapshot_ids.outstanding_count, 1)

        # February. The cheque is cashed; money goes to savings; a settlement comes less the card company's share.
        cards = self.payment(80, date="2026-02-10") | self.payment(40, date="2026-02-11")
        transfer = self.env["account.bank.transfer"].create({
            "journal_id": self.bank.id, "destination_journal_id": self.savings.id, "amount": 500, "date": "2026-02-15",
        })._transfer()  # fmt: skip
        cashed = self.transaction(-120, "2026-02-03", "Cheque 1001")
        settled = self.transaction(117.6, "2026-02-12", "Card settlement")
        moved = self.transaction(-500, "2026-02-15", "To savings")
        self.statement("February", 1445.5, 943.1, [cashed, settled, moved])
        self.clear(cashed, cheque)
        self.clear(settled, *cards)
        self.book(settled, self.fees)
        self.clear(moved, transfer[0])
        february = self.open_period(2)
        self.assertEqual((february.balance_start, february.balance_end), (1445.5, 943.1))
        self.assertEqual(february.chain_state, "ok")
        february.action_confirm_matched()
        self.assertEqual(
            self.offered(february),
            [(-120, "earlier", True), (80, "period", True), (40, "period", True), (-2.4, "period", True),
             (-500, "period", True)],
        )  # fmt: skip
        self.assertEqual((february.remaining, february.is_fully_reconciled), (0, True))
        february.action_close()
        savings = self.period(2, journal=self.savings, end=500)
        self.assertEqual(savings.action_confirm(transfer[1])["remaining"], 0)

        # March. A correction: the desk has typed 210 for 201; found because the period doesn't balance.
        typed = self.payment(210, date="2026-03-05")
        came = self.transaction(201, "2026-03-06")
        self.statement("March", 943.1, 1144.1, [came])
        march = self.open_period(3)
        march.action_confirm(typed)
        self.assertEqual(march.remaining, 9)
        typed.action_draft()
        typed.amount = 201
        typed.action_post()
        self.assertEqual(self.kinds(march), ["amount"])
        self.clear(came, typed)
        march.action_accept_changes()
        self.assertEqual((march.remaining, self.messages(march)), (0, []))
        march.action_close()

        # The books prove the quarter: what was carried, and the ledger of the bank account itself.
        periods = january | february | march
        self.assertEqual(periods.mapped("chain_state"), ["first", "ok", "ok"])
        self.assertEqual(periods.mapped("remaining"), [0, 0, 0])
        self.assertAlmostEqual(sum(periods.mapped("total_reconciled")), march.balance_end - january.balance_start)
        lines = self.env["account.move.line"].search([("account_id", "=", self.bank.default_account_id.id)])
        self.assertAlmostEqual(sum(lines.mapped("balance")), march.balance_end - january.balance_start)

        # A year later somebody changes January; it is caught there, and the months after stand firm.
        for period in periods:
            self.assertEqual(self.messages(period), [])
        judo.action_draft()
        judo.date = "2026-02-20"
        judo.action_post()
        self.env.invalidate_all()
        self.assertEqual(self.kinds(january), ["date"])
        self.assertIn("the date was 01/20/2026 and is 02/20/2026", self.messages(january)[0])
        self.assertEqual(self.kinds(february), ["backdated"], "it has come into February")
        self.assertEqual(self.messages(march), [])

        # Once a month is reopened, the months after it show that.
        january.action_reopen("The payment's date was changed")
        self.env.invalidate_all()
        self.assertEqual((february | march).mapped("is_after_reopened"), [True, True])
