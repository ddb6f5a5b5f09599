"""The demo company: Maple Recreation Centre, six months of it up to today.

How to use
    ``build(env)`` once; the company is then ``env.ref(COMPANY_XMLID)``. The same day gives the same company.

How it works
    Each step takes the :class:`Centre`, adds its part to the ledger and leaves on it what later steps need. To add a
    part (planned payments, bank statements), write one more function of that form and list it in ``STEPS``. Every
    step draws from its own random numbers (``centre.random(name)``), so that a new one moves nothing of the others.
    Records are made and posted in as few calls as possible: that, not the number of records, is what takes time.
"""

import logging
import random
import time
from datetime import timedelta

from odoo import SUPERUSER_ID, fields
from odoo.fields import Command
from odoo.tools import SQL

from . import (
    bank_matching,
    bank_periods,
    bank_statements,
    client_accounts,
    company_setup,
    ledger_accounts,
    money_together,
    people,
    planned_payments,
    registrations,
    vendor_bills,
)

_logger = logging.getLogger(__name__)

COMPANY_XMLID = "account_reconciliation.demo_company"
HISTORY_DAYS = 182
LARGE_TABLES = (
    "account_move",
    "account_move_line",
    "account_payment",
    "account_partial_reconcile",
    "account_bank_statement_line",
    "account_reconciliation_item",
    "account_reconciliation_line",
)

STEPS = (
    company_setup.create_company,
    company_setup.create_currency_rates,
    company_setup.create_accounts_and_taxes,
    company_setup.create_journals,
    company_setup.create_products,
    people.create_clients_and_vendors,
    people.create_users,
    registrations.create_opening_balance,
    registrations.create_registrations,
    registrations.create_foreign_registrations,
    registrations.create_reference_example,
    registrations.pay_at_checkout,
    client_accounts.pay_later,
    client_accounts.cancel_classes,
    client_accounts.take_deposits,
    vendor_bills.create_bills,
    planned_payments.plan_payments,
    planned_payments.take_echecks,
    bank_matching.create_presets,
    bank_statements.create_statements,
    bank_matching.match_older_months,
    bank_periods.reconcile_months,
    money_together.deposit_cheques,
    money_together.send_payments,
    money_together.import_payout,
    money_together.receive_advice,
    money_together.dispute_a_document,
    ledger_accounts.create_accounts,
)


class Centre:
    """What the steps share: the environment, the calendar, and the records made so far, by short names."""

    def __init__(self, env):
        # Neither mails nor chatter: no message about what never happened, and it is most of the time.
        quiet = {
            "tracking_disable": True,
            "mail_create_nolog": True,
            "mail_create_nosubscribe": True,
            "mail_notrack": True,
            "mail_auto_subscribe_no_notify": True,
            "no_reset_password": True,
            "lang": "en_US",
        }
        self.env = env(user=SUPERUSER_ID, su=True, context=quiet)
        self.today = fields.Date.today()
        self.date_start = self.today - timedelta(days=HISTORY_DAYS)
        self.company = self.env["res.company"]
        self.accounts = {}
        self.taxes = {}
        self.journals = {}
        self.methods = {}
        self.products = {}
        self.cash_rounding = self.env["account.cash.rounding"]
        self.instalments = self.env["account.payment.term"]
        self.families = []
        self.clubs = {}
        self.vendors = {}
        self.sales = []
        self.depositor = self.env["res.partner"]
        self.shop_entries = []
        self.payout = None
        self.billed_at_bank = self.env["account.move"]

    def random(self, name):
        """The random numbers of a step: the same in every build."""
        return random.Random(f"maple {name}")

    def days_ago(self, days):
        """The date so many days before today, never before the centre's first day."""
        return max(self.today - timedelta(days=days), self.date_start)

    def work_in(self, company):
        """Make everything that follows in one company."""
        self.env = self.env(context=dict(self.env.context, allowed_company_ids=company.ids))
        self.company = company.with_env(self.env)

    def register_payment(self, move, method, date, amount=None, currency=None):
        """Pay a document as at checkout, by Odoo's own dialog: the payment is reconciled with it.

        :param move: account.move, posted
        :param method: key of :attr:`methods`
        :param date: when it is paid
        :param amount: in the currency of the payment; None for all that is open
        :param currency: res.currency of the payment; None for the document's
        :return: the account.payment
        """
        outgoing = move.move_type in ("out_refund", "in_invoice")
        method_line = self.methods["outbound" if outgoing else "inbound", method]
        values = {
            "payment_date": date,
            "journal_id": method_line.journal_id.id,
            "payment_method_line_id": method_line.id,
        }
        if currency:
            values["currency_id"] = currency.id
        else:
            values["amount"] = move.amount_residual if amount is None else amount
        context = {"active_model": "account.move", "active_ids": move.ids}
        return self.env["account.payment.register"].with_context(**context).create(values)._create_payments()

    def pay_in_full(self, sales):
        """Pay many invoices at checkout, and leave what the dialog would leave, in a fraction of its time.

        :param sales: the sales, each with its ``move``, ``date`` and ``method``
        """
        payments = self.create_payments([
            {
                "partner": sale.owner,
                "date": sale.date,
                "amount": sale.move.amount_residual,
                "method": sale.method,
                "memo": sale.move.payment_reference or sale.move.name,
                "currency": sale.move.currency_id,
                "invoice": sale.move,
            }
            for sale in sales
        ])  # fmt: skip
        self.env["account.move.line"]._reconcile_plan([
            (sale.move | payment.move_id)._owed_lines() for sale, payment in zip(sales, payments, strict=True)
        ])  # fmt: skip

    def create_payments(self, values_list):
        """Post payments, reconciled with nothing yet.

        :param values_list: dicts ``partner``, ``date``, ``amount``, ``method``, ``memo`` and where they differ from
            money received from a client in company currency ``payment_type``, ``partner_type``, ``currency``,
            ``invoice``
        :return: the account.payment records
        """
        payments = self.env["account.payment"].create([self._prepare_payment(**values) for values in values_list])
        payments.action_post()
        return payments

    def _prepare_payment(
        self,
        partner,
        date,
        amount,
        method,
        memo,
        payment_type="inbound",
        partner_type="customer",
        currency=None,
        invoice=None,
    ):
        method_line = self.methods[payment_type, method]
        return {
            "partner_id": partner.commercial_partner_id.id,
            "payment_type": payment_type,
            "partner_type": partner_type,
            "date": min(date, self.today),
            "amount": amount,
            "currency_id": (currency or self.company.currency_id).id,
            "journal_id": method_line.journal_id.id,
            "payment_method_line_id": method_line.id,
            "memo": memo,
            "invoice_ids": [Command.set(invoice.ids)] if invoice else [],
        }


def build(env):
    """Build the demo company.

    :param env: any environment; the work is done as the superuser
    :return: the res.company
    """
    centre = Centre(env)
    for step in STEPS:
        started = time.monotonic()
        step(centre)
        # All of it is one transaction, which autovacuum can't look into: without this the database plans each query for
        # the empty tables that it knows.
        env.flush_all()
        for table in LARGE_TABLES:
            env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
        _logger.info("Demo company: %s, %.1f s", step.__name__.replace("_", " "), time.monotonic() - started)
    return centre.company.with_env(env)
