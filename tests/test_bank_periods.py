"""Bank reconciliation by period: what is offered, confirming, balancing, closing, and what is refused."""

from odoo.tests import tagged

from .bank_periods_common import BankPeriodCommon


@tagged("post_install", "-at_install")
class TestBankRemittances(BankPeriodCommon):
    """What one cash movement is."""

    def test_payment_is_a_remittance_and_the_transaction_that_clears_it_is_none(self):
        payment = self.payment(100)
        transaction = self.transaction(100, "2026-01-20")
        self.assertEqual(self.remittance(payment).mapped("amount"), [100])
        self.assertFalse(self.remittance(transaction), "nobody has matched it yet: only the bank knows of it")
        self.clear(transaction, payment)
        self.remittances.invalidate_model()
        self.assertFalse(self.remittances.search([("move_id", "=", transaction.move_id.id)]))
        remittance = self.remittance(payment)
        self.assertEqual((remittance.statement_line_id, remittance.is_matched), (transaction, True))
        self.assertEqual(str(remittance.bank_date), "2026-01-20")
