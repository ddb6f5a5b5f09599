"""The invariants (docs/integrators.md), each a function that compares the raw tables with the second bookkeeping.

Beside them what the reports count, which follows from the same tables.

``check(state, moves)``: of these documents and payments; None for all.
"""

from decimal import Decimal

from ..invariants import received_violations
from .bank import broken_chain
from .book import DOCUMENTS, INBOUND, ZERO, Broken
from .invariants_together import CHECKS as TOGETHER

CENT = Decimal("0.01")


def demand(holds, rule, text):
    if not holds:
        raise Broken(rule, text)


def _nonzero(split):
    return {key: amount for key, amount in split.items() if amount}


def i1_lines_add_up(state, moves):
    """For every side of a partial, the lines are those of the second bookkeeping, and add up in both currencies."""
    ledger, book = state.ledger, state.book
    for partial in ledger.partial.values():
        debit, credit = ledger.line[partial.debit_move_id], ledger.line[partial.credit_move_id]
        if moves is not None and not {debit.move_id, credit.move_id} & moves:
            continue
        lines = ledger.applied_of.get(partial.id, [])
        seen = 0
        for own, other, amount in book.sides(ledger, partial):
            side = [line for line in lines if line.counterpart_line_id == other.id and line.move_id == own.move_id]
            seen += len(side)
            name = f"partial {partial.id} of document {own.move_id}"
            split = {}
            for line in side:
                split[line.move_line_id] = split.get(line.move_line_id, ZERO) + line.amount_currency
            expected = _nonzero(book.applied[partial.id, own.id])
            demand(_nonzero(split) == expected, "I1", f"{name}: {_nonzero(split)} is applied, must be {expected}")
            if not book.has_both_signs(ledger, own.move_id):
                demand(sum(split.values(), ZERO) == amount, "I1", f"{name}: {split} is applied of {amount}")
                company = sum((line.amount for line in side), ZERO)
                demand(company == partial.amount, "I1", f"{name}: {company} of {partial.amount} in company currency")
            for line in side:
                fair = partial.amount * line.amount_currency / amount
                # What rounding has left at the partials before may be made good.
                items = ledger.items_of[own.move_id]
                partials = {one.partial_id for item in items for one in ledger.lines_of_item(item)}
                unit = max(CENT, book.roundings[book.currency_of[own.company_id]])
                demand(
                    abs(fair - line.amount) <= unit * len(partials),
                    "I1",
                    f"{name}: line {line.id} has {line.amount}, not {fair}",
                )
                item = ledger.line[line.move_line_id]
                demand(
                    (line.account_id, line.date, line.counterpart_move_id, ledger.item.get(line.item_id) is not None)
                    == (item.account_id, other.date, other.move_id, True),
                    "I1",
                    f"{name}: line {line.id} has another account, date, document or item than it says: {line}",
                )
        demand(seen == len(lines), "I1", f"partial {partial.id} has lines of other documents: {lines}")


def i2_nothing_beyond_its_total(state, moves):
    """Each posted document has its items, each with its total, and none is applied beyond it."""
    ledger, book = state.ledger, state.book
    wanted = set(book.of_move) | set(ledger.items_of)
    for move_id in wanted if moves is None else wanted & moves:
        expected = book.of_move.get(move_id, {})
        found = {item.move_line_id: item for item in ledger.items_of.get(move_id, ())}
        demand(set(found) == set(expected), "I2", f"document {move_id} has items {set(found)}, not {set(expected)}")
        for line_id, item in found.items():
            derived, name = expected[line_id], f"item {line_id} of document {move_id}"
            reconciled = book.reconciled(line_id)
            demand(
                item.amount_total == derived.total, "I2", f"{name} is worth {derived.total}, not {item.amount_total}"
            )
            demand(
                (item.amount_reconciled, item.amount_residual) == (reconciled, derived.total - reconciled),
                "I2",
                f"{name}: {reconciled} of {derived.total} is applied, its balance says {item}",
            )
            beyond = abs(reconciled) > abs(derived.total) or reconciled * derived.total < 0
            demand(not beyond, "I2", f"{name}: {reconciled} is applied to {derived.total}")
            line = ledger.line[line_id]
            owner = ledger.move[move_id].commercial_partner_id
            if derived.allocation_key[0] == "line":
                owner = line.owner_id or owner
            demand(
                (item.account_id, item.partner_id) == (line.account_id, owner),
                "I2",
                f"{name} is on account {line.account_id} of {owner}, its balance says {item}",
            )


def i13_items_are_worth_what_the_entry_books(state, moves):
    """Net and total of each item, in both currencies, are those of the second bookkeeping."""
    ledger, book = state.ledger, state.book
    for move_id in set(book.of_move) if moves is None else set(book.of_move) & moves:
        for item in ledger.items_of.get(move_id, ()):
            expected = book.of_move[move_id][item.move_line_id].worth
            found = (item.amount_untaxed, item.amount_total, item.balance_untaxed, item.balance_total)
            demand(found == expected, "I13", f"item {item.move_line_id} of document {move_id} is {found}: {expected}")


def i13_items_got_what_they_are_worth(state, moves):
    """What is paid in full, in however many parts at the document's rate, got to the cent what the entry books for it.

    Each new partial by itself, from what the items had before: those that it pays in full have their worth, unless it
    brings so little more or less than that that others must bear it, and there are none.
    """
    ledger, book = state.ledger, state.book
    old = state.before.applied if state.before else {}
    unsettled = {line.move_id for key, line in old.items() if key not in ledger.applied}
    for move_id in set(book.of_move) if moves is None else set(book.of_move) & moves:
        move = ledger.move[move_id]
        step = book.roundings[book.currency_of[move.company_id]]
        if move.currency_id == book.currency_of[move.company_id] or move_id in unsettled:
            continue
        if book.has_both_signs(ledger, move_id):
            continue
        by_partial = {}
        for item in ledger.items_of.get(move_id, ()):
            key = book.of_move[move_id][item.move_line_id].allocation_key
            for line in ledger.lines_of_item(item):
                by_partial.setdefault((key, line.partial_id), []).append(line)
        for (key, _partial_id), lines in by_partial.items():
            if all(line.id not in old for line in lines):
                before = [
                    line for (other, _id), others in by_partial.items() if other == key for line in others
                    if line.id < min(one.id for one in lines)
                ]  # fmt: skip
                _check_parts(book, lines, before, step)


def _check_parts(book, lines, before, step):
    """One partial's lines of a document in another currency than the company's; see the caller."""
    room = step * (1 + len(before)) / 2
    asked, full, size = {}, {}, {}
    for line in lines:
        item = book.items[line.move_line_id]
        had = [one for one in before if one.item_id == line.item_id]
        used = sum((one.amount_currency for one in had), line.amount_currency)
        worth = item.worth.company_total
        due = worth * used / item.total - sum((one.amount for one in had), ZERO)
        size[line] = abs(worth * line.amount_currency / item.total)
        if abs(abs(due) - size[line]) > room or due * line.amount_currency < 0:
            return  # at another rate
        asked[line], full[line] = due, used == item.total
    left = sum((line.amount for line in lines), ZERO) - sum(asked.values(), ZERO)
    bearing = sum((size[line] for line in lines if not full[line]), ZERO)
    if abs(left) > room + step / 2 or left and not bearing:
        return
    if any((due + left * size[line] / bearing) * line.amount_currency < 0 for line, due in asked.items()
           if not full[line]):  # fmt: skip
        return
    for line in lines:
        if full[line]:
            demand(line.amount == asked[line], "I13", f"line {line.id} has {line.amount}, its item lacks {asked[line]}")


def i3_items_add_up_to_the_document(state, moves):
    """The open amounts of the items add up to what the partials leave of the document, and Odoo says the same."""
    ledger, book = state.ledger, state.book
    for move_id in set(book.of_move) if moves is None else set(book.of_move) & moves:
        move = ledger.move[move_id]
        left = sum((item.amount_residual for item in ledger.items_of[move_id]), ZERO)
        owed = ledger.owed_lines(move_id)
        if move.move_type in DOCUMENTS:
            sign = 1 if move.move_type in INBOUND else -1
            open_amount = sign * sum(
                (ledger.left(line)[0] for line in owed if line.display_type == "payment_term"), ZERO
            )
            demand(
                abs(open_amount) == abs(move.amount_residual),
                "I3",
                f"Odoo says that {move.amount_residual} of {move} is open",
            )
            if book.has_both_signs(ledger, move_id):
                # One of its due lines may be used elsewhere, another be paid beyond the sum.
                total = sum((item.amount_total for item in ledger.items_of[move_id]), ZERO)
                open_amount = min(max(open_amount, ZERO), total)
        else:
            open_amount = sum((abs(ledger.left(line)[0]) for line in owed), ZERO)
        demand(left == open_amount, "I3", f"{left} of the items of {move} is open, but {open_amount} of it")
        for line in owed:
            said = (line.amount_residual_currency, line.amount_residual)
            demand(
                said == ledger.left(line),
                "I3",
                f"line {line.id} has {said} open, its partials leave {ledger.left(line)}",
            )


def i4_status_is_what_the_data_says(state, moves):
    """The status of documents and payments, and what is planned for items, follow from the data."""
    ledger, book = state.ledger, state.book
    planned = book.planned(ledger)
    ids = sorted(ledger.move if moves is None else set(ledger.move) & moves)
    for move_id, status in state.world.statuses(ids).items():
        expected = book.status(ledger, ledger.move[move_id], planned)
        demand(status == expected, "I4", f"{ledger.move[move_id]} is {status}, must be {expected}")
    for item in ledger.item.values():
        amount = planned.get(item.move_line_id, ZERO)
        demand(item.amount_planned == amount, "I4", f"{amount} is planned for {item}")
        fits = abs(amount) <= abs(item.amount_residual) and amount * item.amount_residual >= 0
        demand(fits, "I4", f"{amount} is planned, more than is open of {item}")
    for one in ledger.planned.values():
        demand(bool(one.is_coming) == book.is_coming(one), "I4", f"whether it is coming is wrong: {one}")
        lines = ledger.planned_lines_of.get(one.id, ())
        total = sum((line.amount for line in lines), ZERO)
        demand(one.amount == total, "I4", f"{one} is of {one.amount}, its items of {total}")
        if one.is_coming:
            posted = ledger.move[one.move_id].state == "posted"
            # What is being charged comes, also where other money has paid all of it meanwhile: it will be a deposit.
            is_of_something = total > 0 or one.state == "processing"
            demand(posted and is_of_something, "I4", f"of nothing, or of what isn't posted, and it is coming: {one}")
        done = [
            charge for charge in ledger.charge.values() if (charge.planned_payment_id, charge.state) == (one.id, "done")
        ]
        demand(len(done) <= 1, "I4", f"{one} was charged more than once: {done}")


def i8_transactions_have_one_state(state, _moves):
    """Each bank transaction is in the one state that follows from its entry and from who did what."""
    ledger, bank = state.ledger, state.bank
    for one in ledger.transaction.values():
        demand(bool(one.is_reconciled) == bank.is_reconciled(ledger, one), "I8", f"its entry says otherwise than {one}")
        status = bank.status(ledger, one)
        demand(one.match_status == status, "I8", f"{one} must be {status}")
        lines = ledger.lines_of[one.move_id]
        own = [line for line in lines if line.account_id == bank.journals[one.journal_id][0]]
        demand(not sum((line.balance for line in lines), ZERO), "I8", f"the entry of {one} doesn't balance: {lines}")
        demand(len(own) == 1 and own[0].amount_currency == one.amount, "I8", f"the bank's own side of {one} is {own}")


def i9_bank_periods(state, moves):
    """Remaining = opening + confirmed - closing; a remittance is confirmed once; no closed period changes silently."""
    ledger, bank = state.ledger, state.bank
    keys = [one.move_line_id for one in ledger.confirmation.values() if one.move_line_id]
    demand(len(keys) == len(set(keys)), "I9", f"a remittance is confirmed twice: {keys}")
    for period in ledger.period.values():
        confirmed = sum((one.amount for one in ledger.confirmations_of.get(period.id, ())), ZERO)
        remaining = period.balance_start + confirmed - period.balance_end
        demand(
            (period.total_reconciled, period.remaining, bool(period.is_balanced))
            == (confirmed, remaining, not remaining),
            "I9",
            f"{confirmed} is confirmed, {remaining} remains: {period}",
        )
        if period.state == "closed":
            demand(period == bank.closed[period.id][0], "I9", f"closed as {bank.closed[period.id][0]}, now {period}")
    for one in state.ledger.changed["confirmation"] & set(ledger.confirmation):
        row = ledger.confirmation[one]
        if one in state.before.confirmation:
            continue
        journal = ledger.period[row.reconciliation_id].journal_id
        moved = bank.movements(ledger, journal).get(row.move_line_key)
        demand(
            moved is not None and (moved.amount, moved.date) == (row.amount, row.date),
            "I9",
            f"confirmed is {row}, but the books moved {moved}",
        )
    if moves is None:
        _check_remittances(state)
        _check_closed(state)


def _check_remittances(state):
    """The addon's remittances are those of the second bookkeeping."""
    journals = sorted(state.bank.journals)
    for journal_id in journals if state.is_end else [journals[len(state.ledger.line) % len(journals)]]:
        expected = {key: one.amount for key, one in state.bank.movements(state.ledger, journal_id).items()}
        found = state.world.remittances(journal_id)
        demand(found == expected, "I9", f"journal {journal_id} has remittances {_difference(found, expected)}")


def _difference(found, expected):
    return {
        key: (found.get(key), expected.get(key))
        for key in found.keys() | expected.keys()
        if found.get(key) != expected.get(key)
    }


def _check_closed(state):
    """What changed since a period was closed is named by its report; nothing else is."""
    for period in state.ledger.period.values():
        if period.state != "closed":
            continue
        named = state.world.discrepancies(period.id)
        if state.bank.has_changed(state.ledger, period):
            demand(named, "I9", f"{period} has changed since it was closed, and its report is silent")
        if state.bank.is_untouched(state.ledger, period):
            demand(not named, "I9", f"{period} has not changed since it was closed, but its report says {named}")


def i10_decisions_only_grow(state, _moves):
    """No decision is lost or changed, and each hash follows from the one before."""
    old = state.before.decision if state.before else {}
    for key, row in old.items():
        now = state.ledger.decision.get(key)
        gone = now is None or now != row and now._replace(statement_line_id=row.statement_line_id) != row
        demand(not gone, "I10", f"decision {row} became {now}")
    for journal_id in state.bank.journals:
        broken = broken_chain(row for row in state.ledger.decision.values() if row.journal_id == journal_id)
        demand(broken is None, "I10", f"the chain breaks at {broken}")


def i14_reports_count_what_money_brought(state, moves):
    """The report of payments says of each entry of money what it brought to bank or cash, and knows no other."""
    ids = set(state.ledger.move) if moves is None else set(state.ledger.move) & moves
    if ids:
        found = received_violations(state.world.accountant(), ids)
        demand(not found, "I14", "; ".join(found))


CHECKS = (
    i1_lines_add_up,
    i2_nothing_beyond_its_total,
    i13_items_are_worth_what_the_entry_books,
    i13_items_got_what_they_are_worth,
    i3_items_add_up_to_the_document,
    i4_status_is_what_the_data_says,
    i8_transactions_have_one_state,
    i9_bank_periods,
    i10_decisions_only_grow,
    i14_reports_count_what_money_brought,
)


def check(state, moves=None):
    """Check all that can be seen at one moment. I5, I6, I7 and I11 are operations: they need a second run, an undo, or
    somebody else."""
    for one in CHECKS:
        one(state, moves)
    for one in TOGETHER:
        one(state, demand)
