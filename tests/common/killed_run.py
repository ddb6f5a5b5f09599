"""Runs of the due planned payments, each in its own process, killed at a given step: see test_killed_run.py.

The log stands for the payment provider: one line a charge. See process_steps.py for how it is used.
"""

from contextlib import ExitStack
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api, fields
from process_steps import die, serve


def save_payment_method(env, bank, partner):
    """A saved payment method whose charges go through.

    :param bank: account.journal that the money arrives on
    """
    provider = env["payment.provider"].search([("code", "=", "demo"), ("company_id", "=", env.company.id)], limit=1)
    provider.write({"state": "test", "journal_id": bank.id})
    return env["payment.token"].create({
        "provider_id": provider.id,
        "payment_method_id": provider.with_context(active_test=False).payment_method_ids[:1].id,
        "payment_details": "4242",
        "provider_ref": "test",
        "partner_id": partner.id,
        "demo_simulated_state": "done",
    })  # fmt: skip


def set_up(env):
    """Four invoices of 75 with one planned payment each, due today: three by saved payment method, one by a method."""
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    family = env["res.partner"].create({"name": "Tremblay family"})
    token = save_payment_method(env, bank, family)
    invoices = env["account.move"].create([
        {
            "move_type": "out_invoice",
            "partner_id": family.id,
            "invoice_date": fields.Date.today(),
            "invoice_line_ids": [Command.create({"name": "item", "price_unit": 75, "tax_ids": []})],
        }
    ] * 4)  # fmt: skip
    invoices.action_post()
    for invoice in invoices[:3]:
        invoice.plan_payments([{"due_date": fields.Date.today(), "amount": 75}], payment_token=token)
    method = bank.inbound_payment_method_line_ids.filtered(lambda line: line.code == "manual")[:1]
    invoices[3].plan_payments([{"due_date": fields.Date.today(), "amount": 75}], payment_method_line=method)


def run(registry, step, _number, log_path):
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        planned = type(env["account.planned.payment"])
        transaction = type(env["payment.transaction"])
        send = transaction._send_payment_request

        def send_payment_request(self):
            with open(log_path, "a") as log:
                log.write(self.reference + "\n")
            if step == "killed while charging":
                die()
            return send(self)

        where = {
            "killed before the charge": (transaction, "_charge_with_token"),
            "killed between charge and registration": (planned, "_resume"),
            "killed while registering": (planned, "_set_paid"),
        }.get(step)
        with ExitStack() as patches:
            patches.enter_context(patch.object(transaction, "_send_payment_request", send_payment_request))
            if where:
                patches.enter_context(patch.object(*where, die))
            if step == "set up":
                set_up(env)
            else:
                if step == "an hour later":
                    cr.execute(
                        "UPDATE payment_transaction SET last_state_change = last_state_change - interval '1 hour'"
                    )
                env["account.planned.payment"].run_due()


if __name__ == "__main__":
    serve(run)
