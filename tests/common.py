"""What the tests share: a recreation centre's ledger in the accountant's words, and the invariants as checks."""

from decimal import Decimal

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class ReconciliationCommon(AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.bank = cls.company_data["default_journal_bank"]
        cls.family = cls.env["res.partner"].create({"name": "Tremblay family"})
        cls.member = cls.env["res.partner"].create({"name": "Léa Tremblay", "parent_id": cls.family.id})
        cls.vendor = cls.env["res.partner"].create({"name": "Rink Supplies"})
        income = cls.company_data["default_account_revenue"]
        cls.swim_code, cls.judo_code, cls.pass_code = (
            income.copy({"code": code, "name": name})
            for code, name in (("410100", "Swimming"), ("410200", "Judo"), ("410300", "Memberships"))
        )
        cls.codes = [cls.swim_code, cls.judo_code, cls.pass_code]

    # -- documents and money ------------------------------------------------------------------------------

    @classmethod
    def document(cls, prices, move_type="out_invoice", partner=None, date="2026-01-10", post=True, **values):
        """A document with one item a price; a price may be a dict of line values."""
        lines = []
        for number, price in enumerate(prices):
            line = {
                "name": f"item {number + 1}",
                "quantity": 1,
                "tax_ids": [Command.set([])],
                "sequence": 10 * (number + 1),
            }
            if move_type.startswith("out"):
                line["account_id"] = cls.codes[number % 3].id
            line.update(price if isinstance(price, dict) else {"price_unit": price})
            lines.append(Command.create(line))
        partner = partner or (cls.family if move_type.startswith("out") else cls.vendor)
        values = {"invoice_line_ids": lines, **values}
        move = cls.env["account.move"].create({
            "move_type": move_type,
            "partner_id": partner.id,
            "invoice_date": date,
            "date": date,
            **({} if "invoice_payment_term_id" in values else {"invoice_date_due": date}),
            **values,
        })  # fmt: skip
        if post:
            move.action_post()
        return move

    @classmethod
    def payment(cls, amount, partner=None, date="2026-01-15", direction="inbound", partner_type="customer", **values):
        payment = cls.env["account.payment"].create({
            "payment_type": direction,
            "partner_type": partner_type,
            "partner_id": (partner or (cls.family if partner_type == "customer" else cls.vendor)).id,
            "amount": amount,
            "date": date,
            "journal_id": cls.bank.id,
            **values,
        })  # fmt: skip
        payment.action_post()
        return payment

    @classmethod
    def reconcile(cls, *moves):
        """Reconcile the receivable or payable lines of moves and payments, as Odoo's own buttons do."""
        moves = [move.move_id if move._name == "account.payment" else move for move in moves]
        lines = cls.env["account.move.line"].union(*(move._owed_lines() for move in moves))
        lines.filtered(lambda line: not line.reconciled).reconcile()

    @classmethod
    def register_payment(cls, moves, amount=None, **values):
        context = {"active_model": "account.move", "active_ids": moves.ids}
        wizard = (
            cls.env["account.payment.register"]
            .with_context(**context)
            .create({"payment_date": "2026-01-15", **({"amount": amount} if amount is not None else {}), **values})
        )
        return wizard._create_payments()

    # -- what is asserted ---------------------------------------------------------------------------------

    def applied(self, document, money=None):
        """What is applied to each item of a document, in listed order, in the document's currency."""
        items = document.reconciliation_item_ids.sorted(lambda item: (item.sequence, item.move_line_id.id))
        if money is None:
            return items.mapped("amount_reconciled")
        move = money.move_id if money._name == "account.payment" else money
        lines = items.reconciliation_line_ids.filtered(lambda line: line.counterpart_move_id == move)
        return [sum((lines & item.reconciliation_line_ids).mapped("amount_currency")) for item in items]

    def left(self, document):
        items = document.reconciliation_item_ids.sorted(lambda item: (item.sequence, item.move_line_id.id))
        return items.mapped("amount_residual")

    def assertInvariants(self, moves=None):
        """I1, I2 and I3 on the raw tables, computed apart from the addon's own SQL."""
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [] if moves is None else [("move_id", "in", moves.ids)]
        items = self.env["account.reconciliation.item"].search(domain)
        lines = self.env["account.reconciliation.line"].search(domain)
        documents = items.move_id
        exact = lambda amount: Decimal(str(amount)).quantize(Decimal("0.000001"))  # noqa: E731
        for partial in self.env["account.partial.reconcile"].search([
            "|", ("debit_move_id.move_id", "in", documents.ids), ("credit_move_id.move_id", "in", documents.ids),
        ]):  # fmt: skip
            for own, other, amount in (
                (partial.debit_move_id, partial.credit_move_id, partial.debit_amount_currency),
                (partial.credit_move_id, partial.debit_move_id, partial.credit_amount_currency),
            ):
                side_items = items.filtered(lambda i, own=own: i.move_line_id == own) or items.filtered(
                    lambda i, own=own: i.move_id == own.move_id and i.pour_key > 0
                )
                if not side_items or not amount or not own._is_owed_line():
                    continue
                side = lines.filtered(
                    lambda line, p=partial, other=other: line.partial_id == p and line.counterpart_line_id == other
                )
                name = f"{own.move_id.name} paid by {other.move_id.name}"
                self.assertEqual(sum(map(exact, side.mapped("amount_currency"))), exact(amount), f"I1 {name}")
                self.assertEqual(sum(map(exact, side.mapped("amount"))), exact(partial.amount), f"I1 {name} (company)")
        for item in items:
            applied = sum(map(exact, item.reconciliation_line_ids.mapped("amount_currency")))
            self.assertEqual(applied, exact(item.amount_reconciled), f"I2 balance of {item.display_name}")
            self.assertLessEqual(abs(applied), abs(exact(item.amount_total)), f"I2 {item.display_name}")
        for document in documents:
            owed = document._owed_lines()
            mine = items.filtered(lambda item, document=document: item.move_id == document)
            if document.is_invoice(include_receipts=True):
                owed = owed.filtered(lambda line: line.display_type == "payment_term")
                residual = exact(document.amount_residual)
            else:
                residual = sum(abs(exact(line.amount_residual_currency)) for line in owed)
            self.assertEqual(sum(map(exact, mine.mapped("amount_residual"))), residual, f"I3 {document.name}")
            self.assertNotEqual(document.reconciliation_status, "error", document.name)

    def snapshot(self, moves):
        """All that reconciling may change, field by field (I6), in a form that two moments can be compared in."""
        self.env.flush_all()
        self.env.invalidate_all()
        lines = moves.line_ids
        move_fields = ["state", "payment_state", "amount_residual", "amount_residual_signed", "reconciliation_status"]
        line_fields = [
            "balance", "amount_currency", "amount_residual", "amount_residual_currency", "reconciled",
            "full_reconcile_id", "matching_number",
            "item_amount_total", "item_amount_reconciled", "item_amount_residual",
        ]  # fmt: skip
        payments = moves.origin_payment_id
        return (
            moves.read(move_fields),
            lines.read(line_fields),
            payments.read(["state", "is_reconciled", "is_matched", "reconciliation_status"]),
        )

    @classmethod
    def user_with(cls, login, *groups):
        return cls.env["res.users"].with_context(no_reset_password=True).create({
            "name": login,
            "login": login,
            "password": login,
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
            "group_ids": [Command.set([cls.env.ref(group).id for group in groups])],
        })  # fmt: skip
