"""CAMT messages: parties, references, charges, returns, batch bookings, and entries in another currency."""

from decimal import Decimal

try:
    from odoo.addons.account_reconciliation import statement_formats as formats
    from odoo.addons.account_reconciliation.statement_formats import camt_xml

    from .common.statement_files import StatementCase, content, day, read
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from statement_files import StatementCase, content, day, read

    import statement_formats as formats
    from statement_formats import camt_xml

HEAD = (
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr>'
    "<Stmt><Id>S1</Id><CreDtTm>2026-04-10T20:00:00</CreDtTm><Acct><Id><IBAN>CH9300762011623852957</IBAN></Id>"
    "<Ccy>CHF</Ccy></Acct>"
)
BALANCE = (
    "<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt Ccy='CHF'>{}</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
    "<Dt><Dt>2026-04-10</Dt></Dt></Bal>"
)
ENTRY = (
    "<Ntry><Amt Ccy='{}'>{}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-04-10</Dt></BookgDt>"
    "{}</Ntry>"
)


def beside(**amounts):
    """Give ``AmtDtls`` with amounts (currency, text) by name of the element."""
    inner = "".join(f"<{name}><Amt Ccy='{ccy}'>{text}</Amt></{name}>" for name, (ccy, text) in amounts.items())
    return f"<AmtDtls>{inner}</AmtDtls>"


def transactions(*details):
    inner = "".join(f"<TxDtls>{one}</TxDtls>" for one in details)
    return f"<NtryDtls>{inner}</NtryDtls>"


def statement_of(*entries, opening="1000.00", closing=""):
    balances = BALANCE.format("OPBD", opening) + BALANCE.format("CLBD", closing) if closing else ""
    source = HEAD + balances + "".join(entries) + "</Stmt></BkToCstmrStmt></Document>"
    (found,) = formats.parse("x", source.encode()).statements
    return found


class TestElements(StatementCase):
    def tree(self, inner):
        ((_name, tree, _parent, _header, _raw),) = camt_xml.iterate(f"<Ntry>{inner}</Ntry>".encode(), {"Ntry"}, "Ntry")
        return tree

    def test_element_that_is_there_once(self):
        tree = self.tree("<a><b> x </b><c Ccy='EUR'>1</c><d/></a>")
        self.assertEqual(camt_xml.text_at(tree, "a", "b"), "x")
        self.assertEqual(camt_xml.texts(tree, "a", "b"), ["x"])
        self.assertEqual(camt_xml.amount_at(tree, "a", "c"), ("1", "EUR"))
        self.assertEqual(camt_xml.amount_at(tree, "a", "b"), ("x", ""))
        self.assertEqual(camt_xml.nodes(tree, "a"), [{"b": "x", "c": ("1", "EUR"), "d": ""}])

    def test_first_of_twins_that_says_something(self):
        tree = self.tree("<a/><a>x</a><a><b/><b><c>1</c></b></a><a><b><c/><c>2</c></b><d/><d Ccy='EUR'>3</d></a>")
        self.assertEqual(camt_xml.text_at(tree, "a"), "x")
        self.assertEqual(camt_xml.text_at(tree, "a", "b", "c"), "1")
        self.assertEqual(camt_xml.texts(tree, "a", "b", "c"), ["1", "2"])
        self.assertEqual(camt_xml.amount_at(tree, "a", "d"), ("3", "EUR"))
        self.assertEqual(camt_xml.nodes(tree, "a", "b"), [{"c": "1"}, {"c": ["", "2"]}])

    def test_text_in_place_of_an_element_and_the_other_way(self):
        for inner in ("<a>x</a>", "<a Ccy='EUR'>1</a>", "<a/>", "", "<a>x</a><a>y</a>", "<a><b><c>x</c></b></a>"):
            tree = self.tree(inner)
            self.assertEqual(camt_xml.text_at(tree, "a", "b"), "", inner)
            self.assertEqual(camt_xml.texts(tree, "a", "b"), [], inner)
            self.assertIsNone(camt_xml.amount_at(tree, "a", "b"), inner)
            self.assertEqual(camt_xml.nodes(tree, "a", "b", "c"), [], inner)


class TestCamtFields(StatementCase):
    def test_parties_references_charges_and_returns(self):
        (found,) = read("camt053_v08_parties_and_returns.xml").statements
        self.assertBalances(found, "1000.00", "1206.65")
        self.assertEqual(found.warnings, ('The date "2026-02-30" does not exist; 2026-02-28 is taken.',))
        paid, returned, sent_back, _batch, _collected, text = found.lines
        self.assertFields(
            paid,
            value_date=day("2026-02-28"),
            counterparty_name="Zahlstelle Nord AG",
            counterparty_account="BE68539007547034",
            ultimate_name="Kundin Beispiel",
            structured_reference="RF18539007547034",
            end_to_end_id="E2E-1",
            mandate_id="",
            return_code="",
        )
        self.assertFields(
            returned,
            counterparty_name="Tester KG",
            charges=Decimal("-0.50"),
            mandate_id="M-77",
            end_to_end_id="INV-55",
            batch_id="SDD-0202",
            return_code="AC04",
            return_reason="Konto aufgeloest",
        )
        self.assertFields(
            sent_back,
            counterparty_name="Lieferant Ost",
            is_reversal=True,
            return_code="AC01",
            return_reason="The account number is wrong",
        )
        self.assertFields(
            text,
            label="TERMIJN MAART",
            counterparty_name="WATERBEDRIJF ZUID",
            counterparty_account="NL20INGB0001234567",
            mandate_id="M-9",
        )

    def test_batch_whose_parts_have_no_amounts_keeps_their_names_and_references(self):
        (found,) = read("camt053_v08_parties_and_returns.xml").statements
        batch = found.lines[3]
        self.assertFalse(batch.is_batch)
        self.assertFields(
            batch,
            label="Sammelueberweisung: Papier Ost RE 17 PAY-1; Toner West RE 18 PAY-2",
            batch_id="SCT-0302",
            batch_count=2,
            batch_total=Decimal("-30.00"),
        )
        first, second = batch.details
        self.assertFields(first, amount=None, counterparty_name="Papier Ost", label="RE 17", reference="PAY-1")
        self.assertFields(second, amount=None, counterparty_name="Toner West", batch_id="SCT-0302")
        self.assertEqual(found.split_batches()[0].lines[3], batch)

    def test_one_missing_amount_of_a_batch_is_what_the_others_leave(self):
        (found,) = read("camt053_v08_parties_and_returns.xml").statements
        batch = found.lines[4]
        self.assertTrue(batch.is_batch)
        self.assertEqual([detail.amount for detail in batch.details], [Decimal("20.00"), Decimal("30.00")])
        self.assertFields(batch.details[1], counterparty_name="Zweite KG", bank_reference="A-5/2")

    def test_payments_say_which_sum_they_are_parts_of(self):
        (found,) = read("camt053_v08_parties_and_returns.xml").statements
        for line in [line for line in found.split_batches()[0].lines if line.batch_id == "SDD-0302"]:
            self.assertFields(line, batch_reference="A-5", batch_count=2, batch_total=Decimal("50.00"))

    def test_label_of_a_large_batch_is_bounded(self):
        parts = [f"<Refs><EndToEndId>E-{number}</EndToEndId></Refs>" for number in range(5000)]
        (line,) = statement_of(ENTRY.format("CHF", "1.00", transactions(*parts))).lines
        self.assertEqual((len(line.details), line.batch_count), (5000, 5000))
        self.assertTrue(line.label.startswith("E-0; E-1; "))
        self.assertLess(len(line.label), 1100)

    def test_reason_of_a_return_in_the_banks_text_counts_only_for_returns(self):
        for code, expected in (("UPDD", "MS03"), ("ESCT", "")):
            family = f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>X</Cd><SubFmlyCd>{code}</SubFmlyCd></Fmly></Domn></BkTxCd>"
            entry = ENTRY.format("CHF", "1.00", family + "<AddtlNtryInf>Retoure MS03</AddtlNtryInf>")
            self.assertEqual(statement_of(entry).lines[0].return_code, expected)

    def test_owner_is_never_the_other_side(self):
        source = HEAD.replace("</Acct>", "<Ownr><Nm>Own Company</Nm></Ownr></Acct>")
        parties = "<RltdPties><Dbtr><Nm>OWN COMPANY</Nm></Dbtr></RltdPties>"
        source += ENTRY.format("CHF", "1.00", transactions(parties)) + "</Stmt></BkToCstmrStmt></Document>"
        (found,) = formats.parse("x", source.encode()).statements
        self.assertEqual(found.lines[0].counterparty_name, "")

    def test_informative_dates_and_balances_do_not_stop_a_file(self):
        source = content("camt053_v02_german.xml")
        expected = read("camt053_v02_german.xml").statements[0].lines
        for old, new in (
            (b"<ValDt><Dt>2026-05-01", b"<ValDt><Dt>2026-05-00"),
            (b"<CreDtTm>2026-04-30", b"<CreDtTm>soon"),
        ):
            self.assertIn(old, source)
            (found,) = formats.parse("x", source.replace(old, new)).statements
            self.assertEqual([line.amount for line in found.lines], [line.amount for line in expected])

    def test_amounts_without_a_currency_are_in_that_of_the_account(self):
        found = statement_of(ENTRY.format("CHF", "1.00", ""), closing="999.00")
        source = HEAD + (BALANCE.format("OPBD", "1000.00") + BALANCE.format("CLBD", "999.00")).replace(" Ccy='CHF'", "")
        source += ENTRY.format("CHF", "1.00", "").replace(" Ccy='CHF'", "") + "</Stmt></BkToCstmrStmt></Document>"
        (bare,) = formats.parse("x", source.encode()).statements
        self.assertEqual((bare.currency, bare.difference), ("CHF", 0))
        self.assertFields(bare.lines[0], amount=found.lines[0].amount, currency="CHF", original_currency="")

    def test_sum_of_charges_without_the_charges(self):
        charges = "<Chrgs><TtlChrgsAndTaxAmt Ccy='{}'>1.50</TtlChrgsAndTaxAmt></Chrgs>"
        for currency, expected in (("CHF", Decimal("-1.50")), ("USD", None)):
            entry = ENTRY.format("CHF", "20.00", charges.format(currency))
            self.assertEqual(statement_of(entry, closing="980.00").lines[0].charges, expected)

    def test_code_of_a_balance_among_the_banks_own_words(self):
        own = BALANCE.replace("<Cd>{}</Cd>", "<Prtry>{}</Prtry>")
        source = HEAD + own.format("OPBD", "100.00") + own.format("CLBD", "80.00") + ENTRY.format("CHF", "20.00", "")
        (found,) = formats.parse("x", (source + "</Stmt></BkToCstmrStmt></Document>").encode()).statements
        self.assertBalances(found, "100.00", "80.00")


class TestOtherCurrency(StatementCase):
    def test_amount_in_the_accounts_currency_is_taken_where_the_balances_agree(self):
        amounts = beside(InstdAmt=("CHF", "19.69"), TxAmt=("EUR", "20.97"))
        for entry in (
            ENTRY.format("EUR", "20.97", amounts),
            ENTRY.format("EUR", "20.97", transactions(amounts)),
            ENTRY.format("EUR", "20.97", beside(CntrValAmt=("CHF", "19.69"))),
            ENTRY.format("EUR", "20.97", transactions("<Amt Ccy='CHF'>9.69</Amt>", "<Amt Ccy='CHF'>10.00</Amt>")),
            # The first amount in francs is another one; only the second agrees with the balances.
            ENTRY.format("EUR", "20.97", beside(TxAmt=("CHF", "20.00"), InstdAmt=("CHF", "19.69"))),
        ):
            with self.subTest(entry=entry):
                found = statement_of(entry, ENTRY.format("CHF", "1.00", ""), closing="979.31")
                self.assertEqual(found.difference, 0)
                self.assertFields(
                    found.lines[0],
                    amount=Decimal("-19.69"),
                    currency="CHF",
                    original_amount=Decimal("-20.97"),
                    original_currency="EUR",
                )
                self.assertIn("balances agree", found.warnings[0])

    def test_contradiction_with_the_balances_is_refused(self):
        entry = ENTRY.format("EUR", "20.97", beside(TxAmt=("CHF", "19.69")))
        with self.assertRaisesRegex(formats.StatementFormatError, "do not agree"):
            statement_of(entry, closing="900.00")

    def test_without_balances_the_warning_says_that_nothing_proves_it(self):
        found = statement_of(ENTRY.format("EUR", "20.97", beside(TxAmt=("CHF", "19.69"))))
        self.assertAmounts(found, "-19.69")
        self.assertIn("do not prove", found.warnings[0])

    def test_entry_whose_amount_in_the_accounts_currency_is_not_given_is_refused(self):
        with self.assertRaisesRegex(formats.StatementFormatError, "holds an entry of"):
            statement_of(ENTRY.format("EUR", "20.97", beside(TxAmt=("USD", "19.69"))), closing="980.31")
