"""A batch booking that two messages bring, as its payments and as their sum: counted once, the payments kept."""

from odoo.tests import tagged

from ..engine.bank_import.statement_kinds import IMPORTING
from ..models.bank_import.account_bulk_import import LINES_MIN
from .common.bank_import import BANK_NUMBER, BankImportCommon, mt940


def payment(name, text, amount):
    """A single payment of a batch booking."""
    return (
        f"<TxDtls><Refs><EndToEndId>E-{name}</EndToEndId></Refs>"
        f"<AmtDtls><TxAmt><Amt Ccy='USD'>{amount:.2f}</Amt></TxAmt></AmtDtls>"
        f"<RltdPties><Dbtr><Nm>{name}</Nm></Dbtr></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
    )


def entry(amount, reference, details):
    return (
        f"<Ntry><Amt Ccy='USD'>{amount:.2f}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-04-15</Dt>"
        f"</BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef><BkTxCd><Prtry><Cd>1</Cd></Prtry></BkTxCd>"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def camt(kind, entries, closing=None):
    """A CAMT message; ``closing`` is its balance where it is a statement that opens at 0."""
    root, node = {
        "052": ("BkToCstmrAcctRpt", "Rpt"),
        "053": ("BkToCstmrStmt", "Stmt"),
        "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    }[kind]  # fmt: skip
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='USD'>{amount:.2f}</Amt>"
        "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-04-30</Dt></Dt></Bal>"
        for code, amount in (("OPBD", 0), ("CLBD", closing))
        if closing is not None
    )
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.02'>"
        f"<{root}><GrpHdr><MsgId>M{kind}</MsgId><CreDtTm>2026-04-30T10:00:00</CreDtTm></GrpHdr><{node}><Id>S{kind}</Id>"
        f"<CreDtTm>2026-04-30T10:00:00</CreDtTm><Acct><Id><Othr><Id>{BANK_NUMBER}</Id></Othr></Id><Ccy>USD</Ccy></Acct>"
        f"{balances}{entries}</{node}></{root}></Document>"
    ).encode()


SINGLE = entry(40, "S2", payment("Cal", "RF 3", 40))
PAYMENTS = payment("Ann", "RF 1", 30) + payment("Bea", "RF 2", 40)
SUM = entry(70, "BATCH1", "<Btch><NbOfTxs>2</NbOfTxs></Btch>")


@tagged("post_install", "-at_install")
class TestBankImportBatches(BankImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.announced = camt("054", entry(70, "BATCH1", PAYMENTS) + SINGLE)
        cls.booked = camt("053", SUM + SINGLE, closing=110)

    def assertCountedOnce(self):
        """The payments are there and the sum isn't, all in the statement, which is complete."""
        self.env.invalidate_all()
        lines = self.lines.search([("journal_id", "=", self.bank.id)])
        self.assertEqual(sorted(lines.mapped(lambda line: (line.amount, line.partner_name))),
                         [(30, "Ann"), (40, "Bea"), (40, "Cal")])  # fmt: skip
        statement = self.env["account.bank.statement"].search([("journal_id", "=", self.bank.id)])
        self.assertEqual(statement.mapped("import_kind"), ["statement"])
        self.assertEqual((statement.balance_start, statement.balance_end, statement.balance_end_real), (0, 110, 110))
        self.assertEqual(statement.line_ids, lines)
        booked = self.env["account.move.line"].search([
            ("account_id", "=", self.bank.default_account_id.id), ("parent_state", "=", "posted"),
        ])  # fmt: skip
        self.assertEqual(sum(booked.mapped("balance")), 110)

    def test_payments_first(self):
        self.bring(self.announced)
        self.bring(self.booked)
        self.assertCountedOnce()

    def test_sum_first(self):
        self.bring(self.booked)
        self.bring(self.announced)
        self.assertCountedOnce()

    def test_both_again_and_again(self):
        for content in (self.booked, self.announced, self.booked, self.announced, self.announced, self.booked):
            self.bring(content)
        self.assertCountedOnce()

    def test_both_files_in_one_import(self):
        for contents in ((self.announced, self.booked), (self.booked, self.announced)):
            with self.subTest(first=contents[0][100:130]):
                savepoint = self.env.cr.savepoint()
                self.wizard(*contents).action_import()
                lines = self.lines.search([("journal_id", "=", self.bank.id)])
                self.assertEqual(sorted(lines.mapped("amount")), [30, 40, 40])
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)

    def test_sum_that_is_matched_stays_and_its_payments_are_left_out(self):
        self.bring(self.booked)
        whole = self.lines.search([("journal_id", "=", self.bank.id), ("amount", "=", 70)])
        preset = self.env["account.reconcile.model"].create({
            "name": "Courses", "company_id": self.company.id,
            "line_ids": [(0, 0, {"account_id": self.swim_code.id, "amount_string": "100"})],
        })  # fmt: skip
        whole.match_expense(preset)
        self.bring(self.announced)
        self.assertEqual(sorted(self.lines.search([("journal_id", "=", self.bank.id)]).mapped("amount")), [40, 70])
        self.assertEqual(whole.match_status, "manual")

    def test_sum_of_an_announcement_gives_way_to_the_payments_of_the_statement(self):
        for kind in ("052", "054"):
            with self.subTest(kind=kind):
                savepoint = self.env.cr.savepoint()
                self.bring(camt(kind, SUM))
                self.bring(camt("053", entry(70, "BATCH1", PAYMENTS) + SINGLE, closing=110))
                self.assertCountedOnce()
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)

    def test_sum_in_another_format(self):
        self.bring(camt("052", entry(70, "BATCH1", PAYMENTS)))
        statement = self.bring(mt940([(15, 70, "Collection")], 0, 70).replace(b"NONREF", b"NONREF//BATCH1"))
        self.assertEqual(sorted(self.lines.search([("journal_id", "=", self.bank.id)]).mapped("amount")), [30, 40])
        self.assertEqual((statement.balance_start, statement.balance_end_real), (0, 70))
        self.assertEqual(sorted(statement.line_ids.mapped("amount")), [30, 40])

    def test_payments_in_other_words_are_the_same_batch(self):
        self.bring(camt("054", entry(70, "BATCH1", PAYMENTS)))
        other = payment("ANN M", "Course 1", 30) + payment("BEA K", "Course 2", 40)
        self.bring(camt("053", entry(70, "BATCH1", other), closing=70))
        self.assertEqual(sorted(self.lines.search([("journal_id", "=", self.bank.id)]).mapped("amount")), [30, 40])

    def test_another_batch_of_the_same_day_and_amount_is_new(self):
        self.bring(self.announced)
        self.bring(camt("053", entry(70, "BATCH2", "<Btch><NbOfTxs>2</NbOfTxs></Btch>"), closing=70))
        amounts = self.lines.search([("journal_id", "=", self.bank.id)]).mapped("amount")
        self.assertEqual(sorted(amounts), [30, 40, 40, 70])

    # -- without a reference that both messages have -------------------------------------------------------

    def messages(self, *, order="", ref054="N-1", ref053="", count=2):
        """The announcement with the payments and the statement with their sum; the bank's references differ."""
        parts = (f"<Btch><PmtInfId>{order}</PmtInfId></Btch>" if order else "") + PAYMENTS
        batch = f"<Btch><PmtInfId>{order}</PmtInfId></Btch>" if order else ""
        batch = batch or (f"<Btch><NbOfTxs>{count}</NbOfTxs></Btch>" if count else "")
        return camt("054", entry(70, ref054, parts) + SINGLE), camt("053", entry(70, ref053, batch) + SINGLE, 110)

    def amounts(self):
        self.env.invalidate_all()
        return sorted(self.lines.search([("journal_id", "=", self.bank.id)]).mapped("amount"))

    def test_one_payment_order_is_certain_without_the_banks_reference(self):
        for first in (0, 1):
            with self.subTest(first=first):
                savepoint = self.env.cr.savepoint()
                messages = self.messages(order="ORDER-7")
                self.bring(messages[first])
                wizard = self.wizard(messages[1 - first])
                wizard.action_preview()
                self.assertFalse(wizard.suspected_ids)
                wizard.action_import()
                self.assertCountedOnce()
                self.bring(messages[first])
                self.assertCountedOnce()
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)

    def test_another_payment_order_of_the_same_sum_is_new(self):
        self.bring(self.messages(order="ORDER-7")[0])
        self.bring(self.messages(order="ORDER-8")[1])
        self.assertEqual(self.amounts(), [30, 40, 40, 70])

    def test_same_day_and_sum_is_asked_about(self):
        for first in (0, 1):
            for is_same in (True, False):
                with self.subTest(first=first, is_same=is_same):
                    savepoint = self.env.cr.savepoint()
                    messages = self.messages()
                    self.bring(messages[first])
                    wizard = self.wizard(messages[1 - first])
                    wizard.action_preview()
                    row = wizard.suspected_ids
                    self.assertEqual((len(row), row.amount, row.is_left_out), (1, 70, True))
                    texts = (row.name, row.other_name)[:: 1 if first else -1]
                    self.assertEqual(texts[0], "Payments of a batch booking, 2: Ann, Bea")
                    self.assertTrue(texts[1].startswith("Sum of a batch booking"))
                    self.assertEqual(wizard.duplicate_count, 1)
                    # The sum is left out; payments take its place.
                    self.assertEqual((wizard.left_out_count, wizard.new_count), (0, 2) if first else (1, 0))
                    row.is_left_out = is_same
                    self.assertEqual(wizard.new_count, 2 if first else 1 - is_same)
                    wizard.action_import()
                    if is_same:
                        self.assertCountedOnce()
                    else:
                        self.assertEqual(self.amounts(), [30, 40, 40, 70])
                    savepoint.close(rollback=True)
                    self.env.invalidate_all(flush=False)

    def test_without_a_person_a_suspected_batch_is_counted_once_and_the_statement_says_so(self):
        announced, booked = self.messages()
        self.bring(announced)
        statement = self.bring(booked)
        self.assertCountedOnce()
        self.assertIn("1 batch bookings look like ones", statement.import_note)

    def test_another_number_of_payments_is_another_batch(self):
        announced, booked = self.messages(count=3)
        self.bring(announced)
        self.bring(booked)
        self.assertEqual(self.amounts(), [30, 40, 40, 70])

    def test_sum_of_mt940_without_a_reference(self):
        for first in (0, 1):
            with self.subTest(first=first):
                savepoint = self.env.cr.savepoint()
                parts = camt("054", entry(70, "N-1", PAYMENTS))
                whole = mt940([(15, 70, "Collection")], 0, 70)
                contents = (parts, whole)
                self.bring(contents[first])
                self.bring(contents[1 - first])
                self.assertEqual(self.amounts(), [30, 40])
                statement = self.env["account.bank.statement"].search([("journal_id", "=", self.bank.id)])
                self.assertEqual((statement.balance_start, statement.balance_end_real), (0, 70))
                self.assertEqual(sorted(statement.line_ids.mapped("amount")), [30, 40])
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)

    def test_detailed_and_plain_exports_of_one_statement(self):
        plain = camt("053", entry(70, "", "<Btch><NbOfTxs>2</NbOfTxs></Btch>") + SINGLE, 110)
        detailed = camt("053", entry(70, "", PAYMENTS) + SINGLE, 110)
        for contents in ((plain, detailed), (detailed, plain)):
            with self.subTest(first=contents[0] == plain):
                savepoint = self.env.cr.savepoint()
                for content in (*contents, *contents):
                    self.bring(content)
                self.assertEqual(self.amounts(), [30, 40, 40])
                statements = self.env["account.bank.statement"].search([("journal_id", "=", self.bank.id)])
                self.assertEqual(sum(statements.line_ids.mapped("amount")), 110)
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)

    def test_equal_entry_of_a_later_statement_is_another_one(self):
        self.bring(camt("053", entry(70, "B-1", PAYMENTS), 70))
        other = entry(70, "B-2", "<TxDtls><RltdPties><Dbtr><Nm>Dora</Nm></Dbtr></RltdPties></TxDtls>")
        self.bring(camt("053", other, 70))
        self.assertEqual(self.amounts(), [30, 40, 70])

    def test_entries_of_one_file_are_never_one(self):
        other = entry(70, "B-2", "<TxDtls><RltdPties><Dbtr><Nm>Dora</Nm></Dbtr></RltdPties></TxDtls>")
        content = camt("053", entry(70, "B-1", PAYMENTS) + other, 140)
        self.bring(content)
        self.assertEqual(self.amounts(), [30, 40, 70])
        self.bring(content)
        self.assertEqual(self.amounts(), [30, 40, 70])

    def test_suspected_batch_in_slices(self):
        for first in (0, 1):
            with self.subTest(first=first):
                savepoint = self.env.cr.savepoint()
                messages = self.messages()
                self.bring(messages[first])
                wizard = self.wizard(messages[1 - first])
                wizard.action_preview()
                for _slice in range(5):
                    if wizard.process_slice(1)["is_done"]:
                        break
                self.assertCountedOnce()
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)

    def test_both_messages_in_one_import_without_a_reference(self):
        for first in (0, 1):
            with self.subTest(first=first):
                savepoint = self.env.cr.savepoint()
                messages = self.messages()
                wizard = self.wizard(messages[first], messages[1 - first])
                wizard.action_preview()
                self.assertEqual((len(wizard.suspected_ids), wizard.new_count), (1, 3))
                wizard.action_import()
                self.assertEqual(self.amounts(), [30, 40, 40])
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)

    def test_large_import_in_slices(self):
        self.bring(self.booked)
        wizard = self.wizard(self.announced)
        for _slice in range(5):
            if wizard.process_slice(1)["is_done"]:
                break
        self.assertCountedOnce()

    def test_payments_that_go_to_the_statement_of_their_sum_leave_none_behind(self):
        count = 2 * LINES_MIN
        payments = "".join(payment(f"Family {place}", f"RF {place}", 1 + place) for place in range(count))
        total = count * (count + 1) / 2
        statement = self.bring(camt("053", entry(total, "MANY", f"<Btch><NbOfTxs>{count}</NbOfTxs></Btch>"), total))
        wizard = self.wizard(camt("054", entry(total, "MANY", payments)))
        domain = [("journal_id", "in", [self.bank.id, False])]
        wizard.process_slice(1)
        wizard.process_slice(1)
        self.assertIn(IMPORTING, self.env["account.bank.statement"].search(domain).mapped("import_kind"))
        self.assertTrue(wizard.process_slice(1)["is_done"])
        self.assertEqual(self.env["account.bank.statement"].search(domain), statement)
        self.assertEqual((len(statement.line_ids), statement.balance_end, statement.is_complete), (count, total, True))
