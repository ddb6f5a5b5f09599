"""MT940 and MT942 as the banks of many countries write them: each field reaches its place, no detail stops a file."""

from decimal import Decimal

try:
    from odoo.addons.account_reconciliation import statement_formats as formats

    from .common.statement_files import StatementCase, content, day, read
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from statement_files import StatementCase, content, day, read

    import statement_formats as formats

INGB, ABNA, BELGIAN = "NL20INGB0001234567", "NL02ABNA0123456789", "BE68539007547034"
BERLIN, COLOGNE, POLISH = "DE02120300000000202051", "DE89370400440532013000", "PL27114020040000300201355387"


def message(*fields, account="NL91ABNA0417164300", opening="C260409EUR1000,00", closing="C260410EUR900,00", end="-"):
    """Give one MT940 message around some fields."""
    head = [":20:STMT1", f":25:{account}", ":28C:1/1", f":60F:{opening}"]
    return "\r\n".join([*head, *fields, f":62F:{closing}", end, ""]).encode()


def one(*fields, **options):
    """Read a message of one entry; give its line."""
    (statement,) = formats.parse("x", message(*fields, **options)).statements
    (line,) = statement.lines
    return line


class Mt940Case(StatementCase):
    def assertLines(self, name, *expected, statement=0):
        """Compare the given fields of all lines of a statement, which must balance."""
        found = read(name).statements[statement]
        self.assertEqual(found.difference, 0)
        self.assertEqual(len(found.lines), len(expected))
        for line, fields in zip(found.lines, expected, strict=True):
            self.assertFields(line, **fields)
        return found


class TestDutchBanks(Mt940Case):
    def test_abn_amro_in_keywords_and_in_columns(self):
        found = self.assertLines(
            "mt940_nl_abn_amro.sta",
            {"label": "RES.NR 00042", "counterparty_name": "VOLKSTUIN DE LINDE EN/OF ZN",
             "counterparty_account": BELGIAN, "reference": "", "end_to_end_id": "", "bank_text": "SEPA OVERBOEKING"},
            {"label": "INV/1511682351 15.12.2026", "counterparty_name": "WATERBEDRIJF ZUID",
             "counterparty_account": INGB, "end_to_end_id": "01234567891236100", "mandate_id": "000000059990"},
            {"label": "1234123412341234", "structured_reference": "1234123412341234", "counterparty_account": INGB,
             "counterparty_name": "VOORBEELD DIENST APELDOORN"},
            {"label": "TERMIJN APRIL", "counterparty_name": "WATERBEDRIJF ZUID", "counterparty_account": INGB,
             "reference": "KLANT-5501", "mandate_id": "991200022"},
            {"label": "BEA NR:XX1234 10.04.26/09.15 KOFFIEHUIS DE HOEK,PAS12", "counterparty_name": ""},
            {"amount": Decimal(35), "is_reversal": True, "return_code": "MD06", "end_to_end_id": "KLANT-5501",
             "return_reason": "The payer asked for the money back", "counterparty_account": INGB},
        )  # fmt: skip
        self.assertEqual((found.account_number, found.currency), ("417164300", "EUR"))

    def test_ing(self):
        found = self.assertLines(
            "mt940_nl_ing.sta",
            {"label": "1234123412341234", "structured_reference": "1234123412341234", "counterparty_account": INGB,
             "counterparty_name": "VOORBEELD DIENST", "transaction_code": "NTRF+00100"},
            {"reference": "E2E-2026-17", "counterparty_name": "A JONG / B.V.", "counterparty_account": BELGIAN,
             "structured_reference": "+++090/9337/55493+++", "label": "FACTUUR 2026-17 +++090/9337/55493+++"},
            {"reference": "BATCH-0410", "batch_id": "BATCH-0410", "batch_count": 3, "label": "TOTAAL 3 POSTEN",
             "batch_reference": "26100000000003"},
            {"return_code": "AC04", "return_reason": "The account is closed", "mandate_id": "M-77",
             "reference": "INCASSO-8", "counterparty_name": "MUSTER KG", "counterparty_account": COLOGNE},
            {"counterparty_account": ABNA, "counterparty_name": "C DE WIT", "reference": "",
             "label": "kilometervergoeding 2e kwartaal"},
            {"label": "Kosten zakelijk betalingsverkeer", "counterparty_name": ""},
        )  # fmt: skip
        self.assertEqual((found.account_number, found.warnings), ("NL91ABNA0417164300", ()))

    def test_ing_in_its_former_edition(self):
        line = one(
            ":61:260410D100,00NIC MARF",
            ":86:Europese Incasso, doorlopend NL20INGB0001234567 INGBNL2A BOB NL36ZZZ123456780000",
            " Kenmerk: 3333.1111 Omschrijving: 987654321 Servicecontract",
        )
        self.assertFields(
            line, counterparty_account=INGB, reference="3333.1111", label="987654321 Servicecontract", mandate_id=""
        )
        line = one(
            ":61:260410D100,00NGT 8850426741301240",
            ":86:NL20INGB0001234567 INGBNL2A VOORBEELD DIENST BTW 2e kwartaal",
            "SCOR/CUR/8850426741301240",
        )
        self.assertFields(
            line, counterparty_account=INGB, structured_reference="8850426741301240", reference="8850426741301240",
            label="VOORBEELD DIENST BTW 2e kwartaal",
        )  # fmt: skip

    def test_rabobank_with_the_account_below_the_entry(self):
        self.assertLines(
            "mt940_nl_rabobank.swi",
            {"counterparty_account": INGB, "counterparty_name": "Koffiehuis Nederland B.V.",
             "amount": Decimal("-127.5"), "reference": "10-04-2026 22:56 1120000153447185",
             "label": "674725433 1120000153447185 14144467636004962"},
            {"counterparty_account": "0663616476", "counterparty_name": "Bedrijf B.V.",
             "label": "NR.2026-111/11.3.2026 NR.2026-112/11.3.2026"},
            {"counterparty_account": ABNA, "mandate_id": "MNDT-9", "end_to_end_id": "INC-55",
             "label": "Termijn april 2026"},
            {"label": "Kosten Periode 01-01-2026 t/m 31-03-2026", "counterparty_account": ""},
            {"structured_reference": "RF18539007547034", "label": "RF18539007547034", "counterparty_account": BELGIAN,
             "counterparty_name": "Stichting Uit", "ultimate_name": "Klant Van Uit"},
        )  # fmt: skip

    def test_asn_and_sns_with_the_account_as_reference(self):
        self.assertLines(
            "mt940_nl_asn_sns.sta",
            {"counterparty_account": INGB, "counterparty_name": "v veld", "reference": "", "label": "Vergoeding april",
             "date": day("2026-04-10")},
            {"counterparty_account": ABNA, "counterparty_name": "VOORBEELD TANKPAS BV", "mandate_id": "MTC244K",
             "reference": "1755481/5570", "label": "Relatienummer 1755481/Factuurnr.7903792"},
            {"label": "creditrente 01-01-25 tot 01-01-26", "counterparty_account": ""},
        )  # fmt: skip

    def test_triodos_where_31_is_the_own_account(self):
        found = self.assertLines(
            "mt940_nl_triodos.sta",
            {"counterparty_account": "0555555555", "label": "VOORBEELD DRUKKERIJ EN ADRES TEGENREKENING"},
            {"counterparty_account": INGB, "label": "VOORBEELD B.V. FACTUUR 2026-41"},
        )
        self.assertEqual(found.account_number, "0390123456")
        self.assertLines(
            "mt940_nl_triodos.sta",
            {"counterparty_account": INGB, "counterparty_name": "Voorbeeld Aanbod N.V.", "reference": "",
             "label": "Factuurnummer 2026-001"},
            statement=1,
        )  # fmt: skip

    def test_knab_and_bunq(self):
        self.assertLines(
            "mt940_nl_knab_bunq.sta",
            {"counterparty_account": INGB, "counterparty_name": "VOORBEELD SOFTWARE",
             "label": "FACTUUR 2026110, 2026113"},
            {"counterparty_account": ABNA, "counterparty_name": "SPORTHAL", "mandate_id": "007-M157303302",
             "end_to_end_id": "DD2EFGAD446A45379D13C0", "label": "SPORTHAL:9999999999, FACTUURNUMMER:88888888"},
        )  # fmt: skip
        found = self.assertLines(
            "mt940_nl_knab_bunq.sta",
            {"counterparty_account": INGB, "counterparty_name": "P. Proef", "label": "P. Proef"},
            {"counterparty_name": "WWW.VOORBEELD.COM", "original_amount": None,
             "label": "WWW.VOORBEELD.COM TAURANGA SOUT, NZ 1.00 NZD, 1 NZD = 0.61000 EUR"},
            statement=1,
        )  # fmt: skip
        self.assertEqual(found.account_number, "NL10BUNQ2290325473")


class TestGermanFamily(Mt940Case):
    def test_german_subfields(self):
        found = self.assertLines(
            "mt940_de_variants.sta",
            {"date": day("2026-02-27"), "value_date": day("2026-02-28"), "label": "VERTRAG 4711 APRIL",
             "reference": "A1.200080779.400143254.4961336", "counterparty_name": "SOZIALSTATION MUSTERSTADT NORD",
             "counterparty_account": BELGIAN},
            {"label": "RUECKGABEGRUND: AC04 KONTO AUFGELOEST", "end_to_end_id": "A1.20008077.4001432",
             "mandate_id": "20852HW2723821", "batch_id": "SEPA-DA20260201", "charges": Decimal("-0.50"),
             "return_code": "AC04", "return_reason": "The account is closed", "original_amount": None,
             "counterparty_name": "TESTER EL", "counterparty_account": BERLIN},
            {"return_code": "MD06", "return_reason": "The payer asked for the money back", "label": "RETOURE BEITRAG"},
            {"label": "STEUERNR 123/456/78901 KOERPST 3VJ", "reference": "123/456/78901-----L110",
             "mandate_id": "BYA12345678901", "counterparty_name": "Beispielamt Musterstadt Abteilung 4",
             "counterparty_account": BERLIN, "ultimate_name": "Beispielkasse Nord"},
            {"label": "Gehalt Oktober", "counterparty_name": "MUELLER", "counterparty_account": "084756470"},
            {"label": "-", "counterparty_name": "Lucia Muster", "counterparty_account": BERLIN},
        )  # fmt: skip
        self.assertEqual(found.account_number, "37040044/0532013000")
        self.assertEqual(found.warnings, ('The date "260230" does not exist; 2026-02-28 is taken.',))
        self.assertLines(
            "mt940_de_variants.sta",
            {"label": "Rechnung Nr 7983: Teil 2", "counterparty_name": "Muster Beratung mbH",
             "counterparty_account": BERLIN, "transaction_code": "999"},
            {"label": "WOLKE EU, muster.example", "counterparty_name": "WOLKE EU", "reference": "MUELL",
             "date": day("2026-04-10"), "value_date": day("2026-04-09")},
            statement=1,
        )  # fmt: skip

    def test_reference_words_are_followed_to_what_they_point_at(self):
        details = ":86:191?00SEPA-UEBERW?20KREF+ORDER 4711?21SVWZ+Sammler April"
        line = one(":61:2604100410DR100,00NTRFKREF+//BANKREF77", details)
        self.assertFields(line, reference="ORDER 4711", batch_id="ORDER 4711", bank_reference="BANKREF77")
        for pointer, keyword, reference in (("MREF+", "MREF+M 1", "M 1"), ("EREF+", "EREF+E 1", "E 1")):
            line = one(f":61:2604100410D100,00NTRF{pointer}", f":86:105?20{keyword}?21SVWZ+Text")
            self.assertFields(line, reference=reference, label="Text")
        line = one(":61:2604100410D100,00NTRFMARF", ":86:/MARF/M-5/NAME/A/REMI/Text")
        self.assertFields(line, reference="M-5", mandate_id="M-5")
        self.assertEqual(one(":61:2604100410D100,00NTRFEREF", ":86:Only text").reference, "")

    def test_text_behind_identifiers_is_not_lost_where_no_keyword_leads_it(self):
        for details, label in (
            ("?20EREF+RE 4711?21Miete April?22MREF+M-1", "EREF+RE 4711 Miete April MREF+M-1"),
            ("?20Miete?21EREF+E-1?22ABWA+Muster GmbH RE 12", "Miete EREF+E-1 ABWA+Muster GmbH RE 12"),
            ("?20Miete 5 MREF: M-1 RE 12", "Miete 5 MREF: M-1 RE 12"),
            ("?20Miete?21EREF+E-1", "Miete"),
            ("?20EREF+E-1?21MREF+M-1", "GUTSCHRIFT"),
        ):
            with self.subTest(details=details):
                line = one(":61:2604100410C100,00NTRFNONREF", f":86:166?00GUTSCHRIFT{details}?32MUSTER")
                self.assertFields(line, label=label)

    def test_keyword_in_two_subfields(self):
        for cut in range(1, 5):
            text = "EREF+1234567890123456789" + " " * (3 - cut) + "SVWZ+Miete"
            chunks = [text[:27], text[27:]]
            with self.subTest(chunks=chunks):
                line = one(":61:2604100410D100,00NTRFNONREF", f":86:105?20{chunks[0]}?21{chunks[1]}")
                self.assertFields(line, end_to_end_id="1234567890123456789", label="Miete")

    def test_words_of_a_former_edition(self):
        line = one(
            ":61:2604100410DR100,00NMSCNONREF//POS 2908012830",
            ":86:005?20LASTSCHRIFT/BELAST.?22END-TO-END-REF.:?2316461823.117162119?24CORE / MANDATSREF.:?25MA6105423J8"
            "?26GLAEUBIGER-ID:?27DE98ZZZ09999999999?32BEISPIEL RV AG",
        )
        self.assertFields(line, reference="16461823.117162119", mandate_id="MA6105423J8", end_to_end_id=line.reference)

    def test_charges_and_original_amount_among_the_text(self):
        line = one(
            ":61:2604100410DR100,00NTRFREF 1//B1", "/OCMT/USD110,//IACC/D3/",
            ":86:020?00VIREMENT?20FACTURE 7?25/CHGS/EUR0,5/?26SUITE?32ABC",
        )  # fmt: skip
        self.assertFields(
            line,
            charges=Decimal("-0.5"),
            original_amount=Decimal(-110),
            original_currency="USD",
            label="FACTURE 7 SUITE",
        )

    def test_polish_banks(self):
        account = POLISH.removeprefix("PL")
        for index, expected in enumerate((
            {"label": "FAKTURA 12/2026", "counterparty_account": account, "reference": "179171073864111.010001",
             "counterparty_name": "ZAKLAD PRZYKLAD UL. NIJAKA 1 31-234 KRAKOW"},
            {"label": "FAKTURA 7/2026 ZA USLUGI K SIEGOWE", "counterparty_account": POLISH,
             "counterparty_name": "BIURO PRZYKLAD SP. Z O.O."},
            {"label": "ZAPLATA ZA FABRYKATY DO TUB - 200 SZTUK", "counterparty_account": POLISH,
             "counterparty_name": "HUTA PRZYKLAD SPOLKA JAWNA", "bank_text": "Przelew"},
        )):  # fmt: skip
            self.assertLines("mt940_pl.sta", expected, statement=index)
        numbers = [statement.account_number for statement in read("mt940_pl.sta").statements]
        self.assertEqual(numbers, ["PL61109010140000071219812874"] * 2 + ["320000546101"])

    def test_swiss_austrian_and_luxembourg_banks(self):
        self.assertLines(
            "mt940_ch_at_lu.sta",
            {"label": "RECHNUNG 88", "counterparty_name": "GARTEN MUSTER BEISPIELWEG 10 1234 MUSTERLINGEN"},
            {"structured_reference": "210000000003139471430009017", "amount": Decimal(100)},
        )
        found = self.assertLines(
            "mt940_ch_at_lu.sta",
            {"label": "foo Test Überweisung", "transaction_code": "NTRF+999"},
            {"structured_reference": "2026-4711", "counterparty_name": "Gasthof Muster", "label": "2026-4711",
             "counterparty_account": "AT611904300234573201"},
            statement=1,
        )  # fmt: skip
        self.assertEqual((found.account_number, found.currency), ("AT39364/12345678912", "EUR"))
        found = self.assertLines(
            "mt940_ch_at_lu.sta",
            {"bank_text": "FORFAIT MENSUEL", "counterparty_account": "", "bank_reference": "CIOB260410990193"},
            {"label": "FACTURE 26/7", "counterparty_name": "ABC EXEMPLE", "bank_text": "BONIFICATION"},
            statement=2,
        )
        self.assertEqual(found.account_number, "LU280019400644750000")

    def test_hungarian_czech_and_slovak_banks(self):
        self.assertLines(
            "mt940_hu_cz_sk.sta",
            {"counterparty_account": "109876543210000012345678", "counterparty_name": "PÉLDA KFT.",
             "amount": Decimal(2066637), "label": "UV, napi összevont utánvét, 2026.04 .10, A13947109"},
            {"label": "OLD18D038146 HUF 1.218.882,00", "counterparty_name": ""},
        )  # fmt: skip
        found = self.assertLines(
            "mt940_hu_cz_sk.sta",
            {"counterparty_account": "0000004279070017", "counterparty_name": "BIZTOSITO PELDA Fiokte lep",
             "bank_text": "Atutalas"},
            statement=1,
        )  # fmt: skip
        self.assertEqual(found.currency, "HUF")
        self.assertIn("has no currency", found.warnings[0])
        self.assertLines(
            "mt940_hu_cz_sk.sta",
            {"structured_reference": "2026000017", "counterparty_name": "VZOR STAVBY SRO", "reference": "2026000017"},
            {"structured_reference": "1234567890", "counterparty_account": "SK3112000000198742637541",
             "label": "Uhrada"},
            statement=2,
        )  # fmt: skip


class TestOtherBanks(Mt940Case):
    NAME = "mt940_be_nordic_uk.sta"

    def test_belgian_banks(self):
        self.assertLines(
            self.NAME,
            {"structured_reference": "+++090/9337/55493+++", "counterparty_account": INGB,
             "counterparty_name": "VOORBEELD BOUW NV"},
            {"structured_reference": "+++090/9337/55493+++", "counterparty_account": "BE31435411161155",
             "counterparty_name": "ENERGIE VOORBEELD", "mandate_id": "MD-1", "reference": "DOM-3"},
        )  # fmt: skip

    def test_nordic_banks_with_charges_and_original_amount(self):
        self.assertLines(
            self.NAME,
            {"reference": "E2E-SE-1", "counterparty_name": "EXEMPEL BYGG AB", "label": "Faktura 5566",
             "charges": Decimal(-10), "original_amount": Decimal(11), "original_currency": "EUR"},
            {"counterparty_name": "HANDELSFIRMAN", "label": "BANKGIRO 555-1234"},
            statement=1,
        )  # fmt: skip

    def test_beneficiary_of_a_payment_abroad(self):
        details = ":86:DBTS 5078078137/Bnf. DBC KUNDE BOX 1234/Bnf.acc. SE4550000000058398257466/Our fee DKK 20,00"
        line = one(":61:2604100410DK100,00NMSCDBT.dbc Kund//e", details)
        self.assertFields(line, counterparty_name="DBC KUNDE BOX 1234", counterparty_account="SE4550000000058398257466")

    def test_text_behind_keywords_without_a_remittance_tag(self):
        self.assertLines(
            self.NAME,
            {"label": "PAYMENT OF INVOICES 204011665 204011687", "reference": "1004688128",
             "original_amount": Decimal("-2853.12"), "original_currency": "USD"},
            statement=2,
        )  # fmt: skip
        self.assertLines(
            self.NAME,
            {"counterparty_account": "300000000000133", "counterparty_name": "PRIMER BANKA AD SKOPJE",
             "label": "Mesecna provizija 160309522 Mesecen nadomest"},
            {"counterparty_account": "300000000460495", "counterparty_name": "PRIMER DOOEL",
             "label": "747 747 Uplata po faktura 747"},
            statement=3,
        )  # fmt: skip
        self.assertLines(self.NAME, {"amount": Decimal(220000), "bank_reference": "19239782213"}, statement=4)

    def test_the_other_side_follows_the_direction(self):
        details = ":86:/ORDP//NAME/PAYER LTD/IBAN/GB29NWBK60161331926819/BENM//NAME/PAYEE LTD/REMI/Text"
        line = one(":61:2604100410D100,00NTRFNONREF", details)
        self.assertFields(line, counterparty_name="PAYEE LTD", counterparty_account="")
        line = one(":61:2604100410C100,00NTRFNONREF", details, closing="C260410EUR1100,00")
        self.assertFields(line, counterparty_name="PAYER LTD", counterparty_account="GB29NWBK60161331926819")

    def test_own_account_is_never_the_other_side(self):
        own = "NL91ABNA0417164300"
        for details in (
            f":86:/NAME/ME/IBAN/{own}/REMI/Text",
            f":86:/CNTP/{own}/ABNANL2A/ME///REMI/USTD//Text/",
            f":86:166?20SVWZ+Text?31{own}?32ME",
            f":86:IBAN: {own} NAAM: ME OMSCHRIJVING: Text",
            f":86:{own} ABNANL2A Text",
        ):
            with self.subTest(details=details):
                line = one(":61:2604100410D100,00NTRFNONREF", details)
                self.assertFields(line, counterparty_account="", label="Text")
        self.assertEqual(one(f":61:2604100410D100,00NTRF{own}", "ME", ":86:Text").counterparty_account, "")

    def test_word_with_a_colon_in_what_a_payer_wrote_names_nobody(self):
        line = one(":61:2604100410D100,00NTRFNONREF", ":86:Huur april betreft naam: Test")
        self.assertFields(line, label="Huur april betreft naam: Test", counterparty_name="")

    def test_text_with_words_behind_a_code(self):
        line = one(
            ":61:2604100410D100,00NTRFNONREF//1",
            ":86:/TRCD/00101/ Overschrijving naar rekening: BE68 5390 0754 7034 VOORBEELD BVBA Mededeling: FACT 12",
        )
        self.assertFields(
            line,
            label="FACT 12",
            counterparty_name="VOORBEELD BVBA",
            counterparty_account=BELGIAN,
            bank_text="Overschrijving naar",
        )

    def test_word_for_an_account_without_one_is_text(self):
        line = one(":61:260410D100,00NTRFNONREF", ":86:NAAM: Voorbeeld OMSCHRIJVING: Factuur 1 zie REK: 12")
        self.assertFields(line, label="Factuur 1 zie REK: 12", counterparty_name="Voorbeeld", counterparty_account="")

    def test_name_behind_its_account(self):
        line = one(":61:260410D100,00NTRFNONREF", f":86:BEGUNSTIGDE: {BELGIAN} VOORBEELD BVBA MEDEDELING: FACT 12")
        self.assertFields(line, label="FACT 12", counterparty_name="VOORBEELD BVBA", counterparty_account=BELGIAN)

    def test_swiss_reference_among_the_references(self):
        line = one(
            ":61:2604100410D100,00NTRFNONREF//1",
            ":86:GIRO EMPFÄNGER: Muster AG MITTEILUNGEN: Rechnung 44 REFERENZEN: 210000000003139471430009017",
        )
        self.assertFields(line, label="Rechnung 44", structured_reference="210000000003139471430009017")

    def test_code_of_a_return_in_words_comes_before_the_extension(self):
        text = ":86:109?00RETOURE?20EREF+E1?21SVWZ+RUECKLASTSCHRIFT {} RG 77?32MUSTER GMBH?34{}"
        for reason, extension, code in (("AC04", "911", "AC04"), ("", "912", "MD06"), ("AC04", "000", "AC04")):
            with self.subTest(reason=reason, extension=extension):
                line = one(":61:2604100410D100,00NRTINONREF", text.format(reason, extension))
                self.assertEqual(line.return_code, code)


class TestLiberties(Mt940Case):
    ENTRY = (":61:2604100410D100,00NTRFNONREF", ":86:PAYMENT INVOICE 4711")

    def check(self, source, **expected):
        (statement,) = formats.parse("x", source).statements
        self.assertAmounts(statement, "-100.00")
        self.assertEqual(statement.difference, 0)
        self.assertFields(statement.lines[0], label="PAYMENT INVOICE 4711", **expected)
        return statement

    def test_frames_of_files_and_messages(self):
        source = message(*self.ENTRY)
        block = b"{1:F01BANKGB2LAXXX0000000000}{2:O940N}{4:\r\n"
        for framed in (
            source.replace(b"-\r\n", b"\x1a"),
            b"\x01\x02" + source + b"\x03\x04",
            source.removesuffix(b"\r\n"),
            source.removesuffix(b"-\r\n"),
            message(*self.ENTRY, end=" -"),
            message(*self.ENTRY, end="-XXX"),
            block + message(*self.ENTRY, end="-}"),
            block + message(*self.ENTRY, end="   -}{5:{CHK:123456789ABC}}"),
            block + message(*self.ENTRY, end=""),
            source.replace(b"\r\n", b"\n"),
            source.replace(b"\r\n", b"\r\r\n"),
            b":940:\r\n" + source,
            b"@@" + source.replace(b"\r\n", b"@@"),
        ):
            with self.subTest(framed=framed):
                self.check(framed)

    def test_blank_entry_date_and_impossible_value_dates(self):
        details = self.ENTRY[1]
        for entry, booked, value in (
            (":61:260410    D100,00NTRFNONREF", "2026-04-10", "2026-04-10"),
            (":61:2604100000D100,00NTRFNONREF", "2026-04-10", "2026-04-10"),
            (":61:2602300301D100,00NTRFNONREF", "2026-03-01", "2026-02-28"),
            (":61:2602290228D100,00NTRFNONREF", "2026-02-28", "2026-02-28"),
            (":61:2802300301D100,00NTRFNONREF", "2028-03-01", "2028-02-29"),
            (":61:260228    D100,00NTRFNONREF", "2026-02-28", "2026-02-28"),
            (":61:260230D100,00NTRFNONREF", "2026-02-28", "2026-02-28"),
            (":61:2602270230D100,00NTRFNONREF", "2026-02-28", "2026-02-27"),
        ):
            with self.subTest(entry=entry):
                self.check(message(entry, details), date=day(booked), value_date=day(value))
        source = message(":61:2604310430D100,00NTRFNONREF", details)
        statement = self.check(source, date=day("2026-04-30"), value_date=None)
        self.assertEqual(statement.warnings, ('"260431" is not a date and is left out.',))

    def test_balances_with_blanks_without_currency_or_day(self):
        for opening, closing in (
            ("C260409EUR          1000,00", "C260410EUR 900,00 "),
            ("C260409EUR000000000001000,00", "C260410EUR000000000900,00"),
            ("C000000EUR1000,00", "C260410EUR900,00"),
            ("C260409EUR1000,00", "C260410900,00"),
            ("C2604091000,00", "C260410EUR900,00"),
            ("C260230EUR1000,00", "C260410EUR900,00"),
        ):
            with self.subTest(opening=opening, closing=closing):
                statement = self.check(message(*self.ENTRY, opening=opening, closing=closing))
                self.assertEqual(statement.currency, "EUR")

    def test_statement_without_any_currency(self):
        statement = self.check(message(*self.ENTRY, opening="C2604091000,00", closing="C260410900,00"))
        self.assertEqual(statement.currency, "")
        self.assertIn("no currency", statement.warnings[0])
        with_account = message(*self.ENTRY, account="417164300EUR", opening="C2604091000,00", closing="C260410900,00")
        self.assertEqual(self.check(with_account).currency, "EUR")

    def test_informative_balances_are_not_looked_at(self):
        source = message(*self.ENTRY).replace(b"-\r\n", b":64:CXXX\r\n:65:\r\n:86:any text\r\n-\r\n")
        self.assertEqual(self.check(source).warnings, ())

    def test_intermediate_balance_at_the_end(self):
        source = message(*self.ENTRY).replace(b":62F:", b":62M:")
        self.assertIn("further pages", self.check(source).warnings[0])
        with self.assertRaisesRegex(formats.StatementFormatError, "do not add up"):
            formats.parse("x", source.replace(b"900,00", b"800,00"))
        later = self.check(message(*self.ENTRY).replace(b":60F:", b":60M:"))
        self.assertIn("first pages are not in the file", later.warnings[0])

    def test_entry_without_code_or_with_blanks(self):
        for entry, code, reference in (
            (":61:2604100410D100,00NONREF", "", ""),
            (":61:2604100410D100,00 NTRFNONREF", "NTRF", ""),
            (":61:2604100410DR100,NTRFREF 1//B1", "NTRF", "REF 1"),
            (":61:2604100410D  100,00NTRFREF 1", "NTRF", "REF 1"),
            (":61:2604100410DF100,00S   X1", "S", "X1"),
            (":61:2604100410D100,00//B1", "", ""),
        ):
            with self.subTest(entry=entry):
                self.check(message(entry, self.ENTRY[1]), transaction_code=code, reference=reference)

    def test_line_that_starts_like_an_unknown_field_is_text(self):
        line = one(self.ENTRY[0], ":86:PAYMENT AT", ":10:15 INVOICE 4711")
        self.assertEqual(line.label, "PAYMENT AT :10:15 INVOICE 4711")

    def test_account_with_bank_and_currency(self):
        for written, number in (
            ("NL91ABNA0417164300EUR", "NL91ABNA0417164300"),
            ("NL91 ABNA 0417 1643 00 EUR", "NL91ABNA0417164300"),
            ("ABNANL2A/NL91ABNA0417164300", "NL91ABNA0417164300"),
            ("12345678/0123456789EUR", "12345678/0123456789"),
            ("37040044/532013000", "37040044/532013000"),
            ("//AT39364/12345678912/EUR", "AT39364/12345678912"),
            ("TRIODOSBANK/0390123456", "0390123456"),
            ("1014365930  ", "1014365930"),
            ("IBAN NL91 ABNA 0417 1643 00", "NL91ABNA0417164300"),
        ):
            with self.subTest(written=written):
                self.assertEqual(self.check(message(*self.ENTRY, account=written)).account_number, number)

    def test_totals_that_cannot_be_read_are_named(self):
        source = content("mt942_interim.txt").replace(b":90D:1CHF20,00", b":90D:?")
        (statement,) = formats.parse("x", source).statements
        self.assertIn("were not compared", statement.warnings[0])

    def test_what_touches_money_is_refused(self):
        for old, new in (
            (b"D100,00", b"X100,00"),
            (b"D100,00", b"D1.00,00"),
            (b":62F:C", b":62F:X"),
            (b":62F:C260410EUR900,00\r\n", b""),
            (b":62F:C260410EUR900,00", b":62F:C260410USD900,00"),
        ):
            with self.subTest(new=new), self.assertRaises(formats.StatementFormatError):
                formats.parse("x", message(*self.ENTRY).replace(old, new))
