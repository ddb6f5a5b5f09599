"""Returned and short payments, in the full world: returns, differences, disputes."""

from decimal import Decimal

from .full import FullWorld
from .operations import BANK, Choices, operation

FULL = FullWorld.name
CODES = ["AM04", "MD06", "AC04"]


# -- returns ------------------------------------------------------------------------------------------------


def _money_seen(work):
    """What could be returned: ``(journal id, signed amount, name, ids of the journal items)`` of registered payments
    and of bank transactions that paid something."""
    seen = {}
    for payment in work.payments("in_process", "paid"):
        sign = 1 if payment.payment_type == "inbound" else -1
        if payment.currency_id == work.company.banks[payment.journal_id][2] and payment.move_id:
            seen[payment.move_id] = payment.journal_id, sign * payment.amount
    for one in work.transactions("matched", "manual"):
        seen[one.move_id] = one.journal_id, one.amount
    result = []
    for move_id, (journal_id, amount) in sorted(seen.items()):
        lines = [line for line in work.ledger.owed_lines(move_id) if line.balance * amount < 0]
        if lines and any(work.ledger.partials_of.get(line.id) for line in lines):
            result.append((work.ledger.move[move_id], journal_id, amount, lines))
    return result


def _picked(work, rows):
    """One of what came in or went out, by its entry."""
    move = work.pick.one([row[0] for row in rows])
    return next((row for row in rows if row[0] == move), None)


@operation(15, world=FULL)
def money_comes_back(work):
    """The bank returns a payment: whole, less or more than it was, several in one sum."""
    pick, rows = work.pick, _money_seen(work)
    one = _picked(work, rows)
    if not one:
        return None
    _move, journal_id, amount, _lines = one
    back = [one]
    if pick.chance(0.2):
        alike = [row for row in rows if row != one and row[1] == journal_id and row[2] * amount > 0]
        back += [row for row in alike if row[0] in pick.some([row[0] for row in alike], 2)] if alike else []
    total = -sum((row[2] for row in back), Decimal(0))
    values = {}
    step = work.world.roundings[work.company.banks[journal_id][2]]
    if pick.chance(0.25):
        fee = -max(3 * step, Decimal(1))
        total += fee
        if pick.chance(0.5):
            values["charges"] = float(fee)
    elif pick.chance(0.2):
        total = -work.part_of(abs(total), work.company.banks[journal_id][2]) * (1 if amount > 0 else -1)
    names = " ".join(row[0].name for row in back) if pick.chance(0.8) else ""
    if pick.chance(0.6):
        values["return_code"] = pick.any(CODES)
    label = f"{pick.any(['returned', 'NSF', 'DEBIT'])} {names}".strip()
    if not total:
        return None
    work.env["account.bank.statement.line"].create({
        "journal_id": journal_id, "amount": float(total), "payment_ref": label, "date": work.day(10), **values,
    })  # fmt: skip
    return Choices()


@operation(15, needs=BANK, takes_back=BANK, world=FULL)
def accept_return(work):
    """What the program suggests as returned."""
    for one in work.pick.ordered(work.transactions("unmatched"))[:4]:
        line = work.browse("account.bank.statement.line", one)
        rows = [row for row in line.get_match_suggestions(10) if row["entity_type"] == "return"]
        if rows:
            row = rows[0] if work.pick.chance(0.8) else work.pick.any(rows)
            line.accept_match(row["records"], row["amounts"], row["settle"])
            return Choices()
    return None


@operation(6, needs=BANK, takes_back=BANK, world=FULL)
def return_by_hand(work):
    """Somebody names what was returned, also with a preset for the fee."""
    pick, rows = work.pick, _money_seen(work)
    waiting = [
        one for one in work.transactions("unmatched")
        if any(row[1] == one.journal_id and row[2] * one.amount < 0 for row in rows)
    ]  # fmt: skip
    one = pick.one(waiting)
    if not one:
        return None
    fitting = [row for row in rows if row[1] == one.journal_id and row[2] * one.amount < 0]
    exact = [row for row in fitting if row[2] == -one.amount]
    row = _picked(work, exact if exact and pick.chance(0.7) else fitting)
    lines = row[3] if pick.chance(0.8) else row[3][:1]
    records = [("account.move.line", line.id) for line in lines]
    if pick.chance(0.3):
        records.append(("account.reconcile.model", work.company.presets[0]))
    work.browse("account.bank.statement.line", one).match_with(records)
    return Choices()


@operation(9, needs=BANK, takes_back=BANK, world=FULL)
def undo_return(work):
    one = work.pick.one(
        one for one in work.ledger.returned.values() if one.state == "booked" and one.company_id == work.company.id
    )
    if not one:
        return None
    work.browse("account.payment.return", one).action_undo()
    return Choices()


# -- differences --------------------------------------------------------------------------------------------


@operation(9, world=FULL)
def money_comes_short(work):
    """The bank shows a little less, or more, than is open of a document whose number it names."""
    pick = work.pick
    move = pick.one(move for move in work.open_invoices() if move.move_type != "entry")
    if not move:
        return None
    journals = [key for key, bank in sorted(work.company.banks.items()) if bank[2] == move.currency_id]
    if not journals:
        return None
    direction = 1 if move.move_type in ("out_invoice", "out_receipt", "in_refund") else -1
    step = work.world.roundings[move.currency_id]
    difference = pick.any([-step, -2 * step, step, work.round(move.amount_residual / -50, move.currency_id)])
    amount = move.amount_residual + difference
    if amount <= 0:
        return None
    work.env["account.bank.statement.line"].create({
        "journal_id": pick.any(journals), "amount": float(direction * amount), "payment_ref": move.name,
        "date": work.day(20),
    })  # fmt: skip
    return Choices()


@operation(9, needs=BANK, world=FULL)
def accept_difference(work):
    """What the program suggests to write off."""
    preset = ("account.reconcile.model", work.company.difference_preset)
    for one in work.pick.ordered(work.transactions("unmatched"))[:4]:
        line = work.browse("account.bank.statement.line", one)
        for row in line.get_match_suggestions(10):
            if preset in map(tuple, row["records"]):
                line.accept_match(row["records"], row["amounts"], row["settle"])
                return Choices()
    return None


# -- disputes -----------------------------------------------------------------------------------------------


def _disputes(work):
    return [
        one for one in work.ledger.dispute.values()
        if one.company_id == work.company.id and not one.date_withdrawn
    ]  # fmt: skip


@operation(9, world=FULL)
def dispute_document(work):
    """What is open of a document is accepted as disputed."""
    move = work.pick.one(move for move in work.open_invoices() if move.move_type != "entry")
    if not move:
        return None
    work.browse("account.move", move).dispute_rest(work.pick.any(["damaged", "pricing", "dispute"]), "simulated")
    return Choices()


@operation(9, needs=BANK, world=FULL)
def dispute_short_payment(work):
    """A document is paid in part, and the rest accepted as disputed."""
    pick = work.pick
    one = pick.one(
        one for one in work.transactions("matched", "manual")
        if any(
            work.ledger.move[other].amount_residual > 0 and work.ledger.move[other].move_type != "entry"
            for other in _paid_by(work, one)
        )
    )  # fmt: skip
    if not one:
        return None
    work.browse("account.bank.statement.line", one).dispute_rest(pick.any(["damaged", "not_received"]))
    return Choices()


def _paid_by(work, one):
    """The entries that a bank transaction is reconciled with."""
    found = set()
    for line in work.ledger.lines_of[one.move_id]:
        for partial in work.ledger.partials_of.get(line.id, ()):
            found |= {work.ledger.line[key].move_id for key in (partial.debit_move_id, partial.credit_move_id)}
    return found - {one.move_id}


@operation(4.5, world=FULL)
def withdraw_dispute(work):
    one = work.pick.one(_disputes(work))
    if not one:
        return None
    work.browse("account.dispute", one).action_withdraw()
    return Choices()


@operation(4.5, world=FULL)
def write_off_dispute(work):
    one = work.pick.one(_disputes(work))
    if not one:
        return None
    work.browse("account.dispute", one).action_write_off(work.company.difference_preset)
    return Choices()
