"""Who pays for whom: families, members, namesakes, e-mail addresses and numbers of clients and vendors."""

from unittest.mock import patch

from odoo.tests import tagged

from ..engine.bank_matching import payers_sql
from .common.matcher import MatcherCommon


@tagged("post_install", "-at_install")
class TestFamilies(MatcherCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nguyen = cls.owner("Nguyen household")
        cls.kevin = cls.owner("Kevin Nguyen", parent_id=cls.nguyen.id, email="kevin.nguyen@example.com")
        cls.mother = cls.owner("Thi Lan Pham", parent_id=cls.nguyen.id)
        cls.supplies = cls.owner("Northern Pool Supplies")
        cls.agent = cls.owner("Gustav Ohlsson", parent_id=cls.supplies.id, email="gustav@pools.example.com")

    def bill(self, amount, ref, partner=None):
        return self.document([amount], "in_invoice", partner=partner or self.supplies, ref=ref)

    # -- members ----------------------------------------------------------------------------------------------

    def test_mother_pays_under_her_own_name(self):
        invoice = self.document([475.2], partner=self.nguyen)
        line = self.transaction(475.2, "SEPA CREDIT", partner_name="PHAM THI LAN")
        self.assertMatched(line, invoice)
        self.assertIn("Thi Lan Pham (Nguyen household)", " ".join(self.matcher._explain(self.best(line))))

    def test_invoice_made_out_to_the_child(self):
        invoice = self.document([475], partner=self.kevin)
        line = self.transaction(475, "KEVIN NGUYEN")
        self.assertMatched(line, invoice)

    def test_stranger_pays_and_the_label_names_the_child(self):
        invoice = self.document([475.2], partner=self.nguyen)
        line = self.transaction(475.2, "Judo Kevin Nguyen", partner_name="GRANDPA OSCAR BERG")
        self.assertMatched(line, invoice)

    def test_another_client_pays_and_the_label_names_the_child(self):
        """Whether the neighbours pay their own or the child's is for a person."""
        self.owner("Oscar Berg")
        invoice = self.document([475.2], partner=self.nguyen)
        line = self.transaction(475.2, "Judo Kevin Nguyen", partner_name="OSCAR BERG")
        self.assertOnlySuggested(line, invoice)

    def test_contact_of_a_vendor_is_paid(self):
        bill = self.bill(812.4, "NPS-1")
        line = self.transaction(-812.4, "TRANSFER", partner_name="OHLSSON GUSTAV")
        self.assertMatched(line, bill)

    def test_documents_of_a_family_s_members_are_summed(self):
        first, second = self.document([110.3], partner=self.kevin), self.document([63.55], partner=self.mother)
        line = self.transaction(173.85, f"{first.name} {second.name}", partner_name="PHAM THI LAN")
        self.assertMatched(line, first, second)

    def test_delivery_contact_is_printed_on_the_document(self):
        other = self.owner("Ingeborg Falkenrath", active=False)
        invoice = self.document([475.2], partner=self.nguyen, partner_shipping_id=other.id)
        line = self.transaction(475.2, "SEPA CREDIT", partner_name="FALKENRATH INGEBORG")
        reasons = {reason.kind: reason.params for reason in self.best(line).reasons}
        self.assertEqual(self.best(line).records, (("account.move", invoice.id),))
        self.assertEqual(reasons["owner_close"]["owner"], "Ingeborg Falkenrath")

    # -- e-mail addresses, numbers ----------------------------------------------------------------------------

    def test_e_mail_address_of_a_member(self):
        invoice = self.document([475.2], partner=self.nguyen)
        self.assertMatched(self.transaction(475.2, "E-TRANSFER KEVIN.NGUYEN@EXAMPLE.COM"), invoice)

    def test_e_mail_address_of_a_vendor_s_contact(self):
        bill = self.bill(812.4, "NPS-1")
        self.assertMatched(self.transaction(-812.4, "PayPal gustav(at)pools.example.com"), bill)

    def test_customer_number(self):
        self.nguyen.ref = "K-40817"
        invoice = self.document([475.2], partner=self.nguyen)
        line = self.transaction(475.2, "Kd-Nr. K 40817")
        self.assertMatched(line, invoice)
        self.assertIn("K40817", " ".join(self.matcher._explain(self.best(line))))

    def test_vendor_number(self):
        self.supplies.ref = "V/70123"
        bill = self.bill(812.4, "NPS-1")
        self.assertMatched(self.transaction(-812.4, "V70123 June"), bill)

    # -- namesakes --------------------------------------------------------------------------------------------

    def test_name_of_two_families_is_never_certain(self):
        """Only one of the two has anything open, and yet the other may have paid something else."""
        self.owner("Kevin Nguyen")
        invoice = self.document([475.2], partner=self.nguyen)
        line = self.transaction(475.2, "SEPA CREDIT", partner_name="KEVIN NGUYEN")
        self.assertOnlySuggested(line, invoice)
        self.assertIn("2 account owners", " ".join(self.matcher._explain(self.best(line))))
        self.assertMatched(self.transaction(475.2, invoice.name, partner_name="KEVIN NGUYEN"), invoice)

    def test_near_namesakes_are_never_certain(self):
        for number, (payer, client) in enumerate((
            ("MILLER PLUMBING & HEATING", "Miller Plumbing"),
            ("FALK ROOFING", "Falk Roofing & Tiles"),
            ("BERGMANN GMBH", "Bergmann AG"),
            ("HARBOUR GLASS LTD", "Harbour Glass Inc"),
            ("JOHN ASHDOWN", "Jane Ashdown"),
        )):  # fmt: skip
            with self.subTest(payer=payer):
                owner = self.owner(client)
                invoice = self.document([341.17 + number], partner=owner)
                line = self.transaction(341.17 + number, "Payment", partner_name=payer)
                self.assertFalse(self.decided(line), self._shown(line))
                bill = self.bill(541.17 + number, f"B-{number}77", owner)
                line = self.transaction(-541.17 - number, "Payment", partner_name=payer)
                self.assertFalse(self.decided(line), self._shown(line))
                named = self.transaction(341.17 + number, f"Payment {invoice.name}", partner_name=payer)
                self.assertEqual(self.best(named).records, (("account.move", invoice.id),))
                self.assertTrue(bill)

    def test_longer_name_of_another_client_is_the_one_that_is_meant(self):
        self.owner("Miller Plumbing Heating")
        self.document([341.17], partner=self.owner("Miller Plumbing"))
        self.assertFalse(self.decided(self.transaction(341.17, "E-TRANSFER FROM MILLER PLUMBING & HEATING")))

    def test_two_clients_whose_names_begin_alike_in_a_field_that_is_cut_off(self):
        name = "Northern Lakes Community Swimming Club"
        self.owner(f"{name} Seniors")
        invoice = self.document([341.17], partner=self.owner(f"{name} Juniors"))
        line = self.transaction(341.17, "Payment", partner_name=name.upper()[:35])
        self.assertOnlySuggested(line, invoice)

    def test_field_that_is_cut_off(self):
        invoice = self.document([341.17], partner=self.owner("Northern Lakes Community Swimming Club Juniors"))
        line = self.transaction(341.17, "Payment", partner_name="NORTHERN LAKES COMMUNITY SW")
        self.assertMatched(line, invoice)

    def test_account_number_of_two_clients_is_never_certain(self):
        invoice = self.document([341.17], partner=self.nguyen)
        for partner in (self.nguyen, self.owner("Other half")):
            self.env["res.partner.bank"].create({"acc_number": "DE89370400440532013000", "partner_id": partner.id})
        line = self.transaction(341.17, "Payment", account_number="DE89370400440532013000")
        self.assertOnlySuggested(line, invoice)

    def test_common_words_still_find_a_client(self):
        """KEVIN NGUYEN 475.00 in a place with many Kevins and many Nguyens."""
        for number in range(4):
            self.owner(f"Kevin Other{'abcd'[number]}")
            self.owner(f"Someone{'abcd'[number]} Nguyen")
        client = self.owner("Kevin Minh Nguyen")
        self.kevin.active = False
        invoice = self.document([475], partner=client)
        with patch.object(payers_sql, "WORD_LIMIT", 3):
            line = self.transaction(475, "Payment", partner_name="KEVIN MINH NGUYEN")
            self.assertMatched(line, invoice)

    def test_looking_at_names_costs_the_same_for_one_and_for_many(self):
        lines = self.env["account.bank.statement.line"]
        for number in range(20):
            self.document([90.13 + number], partner=self.nguyen)
            lines |= self.transaction(90.13 + number, "E-TRANSFER kevin.nguyen@example.com K-40817 thanks for judo",
                                      partner_name="Thi Lan Pham")  # fmt: skip
        self.env.flush_all()
        self.matcher._suggest(lines[:1])
        counts = []
        for some in (lines[:1], lines):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.matcher._suggest(some)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
        self.assertLess(counts[1], 40)
