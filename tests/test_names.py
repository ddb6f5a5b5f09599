"""Names as banks write them: what makes another person of somebody, and what doesn't."""

from odoo.tests import BaseCase, tagged

from ..engine.bank_matching import bank_text
from ..engine.bank_matching.names import CLOSE, CUT, NONE, OTHER_WORD, SIMILAR, WHOLE, compare


@tagged("post_install", "-at_install")
class TestNames(BaseCase):
    def assertFits(self, kind, text, name, is_field=True):
        self.assertEqual(compare(text, name, is_field).kind, kind, (text, name))

    def test_order_case_accents_titles_and_initials_make_nobody_else(self):
        for text, name in (
            ("TREMBLAY LEA", "Léa Tremblay"),
            ("MR JOHN SMITH", "John Smith"),
            ("SMITH, JOHN DR.", "John Smith"),
            ("JOHN Q SMITH", "John Smith"),
            ("MUELLER HANS", "Hans Müller"),
            ("JOERGENSEN", "Jørgensen"),
            ("MILLER LIMITED", "Miller Ltd"),
            ("TREMBLAY FAMILY", "Tremblay family"),
            ("KEVINNGUYEN", "Kevin Nguyen"),
            ("IVANOV PETR", "Пётр Иванов"),
        ):
            self.assertFits(WHOLE, text, name)

    def test_a_different_word_makes_somebody_else(self):
        for text, name in (
            ("JOHN SMITH", "Jane Smith"),
            ("MARIO ROSSI", "Maria Rossi"),
            ("MILLER HEATING", "Miller Plumbing"),
            ("NORTH MILLER PLUMBING", "South Miller Plumbing"),
        ):
            self.assertFits(OTHER_WORD, text, name)

    def test_what_has_nothing_in_common_is_told_from_a_slip(self):
        for text, name in (("PETER BROWN", "Carlos Garcia"), ("JON BROWN", "Joe Garcia"), ("12 345", "Joe"), ("", "A")):
            self.assertFits(NONE, text, name)
        for text, name in (("GABRIELE TREMBLEY", "Gabrielle Tremblay"), ("G TREMBLEY", "Gabrielle Tremblay")):
            self.assertFits(CLOSE, text, name)
        self.assertFits(WHOLE, "KE VINNGUYEN", "Kevin Nguyen")

    def test_a_different_legal_form_makes_somebody_else(self):
        self.assertFits(OTHER_WORD, "MILLER & SON GMBH", "Miller & Son AG")
        self.assertFits(OTHER_WORD, "MILLER LTD", "Miller Inc")
        self.assertFits(WHOLE, "MILLER", "Miller Inc")

    def test_a_word_more_or_less_is_only_close(self):
        self.assertFits(CLOSE, "MILLER PLUMBING HEATING", "Miller Plumbing")
        self.assertFits(SIMILAR, "MILLER PLUMBING", "Miller Plumbing & Heating")
        self.assertFits(CLOSE, "KEVIN NGUYEN", "Nguyen family")
        self.assertFits(SIMILAR, "GARCIA", "Carlos Garcia")

    def test_initials_slips_and_joint_accounts_are_close(self):
        self.assertFits(CLOSE, "J SMITH", "John Smith")
        self.assertFits(CLOSE, "J & M SMITH", "Mary Smith")
        self.assertFits(CLOSE, "JOHN AND MARY SMITH", "Mary Smith")
        self.assertFits(CLOSE, "GABRIELLE TREMBLEY", "Gabrielle Tremblay")

    def test_the_bank_s_field_ends_within_a_name(self):
        self.assertFits(CUT, "GREENFIELD COMMUNITY RECREATIO", "Greenfield Community Recreation Centre")
        for width in (27, 32, 35):
            name = "Northern Lakes Community Swimming Club Society"
            self.assertFits(CUT, name.upper()[:width], name)
        # Nothing says that this one was cut off.
        self.assertFits(SIMILAR, "NORTHERN LAKES", "Northern Lakes Swimming")

    def test_words_around_a_name_in_a_label_say_nothing(self):
        self.assertFits(WHOLE, "E-TRANSFER FROM KEVIN NGUYEN thank you", "Kevin Nguyen", is_field=False)
        self.assertFits(NONE, "SEPA CREDIT JOHN DOE", "John Smith", is_field=False)

    def test_addresses_and_cheques_in_a_label(self):
        self.assertEqual(bank_text.emails("from Lea.T@Example.com, x"), ["lea.t@example.com"])
        self.assertEqual(bank_text.emails("LEA(AT)EXAMPLE.COM"), ["lea@example.com"])
        self.assertEqual(bank_text.emails("no @ here"), [])
        self.assertEqual(bank_text.cheque_numbers("CHQ 001042"), ["1042"])
        self.assertEqual(bank_text.cheque_numbers("CHECK NO. 1042 AND CHEQUE #77"), ["1042"])
        self.assertEqual(bank_text.cheque_numbers("CHECKED 1042"), [])
