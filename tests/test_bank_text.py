"""What is read from bank labels: references, names, patterns; Python and the database alike; hostile texts harmless."""

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools import SQL

from ..engine.bank_matching import bank_text
from ..engine.bank_matching.own_accounts import OwnAccountNames


@tagged("post_install", "-at_install")
class TestBankText(BaseCase):
    def test_reference_is_found_whatever_stands_around_it(self):
        for label in (
            "Payment INV/2026/00001 thank you",
            "inv 2026 00001",
            "RECHNUNG NR.INV-2026-00001 VOM 03.02.",
            "INV202600001",
            "EREF+INV/2026/00001 SVWZ+MITGLIED",
        ):
            self.assertIn(bank_text.compact("INV/2026/00001"), bank_text.reference_keys(label), label)

    def test_structured_references(self):
        for label, reference in (
            ("ref RF18 5390 0754 7034 thanks", "RF18539007547034"),
            ("+++090/9337/55493+++", "+++090/9337/55493+++"),
            ("21 00000 00003 13947 14300 09017", "210000000003139471430009017"),
            ("Viite 0000 0000 0012 3451 6", "1234516"),
            ("KID 002345676", "2345676"),
        ):
            self.assertIn(bank_text.compact(reference), bank_text.reference_keys(label), label)

    def test_short_numbers_are_no_reference(self):
        for label in ("9", "00009", "#9", "2026", "12/05", "room 404"):
            self.assertNotIn(bank_text.compact("INV/2026/00009"), bank_text.reference_keys(label))

    def test_name_key_ignores_order_case_accents_and_legal_form(self):
        self.assertEqual(bank_text.name_key("Lumber Inc."), bank_text.name_key("LUMBER"))
        self.assertEqual(bank_text.name_key("Léa Tremblay"), bank_text.name_key("TREMBLAY LEA"))
        self.assertNotEqual(bank_text.name_key("Léa Tremblay"), bank_text.name_key("Léo Tremblay"))

    def test_pattern_stays_from_month_to_month(self):
        self.assertEqual(
            bank_text.label_pattern("CARD 4412 STARBUCKS #443 NYC 03/02"),
            bank_text.label_pattern("card 4412 Starbucks #17 nyc 04/11"),
        )
        self.assertEqual(bank_text.label_pattern("12345 / 67"), "")

    def test_payer_is_the_banks_name_field_or_the_labels_own_words(self):
        self.assertEqual(bank_text.payer_key("TREMBLAY LEA", "whatever"), "LEA TREMBLAY")
        self.assertEqual(bank_text.payer_key("", "SEPA CREDIT TRANSFER LEA TREMBLAY 12"), "LEA TREMBLAY")

    def test_umlauts_as_banks_write_them(self):
        self.assertIn("MULLER", bank_text.search_words("MUELLER HANS"))

    @settings(max_examples=200, deadline=None)
    @given(st.text(max_size=3000))
    def test_any_text_is_read_within_bounds(self, text):
        self.assertLessEqual(len(bank_text.fold_as_sql(text)), 2 * bank_text.LABEL_LIMIT)
        self.assertLessEqual(len(bank_text.reference_keys(text, text[::-1])), bank_text.KEY_LIMIT)
        self.assertLessEqual(len(bank_text.search_words(text)), 14)
        self.assertLessEqual(len(bank_text.label_pattern(text)), 120)
        for key in bank_text.reference_keys(text):
            self.assertRegex(key, r"\A[A-Z0-9]{4,40}\Z")

    def test_megabytes_cost_no_more_than_the_limit(self):
        hostile = ("9a-" * 1_000_000, "RF18 " * 100_000, "+" * 1_000_000, "\0\u202e\x1b[2J" * 100_000)
        for text in hostile:
            self.assertEqual(bank_text.reference_keys(text), bank_text.reference_keys(text[: bank_text.LABEL_LIMIT]))


@tagged("post_install", "-at_install")
class TestBankTextInTheDatabase(TransactionCase):
    TEXTS = (
        "INV/2026/00001",
        "Réf. n° 12-b",
        "+++090/9337/55493+++",
        "ＡＢ１２",
        "ß 1",
        "x" * 900,
        "a\tb\n1",
        "''\\ 7",
    )

    def test_database_makes_the_same_keys(self):
        for text in self.TEXTS:
            self.env.cr.execute(SQL("SELECT %s FROM (SELECT %s AS t) AS one", SQL(bank_text.compact_sql("t")), text))
            self.assertEqual(self.env.cr.fetchone()[0], bank_text.compact(text), text)

    def test_words_of_a_name_are_found_without_accents(self):
        query = "SELECT %s @@ to_tsquery('simple', %s) FROM (SELECT %s AS t) AS one"
        for name, word in (("Léa Tremblay", "TREMBLAY"), ("Hans Müller-Lüdenscheidt", "LUDENSCHEIDT"),
                           ("Łódź Œuvre", "LODZ"), ("a.b/c@d_e.org", "ORG")):  # fmt: skip
            self.env.cr.execute(SQL(query, SQL(bank_text.fold_sql("t")), word, name))
            self.assertTrue(self.env.cr.fetchone()[0], name)


@tagged("post_install", "-at_install")
class TestOwnAccountNames(BaseCase):
    """The company's own bank accounts are known in a text by their names, and by nothing that means something else."""

    NAMES = OwnAccountNames(
        {
            1: ["Acme Bank", "Bank"],
            2: ["Acme Savings Account"],
            3: ["Épargne longue"],
            4: ["Savings 2"],
            5: ["Operating"],
        },
        "Acme Ltd",
    )  # fmt: skip

    def find(self, *texts, journal_id=1):
        found = self.NAMES.find(texts, journal_id)
        return found and (found.journal_id, found.is_clear)

    def test_name_beside_a_transfer_or_a_direction(self):
        for text, journal_id in (
            ("TO SAVINGS 1000", 2),
            ("TRANSFER SAVINGS ACCOUNT", 2),
            ("savings transfer 12/03", 2),
            ("INTERNAL TRANSFER TO THE ACME SAVINGS", 2),
            ("TO SAVINGS 2", 4),
            ("VIREMENT VERS COMPTE EPARGNE LONGUE", 3),
            ("FROM OPERATING TO BANK", 5),
        ):
            self.assertEqual(self.find(text), (journal_id, True), text)
        self.assertEqual(self.find("INTERNAL TRANSFER", "REF SAVINGS 77"), (2, True))

    def test_name_among_other_names_is_a_hint_at_most(self):
        self.assertEqual(self.find("TRANSFER TO JANE OPERATING COSTS"), (5, False))
        self.assertIsNone(self.find("FROM SAVINGS CLUB"))

    def test_what_says_nothing(self):
        for text in ("SAVINGS 1000", "TO BANK", "TRANSFER ACME", "TRANSFER TO ACME BANK ACCOUNT", "TRANSFER", "EPARGNE",
                     "TO EPARGNE", "TRANSFER SAVINGS OPERATING", ""):  # fmt: skip
            self.assertIsNone(self.find(text), text)
        self.assertIsNone(self.find("TRANSFER TO OPERATING", journal_id=5), "its own account")

    def test_e_transfer_is_a_payment(self):
        for label, expected in (
            ("TRF 77", True),
            ("INTERAC E-TRANSFER J SMITH", False),
            ("E-TRANSFER SENT", False),
            ("INTERNAL E-TRANSFER", True),
        ):
            self.assertIs(bank_text.mentions_transfer(label), expected, label)
