"""Remittance advice: read, reviewed, used when the money comes, booked at once, by mail; undone field by field."""

import base64

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common.remittance_advice import RemittanceCommon

MAIL = """From: Accounts payable <{sender}>
To: {to}
Subject: Payment advice 4711
Message-Id: <{number}@stores.example.com>
Date: Mon, 02 Mar 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="xx"

--xx
Content-Type: text/html; charset=utf-8

{body}
--xx
Content-Type: {kind}; name="{name}"
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="{name}"

{content}
--xx--
"""


@tagged("post_install", "-at_install")
class TestRemittanceReview(RemittanceCommon):
    def test_what_fits_and_what_does_not(self):
        invoice, paid, theirs = self.invoice(), self.invoice(50), self.invoice(30, partner=self.family)
        self.register_payment(paid)
        advice = self.advice(
            f"Invoice,Paid\n{invoice.name},100.00\n{paid.name},50.00\n{theirs.name},30.00\nUNKNOWN-1,20.00\n",
        )
        self.assertFalse(advice.partner_id, "documents of two clients say nothing of the payer")
        advice.partner_id = self.stores
        advice.line_ids.move_id = False
        advice.action_find()
        self.assertEqual(
            self.states(advice),
            [
                (invoice, 100, "found"),
                (paid, 50, "paid"),
                (self.env["account.move"], 30, "missing"),
                (self.env["account.move"], 20, "missing"),
            ],
        )
        self.assertEqual((advice.missing_count, advice.amount_missing, advice.amount_total), (3, 100, 200))

    def test_payer_follows_from_the_documents(self):
        invoice = self.invoice()
        advice = self.advice(f"{invoice.name.replace('/', ' - ')}  100.00\nInvoice {invoice.name}  100.00")
        self.assertEqual(advice.partner_id, self.stores)

    def test_file_is_kept(self):
        invoice = self.invoice()
        content = base64.b64encode(f"Invoice,Paid\n{invoice.name},100.00\n".encode()).decode()
        advice = self.env["account.remittance.advice"].with_user(self.accountant).import_advice("a.csv", content)
        attachment = self.env["ir.attachment"].search([("res_model", "=", advice._name), ("res_id", "=", advice.id)])
        self.assertEqual((attachment.name, attachment.raw.decode().splitlines()[0]), ("a.csv", "Invoice,Paid"))
        self.assertEqual((advice.name, advice.format), ("a.csv", "csv"))

    def test_the_end_of_a_number_is_for_a_person_to_confirm(self):
        invoice = self.invoice()
        advice = self.advice(f"Invoice,Paid\n{invoice.name[-5:]},100.00\n", partner_id=self.stores.id)
        advice.action_find()
        line = advice.line_ids
        self.assertEqual((line.move_id, line.state), (invoice, "unsure"))
        self.assertEqual(advice.missing_count, 1)
        line.action_confirm()
        self.assertEqual((line.state, advice.missing_count), ("found", 0))

    def test_documents_without_amounts_are_certain_where_they_add_up_to_the_total(self):
        one, other = self.invoice(), self.invoice(80)
        for words, state in ((": 180.00", "found"), (": 170.00", "unsure"), (" are paid.", "unsure")):
            advice = self.advice(f"Invoices {one.name} and {other.name}{words}")
            found = [(one, 100, state), (other, 80, state)]
            self.assertEqual(self.states(advice), found, words)

    def test_more_than_is_open(self):
        invoice = self.invoice()
        advice = self.advice(f"{invoice.name}  120.00\nInvoice {invoice.name}")
        self.assertEqual(advice.line_ids[:1].state, "too_much")

    def test_dialog_reads_texts_and_files(self):
        one, other = self.invoice(), self.invoice(70)
        files = self.env["ir.attachment"].with_user(self.accountant).create({
            "name": "b.csv", "raw": f"Invoice,Paid\n{other.name},70.00\n".encode(),
        })  # fmt: skip
        wizard = self.env["account.remittance.advice.import"].with_user(self.accountant).create({
            "text": f"Invoice {one.name}: 100.00", "attachment_ids": [Command.set(files.ids)],
        })  # fmt: skip
        action = wizard.action_read()
        advices = self.env["account.remittance.advice"].search(action["domain"])
        self.assertEqual(advices.line_ids.move_id, one | other)
        with self.assertRaisesRegex(UserError, "nothing to read"):
            wizard.create({}).action_read()
        with self.assertRaisesRegex(UserError, "No document with an amount"):
            wizard.create({"text": "hello"}).action_read()

    def test_what_is_read_is_corrected_by_its_lines_only(self):
        advice = self.advice(f"Invoice {self.invoice().name}: 100.00")
        for values in ({"state": "matched"}, {"payer_name": "x"}, {"amount_stated": 5}):
            with self.assertRaises(UserError):
                advice.write(values)
        advice.line_ids.amount = 90
        self.assertEqual(advice.amount_total, 90)


@tagged("post_install", "-at_install")
class TestRemittanceMatching(RemittanceCommon):
    def test_suggested_first_with_its_documents_and_amounts_and_undone(self):
        one, other, note = self.invoice(), self.invoice(80), self.invoice(20, move_type="out_refund")
        advice = self.advice(f"Invoice,Paid\n{one.name},100.00\n{other.name},50.00\n{note.name},-20.00\nTotal,130.00\n")
        self.assertEqual(advice.missing_count, 0)
        line = self.transaction(130, "TRANSFER")
        before = self.bank_snapshot(line), self.snapshot(one, other, note)
        best = self.suggested(line)
        self.assertEqual([number for _model, number in best["records"]], [one.id, other.id, note.id])
        self.assertEqual(best["amounts"], [100, 50, -20])
        self.assertIn("The remittance advice", best["reasons"][0])
        self.assertEqual(line.get_best_suggestions()[0]["records"], best["records"])
        self.assertEqual(line.accept_match(best["records"], best["amounts"])["state"], "done")
        self.assertBooked(line)
        self.assertEqual((one.amount_residual, other.amount_residual, note.amount_residual), (0, 30, 0))
        self.assertEqual((advice.state, advice.statement_line_id), ("matched", line))
        self.assertIn("The remittance advice", line.sudo().decision_ids[0].reasons)
        with self.assertRaisesRegex(UserError, "Undo the match first"):
            advice.line_ids[0].amount = 1
        with self.assertRaisesRegex(UserError, "Undo the match first"):
            advice.unlink()
        advice.action_undo()
        self.assertEqual((self.bank_snapshot(line), self.snapshot(one, other, note)), before)
        self.assertEqual((advice.state, advice.statement_line_id.id), ("new", False))
        self.assertEqual(self.suggested(line)["records"], best["records"])
        self.assertInvariants()

    def test_automatic_where_the_payers_account_or_the_reference_proves_it(self):
        number = "CH9300762011623852957"
        self.env["res.partner.bank"].create({"acc_number": number, "partner_id": self.stores.id})
        for values, label, is_proven in (
            ({}, "TRANSFER", False),
            ({"account_number": number}, "TRANSFER", True),
            ({}, "PAYMENT EFT-884211 NORTH", True),
        ):
            one, other = self.invoice(), self.invoice(80)
            advice = self.advice(
                f"Invoice {one.name}: 100.00\nInvoice {other.name}: 50.00\nPayment reference EFT-884211"
            )
            line = self.transaction(150, label, **values)
            line.auto_match()
            self.assertEqual(advice.state, "matched" if is_proven else "new", (values, label))
            if is_proven:
                self.assertBooked(line, "matched")
                self.assertEqual((one.amount_residual, other.amount_residual), (0, 30))
                self.assertIn("The remittance advice", line.match_explanation)
            advice.unlink() if not is_proven else advice.action_undo()
            line.sudo().action_unmatch() if line.is_reconciled else None
            if advice.exists():
                advice.action_dismiss()
            line.sudo().unlink()
        self.assertInvariants()

    def test_not_automatic_where_a_registered_payment_of_the_payer_waits(self):
        for paid in (150, 100):
            one, other = self.invoice(), self.invoice(80)
            advice = self.advice(
                f"Invoice {one.name}: 100.00\nInvoice {other.name}: 50.00\nPayment reference EFT-884211"
            )
            payment = self.payment(paid, partner=self.stores, date="2026-02-09")
            line = self.transaction(150, "PAYMENT EFT-884211 NORTH")
            line.auto_match()
            self.assertEqual((advice.state, one.payment_state), ("new", "not_paid"))
            payment.action_draft()
            payment.action_cancel()
            line.auto_match()
            self.assertEqual((advice.state, one.payment_state), ("matched", "paid"))

    def test_a_plain_partial_payment_is_no_dispute_and_a_deduction_is_for_a_person(self):
        one, other = self.invoice(), self.invoice(80)
        advice = self.advice(
            f"Invoice,Gross,Paid\n{one.name},100.00,60.00\n{other.name},80.00,80.00\n", reference="EFT-884211"
        )
        self.assertEqual((advice.line_ids[0].deduction, advice.line_ids[0].reason_code), (40, False))
        line = self.transaction(140, "EFT-884211")
        line.auto_match()
        self.assertEqual(advice.state, "new", "a person looks at what was deducted")
        advice.action_book()
        self.assertEqual((one.amount_residual, one.is_disputed), (40, False))
        self.assertFalse(any(one._owed_lines().mapped("no_followup")))

    def test_a_deduction_is_not_disputed_without_a_person(self):
        invoice = self.invoice()
        advice = self.advice(f"Invoice,Gross,Deduction,Paid,Reason\n{invoice.name},100.00,10.00,90.00,Damaged\n")
        self.assertEqual(advice.line_ids.reason_code, "damaged")
        line = self.transaction(90, invoice.name)
        booking = line._plan_match(invoice, [90.0])
        booking.decision["action"] = "auto"
        line._book([booking])
        self.assertEqual((advice.state, invoice.amount_residual, invoice.is_disputed), ("matched", 10, False))
        advice.action_undo()
        advice.action_book()
        self.assertTrue(invoice.is_disputed)

    def test_not_automatic_where_a_line_is_missing_or_two_transactions_fit(self):
        invoice = self.invoice()
        advice = self.advice(f"Invoice {invoice.name}: 60.00\nInvoice ABC-77: 40.00\nPayment reference EFT-884211")
        line = self.transaction(100, "EFT-884211")
        line.auto_match()
        self.assertEqual((advice.missing_count, advice.state), (1, "new"))
        advice.line_ids[1].unlink()
        lines = self.transaction(60, "EFT-884211") | self.transaction(60, "EFT-884211")
        lines.auto_match()
        self.assertEqual(advice.state, "new")

    def test_what_has_no_document_stays_on_the_payers_account(self):
        invoice = self.invoice()
        advice = self.advice(f"Invoice,Paid\n{invoice.name},60.00\nABC-77,40.00\n")
        line = self.transaction(100, "TRANSFER")
        advice.action_book()
        self.assertBooked(line)
        self.assertEqual(invoice.amount_residual, 40)
        deposit = line.sudo().move_id._owed_lines().filtered(lambda item: not item.reconciled)
        self.assertEqual((deposit.partner_id, deposit.amount_residual), (self.stores, -40))
        self.assertEqual(advice.state, "matched")
        self.assertInvariants()

    def test_deduction_stays_open_or_is_booked_by_a_preset(self):
        invoice = self.invoice()
        advice = self.advice(f"Invoice,Gross,Deduction,Paid,Reason\n{invoice.name},100.00,10.00,90.00,Damaged\n")
        line = self.transaction(90, "TRANSFER")
        self.assertEqual((advice.line_ids.deduction, advice.line_ids.reason), (10, "Damaged"))
        advice.action_book()
        self.assertEqual(invoice.amount_residual, 10)
        advice.action_undo()
        advice.line_ids.preset_id = self.write_off
        advice.action_book()
        self.assertBooked(line)
        self.assertEqual(invoice.payment_state, "paid")
        booked = line.sudo().move_id.line_ids.filtered(
            lambda item: item.account_id == self.write_off.line_ids.account_id
        )
        self.assertEqual(booked.balance, 10)
        self.assertInvariants()

    def test_early_payment_discount_that_was_taken(self):
        terms = self.env["account.payment.term"].create({
            "name": "2 % in 30 days", "early_discount": True, "discount_percentage": 2, "discount_days": 30,
            "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 60})],
        })  # fmt: skip
        invoice = self.invoice(invoice_payment_term_id=terms.id, date="2026-02-01")
        advice = self.advice(f"Invoice,Gross,Discount,Paid\n{invoice.name},100.00,2.00,98.00\n")
        line = self.transaction(98, "TRANSFER")
        advice.action_book()
        self.assertBooked(line)
        self.assertEqual(invoice.payment_state, "paid")
        for day, state in (("2026-03-20", "new"), ("2026-02-20", "matched")):
            invoice = self.invoice(invoice_payment_term_id=terms.id, date="2026-02-01")
            content = f"Invoice,Gross,Discount,Paid\n{invoice.name},100.00,2.00,98.00\n"
            advice = self.advice(content, day, reference="EFT-884211")
            self.transaction(98, "EFT-884211", date=day).auto_match()
            self.assertEqual(advice.state, state, "the discount of the terms needs no person, a late one does")
            advice.unlink() if state == "new" else None
        self.assertFalse(invoice.is_disputed)

    def test_an_advice_that_takes_off_more_than_it_pays_is_no_payment(self):
        invoice, note = self.invoice(20), self.invoice(120, move_type="out_refund")
        advice = self.advice(f"Invoice,Paid\n{invoice.name},20.00\n{note.name},-120.00\n", reference="EFT-884211")
        self.assertEqual((advice.amount_total, advice.missing_count), (-100, 0))
        for amount in (100, -100):
            line = self.transaction(amount, "EFT-884211")
            self.assertFalse([row for row in line.get_match_suggestions() if "advice" in row["note"]])
            line.auto_match()
            with self.assertRaisesRegex(UserError, "No unmatched bank transaction of"):
                advice.action_book()
            advice.statement_line_id = line
            with self.assertRaisesRegex(UserError, "is not of"):
                advice.action_book()
            advice.statement_line_id = False
            self.assertEqual((advice.state, invoice.amount_residual), ("new", 20))

    def test_a_guess_is_named_and_is_never_certain(self):
        one, other = self.invoice(), self.invoice(80)
        advice = self.advice(
            f"Invoice,Paid\n{one.name},100.00\n{other.name[-5:]},80.00\nABC-77,20.00\n",
            partner_id=self.stores.id, reference="EFT-884211",
        )  # fmt: skip
        advice.action_find()
        line = self.transaction(200, "EFT-884211")
        best = next(row for row in line.get_match_suggestions() if "advice" in row["note"])
        self.assertLess(best["confidence"], 0.9)
        reasons = "\n".join(best["reasons"])
        self.assertIn("Lines without a document: 1 ($\xa020.00 stays", reasons)
        self.assertIn(f"to be looked at: {other.display_name}", reasons)
        advice.line_ids[1].action_confirm()
        best = next(row for row in line.get_match_suggestions() if "advice" in row["note"])
        self.assertGreater(best["confidence"], 0.99)
        self.assertNotIn("to be looked at", "\n".join(best["reasons"]))

    def test_one_advice_that_cannot_be_booked_stops_no_other(self):
        one, other = self.invoice(), self.invoice(80)
        bad = self.advice(f"Invoice,Paid\n{one.name},0.00\nFee,50.00\n", reference="EFT-884211")
        bad.write({"partner_id": self.stores.id})
        bad.line_ids[1].preset_id = self.write_off
        good = self.advice(f"Invoice,Paid\n{other.name},80.00\n", reference="EFT-884212")
        lines = self.transaction(50, "EFT-884211") | self.transaction(80, "EFT-884212")
        self.assertEqual(bad.line_ids.mapped("state"), ["found", "other"])
        lines.auto_match()
        self.assertEqual((bad.state, good.state), ("new", "matched"))

    def test_documents_of_a_branch_are_found_and_another_companys_are_not(self):
        self.company.write({"child_ids": [Command.create({"name": "East"})]})
        east = self.company.child_ids
        self.cr.precommit.run()  # the chart of accounts of the branch
        self.accountant.company_ids += east
        invoice = self.invoice(company_id=east.id)
        advice = self.advice(f"Invoice {invoice.name}: 100.00")
        self.assertEqual((advice.line_ids.move_id, advice.partner_id), (invoice, self.stores))
        strange = self.setup_other_company()["company"]
        theirs = self.env["account.move"].create({"move_type": "entry", "company_id": strange.id})
        with self.assertRaisesRegex(ValidationError, "is of another company than"):
            advice.sudo().line_ids.move_id = theirs
        # A client of another company, or of a branch, can't be the payer here.
        number = "CH9300762011623852957"
        for company in (strange, east):
            partner = self.env["res.partner"].create({"name": "Elsewhere", "company_id": company.id})
            bank = self.env["res.partner.bank"].create({"acc_number": number, "partner_id": partner.id})
            advice.write({"partner_id": False, "line_ids": [Command.clear()]})
            advice._own_write().payer_account = number
            advice.sudo()._find_documents()
            self.assertFalse(advice.partner_id)
            own = self.invoice(partner=partner, company_id=company.id) if company == east else invoice
            advice.line_ids = [Command.create({"document_number": own.name, "amount": 100})]
            advice.sudo().line_ids.move_id = False
            advice.sudo()._find_documents()
            self.assertEqual(advice.partner_id, self.stores if own == invoice else self.env["res.partner"])
            bank.unlink()

    def test_vendors_side(self):
        bill = self.document([100], "in_invoice", ref="BILL-2026-77")
        refund = self.document([30], "in_refund", ref="CN-2026-5")
        advice = self.advice("Invoice,Paid\nBILL-2026-77,100.00\nCN-2026-5,-30.00\n", direction="out")
        advice.action_find()
        self.assertEqual((advice.line_ids.move_id, advice.partner_id), (bill | refund, self.vendor))
        line = self.transaction(-70, "TRANSFER")
        self.assertEqual(self.suggested(line)["amounts"], [100, -30])
        advice.action_book()
        self.assertBooked(line)
        self.assertEqual((bill.amount_residual, refund.amount_residual), (0, 0))
        self.assertInvariants()

    def test_vendors_side_is_told_by_its_documents_and_undone_to_the_field(self):
        bill = self.document([100], "in_invoice", ref="BILL-2026-77")
        refund = self.document([30], "in_refund", ref="CN-2026-5")
        line = self.transaction(-60, "TRANSFER")
        before = self.bank_snapshot(line), self.snapshot(bill, refund)
        advice = self.advice("Invoice,Gross,Paid,Reason\nBILL-2026-77,100.00,90.00,damaged\nCN-2026-5,,-30.00,\n")
        self.assertEqual((advice.direction, advice.partner_id), ("out", self.vendor))
        advice.action_book()
        self.assertBooked(line)
        self.assertEqual((bill.amount_residual, refund.amount_residual, bill.dispute_ids.amount), (10, 0, 10))
        self.assertInvariants()
        advice.action_undo()
        self.assertEqual((self.bank_snapshot(line), self.snapshot(bill, refund)), before)
        self.assertFalse(bill.dispute_ids)
        self.assertEqual((advice.state, advice.statement_line_id.id), ("new", False))

    def test_our_own_advice_is_told_by_its_payer(self):
        invoice = self.invoice()
        text = f"RMR*IV*{invoice.name}**100.00~"
        for name, direction in ((self.company.name.upper(), "out"), ("Somebody", "in")):
            advice = self.advice(
                "ST*820*0001~BPR*C*100.00*C*ACH*CTX~TRN*1*TRACE1~N1*PR*" + name + f"~ENT*1~{text}SE*6*0001~"
            )
            self.assertEqual(advice.direction, direction, name)

    def test_currency_that_the_advice_does_not_say_is_that_of_its_documents(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        invoice = self.invoice(currency_id=euro.id)
        self.assertEqual(self.advice(f"Invoice,Paid\n{invoice.name},100.00\n").currency_id, euro)
        own = self.invoice()
        both = self.advice(f"Invoice,Paid\n{invoice.name},100.00\n{own.name},100.00\n")
        self.assertEqual(both.currency_id, self.company.currency_id)

    def test_deductions_of_one_document_are_one_dispute_in_its_currency(self):
        invoice = self.invoice()
        advice = self.advice(
            f"Invoice,Gross,Withholding tax,Bank fee,Paid\n{invoice.name},100.00,10.00,5.00,85.00\n",
        )
        self.transaction(85, "TRANSFER")
        advice.action_book()
        self.assertEqual((invoice.dispute_ids.amount, invoice.dispute_ids.reason), (15, "tax_withheld"))
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create({
            "name": "2026-01-01", "rate": 0.8, "currency_id": euro.id, "company_id": self.company.id,
        })  # fmt: skip
        invoice = self.invoice(currency_id=euro.id)
        advice = self.advice(f"Invoice,Gross USD,Paid USD,Reason\n{invoice.name},100.00,90.00,damaged\n")
        self.transaction(90, "TRANSFER")
        advice.action_book()
        self.assertEqual(invoice.dispute_ids.amount, 8)

    def test_an_amount_that_nothing_proves_is_confirmed_by_a_person(self):
        for confirm in (
            lambda line: line.action_confirm(), lambda line: line.write({"amount": line.amount}),
        ):  # fmt: skip
            invoice = self.invoice()
            advice = self.advice(f"{invoice.name} 100.00 less 2.00 discount", reference="EFT-884211")
            line = advice.line_ids
            self.assertEqual((line.amount, line.deduction, line.state), (98, 2, "unsure"))
            self.assertIn("nothing proves what was paid", advice.warnings)
            best = self.suggested(self.transaction(98, "EFT-884211"))
            self.assertIn("Amounts that nothing in the advice proves", "\n".join(best["reasons"]))
            confirm(line)
            self.assertEqual((line.state, advice.missing_count), ("found", 0))
            advice.action_dismiss()
        invoice = self.invoice()
        line = self.advice(f"Invoice {invoice.name}: we deducted 5.00 for the return").line_ids
        self.assertEqual((line.amount, line.deduction, line.state), (95, 5, "unsure"))

    def test_not_automatic_where_the_advice_says_another_total(self):
        invoice = self.invoice()
        advice = self.advice(f"Invoice,Paid\n{invoice.name},100.00\nTotal,150.00\n", reference="EFT-884211")
        self.transaction(100, "EFT-884211").auto_match()
        self.assertEqual(advice.state, "new")

    def test_advice_in_the_currency_of_the_documents(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create({
            "name": "2026-01-01", "rate": 0.8, "currency_id": euro.id, "company_id": self.company.id,
        })  # fmt: skip
        one, other = (self.invoice(amount, currency_id=euro.id) for amount in (100, 80))
        advice = self.advice(f"Invoice,Paid EUR\n{one.name},100.00\n{other.name},40.00\n")
        self.assertEqual(advice.currency_id, euro)
        line = self.transaction(177.1, "TRANSFER", foreign_currency_id=euro.id, amount_currency=140)
        before = self.bank_snapshot(line), self.snapshot(one, other)
        advice.action_book()
        self.assertBooked(line)
        self.assertEqual((one.amount_residual, other.amount_residual), (0, 40))
        advice.action_undo()
        self.assertEqual((self.bank_snapshot(line), self.snapshot(one, other)), before)
        self.assertInvariants()

    def test_book_at_once_says_what_it_lacks(self):
        invoice = self.invoice()
        advice = self.advice(f"Invoice {invoice.name}: 100.00")
        with self.assertRaisesRegex(UserError, "No unmatched bank transaction of"):
            advice.action_book()
        one, other = self.transaction(100, "A"), self.transaction(100, "B")
        with self.assertRaisesRegex(UserError, "2 bank transactions can be this payment"):
            advice.action_book()
        advice.statement_line_id = other
        advice.action_book()
        self.assertEqual((one.match_status, other.match_status), ("unmatched", "manual"))
        other.sudo().action_unmatch()
        other.sudo().unlink()
        self.assertEqual((advice.state, advice.statement_line_id.id), ("new", False))

    def test_another_payers_money_and_other_amounts_are_no_payment_of_it(self):
        invoice = self.invoice()
        self.advice(f"Invoice {invoice.name}: 60.00")
        for line in (
            self.transaction(60, "X", partner_id=self.family.id), self.transaction(-60, "X"), self.transaction(61, "X"),
            self.transaction(60, "X", date="2025-11-10"),
        ):  # fmt: skip
            self.assertFalse([row for row in line.get_match_suggestions() if "advice" in row["note"]])

    def test_what_was_turned_down_is_not_suggested_again(self):
        invoice = self.invoice()
        self.advice(f"Invoice {invoice.name}: 60.00")
        line = self.transaction(60, "X")
        records = self.suggested(line)["records"]
        line.reject_suggestion(records)
        self.assertFalse([row for row in line.get_match_suggestions() if "advice" in row["note"]])


@tagged("post_install", "-at_install")
class TestRemittanceByMail(RemittanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].create({"name": "centre.example.com"})
        cls.company.alias_domain_id = domain
        cls.company.remittance_alias_name = "remittance"

    def receive(self, content=b"", name="advice.csv", kind="text/csv", body="<p>See attached</p>", number="1",
                sender="ap@stores.example.com"):  # fmt: skip
        text = MAIL.format(
            to="remittance@centre.example.com", content=base64.b64encode(content).decode(), name=name, kind=kind,
            body=body, number=number, sender=sender,
        )  # fmt: skip
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            number = self.env["mail.thread"].with_context(mail_channel_nosubscribe=True).message_process(False, text)
        return self.env["account.remittance.advice"].browse(number)

    def test_attached_table(self):
        invoice = self.invoice()
        line = self.transaction(100, "TRANSFER", date="2026-03-02")
        advice = self.receive(f"Invoice,Paid\n{invoice.name},100.00\n".encode())
        advice.payment_date = "2026-03-02"
        self.assertEqual((advice.company_id, advice.partner_id, advice.is_from_mail), (self.company, self.stores, True))
        self.assertEqual((advice.line_ids.move_id, advice.format), (invoice, "csv"))
        self.assertEqual(advice.name, "Payment advice 4711")
        self.assertEqual(len(advice.message_ids.attachment_ids), 1)
        line.auto_match()
        self.assertEqual((advice.state, invoice.amount_residual), ("new", 100), "a mail books nothing by itself")

    def test_a_mail_of_somebody_else_is_for_a_person(self):
        self.env["res.partner"].create({
            "name": "Payables", "parent_id": self.stores.id, "email": "Clerk@stores.example.com",
        })  # fmt: skip
        for number, (sender, state) in enumerate(
            [("thief@elsewhere.example.com", "new"), ("clerk@stores.example.com", "matched")]
        ):
            invoice = self.invoice()
            content = f"Invoice,Paid\n{invoice.name},100.00\n".encode()
            advice = self.receive(content, number=f"from{number}", sender=sender)
            advice.write({"payment_date": "2026-03-02", "reference": f"EFT-88421{number}"})
            self.assertEqual((advice.partner_id, advice.missing_count), (self.stores, 0))
            self.transaction(100, f"EFT-88421{number}", date="2026-03-02").auto_match()
            self.assertEqual(advice.state, state, sender)

    def test_text_of_the_mail(self):
        invoice = self.invoice()
        advice = self.receive(b"\x89PNG..", "logo.png", "image/png", f"<p>Invoice {invoice.name}: 100.00</p>", "2")
        self.assertEqual((advice.line_ids.move_id, advice.format), (invoice, "html"))

    def test_who_wrote_the_mail_that_was_read_counts(self):
        """A stranger's answer with the lines is the stranger's, though the payer wrote before."""
        invoice = self.invoice()
        advice = self.receive(b"nothing", body="<p>Hello</p>", number="first")
        self.assertFalse(advice.line_ids)
        advice.message_post(
            body=f"Invoice {invoice.name}: 100.00", message_type="email", email_from="thief@elsewhere.example.com",
        )  # fmt: skip
        self.assertEqual(advice.line_ids.move_id, invoice)
        advice.write({"payment_date": "2026-03-02", "reference": "EFT-884211", "partner_id": self.stores.id})
        line = self.transaction(100, "EFT-884211", date="2026-03-02")
        line.auto_match()
        self.assertEqual(advice.state, "new")

    def test_each_payment_of_a_mail_is_an_advice(self):
        invoice, other, third = self.invoice(), self.invoice(50), self.invoice(30)
        advice = self.receive(b"nothing", body="<p>Hello</p>")
        message = advice.message_ids.filtered(lambda one: one.message_type == "email")
        message.attachment_ids += self.env["ir.attachment"].create([
            {"name": name, "raw": f"Invoice,Paid\n{text}\n".encode()}
            for name, text in (
                # The copy of a document, and an advice that is there twice, are no payments of their own.
                ("copy.csv", f"{invoice.name},100.00"),
                ("first.csv", f"{invoice.name},100.00\n{third.name},30.00"),
                ("second.csv", f"{other.name},50.00"),
                ("again.csv", f"{other.name},50.00"),
            )
        ])  # fmt: skip
        advice.sudo()._read_mail(message)
        further = self.env["account.remittance.advice"].search([("id", ">", advice.id)])
        self.assertEqual((advice.line_ids.move_id, further.line_ids.move_id), (invoice | third, other))
        self.assertEqual(
            (further.name, further.mail_address, further.is_from_mail, further.partner_id),
            ("Payment advice 4711, second.csv", "ap@stores.example.com", True, self.stores),
        )
        files = self.env["ir.attachment"].search([("res_model", "=", advice._name), ("res_id", "=", further.id)])
        self.assertEqual(files.name, "second.csv")
        body = (
            f"<p>Payment reference: EFT-1001<br>Invoice {other.name}: 50.00<br>Total 50.00</p><p><br></p>"
            f"<p>Payment reference: EFT-1002<br>Invoice {third.name}: 30.00<br>Total 30.00</p>"
        )
        advice = self.receive(b"nothing", body=body, number="two")
        further = self.env["account.remittance.advice"].search([("id", ">", advice.id)])
        self.assertEqual((advice.reference, advice.line_ids.move_id), ("EFT-1001", other))
        self.assertEqual((further.reference, further.line_ids.move_id), ("EFT-1002", third))

    def test_what_cannot_be_read_waits_with_its_reason(self):
        advice = self.receive(b"%PDF-1.4 nothing", "a.pdf", "application/pdf", "<p>Hi</p>", "3", "x@nobody.example.com")
        self.assertFalse(advice.line_ids)
        self.assertIn("The PDF is damaged", advice.error)
        self.assertFalse(advice.partner_id)
        advice.with_user(self.accountant).line_ids = [Command.create({"document_number": "INV/1", "amount": 5})]
        self.assertEqual(advice.amount_total, 5)

    def test_alias_is_renamed_and_taken_away(self):
        self.company.remittance_alias_name = "payments"
        self.assertEqual(self.company.remittance_alias_email, "payments@centre.example.com")
        self.company.remittance_alias_name = False
        self.assertFalse(self.company.remittance_alias_id)
