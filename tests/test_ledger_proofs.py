"""Proofs of accounts at the end of a period, and the closing checklist of a period."""

from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import float_repr, mute_logger
from psycopg2.errors import UniqueViolation

from ..models.common import reconciliation_sealed_mixin
from .common.bank_periods import plain
from .common.ledger_accounts import LedgerCommon

JANUARY, FEBRUARY = "2026-01-31", "2026-02-28"


class ProofCommon(LedgerCommon):
    def setUp(self):
        super().setUp()
        # Printing takes a second each time.
        patcher = patch.object(type(self.env["account.ledger.snapshot"]), "_render", lambda _self: b"%PDF")
        self.render = patcher.start()
        self.addCleanup(patcher.stop)

    def proof(self, day=JANUARY, account=None, **values):
        return (
            self.env["account.ledger.proof"]
            .with_user(self.accountant)
            .create({"account_id": (account or self.clearing).id, "date": day, **values})
        )

    def reviewed(self, **values):
        proof = self.proof(**values)
        proof.action_prepare()
        proof.with_user(self.reviewer).action_review()
        return proof

    def open_lines(self, proof):
        return {row[0]: float(row[7]) for row in proof._open_rows()}


@tagged("post_install", "-at_install")
class TestLedgerProofs(ProofCommon):
    def test_what_the_balance_consisted_of(self):
        """Exact for a day long past: what was reconciled later was open then, in part or whole."""
        sale = self.entry(100, "sale", "2026-01-10")
        part = self.entry(-30, "part", "2026-01-20")
        rest = self.entry(-70, "rest", "2026-02-03")
        old = self.entry(8, "old", "2025-06-01")
        later = self.entry(-8, "later", "2026-03-01")
        (sale | part).reconcile()
        (sale | rest).reconcile()
        (old | later).reconcile()
        january, february, december = self.proof(), self.proof(FEBRUARY), self.proof("2025-12-31")
        self.assertEqual(self.open_lines(january), {old.id: 8, sale.id: 70})
        self.assertEqual(self.open_lines(february), {old.id: 8})
        self.assertEqual(self.open_lines(december), {old.id: 8})
        self.assertEqual((january.balance, january.open_balance, january.unexplained), (78, 78, 0))
        self.assertEqual((february.balance, january.line_count), (8, 2))
        action = january.action_open_lines()
        shown = self.env["account.move.line"].with_user(self.accountant).with_context(**action["context"])
        shown = shown.search(action["domain"])
        self.assertEqual({line.id: line.amount_open_in_proof for line in shown}, {old.id: 8, sale.id: 70})

    def test_random_days_add_up(self):
        """Whatever is reconciled with whatever, the open lines of any day add up to that day's balance."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5), ("2026-02-01", 0.4)])
        entries = [
            self.entry((-1) ** n * (20 + 7 * n), f"{n}", f"2026-0{1 + n % 4}-1{n % 7}",
                       currency=euro if n % 3 else self.company.currency_id)
            for n in range(14)
        ]  # fmt: skip
        for first in (0, 3, 6, 9):
            self.lines.union(*entries[first : first + 5]).filtered(lambda line: not line.reconciled).reconcile()
        for day in ("2026-01-12", JANUARY, "2026-02-14", FEBRUARY, "2026-03-13", "2026-04-30"):
            with self.subTest(day=day):
                proof = self.proof(day)
                self.assertEqual(proof.unexplained, 0)
        domain = [("account_id", "=", self.clearing.id), ("reconciled", "=", False), ("parent_state", "=", "posted")]
        now = {line.id: line.amount_residual for line in self.lines.search(domain)}
        self.assertEqual(self.open_lines(self.proof("2026-12-31")), now)

    def test_two_people(self):
        self.entry(100)
        proof = self.proof()
        with self.assertRaisesRegex(UserError, "can't become"):
            proof.action_review()
        proof.action_prepare()
        self.assertEqual((proof.state, proof.prepared_uid), ("prepared", self.accountant))
        with self.assertRaisesRegex(UserError, "somebody else"):
            proof.action_review()
        proof.with_user(self.reviewer).action_review()
        self.assertEqual((proof.state, proof.reviewed_uid), ("reviewed", self.reviewer))
        for values in ({"note": "x"}, {"date": FEBRUARY}, {"account_id": self.clearing.copy({"code": "CLEAR8"}).id}):
            with self.subTest(**values), self.assertRaisesRegex(UserError, "can't be changed"):
                proof.write(values)
        with self.assertRaisesRegex(UserError, "set by the buttons"):
            proof.write({"state": "draft"})
        with self.assertRaisesRegex(UserError, "can't be deleted"):
            proof.unlink()

    def test_what_changes_before_the_review_is_prepared_anew(self):
        self.entry(100)
        proof = self.proof()
        proof.action_prepare()
        self.entry(5, "late", "2026-01-31")
        with self.assertRaisesRegex(UserError, "changed since it was prepared"):
            proof.with_user(self.reviewer).action_review()
        proof.action_reopen()
        proof.action_prepare()
        proof.with_user(self.reviewer).action_review()
        self.assertEqual(proof.state, "reviewed")

    def test_snapshot_is_sealed(self):
        line = self.entry(100, "Sale of Saturday")
        files = self.env["ir.attachment"].with_user(self.accountant)
        document = files.create({"name": "report.pdf", "raw": b"paper"})
        proof = self.proof()
        proof.write({"note": "Paid on 3 February", "attachment_ids": [Command.link(document.id)]})
        proof.action_prepare()
        proof.with_user(self.reviewer).action_review()
        snapshot = proof.snapshot_ids
        self.assertTrue(snapshot.is_intact)
        self.assertEqual((snapshot.prepared_by, snapshot.reviewed_by), ("ledger.accountant", "ledger.reviewer"))
        self.assertEqual(snapshot.line_ids.mapped("amount"), [100])
        html = plain(snapshot._render_html())
        for text in ("Sale of Saturday", "100.00", "Paid on 3 February", "report.pdf", snapshot.sha256):
            self.assertIn(text, html)
        for record, values in ((snapshot, {"note": "x"}), (snapshot.line_ids, {"amount": 1})):
            with self.assertRaisesRegex(UserError, "can't be changed"):
                record.sudo().write(values)
            with self.assertRaisesRegex(UserError, "can't be deleted"):
                record.sudo().unlink()
        for attachment in (snapshot.attachment_id, document):
            with self.assertRaisesRegex(UserError, "kept unchanged"):
                attachment.sudo().unlink()
        self.cr.execute("UPDATE account_ledger_snapshot_line SET amount = 99 WHERE snapshot_id = %s", [snapshot.id])
        self.env.invalidate_all()
        self.assertFalse(snapshot.is_intact)
        self.assertEqual(snapshot.line_ids.action_open_source()["res_id"], line.move_id.id)

    def test_lines_of_a_snapshot_are_those_that_the_orm_would_write_and_read(self):
        """They are written and read by one statement each: the same rows in the same order, and the same seal."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        nameless = self.env["res.partner"].create(
            {"name": False, "type": "invoice", "parent_id": self.vendor.id, "email": "x@example.com"}
        )
        self.entry(100.05, "Sale of Saturday", "2026-01-12", ref="R-1")
        self.entry(-30, "", "2026-01-10", ref="only a reference", partner=nameless)
        self.entry(7.77, "in euros", "2026-01-11", currency=euro)
        self.entry(5, "nobody's", "2026-01-09").move_id.line_ids.partner_id = False
        proof = self.reviewed()
        snapshot = proof.snapshot_ids
        of_orm = []
        for line_id, day, move_name, name, ref, partner_id, currency_id, amount, foreign in proof._open_rows():
            of_orm.append({
                "snapshot_id": snapshot.id, "key": line_id, "move_line_id": line_id, "date": day,
                "name": move_name or "", "label": name or ref or "", "partner_key": partner_id or 0,
                "partner_name": self.env["res.partner"].browse(partner_id).name if partner_id else "",
                "amount": float(amount), "foreign_currency_id": currency_id, "amount_currency": float(foreign),
            })  # fmt: skip
        written = snapshot.line_ids.sorted("id")
        self.assertEqual(len(written), 4)
        model = self.env["account.ledger.snapshot.line"].sudo()
        compared = [name for name, field in model._fields.items() if field.store and name != "id"]
        expected = model.create(of_orm).sorted("id")
        for ours, theirs in zip(written.sudo().read(compared), expected.read(compared), strict=True):
            self.assertEqual({**ours, "id": 0, "create_uid": 0, "write_uid": 0},
                             {**theirs, "id": 0, "create_uid": 0, "write_uid": 0})  # fmt: skip
        plain_of_orm = [
            [
                line.key, line.name or "", line.label or "", line.partner_name or "", str(line.date),
                float_repr(line.amount, 2), float_repr(line.amount_currency, line.foreign_currency_id.decimal_places),
                line.foreign_currency_id.name,
            ]
            for line in written
        ]  # fmt: skip
        self.assertEqual(snapshot._plain_lines()[:4], plain_of_orm)
        self.assertEqual(written.create_uid, self.env["res.users"].browse(snapshot.create_uid.id))

    def test_sealed_files_belong_where_they_are(self):
        """The PDF and the documents can't be moved elsewhere, so as to be changed there."""
        elsewhere = self.entry(100).move_id
        files = self.env["ir.attachment"].with_user(self.accountant)
        document = files.create({"name": "a.pdf", "raw": b"a", "res_model": elsewhere._name, "res_id": elsewhere.id})
        proof = self.proof()
        proof.attachment_ids = [Command.link(document.id)]
        proof.action_prepare()
        proof.with_user(self.reviewer).action_review()
        for file in (proof.snapshot_ids.attachment_id, document):
            for values in ({"res_model": "res.users", "res_id": self.accountant.id}, {"res_id": 0}, {"raw": b"b"}):
                with self.subTest(**values), self.assertRaisesRegex(UserError, "kept unchanged"):
                    file.with_user(self.accountant).write(values)
            with self.assertRaisesRegex(UserError, "kept unchanged"):
                file.with_user(self.accountant).unlink()
            file.write({"res_model": file.res_model, "res_id": file.res_id})

    def test_many_lines_are_printed_soon(self):
        """The figures are sealed at once; the PDF of many lines is made by the scheduled action."""
        self.entry(100)
        with patch.object(reconciliation_sealed_mixin, "PRINTED_AT_ONCE_MAX", 0):
            snapshot = self.reviewed().snapshot_ids
        self.assertTrue(snapshot.is_intact)
        self.assertFalse(snapshot.attachment_id)
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kwargs: 1.0):
            self.env["account.bank.reconciliation.snapshot"]._cron_print()
        self.assertEqual(snapshot.attachment_id.raw, b"%PDF")
        self.assertEqual(snapshot.attachment_id.res_id, snapshot.proof_id.id)

    def test_documents_of_a_proof_that_is_opened_again_are_exchanged(self):
        """What was reviewed once is kept as it was; the next review is of the other document."""
        self.entry(100)
        files = self.env["ir.attachment"].with_user(self.accountant)
        wrong, right = files.create([{"name": f"{name}.pdf", "raw": name.encode()} for name in ("wrong", "right")])
        proof = self.proof()
        proof.attachment_ids = [Command.link(wrong.id)]
        proof.action_prepare()
        proof.with_user(self.reviewer).action_review()
        with self.assertRaisesRegex(UserError, "can't be changed"):
            proof.attachment_ids = [Command.set(right.ids)]
        proof.action_reopen("The wrong report")
        proof.attachment_ids = [Command.set(right.ids)]
        self.assertEqual(proof.attachment_ids, right)
        for change in (lambda: wrong.write({"raw": b"other"}), wrong.unlink, wrong.sudo().unlink):
            with self.assertRaisesRegex(UserError, "kept unchanged"):
                change()
        right.raw = b"better"
        proof.action_prepare()
        proof.with_user(self.reviewer).action_review()
        new, old = proof.snapshot_ids.sorted("id", reverse=True)
        self.assertEqual((old.document_ids, new.document_ids), (wrong, right))
        self.assertIn("wrong.pdf", old.documents)
        self.assertIn("right.pdf", new.documents)
        self.assertTrue(old.is_intact and new.is_intact)
        with self.assertRaisesRegex(UserError, "kept unchanged"):
            right.unlink()

    def test_other_document_is_prepared_anew(self):
        self.entry(100)
        files = self.env["ir.attachment"].with_user(self.accountant)
        document = files.create({"name": "a.pdf", "raw": b"a"})
        proof = self.proof()
        proof.attachment_ids = [Command.link(document.id)]
        proof.action_prepare()
        document.raw = b"b"
        with self.assertRaisesRegex(UserError, "or a document"):
            proof.with_user(self.reviewer).action_review()
        document.raw = b"a"
        proof.with_user(self.reviewer).action_review()
        self.assertEqual(proof.state, "reviewed")

    def test_later_changes_are_named(self):
        stays, reset, part = self.entry(100, "a"), self.entry(40, "b"), self.entry(30, "c")
        proof = self.reviewed()
        self.assertEqual(proof.get_discrepancies(), [])
        (stays | self.entry(-100, "paid", "2026-02-05")).reconcile()
        proof.invalidate_recordset()
        self.assertEqual(proof.get_discrepancies(), [], "what is reconciled in February was open in January")
        reset.move_id.button_draft()
        late = self.entry(-10, "late", "2026-01-15")
        (part | late).reconcile()
        self.entry(3, "new", "2026-01-02")
        discrepancies = "\n".join(proof.get_discrepancies())
        for name, text in (
            (reset.move_id.name, "no longer open on that day"), (part.move_id.name, "open was"),
            ("2026", "was entered or opened later"),
        ):  # fmt: skip
            self.assertIn(name, discrepancies)
            self.assertIn(text, discrepancies)
        self.assertEqual(len(proof.get_discrepancies()), 3)
        self.assertEqual(proof.discrepancy_count, 3)
        with self.assertRaisesRegex(UserError, "Give a reason"):
            proof.action_reopen()
        proof.action_reopen("Late entries of January")
        self.assertIn("Late entries of January", proof.message_ids[0].body)
        self.assertTrue(proof.snapshot_ids, "what was reviewed stays")

    def test_other_amount_in_its_currency_is_named(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        line = self.entry(100, currency=euro)
        proof = self.reviewed()
        self.assertFalse(proof.get_discrepancies())
        line.move_id.button_draft()
        line.move_id.with_context(skip_invoice_sync=True).write({"line_ids": [
            Command.update(one.id, {"amount_currency": one.amount_currency * 0.9, "balance": one.balance})
            for one in line.move_id.line_ids
        ]})  # fmt: skip
        line.move_id.action_post()
        self.assertEqual((line.amount_residual, line.amount_residual_currency), (200, 90))
        [sentence] = proof.get_discrepancies()
        self.assertIn("open in its currency was 100.00 EUR and is 90.00 EUR", sentence)

    def test_reconciled_line_that_is_reset_leaves_the_other_open(self):
        """Odoo keeps the reconciliation of an entry that is reset to draft."""
        stays, reset = self.entry(100, "stays"), self.entry(-100, "reset", "2026-01-20")
        (stays | reset).reconcile()
        proof = self.reviewed()
        self.assertEqual((proof.balance, proof.line_count), (0, 0))
        reset.move_id.button_draft()
        proof.invalidate_recordset()
        self.assertEqual(self.open_lines(proof), {stays.id: 100})
        self.assertEqual((proof.balance, proof.unexplained), (100, 0))
        [sentence] = proof.get_discrepancies()
        self.assertIn(stays.move_id.name, sentence)

    def test_balance_that_no_line_tells_of(self):
        """The balance itself is compared, too: here of an account that no longer allows reconciliation."""
        self.entry(100)
        proof = self.reviewed()
        self.entry(20, "late")
        self.cr.execute(
            "UPDATE account_move_line SET amount_residual = 0, amount_residual_currency = 0"
            " WHERE account_id = %s AND name = 'late'", [self.clearing.id],
        )  # fmt: skip
        self.env.invalidate_all()
        [sentence] = proof.get_discrepancies()
        self.assertIn("The balance was", sentence)

    def test_reconciled_with_another_branch(self):
        """What one branch owes another is open for each of them alone, also where it is reconciled between them."""
        self.company.write({"child_ids": [Command.create({"name": "East"}), Command.create({"name": "West"})]})
        east, west = self.company.child_ids
        self.cr.precommit.run()  # the chart of accounts of the branches
        self.accountant.company_ids = [Command.set((self.company | east | west).ids)]
        debit = self.entry(80, company_id=east.id)
        (debit | self.entry(-80, company_id=west.id)).reconcile()
        proof = self.proof(company_id=east.id)
        self.assertEqual(self.open_lines(proof), {debit.id: 80})
        proof.action_prepare()
        self.assertEqual((self.proof().line_count, self.proof(FEBRUARY).unexplained), (0, 0))

    def test_one_proof_a_day_and_only_of_reconcilable_accounts(self):
        with self.assertRaisesRegex(UserError, "has no open lines"):
            self.proof(account=self.swim_code)
        self.proof()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.proof().flush_recordset()

    def test_branches_that_one_may_not_see(self):
        self.company.write({"child_ids": [Command.create({"name": "East"})]})
        with self.assertRaisesRegex(UserError, "branches that you have no access to"):
            self.proof().action_prepare()


@tagged("post_install", "-at_install")
class TestClosing(ProofCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entry(100)
        cls.chief = cls.user_with("ledger.chief", "account_reconciliation.group_super_admin")

    def closing(self):
        return self.env["account.closing"].with_user(self.accountant).create({"date": JANUARY})

    def line(self, closing, kind):
        closing.invalidate_recordset()
        closing.line_ids.invalidate_recordset()
        return closing.line_ids.filtered(
            lambda line: line.kind == kind and line.journal_id in (self.bank, line.journal_id.browse())
        )

    def test_checklist_to_lock_date(self):
        transaction = self.env["account.bank.statement.line"].create(
            {"journal_id": self.bank.id, "date": "2026-01-20", "amount": 70, "payment_ref": "rent"}
        )
        invoice = self.document([170])
        closing = self.closing()
        self.assertEqual(self.line(closing, "account").account_id, self.clearing)
        self.assertEqual(self.line(closing, "unmatched").status, "1 unmatched")
        self.assertEqual(self.line(closing, "items").status, "1 open")
        self.assertFalse(any(closing.line_ids.mapped("is_done")))
        with self.assertRaisesRegex(UserError, "Nothing was locked"):
            closing.with_user(self.chief).action_lock()
        transaction.book_lines([{"kind": "account", "account_id": self.swim_code.id, "label": "Rent"}])
        self.assertTrue(self.line(closing, "unmatched").is_done)
        self.reviewed()
        account = self.line(closing, "account")
        self.assertEqual((account.is_done, account.who), (True, "ledger.reviewer"))
        items = self.line(closing, "items")
        with self.assertRaisesRegex(UserError, "Say in the note"):
            items.action_accept()
        items.note = f"{invoice.name} is paid in February"
        items.action_accept()
        self.assertEqual((items.is_done, items.who), (True, "ledger.accountant"))
        for line in closing.line_ids.filtered(lambda line: line.kind == "bank"):
            self.assertEqual(line.status, "No period covers this day")
            line.note = "closed on paper"
        closing.line_ids.filtered(lambda line: line.kind == "bank").action_accept()
        closing.invalidate_recordset()
        self.assertTrue(closing.is_done)
        with self.assertRaises(AccessError):
            closing.action_lock()
        closing.with_user(self.chief).action_lock()
        self.assertEqual(self.company.fiscalyear_lock_date, fields.Date.to_date(JANUARY))
        self.assertEqual((closing.state, closing.locked_uid), ("locked", self.chief))
        with self.assertRaisesRegex(UserError, "stays as it is"):
            items.action_reject()
        with self.assertRaisesRegex(UserError, "can't be deleted"):
            closing.unlink()

    def test_bank_period_closed_is_done(self):
        period = self.env["account.bank.reconciliation"].create({
            "journal_id": self.bank.id, "date_from": "2026-01-01", "date_to": JANUARY,
        })  # fmt: skip
        closing = self.closing()
        line = self.line(closing, "bank")
        self.assertIn("Open", line.status)
        with patch.object(type(self.env["account.bank.reconciliation.snapshot"]), "_render", lambda _self: b"%PDF"):
            period.action_close()
        line = self.line(closing, "bank")
        self.assertEqual((line.is_done, line.who), (True, self.env.user.name))

    def test_earlier_bank_period_counts(self):
        """The lock date is that of all days before it."""
        periods = self.env["account.bank.reconciliation"]
        first, second = (
            periods.create({"journal_id": self.bank.id, "date_from": f"2026-01-{start}", "date_to": f"2026-01-{end}"})
            for start, end in (("01", "14"), ("16", "31"))
        )
        closing = self.closing()
        with patch.object(type(self.env["account.bank.reconciliation.snapshot"]), "_render", lambda _self: b"%PDF"):
            second.action_close()
            line = self.line(closing, "bank")
            self.assertEqual((line.is_done, line.status), (False, f"Open: {first.display_name}"))
            first.action_close()
        line = self.line(closing, "bank")
        self.assertFalse(line.is_done)
        self.assertIn("Gap of 1 days", line.status)
        line.note = "Nothing was booked on that day"
        line.action_accept()
        self.assertTrue(line.is_done)

    def test_account_with_new_open_lines_is_added(self):
        closing = self.closing()
        loans = self.clearing.copy({"code": "CLEAR5"})
        self.entry(9, account=loans)
        closing.action_refresh()
        self.assertIn(loans, self.line(closing, "account").account_id)
        count = len(closing.line_ids)
        closing.action_refresh()
        self.assertEqual(len(closing.line_ids), count)

    def test_its_line_leads_to_what_is_to_be_done(self):
        closing = self.closing()
        for line in closing.line_ids:
            action = line.action_open()
            self.assertTrue(action["res_model"])
        account = self.line(closing, "account").action_open()
        self.assertEqual(account["context"]["default_account_id"], self.clearing.id)

    def test_reviewed_proof_that_has_changed_is_not_done(self):
        closing = self.closing()
        proof = self.reviewed()
        self.assertTrue(self.line(closing, "account").is_done)
        late = self.entry(40, "late")
        account = self.line(closing, "account")
        self.assertEqual((account.is_done, account.status), (False, "Reviewed, but it has changed since"))
        account.note = "looked at again"
        account.action_accept()
        self.assertTrue(account.is_done)
        late.move_id.button_draft()
        self.assertTrue(self.line(closing, "account").is_done, "as it was when it was reviewed")
        self.assertFalse(proof.get_discrepancies())

    def test_closed_bank_period_that_has_changed_is_not_done(self):
        period = self.env["account.bank.reconciliation"].create({
            "journal_id": self.bank.id, "date_from": "2026-01-01", "date_to": JANUARY,
        })  # fmt: skip
        with patch.object(type(self.env["account.bank.reconciliation.snapshot"]), "_render", lambda _self: b"%PDF"):
            period.action_close()
        closing = self.closing()
        self.env["account.bank.statement.line"].create(
            {"journal_id": self.bank.id, "date": "2026-01-20", "amount": 70, "payment_ref": "rent"}
        )
        line = self.line(closing, "bank")
        self.assertEqual((line.is_done, line.status), (False, "Closed, but it has changed since"))

    def test_signature_is_of_what_was_accepted(self):
        invoice = self.document([170])
        closing = self.closing()
        items = self.line(closing, "items")
        items.note = f"{invoice.name} is paid in February"
        items.action_accept()
        self.assertTrue(items.is_done)
        items.note = f"{invoice.name} is paid in February"
        self.assertTrue(items.signed_uid, "nothing was changed")
        other = self.document([500])
        items = self.line(closing, "items")
        self.assertEqual((items.is_done, items.status), (False, "2 open; it has changed since it was accepted"))
        other.button_draft()
        self.assertTrue(self.line(closing, "items").is_done)
        items.with_user(self.reviewer).note = "whatever"
        items = self.line(closing, "items")
        self.assertEqual((items.is_done, items.signed_uid.id, items.signed_key), (False, False, False))

    def test_all_branches_count(self):
        """The lock date is that of the branches, too: they count, selected or not."""
        self.company.write({"child_ids": [Command.create({"name": "East"})]})
        east = self.company.child_ids
        self.cr.precommit.run()  # the chart of accounts of the branch
        with self.assertRaisesRegex(UserError, "branches that you have no access to"), self.cr.savepoint():
            self.closing()
        self.accountant.company_ids = [Command.link(east.id)]
        closing = self.closing()
        hidden = self.clearing.copy({"code": "CLEAR6"})
        self.entry(9, account=hidden, company_id=east.id)
        bank = self.env["account.journal"].create(
            {"name": "Bank of the east", "code": "BEAST", "type": "bank", "company_id": east.id}
        )
        closing.with_context(allowed_company_ids=self.company.ids).action_refresh()
        self.assertIn(hidden, closing.line_ids.account_id)
        self.assertIn(bank, closing.line_ids.sudo().journal_id)
        # Who loses access to a branch does not see a checklist as done.
        self.accountant.company_ids = [Command.unlink(east.id)]
        items = self.line(closing, "items")
        self.assertEqual((items.is_done, items.status), (False, "Some of its branches are hidden from you"))
        with self.assertRaisesRegex(UserError, "branches that you have no access to"):
            closing.with_user(self.chief).action_lock()

    def test_what_was_open_then_is_proved(self):
        """An account of which all is reconciled by now was open at the end of the period."""
        loans = self.clearing.copy({"code": "CLEAR7"})
        line = self.entry(9, account=loans)
        (line | self.entry(-9, date="2026-02-03", account=loans)).reconcile()
        reset = self.clearing.copy({"code": "CLEAR4"})
        stays, gone = self.entry(9, account=reset), self.entry(-9, account=reset)
        (stays | gone).reconcile()
        gone.move_id.button_draft()
        done = self.clearing.copy({"code": "CLEAR5"})
        (self.entry(9, account=done) | self.entry(-9, account=done)).reconcile()
        self.assertEqual(self.closing().line_ids.account_id, self.clearing | loans | reset)
