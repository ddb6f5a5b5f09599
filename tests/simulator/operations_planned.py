"""Planned payments: planned, moved, deleted, paid, charged, failing."""

from datetime import timedelta
from decimal import Decimal

from .operations import DELETE, MANAGE, Choices, operation

ZERO = Decimal(0)


def _coming(work, *states):
    return [
        one
        for one in work.ledger.planned.values()
        if one.is_coming
        and (not states or one.state in states)
        and work.ledger.move[one.move_id].company_id == work.company.id
    ]


def _items_of(work, planned):
    split = {}
    for one in planned:
        for line in work.ledger.planned_lines_of.get(one.id, ()):
            parts = split.setdefault((one.move_id, None), {})
            parts[line.move_line_id] = parts.get(line.move_line_id, ZERO) + line.amount
    return split


@operation(4, needs=MANAGE)
def plan_payments(work):
    """A schedule over all or some of a document, in listed order or of chosen items, by a method or a saved one."""
    pick, company = work.pick, work.company
    move = pick.one(work.open_invoices())
    if not move:
        return None
    items = [item for item in work.ledger.items_of[move.id] if item.amount_residual and not item.amount_planned]
    available = sum((item.amount_residual for item in items), ZERO)
    if available <= 0:
        return None
    step = work.world.roundings[move.currency_id]
    count = pick.random.randint(1, 3)
    total = available if pick.chance(0.7) else work.part_of(available, move.currency_id)
    split = None
    if pick.chance(0.25):
        item = pick.one([item for item in items if item.amount_residual > 0])
        total, count = work.part_of(item.amount_residual, move.currency_id), 1
        split = {item.id: float(total)}
    part = work.round(total / count, move.currency_id)
    amounts = [part] * (count - 1)
    amounts.append(total - sum(amounts, ZERO))
    if min(amounts) < step:
        amounts = [total]
    first = work.today + timedelta(days=pick.any([0, 0, 0, 3, 20]))
    rows = [
        {"due_date": first + timedelta(days=15 * number), "amount": float(amount), "split": split}
        for number, amount in enumerate(amounts)
    ]
    direction = "inbound" if move.move_type in ("out_invoice", "out_receipt", "in_refund") else "outbound"
    method = company.methods[direction][0]
    token = None
    if direction == "inbound":
        method = pick.weighted({method: 6, company.methods["Cheque"]: 1, company.methods["eCheck"]: 2})
        if move.commercial_partner_id == work.world.clients[0] and pick.chance(0.9):
            token = company.tokens[pick.weighted({"done": 3, "error": 3, "pending": 3, "cancel": 1})]
    work.browse("account.move", move).plan_payments(
        rows,
        payment_method_line=work.browse("account.payment.method.line", method),
        payment_token=work.browse("payment.token", token) if token else None,
    )
    return Choices()


@operation(2.5, needs=MANAGE)
def reschedule(work):
    one = work.pick.one(_coming(work, "planned", "failed"))
    if not one:
        return None
    due = work.today + timedelta(days=work.pick.any([0, 2, 30]))
    work.browse("account.planned.payment", one).write({"due_date": due})
    return Choices()


@operation(2, needs=DELETE)
def delete_planned(work):
    one = work.pick.one(_coming(work, "planned", "failed"))
    if not one:
        return None
    work.browse("account.planned.payment", one).unlink()
    return Choices()


@operation(1.5, needs=MANAGE)
def pay_planned_now(work):
    one = work.pick.one(_coming(work, "planned", "failed"))
    if not one:
        return None
    work.browse("account.planned.payment", one).action_pay_now()
    return Choices(splits=_items_of(work, [one]))


@operation(4, needs=MANAGE)
def try_planned_again(work):
    one = work.pick.one(
        one for one in work.ledger.planned.values()
        if one.state == "failed" and work.ledger.move[one.move_id].company_id == work.company.id
    )  # fmt: skip
    if not one:
        return None
    work.browse("account.planned.payment", one).action_try_again()
    return Choices()


@operation(4)
def run_due_payments(work):
    """The scheduled action, for all companies."""
    coming = [one for one in work.ledger.planned.values() if one.is_coming]
    due = [one for one in coming if _is_due(work, one)]
    work.world.root["account.planned.payment"].run_due()
    after = work.state.reading().planned
    early = [one for one in coming if one not in due and after[one.id] != one]
    work.state.expect(not early, "days", f"not due yet where the company is, and tried: {early}")
    return Choices(splits=_items_of(work, due)) if due else None


def _is_due(work, planned):
    """Whether a planned payment is to be tried on the day that it is for its company."""
    today = work.world.today_of(work.world.company(work.ledger.move[planned.move_id].company_id))
    return (
        (planned.state == "planned" and planned.due_date <= today)
        or (planned.state == "failed" and planned.next_attempt_date <= today)
        or planned.state == "processing"
    )


@operation(4)
def provider_answers(work):
    """The provider tells what became of a charge that was pending."""
    charge = work.pick.one(
        one for one in work.ledger.charge.values()
        if one.state == "pending" and one.planned_payment_id in work.ledger.planned
        and work.ledger.move[work.ledger.planned[one.planned_payment_id].move_id].company_id == work.company.id
    )  # fmt: skip
    if not charge:
        return None
    record = work.admin["payment.transaction"].browse(charge.id)
    if work.pick.chance(0.6):
        record._set_done()
    else:
        record._set_error("simulated refusal")
    record._post_process()
    return Choices(splits=_items_of(work, [work.ledger.planned[charge.planned_payment_id]]))


@operation(1.5)
def time_passes(work):
    """Some days go by."""
    work.world.today += timedelta(days=work.pick.any([1, 3, 10, 16]))
    return Choices()
