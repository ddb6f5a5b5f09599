"""Families that plan payments: planned, in part, begun, overdue, failed; payments that are still processing."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo.tools import SQL

from .registrations import Sale, _create_invoices, prepare_line

# position of the family, items, days ago, paid at checkout, planned payments, share of what is left that is planned
PLANS = {
    "portal": (0, ("camp_week", "camp_extended", "swim_cap"), 9, 0, 4, 1),
    "rest": (1, ("swim_2", "judo_child", "swim_cap"), 16, 60, 3, 1),
    "begun": (5, ("judo_child", "uniform"), 30, 0, 3, 1),
    "in_part": (3, ("camp_week", "camp_extended"), 12, 0, 2, 0.5),
    "overdue": (6, ("swim_private", "bottle"), 40, 0, 2, 1),
    "failed": (8, ("karate", "uniform"), 35, 0, 2, 1),
    "cancelled": (12, ("judo_child", "swim_cap"), 20, 0, 2, 1),
}


def plan_payments(centre):
    """Schedules in every state, on invoices of their own."""
    cheque = centre.methods["inbound", "cheque"]
    cheque.needs_person = True
    card = centre.methods["inbound", "card"]
    sales = {key: _sale(centre, *plan) for key, plan in PLANS.items()}
    _create_invoices(centre, list(sales.values()))
    planned_payments = {}
    for key, (_position, _items, _days, paid, count, share) in PLANS.items():
        move = sales[key].move
        if paid:
            centre.register_payment(move, "card", sales[key].date, amount=float(paid))
        planned_payments[key] = _plan(centre, move, count, share, cheque if key == "overdue" else card)

    planned_payments["begun"][0].action_pay_now()
    # A date that is over can't be chosen: this one has passed without anybody taking the cheque.
    late = planned_payments["overdue"][0]
    centre.env.flush_all()
    centre.env.cr.execute(
        SQL("UPDATE account_planned_payment SET due_date = %s WHERE id = %s", centre.today - timedelta(days=4), late.id)
    )
    centre.env.invalidate_all()
    late._ask_person("Take the cheque, then press “Pay now”.")
    planned_payments["failed"][0]._fail("The card was declined.")
    # Resetting a document to draft cancels its schedule.
    corrected = sales["cancelled"].move
    corrected.button_draft()
    corrected.action_post()


def take_echecks(centre):
    """Payments that are confirmed days later: one still processing, one rejected."""
    transfer = centre.methods["inbound", "transfer"]
    echeck = transfer.copy({
        "name": "eCheck", "is_confirmed_later": True, "payment_account_id": transfer.payment_account_id.id,
        "journal_id": transfer.journal_id.id,
    })  # fmt: skip
    centre.methods["inbound", "echeck"] = echeck
    sales = [_sale(centre, 10, ("swim_1", "swim_cap"), 4), _sale(centre, 11, ("aquafit", "bottle"), 13)]
    _create_invoices(centre, sales)
    for sale in sales:
        payment = centre.register_payment(sale.move, "echeck", sale.date + timedelta(days=1))
        if sale is sales[1]:
            payment.action_reject_payment()


def _sale(centre, position, items, days, *_plan):
    owner, members = centre.families[position]
    name = members[0].name.partition(" ")[0] if members else owner.name
    lines = [prepare_line(centre, key, name) for key in items]
    # An outcome that no other step acts on.
    return Sale(partner=owner, date=centre.days_ago(days), lines=lines, outcome="planned")


def _plan(centre, move, count, share, method):
    currency = move.currency_id
    total = currency.round(move.amount_residual * share)
    part = currency.round(total / count)
    amounts = [part] * (count - 1) + [currency.round(total - part * (count - 1))]
    first = centre.today + timedelta(days=5)
    return move.plan_payments(
        [
            {"due_date": first + relativedelta(months=number), "amount": amount}
            for number, amount in enumerate(amounts)
        ],
        payment_method_line=method,
    )  # fmt: skip
