"""Goods received and not invoiced, with Odoo's purchases and stock; skipped where they aren't installed.
``script/prove goods-received`` installs them for this."""

from odoo import Command, fields
from odoo.tests import tagged

from .common.ledger_accounts import LedgerCommon


@tagged("post_install", "-at_install")
class TestGoodsReceived(LedgerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.has_stock = "stock.move" in cls.env and "purchase_line_id" in cls.env["stock.move"]._fields
        if cls.has_stock:
            cls.set_up_stock()

    @classmethod
    def set_up_stock(cls):
        """Receipts are booked against the interim account, and so are bills, by the vendor's fiscal position."""
        env, company = cls.env, cls.company
        cls.interim = cls.clearing.copy({"name": "Goods received, not invoiced", "code": "GRNI"})
        stock = cls.clearing.copy({"name": "Stock", "code": "STOCK1", "reconcile": False})
        journal = env["account.journal"].create({"name": "Stock", "code": "STK1", "type": "general"})
        company.write({
            "account_stock_valuation_id": stock.id, "account_stock_journal_id": journal.id,
            "inventory_valuation": "real_time",
        })  # fmt: skip
        env.ref("stock.stock_location_suppliers").valuation_account_id = cls.interim
        interim = env["account.fiscal.position"].create({
            "name": "Goods received first",
            "account_ids": [Command.create({"account_src_id": stock.id, "account_dest_id": cls.interim.id})],
        })  # fmt: skip
        cls.vendor.property_account_position_id = interim
        category = env["product.category"].create(
            {"name": "Skates", "property_valuation": "real_time", "property_cost_method": "average"}
        )
        cls.skates, cls.pucks = env["product.product"].create([
            {"name": name, "is_storable": True, "categ_id": category.id, "supplier_taxes_id": [Command.clear()]}
            for name in ("Rental skates", "Pucks")
        ])  # fmt: skip

    def setUp(self):
        super().setUp()
        if not self.has_stock:
            self.skipTest("needs Odoo's purchases and stock")

    def order(self, *lines, is_received=True):
        """A confirmed order, received in full.

        :param lines: ``(product, quantity, price)``
        """
        order = self.env["purchase.order"].create({
            "partner_id": self.vendor.id,
            "order_line": [
                Command.create({"product_id": product.id, "product_qty": quantity, "price_unit": price})
                for product, quantity, price in lines
            ],
        })  # fmt: skip
        order.button_confirm()
        if is_received:
            self.receive(order)
        return order

    def receive(self, order):
        for move in order.picking_ids.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        order.picking_ids.button_validate()

    def bill(self, order, price=None):
        """The vendor's bill of what was received, at another price than ordered."""
        order.action_create_invoice()
        bill = order.invoice_ids[-1:]
        bill.invoice_date = fields.Date.context_today(bill)
        if price:
            bill.invoice_line_ids[:1].price_unit = price
        bill.action_post()
        return bill

    def open_by_order(self):
        groups = self.ledger(self.interim).get_groups("order")["groups"]
        return {group["name"]: (group["count"], group["debit"], group["credit"]) for group in groups}

    def test_order_receipt_bill(self):
        """Receipt and bill meet on the interim account: a rule takes them by order, and books the difference."""
        same, dearer, waits = (self.order((self.skates, 10, price)) for price in (10, 20, 30))
        self.assertEqual(
            self.open_by_order(), {same.name: (1, 0, 100), dearer.name: (1, 0, 200), waits.name: (1, 0, 300)},
            "receipts are credits of the account, grouped by the order that they are of",
        )  # fmt: skip
        self.bill(same)
        self.bill(dearer, 20.04)
        found = self.open_by_order()
        self.assertEqual(found[same.name], (2, 100, 100))
        self.assertEqual(found[dearer.name], (2, 200.4, 200))
        [suggested] = [
            one
            for one in self.ledger(self.interim).get_suggestions()
            if one["amount"] == 100 and len(one["lines"]) == 2
        ]
        self.assertIn(f"All are of the order {same.name}, and they add up to zero", suggested["reasons"])
        rule = (
            self.env["account.ledger.rule"]
            .with_user(self.accountant)
            .create({
                "name": "Received and billed", "account_id": self.interim.id, "same_order": True, "amount_within": 0.5,
                "difference_account_id": self.differences_code.id,
            })
        )  # fmt: skip
        self.assertIn("1 of them with a difference", rule.preview)
        rule.action_run()
        self.assertEqual(self.open_by_order(), {waits.name: (1, 0, 300)}, "what is not billed yet stays open")
        [booked] = self.lines.search([("account_id", "=", self.differences_code.id)])
        self.assertEqual((booked.balance, booked.name), (0.4, "Received and billed"))
        proof = (
            self.env["account.ledger.proof"]
            .with_user(self.accountant)
            .create({"account_id": self.interim.id, "date": fields.Date.context_today(rule)})
        )
        self.assertEqual((proof.balance, proof.unexplained, proof.line_count), (-300, 0, 1))
        self.bill(waits)
        rule.action_run()
        self.assertEqual(self.open_by_order(), {})

    def test_order_of_several_products_and_receipts(self):
        """All of an order together: two products, a bill of both."""
        order = self.order((self.skates, 2, 50), (self.pucks, 100, 1))
        self.assertEqual(self.open_by_order(), {order.name: (2, 0, 200)})
        self.bill(order)
        self.assertEqual(self.open_by_order(), {order.name: (4, 200, 200)})
        rule = (
            self.env["account.ledger.rule"]
            .with_user(self.accountant)
            .create({"name": "Orders", "account_id": self.interim.id, "takes": "group", "same_order": True})
        )
        rule.action_run()
        self.assertEqual(self.open_by_order(), {})
        [done] = self.env["account.ledger.reconciliation"].search([("rule_id", "=", rule.id)])
        done.with_user(self.accountant).action_undo()
        self.assertEqual(self.open_by_order(), {order.name: (4, 200, 200)})

    def test_bill_before_the_goods(self):
        """What is billed first waits for its receipt: the other way round on the same account."""
        order = self.order((self.pucks, 5, 8), is_received=False)
        order.order_line.product_id.purchase_method = "purchase"
        self.bill(order)
        self.assertEqual(self.open_by_order(), {order.name: (1, 40, 0)})
        self.receive(order)
        self.assertEqual(self.open_by_order(), {order.name: (2, 40, 40)})
