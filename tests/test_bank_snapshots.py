"""Snapshots: a PDF that prints what was, sealed by the SHA-256 of its figures, kept whatever happens."""

import subprocess
from unittest.mock import patch

from lxml import html
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.common import reconciliation_sealed_mixin
from .common.bank_periods import BankPeriodCommon, plain


def text_of(pdf):
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return plain(run.stdout.decode())


@tagged("post_install", "-at_install")
class TestBankSnapshots(BankPeriodCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paid = cls.payment(100, date="2026-01-10", memo="Swimming, spring")
        cls.clear(cls.transaction(100, "2026-01-12", "Deposit Tremblay"), cls.paid)
        cls.cheque = cls.payment(
            40, date="2026-01-25", direction="outbound", partner_type="supplier", memo="Cheque 1001"
        )
        cls.transaction(7, "2026-01-28", "Unknown payer")
        cls.january = cls.period(1, start=500, end=607)
        cls.january.action_confirm_matched()

    def test_pdf_prints_all_of_it(self):
        self.january.action_close("The bank is looking into 7.00")
        snapshot = self.january.snapshot_ids
        attachment = snapshot.attachment_id
        self.assertEqual((attachment.res_model, attachment.res_id), (self.january._name, self.january.id))
        self.assertEqual(attachment.mimetype, "application/pdf")
        self.assertTrue(attachment.raw.startswith(b"%PDF"))
        text = text_of(attachment.raw)
        for words in (
            "Bank reconciliation", "January 2026", "01/01/2026 – 01/31/2026", f"Closed by {self.env.user.name} on",
            "Opening balance", "500.00", "Total confirmed", "Closing balance", "607.00", "Variance", "-7.00",
            "Closed unbalanced. Reason:", "The bank is looking into 7.00",
            "Confirmed remittances (1)", self.paid.name, "Tremblay family", "Deposit Tremblay",
            "Outstanding remittances, not confirmed (1)", self.cheque.name, "Cheque 1001", "-40.00",
            "Bank transactions that were not matched (1)", "Unknown payer",
            snapshot.sha256,
        ):  # fmt: skip
            self.assertIn(words, text)

    def test_each_row_has_all_its_columns(self):
        """What has no partner or description leaves its cell empty, not out."""
        self.book(self.transaction(-3, "2026-01-30", "Fee"), self.fees)
        page = html.fromstring(self.january.action_snapshot()._render_html())
        for table, columns in zip(page.xpath("//h2/following-sibling::table"), (6, 6, 5), strict=True):
            rows = table.xpath("./tbody/tr[not(contains(@class, 'total'))]")
            self.assertEqual({len(row.xpath("./td")) for row in rows}, {columns})

    def test_a_large_one_is_sealed_at_once_and_printed_soon(self):
        cron = self.env.ref("account_reconciliation.cron_print_snapshots")
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        with patch.object(reconciliation_sealed_mixin, "PRINTED_AT_ONCE_MAX", 2):
            self.january.action_close("The bank is looking into 7.00")
            snapshot, other = self.january.snapshot_ids, self.january.action_snapshot()
        self.assertTrue(snapshot.sha256)
        self.assertTrue(snapshot.is_intact)
        self.assertFalse(snapshot.attachment_id)
        self.assertGreater(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), triggers)
        url = other.action_open()["url"]
        self.assertEqual(url, f"/web/content/{other.attachment_id.id}", "whoever asks for it before gets it")
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=100.0):
            snapshot._cron_print()
        self.assertIn("Swimming, spring", text_of(snapshot.attachment_id.raw))
        self.assertTrue(snapshot.is_intact)

    def test_one_that_cannot_be_printed_holds_up_no_other(self):
        with patch.object(reconciliation_sealed_mixin, "PRINTED_AT_ONCE_MAX", 0):
            first, second = self.january.action_snapshot(), self.january.action_snapshot()
        cls = type(first)
        render = cls._render

        def fail_once(snapshot):
            if snapshot == first:
                raise UserError(self.env._("No memory"))
            return render(snapshot)

        with (
            patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=100.0),
            patch.object(cls, "_render", fail_once),
            mute_logger(reconciliation_sealed_mixin.__name__),
        ):
            first._cron_print()
        self.assertFalse(first.attachment_id)
        self.assertTrue(second.attachment_id)

    def test_printed_later_it_is_in_the_language_of_who_took_it_also_without_its_period(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env.user.lang = "fr_FR"
        with patch.object(reconciliation_sealed_mixin, "PRINTED_AT_ONCE_MAX", 0):
            snapshot = self.january.action_snapshot()
        self.january.sudo().unlink()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=100.0):
            snapshot.with_context(lang="en_US")._cron_print()
        self.assertNotIn("Outstanding remittances", text_of(snapshot.attachment_id.raw))
        self.assertEqual(
            (snapshot.attachment_id.res_model, snapshot.attachment_id.res_id), (snapshot._name, snapshot.id)
        )

    def test_as_many_as_wanted_each_kept(self):
        first = self.january.action_snapshot()
        self.assertIn("Not closed", text_of(first.attachment_id.raw))
        self.january.action_close("7.00")
        closing = self.january.snapshot_ids - first
        again = self.january.action_snapshot()
        self.assertEqual(self.january.snapshot_count, 3)
        self.assertEqual((closing.is_closing, again.is_closing), (True, False))
        self.assertNotEqual(first.sha256, closing.sha256)
        self.assertEqual(closing._copy_rows(), again._copy_rows())
        for snapshot in self.january.snapshot_ids:
            self.assertTrue(snapshot.is_intact)

    def test_snapshot_of_a_closed_period_prints_what_it_was_closed_on(self):
        self.january.action_close("7.00")
        name = self.paid.name
        self.paid.action_draft()
        self.paid.unlink()
        text = text_of(self.january.action_snapshot().attachment_id.raw)
        self.assertIn("Confirmed remittances (1)", text)
        self.assertIn(name, text)

    def test_nothing_of_it_is_changed_or_deleted(self):
        snapshot = self.january.action_snapshot()
        for call in (
            lambda: snapshot.sudo().write({"balance_end": 1}),
            lambda: snapshot.sudo().write({"sha256": "0"}),
            lambda: snapshot.sudo().line_ids[0].write({"amount": 1}),
            lambda: snapshot.sudo().unlink(),
            lambda: snapshot.sudo().line_ids[0].unlink(),
            lambda: snapshot.attachment_id.write({"raw": b"%PDF another"}),
            lambda: snapshot.attachment_id.write({"res_model": "res.partner", "res_id": self.env.user.partner_id.id}),
            lambda: snapshot.attachment_id.write({"res_id": False}),
            lambda: snapshot.attachment_id.unlink(),
        ):
            with self.assertRaisesRegex(UserError, "can't be changed|can't be deleted|kept unchanged"):
                call()
        self.assertTrue(snapshot.is_intact)

    def test_tampering_with_the_database_shows(self):
        snapshot = self.january.action_snapshot()
        self.env.flush_all()
        for query in (
            "UPDATE account_bank_reconciliation_snapshot SET balance_end = balance_end + 0.01 WHERE id = %s",
            "UPDATE account_bank_reconciliation_snapshot_line SET amount = amount + 0.01 WHERE snapshot_id = %s",
            "DELETE FROM account_bank_reconciliation_snapshot_line WHERE snapshot_id = %s AND section = 'outstanding'",
        ):
            with self.subTest(query=query):
                savepoint = self.env.cr.savepoint()
                self.env.cr.execute(query, [snapshot.id])
                self.env.invalidate_all(flush=False)
                self.assertFalse(snapshot.is_intact)
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)
                self.assertTrue(snapshot.is_intact)

    def test_renaming_a_partner_does_not_break_the_seal(self):
        snapshot = self.january.action_snapshot()
        self.family.name = "Tremblay-Roy family"
        self.bank.name = "Operating"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(snapshot.is_intact)
        self.assertEqual(snapshot.line_ids[0].partner_name, "Tremblay family")

    def test_deleting_the_period_keeps_its_snapshots(self):
        snapshot = self.january.action_snapshot()
        attachment = snapshot.attachment_id
        self.january.unlink()
        self.env.invalidate_all()
        self.assertTrue(snapshot.exists() and attachment.exists())
        self.assertEqual((attachment.res_model, attachment.res_id), (snapshot._name, snapshot.id))
        self.assertTrue(snapshot.is_intact)

    def test_text_of_users_is_escaped(self):
        self.payment(5, date="2026-01-30", memo="<script>alert(1)</script> & Co")
        text = text_of(self.january.action_snapshot().attachment_id.raw)
        self.assertIn("<script>", "".join(text.split()))
