"""What comes together, and early, in the full world: bank batches, deposits to clients' accounts, remittance advice;
and all of the full world undone."""

from decimal import Decimal

from . import faces
from .full import FullWorld
from .operations import BANK, Choices, operation
from .operations_around import check_undo

FULL = FullWorld.name


@operation(4, world=FULL)
def correct_payment(work):
    """A payment is reset to draft, gets another amount, day or direction, and is posted again."""
    pick = work.pick
    payment = pick.one(work.payments("in_process", "paid"))
    if not payment:
        return None
    record = work.browse("account.payment", payment)
    record.action_draft()
    values = {"amount": float(work.part_of(2 * payment.amount, payment.currency_id))}
    if pick.chance(0.3):
        values["date"] = work.day()
    if pick.chance(0.1):
        values["payment_type"] = "outbound" if payment.payment_type == "inbound" else "inbound"
    record.write(values)
    record.action_post()
    return Choices()


# -- bank batches -------------------------------------------------------------------------------------------


def _batches(work, state):
    return [one for one in work.ledger.batch.values() if one.company_id == work.company.id and one.state == state]


def _open_parts(work, batch):
    payments = work.ledger.payment
    return [
        part for part in work.ledger.parts_of[batch.id]
        if not part.is_left_out and part.payment_id in payments
        and payments[part.payment_id].state in ("in_process", "paid") and not payments[part.payment_id].is_matched
    ]  # fmt: skip


@operation(12, needs=BANK, world=FULL)
def make_batch(work):
    """Registered payments of one bank account are put into a deposit slip or a payment batch."""
    pick = work.pick
    free = [one for one in work.payments("in_process") if not one.is_matched and one.move_id]
    first = pick.one(free)
    if not first:
        return None
    alike = [
        one for one in free
        if one != first
        and (one.journal_id, one.payment_type, one.currency_id)
        == (first.journal_id, first.payment_type, first.currency_id)
    ]  # fmt: skip
    chosen = [first, *(pick.some(alike, 3) if alike else [])]
    payments = work.browse("account.payment", *chosen)
    kind = "deposit" if first.payment_type == "inbound" else "payment"
    work.env["account.bank.batch"].create_batch(payments, kind, reference=f"B{len(work.ledger.batch)}X{first.id}")
    return Choices()


@operation(12, world=FULL)
def batch_arrives(work):
    """The bank shows a batch as one line: all of it, or without one of its payments."""
    pick = work.pick
    batch = pick.one(_batches(work, "sent"))
    parts = _open_parts(work, batch) if batch else []
    if not parts:
        return None
    if len(parts) > 1 and pick.chance(0.3):
        parts.remove(pick.one(parts))
    amount = sum((part.amount for part in parts), Decimal(0))
    label = batch.name if pick.chance(0.8) else "DEPOSIT"
    work.env["account.bank.statement.line"].create({
        "journal_id": batch.journal_id, "amount": float(amount), "payment_ref": label, "date": work.day(2),
    })  # fmt: skip
    return Choices()


@operation(12, needs=BANK, world=FULL)
def match_batch(work):
    batch = work.pick.one(_batches(work, "sent"))
    if not batch:
        return None
    work.browse("account.bank.batch", batch).action_match()
    return Choices()


@operation(3, needs=BANK, world=FULL)
def leave_out_of_batch(work):
    """Somebody knows that a payment is not in the bank's sum."""
    batch = work.pick.one(_batches(work, "sent"))
    part = work.pick.one(work.ledger.parts_of[batch.id]) if batch else None
    if not part:
        return None
    work.browse("account.bank.batch.part", part).is_left_out = not part.is_left_out
    return Choices()


@operation(3, needs=BANK, world=FULL)
def batch_to_draft(work):
    """A deposit slip or payment batch is reset to draft, loses a payment, and is sent again."""
    batch = work.pick.one(_batches(work, "sent"))
    if not batch:
        return None
    record = work.browse("account.bank.batch", batch)
    record.action_draft()
    part = work.pick.one(work.ledger.parts_of[batch.id])
    if part and len(work.ledger.parts_of[batch.id]) > 1:
        work.browse("account.bank.batch.part", part).unlink()
    record.action_send()
    return Choices()


@operation(6, needs=BANK, takes_back=BANK, world=FULL)
def undo_batch(work):
    batch = work.pick.one(_batches(work, "matched"))
    if not batch:
        return None
    work.browse("account.bank.batch", batch).action_undo()
    return Choices()


# -- deposits -----------------------------------------------------------------------------------------------


@operation(9, needs=BANK, world=FULL)
def deposit_to_account(work):
    """A bank transaction is booked to the account of a client or vendor, or of two clients."""
    pick = work.pick
    one = pick.one(work.transactions("unmatched"))
    if not one:
        return None
    kind = pick.any(["client", "client", "vendor"])
    owners = work.world.clients if kind == "client" else work.world.vendors
    chosen = pick.random.sample(sorted(owners), 2 if pick.chance(0.3) else 1)
    lines = [{"kind": kind, "partner_id": owner, "amount": None} for owner in chosen]
    if len(lines) > 1:
        lines[0]["amount"] = float(work.part_of(abs(one.amount), work.company.banks[one.journal_id][2]))
    work.browse("account.bank.statement.line", one).book_lines(lines)
    return Choices()


# -- remittance advice --------------------------------------------------------------------------------------


def _advices(work, *states):
    return [one for one in work.ledger.advice.values() if one.company_id == work.company.id and one.state in states]


@operation(12, needs=BANK, world=FULL)
def advice_comes(work):
    """A client tells which documents a payment is for: whole, in part, less a deduction; and the money may be there."""
    pick = work.pick
    first = pick.one(move for move in work.open_invoices() if move.move_type == "out_invoice")
    if not first:
        return None
    others = [
        move for move in work.open_invoices()
        if move != first
        and (move.move_type, move.commercial_partner_id, move.currency_id)
        == (first.move_type, first.commercial_partner_id, first.currency_id)
    ]  # fmt: skip
    moves = [first, *(pick.some(others, 2) if others else [])]
    rows, total = ["Invoice,Item,Paid,Deduction,Reason"], Decimal(0)
    for move in moves:
        items = [item for item in work.ledger.items_of[move.id] if item.amount_residual > 0]
        if pick.chance(0.4) and len(items) == len(work.ledger.items_of[move.id]):
            for item in pick.some(items, 3):
                left = item.amount_residual
                amount = left if pick.chance(0.5) else work.part_of(left, move.currency_id)
                rows.append(f"{move.name},{work.ledger.line[item.move_line_id].name},{amount},,")
                total += amount
            continue
        amount, deduction, reason = move.amount_residual, Decimal(0), ""
        if pick.chance(0.3):
            amount = work.part_of(amount, move.currency_id)
        if pick.chance(0.3) and amount < move.amount_residual:
            deduction, reason = move.amount_residual - amount, "damaged goods"
        rows.append(f"{move.name},,{amount},{deduction},{reason}")
        total += amount
    owner = work.browse("res.partner", first.commercial_partner_id)
    advice = work.env["account.remittance.advice"].import_advice(
        "", "\n".join(rows).encode(), owner if pick.chance(0.5) else None
    )
    advice.currency_id = first.currency_id
    journals = [key for key, bank in sorted(work.company.banks.items()) if bank[2] == first.currency_id]
    if journals and pick.chance(0.7):
        work.admin["account.bank.statement.line"].create({
            "journal_id": pick.any(journals), "amount": float(total), "payment_ref": "PAYMENT", "date": work.day(2),
        })  # fmt: skip
    return Choices()


@operation(15, needs=BANK, world=FULL)
def book_advice(work):
    """Reviewed and booked; by hand, or as it is suggested for the bank's line."""
    one = work.pick.one(_advices(work, "new"))
    if not one:
        return None
    advice = work.browse("account.remittance.advice", one)
    if work.pick.chance(0.3):
        advice.action_find()
    splits = {}
    for move in advice.line_ids.move_id:
        lines = advice.line_ids.filtered(lambda line, move=move: line.move_id == move and line.state == "found")
        if lines and all(line.item_id for line in lines) and move.currency_id == advice.currency_id:
            split = splits.setdefault((move.id, None), {})
            for line in lines:
                amount = work.round(Decimal(str(line.amount)), move.currency_id.id)
                split[line.item_id.id] = split.get(line.item_id.id, Decimal(0)) + amount
    advice.action_book()
    return Choices(splits=splits)


@operation(6, needs=BANK, takes_back=BANK, world=FULL)
def undo_advice(work):
    one = work.pick.one(_advices(work, "matched"))
    if not one:
        return None
    work.browse("account.remittance.advice", one).action_undo()
    return Choices()


@operation(2.1, needs=BANK, world=FULL)
def dismiss_advice(work):
    one = work.pick.one(_advices(work, "new", "dismissed"))
    if not one:
        return None
    advice = work.browse("account.remittance.advice", one)
    if one.state == "new":
        advice.action_dismiss()
    else:
        advice.action_reopen()
    return Choices()


# -- undone -------------------------------------------------------------------------------------------------

DO_AND_UNDO = {
    "accept_return": 4,
    "return_by_hand": 2,
    "accept_difference": 3,
    "match_batch": 3,
    "deposit_to_account": 2,
    "book_advice": 3,
    "auto_match": 1,
    "match_by_hand": 1,
}


def _face(work, ledger, made_anew=frozenset()):
    """Also what stands beside the ledger: what is written off, disputed, waiting, in a batch, planned."""
    result = faces.face(ledger, work.ledger.line, made_anew)
    differences = sorted((one.statement_line_id or 0, one.amount) for one in ledger.difference.values())
    disputes = sorted((one.move_id, one.amount, str(one.date_withdrawn)) for one in ledger.dispute.values())
    result |= {("all", "differences"): differences, ("all", "disputes"): disputes}
    documents = {move.id for move in ledger.move.values() if move.move_type != "entry"}
    result["all", "reminders"] = {
        line.id for line in ledger.line.values()
        if line.no_followup and line.move_id in documents and line.id in work.ledger.line
    }  # fmt: skip
    for batch in ledger.batch.values():
        result["batch", batch.id] = (batch.state, batch.statement_line_id, batch.amount_total)
    for part in ledger.batch_part.values():
        result["part", part.id] = (bool(part.is_left_out), bool(part.is_missing))
    for advice in ledger.advice.values():
        result["advice", advice.id] = (advice.state, advice.statement_line_id)
    for one in ledger.planned.values():
        # What is still to come is shortened where something else pays the document, and stays so.
        if one.payment_id:
            result["planned_payment", one.id] = (
                one.amount, one.state, one.payment_id, one.attempt_count, bool(one.is_coming),
            )  # fmt: skip
    for payment in ledger.payment.values():
        result["confirmation", payment.id] = payment.confirmation_state
    booked = {one.charge_move_id for one in ledger.returned.values() if one.state == "booked"}
    result["all", "charges"] = {
        one.charge_move_id for one in ledger.returned.values()
        if one.charge_move_id in ledger.move and one.charge_move_id not in booked
        and ledger.move[one.charge_move_id].state == "posted" and ledger.move[one.charge_move_id].amount_residual
    }  # fmt: skip
    return result


@operation(12, world=FULL)
def do_and_undo_together(work):
    """I6 for returns, short payments, deposit slips and early payments."""
    return check_undo(work, work.pick.weighted(DO_AND_UNDO), _face)
