"""CODA files of Belgian banks with known content; no database needed."""

from decimal import Decimal

try:
    from .common.statement_files import StatementCase, content, day, formats, read
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from statement_files import StatementCase, content, day, formats, read


class TestCoda(StatementCase):
    def test_statement(self):
        parsed = read("coda_belgian.cod")
        self.assertEqual((parsed.format, parsed.variant), ("coda", "CODA 2"))
        (statement,) = parsed.statements
        self.assertFields(
            statement,
            account_number="BE68539007547034",
            account_name="ATELIER DU CANAL SPRL",
            currency="EUR",
            name="2026/057",
            date_from=day("2026-04-02"),
            date_to=day("2026-04-02"),
            kind="statement",
        )
        self.assertBalances(statement, "1500.00", "3367.95")
        self.assertAmounts(statement, "1210.50", "87.25", "-59.90", "-300.00", "990.00", "-45.00", "-12.40", "-2.50")
        self.assertEqual(statement.warnings, ('The bank writes: "Nos agences sont fermées le 6 avril.".',))

    def test_structured_communication_is_checked_and_written_as_people_write_it(self):
        line = read("coda_belgian.cod").statements[0].lines[0]
        self.assertFields(
            line,
            value_date=day("2026-04-02"),
            structured_reference="+++090/9337/55493+++",
            reference="E2E-2026-0417",
            end_to_end_id="E2E-2026-0417",
            ultimate_name="BRASSERIE DE LA PLACE SA",
            counterparty_name="BRASSERIE DE L'ÉTOILE",
            counterparty_account="BE71096123456769",
            bank_reference="KBO0000000001",
            bank_text="Credit transfer",
            transaction_code="00150000",
        )
        self.assertIn("RUE HAUTE 12", line.raw)

    def test_structured_communication_with_wrong_check_digits_is_a_plain_reference(self):
        line = read("coda_two_statements.cod").statements[2].lines[0]
        self.assertFields(line, structured_reference="", reference="000000010107", label="000000010107")

    def test_communication_over_three_records_is_one_text(self):
        line = read("coda_belgian.cod").statements[0].lines[1]
        self.assertEqual(
            line.label,
            "FACTUUR 2026/0017 VAN 15 MAART EN CREDITNOTA 2026/0003 SAMEN BETAALD ZOALS AFGESPROKEN MET UW BOEKHOUDING "
            "OP 28 MAART 2026 DANK",
        )
        self.assertEqual(line.reference, "")

    def test_direct_debit_paid_and_returned(self):
        lines = read("coda_belgian.cod").statements[0].lines
        self.assertFields(
            lines[2], label="Abonnement avril", counterparty_name="ENERGIE NORD SA", is_reversal=False,
            bank_text="Direct debit", mandate_id="MND-000123", reference="", return_code="", return_reason="",
        )  # fmt: skip
        self.assertFields(
            lines[5], label="Cotisation mars", is_reversal=True, bank_text="Unpaid direct debit", mandate_id="MND-77",
            return_code="MD01", return_reason="There is no mandate",
        )  # fmt: skip

    def test_sum_of_a_collective_transfer_has_its_payments(self):
        statement = read("coda_belgian.cod").statements[0]
        batch = statement.lines[3]
        self.assertTrue(batch.is_batch)
        self.assertFields(batch, batch_id="BATCH-2026-04", batch_count=2, batch_total=Decimal(-300), end_to_end_id="")
        self.assertEqual(
            [(part.amount, part.counterparty_name, part.reference) for part in batch.details],
            [(Decimal(-120), "PEETERS A", "SAL-1"), (Decimal(-180), "MERTENS B", "SAL-2")],
        )
        self.assertEqual(statement.split_batches()[0].difference, 0)

    def test_charges_and_original_amount_of_a_foreign_payment(self):
        line = read("coda_belgian.cod").statements[0].lines[4]
        self.assertFields(
            line,
            amount=Decimal("990.00"),
            charges=Decimal("-10.00"),
            original_amount=Decimal("1085.00"),
            original_currency="USD",
            counterparty_name="HUDSON TRADING INC",
            label="INVOICE 2026-044",
            details=(),
        )

    def test_card_payment_names_the_shop(self):
        line = read("coda_belgian.cod").statements[0].lines[6]
        self.assertFields(line, label="BOULANGERIE NORD LIEGE", value_date=day("2026-04-01"), bank_text="Card payment")

    def test_information_of_the_bank_is_the_label_where_nobody_wrote_one(self):
        line = read("coda_belgian.cod").statements[0].lines[7]
        self.assertFields(line, label="FRAIS DE GESTION AVRIL 2026", bank_text="Account closing: costs")

    def test_several_statements_in_utf8_with_the_old_account_number(self):
        first, empty, transfers = read("coda_two_statements.cod").statements
        self.assertEqual({first.account_number, empty.account_number}, {"BE68539007547034"})
        self.assertBalances(first, "-100.25", "-57.30")
        self.assertFields(first.lines[0], label="BETALING ÉÉN", counterparty_name="CAFÉ HET PLEIN")
        self.assertBalances(empty, "-57.30", "-57.30")
        self.assertEqual((empty.name, empty.date_to), ("2026/059", day("2026-04-03")))
        # A separate application, only transfers, has no balances.
        self.assertFields(transfers, kind="notification", balance_start=None, balance_end=None)
        self.assertAmounts(transfers, "75.00")

    def test_a_wrong_number_of_records_is_a_warning_where_the_sums_are_right(self):
        source = content("coda_belgian.cod")
        at = source.rindex(b"\r\n9") + 2 + 16
        (statement,) = formats.parse("x", source[:at] + b"999999" + source[at + 6 :]).statements
        self.assertIn("states 999999 records, the file holds 35", statement.warnings[0])
        self.assertEqual(len(statement.lines), 8)

    def test_a_duplicate_and_text_of_another_movement_are_warnings(self):
        source = content("coda_belgian.cod").replace(b"53905 ", b"53905D", 1).replace(b"31000800", b"31000900", 1)
        (statement,) = formats.parse("x", source).statements
        self.assertIn("The bank marks the statement as a duplicate.", statement.warnings)
        self.assertIn("Information that belongs to no movement is left out: 1, first in line 35.", statement.warnings)
        self.assertEqual(statement.lines[7].label, "Account closing: costs")

    def test_impossible_value_date_is_a_warning(self):
        source = content("coda_belgian.cod").replace(b"01042600402000", b"30022600402000", 1)
        (statement,) = formats.parse("x", source).statements
        self.assertEqual(statement.lines[6].value_date, day("2026-02-28"))
        self.assertRegex(statement.warnings[0], "month's last day: 1, first in line 32")
        source = source.replace(b"30022600402000", b"31992600402000", 1)
        (statement,) = formats.parse("x", source).statements
        self.assertIsNone(statement.lines[6].value_date)
        self.assertRegex(statement.warnings[0], "Impossible value dates are left out")

    def test_old_version_is_named(self):
        source = content("coda_two_statements.cod")
        with self.assertRaisesRegex(formats.StatementFormatError, "Line 1 .* CODA version 1"):
            formats.parse("x", source[:127] + b"1" + source[128:])
