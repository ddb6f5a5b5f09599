"""What happens around: rates and lock dates change, strangers look, somebody tampers; and what a second run, an undo or
Odoo's own method would leave."""

from contextlib import contextmanager

import psycopg2
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .faces import balances, differences, entries_made_anew, face
from .operations import BANK, DELETE, MANAGE, OPERATIONS, Choices, operation
from .world import OUTSIDERS


@contextmanager
def _undone(work):
    """What is done within it is rolled back."""
    savepoint = work.admin.cr.savepoint()
    try:
        yield
    finally:
        savepoint.close(rollback=True)
        work.admin.invalidate_all(flush=False)


def _face(work, ledger, made_anew=frozenset()):
    return face(ledger, work.ledger.line, made_anew)


@operation(1)
def change_rate(work):
    pick, company = work.pick, work.company
    currency_id, day = pick.any(company.foreign_ids), work.day(60)
    rates = work.admin["res.currency.rate"]
    found = rates.search([("currency_id", "=", currency_id), ("company_id", "=", company.id), ("name", "=", day)])
    current = rates.search([("currency_id", "=", currency_id), ("company_id", "=", company.id)], limit=1).rate
    rate = current * pick.any([0.93, 1.02, 1.07])
    if found:
        found.rate = rate
    else:
        rates.create({"currency_id": currency_id, "company_id": company.id, "name": day, "rate": rate})
    return Choices()


@operation(0.6)
def change_lock_date(work):
    day = False if work.pick.chance(0.6) else work.day(90)
    work.admin["res.company"].browse(work.company.id).fiscalyear_lock_date = day
    return Choices()


# -- a second run, an undo, Odoo's own method ---------------------------------------------------------------


@operation(0.8, needs=MANAGE)
def reconcile_account_twice(work):
    """I5: the same ledger gives the same result, and a second run changes nothing."""
    owner = work.browse("res.partner", work.pick.any(work.world.clients + work.world.vendors))
    with _undone(work):
        owner.action_reconcile_account()
        first = _face(work, work.state.reading())
    owner.action_reconcile_account()
    done = work.state.reading()
    differ = differences(first, _face(work, done))
    work.state.expect(not differ, "I5", f"the same ledger gave another result: {differ}")
    again = owner.action_reconcile_account()
    changed = work.state.reading().same_as(done)
    work.state.expect(not changed and not again["partials"], "I5", f"a second run changed {changed}: {again}")
    return Choices()


@operation(0.8, needs=BANK)
def auto_match_twice(work):
    """I5 for bank transactions."""
    if not work.transactions("unmatched"):
        return None
    lines = work.browse("account.bank.statement.line", *work.transactions())
    lines.auto_match()
    done = work.state.reading()
    again = lines.auto_match()
    changed = work.state.reading().same_as(done)
    work.state.expect(
        not changed and not again["matched"] and not again["by_rule"], "I5", f"a second run changed {changed}: {again}"
    )
    return Choices(by_itself=True)


@operation(1, needs=MANAGE)
def reconcile_account_as_odoo_does(work):
    """I7: what a run leaves is what Odoo's own method leaves for the same pairs."""
    owner = work.browse("res.partner", work.pick.any(work.world.clients + work.world.vendors))
    with _undone(work):
        owner.action_reconcile_account()
        done = work.state.reading()
        in_bulk = _face(work, done)
        made = [row for key, row in sorted(done.partial.items()) if key not in work.ledger.partial]
    differences_only = {partial.exchange_move_id for partial in made}
    pairs = [
        work.browse("account.move.line", row.debit_move_id, row.credit_move_id)
        for row in made
        if not {done.line[row.debit_move_id].move_id, done.line[row.credit_move_id].move_id} & differences_only
    ]
    # Of due lines of both signs the run pays what the document owes, Odoo each line whole.
    documents = {line.move_id.id for pair in pairs for line in pair}
    if not pairs or any(len({line.balance > 0 for line in done.owed_lines(key)}) > 1 for key in documents):
        return None
    work.env["account.move.line"]._reconcile_plan(pairs)
    differ = differences(in_bulk, _face(work, work.state.reading()))
    work.state.expect(not differ, "I7", f"a run and Odoo's own method differ: {differ}")
    return Choices()


DO_AND_UNDO = {
    "reconcile_account": 3,
    "assign_outstanding": 2,
    "match_by_hand": 3,
    "match_expense": 1,
    "match_transfer": 1,
    "auto_match": 2,
    "ignore": 1,
    "confirm": 2,
    "confirm_many": 1,
    "close_period": 2,
}


@operation(3, takes_back=DELETE)
def do_and_undo(work):
    """I6: what is done and undone leaves the ledger as it was, field by field."""
    return check_undo(work, work.pick.weighted(DO_AND_UNDO))


def check_undo(work, name, seen=_face):
    """Do an operation and undo it: what is seen of the ledger must be as before.

    Exchange differences and taxes on payment are never deleted: Odoo reverses them with what they came from, and makes
    others, on their own day or a later one of the month. They must be worth the same to the cent, on each account, for
    each tax, document and month; where days are locked, Odoo books on another.

    :param name: of the operation
    :param seen: gives of the work, a ledger and the entries that were made anew what is compared
    """
    before = work.state.reading()
    if OPERATIONS[name].work(work) is None:
        return None
    _undo(work, work.state.reading())
    after = work.state.reading()
    made_anew = entries_made_anew(before, after, work.book.exchange_journals)
    one, other = seen(work, before, made_anew), seen(work, after, made_anew)
    differ = differences(one, other, only=one)
    by_month = not work.admin["res.company"].browse(work.company.id).fiscalyear_lock_date
    one, other = balances(before, by_month), balances(after, by_month)
    differ |= differences(one, other, only=one.keys() | other.keys())
    work.state.expect(not differ, "I6", f"{name} could not be undone: {differ}")
    return Choices()


def _undo(work, done):
    """Undo what has come since the step began, as people do."""
    for key, period in done.period.items():
        if period.state == "closed" and work.ledger.period[key].state == "open":
            work.browse("account.bank.reconciliation", period).action_reopen("simulated undo")
    old, new = work.ledger.confirmation, done.confirmation
    for key in set(new) - set(old):
        work.browse("account.bank.reconciliation", new[key].reconciliation_id).action_unconfirm(
            [new[key].move_line_key]
        )
    by_period = {}
    for key in set(old) - set(new):
        by_period.setdefault(old[key].reconciliation_id, []).append(old[key].move_line_key)
    for period_id, keys in by_period.items():
        work.browse("account.bank.reconciliation", period_id).action_confirm(keys)
    matched = [
        one for key, one in done.transaction.items() if one.match_status != work.ledger.transaction[key].match_status
    ]
    if matched:
        lines = work.browse("account.bank.statement.line", *matched)
        lines.filtered("is_reconciled").action_unmatch()
        lines.filtered("ignore_reason").action_unignore()
    were_ignored = [one for one in matched if work.ledger.transaction[one.id].match_status == "ignored"]
    for one in were_ignored:
        work.browse("account.bank.statement.line", one).action_ignore(work.ledger.transaction[one.id].ignore_reason)
    # Odoo's own entries stay reconciled with the reversals of them, which nobody takes apart.
    reversed_entries = entries_made_anew(work.ledger, done, work.book.exchange_journals)
    made = [
        key for key, row in sorted(done.partial.items())
        if key not in work.ledger.partial and not _is_with_reversal(done, row, reversed_entries)
    ]  # fmt: skip
    work.env["account.partial.reconcile"].browse(made).exists().unlink()


def _is_with_reversal(ledger, partial, reversed_entries):
    """Whether a partial is between one of these entries and its reversal."""
    moves = {ledger.line[key].move_id for key in (partial.debit_move_id, partial.credit_move_id)}
    return any(ledger.move[key].reversed_entry_id in moves & reversed_entries for key in moves)


# -- strangers and tampering --------------------------------------------------------------------------------


def _own_models(env):
    return sorted(
        name
        for name, model in env.registry.models.items()
        if model._original_module == "account_reconciliation" and not model._abstract and not model._transient
    )


@operation(1)
def strangers_look(work):
    """I11: clients, the public and employees without a permission read nothing; a neighbour nothing of this company."""
    role = work.pick.any([*OUTSIDERS, "neighbour"])
    company = work.world.companies[0] if role == "neighbour" else work.company
    env = work.world.root(user=work.world.users[role], context={})
    seen = {}
    with mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule"):
        for name in _own_models(env):
            domain = []
            if role == "neighbour":
                if "company_id" not in env[name]._fields:
                    continue
                domain = [("company_id", "=", company.id)]
            try:
                seen[name] = env[name].search_read(domain, ["id"], limit=1)
            except AccessError:
                continue
        move = env["account.move"].browse(work.pick.one(work.ledger.move.values()).id)
        if role != "neighbour" or move.sudo().company_id.id == company.id:
            try:
                seen["status"] = move.read(["reconciliation_status"])
            except AccessError:
                seen["status"] = []
    seen = {name: rows for name, rows in seen.items() if rows}
    work.state.expect(not seen, "I11", f"{role} can read {seen}")
    return Choices()


@operation(1)
def tamper_with_the_log(work):
    """I10: no write, no unlink, no SQL, for anyone."""
    row = work.pick.one(work.ledger.decision.values())
    if not row:
        return None
    record = work.admin["account.bank.match.decision"].browse(row.id)
    cr = work.admin.cr
    tries = {
        "write": lambda: record.write({"reasons": "tampered"}),
        "unlink": record.unlink,
        "update": lambda: cr.execute("UPDATE account_bank_match_decision SET user_id = 1 WHERE id = %s", [row.id]),
        "delete": lambda: cr.execute("DELETE FROM account_bank_match_decision WHERE id = %s", [row.id]),
    }
    for name, attempt in tries.items():
        try:
            with cr.savepoint(), mute_logger("odoo.sql_db"):
                attempt()
        except (UserError, psycopg2.Error):
            work.admin.invalidate_all(flush=False)
            continue
        work.state.expect(False, "I10", f"{name} of decision {row.id} was let through")
    return Choices()


@operation(1, needs=MANAGE)
def break_and_repair(work):
    """I4: data that doesn't add up is an error, and repairing makes it right."""
    line = work.pick.one(
        line for line in work.ledger.applied.values()
        if work.ledger.move[line.move_id].company_id == work.company.id
    )  # fmt: skip
    if not line:
        return None
    work.admin.cr.execute("DELETE FROM account_reconciliation_line WHERE id = %s", [line.id])
    work.admin.invalidate_all()
    status = work.world.statuses([line.move_id])[line.move_id]
    work.state.expect(status == "error", "I4", f"document {line.move_id} lost {line} and is {status}")
    work.browse("account.move", line.move_id).action_repair_reconciliation()
    return Choices(remade={line.move_id})
