"""What the tests share: a recreation centre's ledger in the accountant's words, and the invariants as checks."""

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..invariants import violations


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

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """Take the company that script/prepared_company.py made, where the class asks for nothing of its own."""
        prepared = cls.env.ref("__test__.prepared_company", raise_if_not_found=False)
        if prepared and not (kwargs or cls.country_code or cls.chart_template):
            cls.env.user.company_ids = [Command.link(prepared.id)]
            return prepared
        return super().setup_independent_company(**kwargs)

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
    def payment_terms(cls, *parts, **values):
        """Payment terms of parts ``(percent, days)``."""
        lines = [{"value": "percent", "value_amount": percent, "nb_days": days} for percent, days in parts]
        return cls.env["account.payment.term"].create({
            "name": " / ".join(f"{percent} % in {days} days" for percent, days in parts),
            "line_ids": [Command.create(line) for line in lines],
            **values,
        })  # fmt: skip

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

    @classmethod
    def opening_entry(cls, *rows, date="2026-01-01"):
        """A posted journal entry with a receivable line a row ``(account, amount it owes, due date)``."""
        receivable = cls.company_data["default_account_receivable"]
        entry = cls.env["account.move"].create({
            "date": date,
            "line_ids": [
                Command.create({
                    "account_id": receivable.id, "partner_id": partner.id, "date_maturity": due, "balance": amount,
                })
                for partner, amount, due in rows
            ] + [Command.create({"account_id": cls.swim_code.id, "balance": -sum(row[1] for row in rows)})],
        })  # fmt: skip
        entry.action_post()
        return entry

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

    def assertInvariants(self, documents=None):
        """All invariants hold for every row there is (``invariants.py``), and none of these documents is in error."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(violations(self._rows))
        if documents is None:
            documents = self.env["account.reconciliation.item"].search([]).move_id
        for document in documents:
            self.assertNotEqual(document.reconciliation_status, "error", document.name)

    def _rows(self, statement):
        self.env.cr.execute(statement)
        return self.env.cr.fetchall()

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
