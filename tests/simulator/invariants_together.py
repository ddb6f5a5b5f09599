"""The invariants of returns, differences, disputes, bank batches and remittance advice."""

from decimal import Decimal

ZERO = Decimal(0)


def _is_matched(state, transaction_id):
    one = state.ledger.transaction.get(transaction_id)
    return one is not None and state.bank.is_reconciled(state.ledger, one)


def _is_cleared_by(ledger, payment, transaction):
    own = {line.id for line in ledger.lines_of[transaction.move_id]}
    return any(
        own & {partial.debit_move_id, partial.credit_move_id}
        for line in ledger.lines_of[payment.move_id]
        for partial in ledger.partials_of.get(line.id, ())
    )


def _booked_elsewhere(ledger, payments, transaction):
    """What a transaction's entry books beside the bank account and these payments, as a preset takes the rest."""
    of_payments = {line.id for payment in payments for line in ledger.lines_of[payment.move_id]}
    return sum(
        (
            line.amount_currency for line in ledger.lines_of[transaction.move_id]
            if line.account_type != "asset_cash" and not any(
                of_payments & {partial.debit_move_id, partial.credit_move_id}
                for partial in ledger.partials_of.get(line.id, ())
            )
        ),
        ZERO,
    )  # fmt: skip


def i15_what_came_back(state, demand):
    """A return is booked while its bank transaction is matched; it returns what the transaction is of, but for the
    fee, and kept what had been paid, item by item."""
    ledger, book = state.ledger, state.book
    booked = {}
    for one in ledger.returned.values():
        if one.state == "booked":
            demand(_is_matched(state, one.statement_line_id), "I15", f"its transaction is not matched: {one}")
            booked.setdefault(one.statement_line_id, []).append(one)
            expected = {}
            for (own_id, money_id), split in book.returned.get(one.id, {}).items():
                # The journal item of the money is gone where its own transaction is no longer matched.
                key = own_id, money_id if money_id in ledger.line else None
                expected[key] = {line_id: part for line_id, part in split.items() if part}
            found = {}
            for line in ledger.returned_lines_of.get(one.id, ()):
                if line.owed_line_id and line.move_line_id:
                    split = found.setdefault((line.owed_line_id, line.money_line_id), {})
                    split[line.move_line_id] = split.get(line.move_line_id, ZERO) + line.amount
            if one.id in ledger.changed["returned"]:
                demand(found == expected, "I15", f"{one} kept {found}, what had been paid was {expected}")
        elif one.charge_move_id in ledger.move and one.id in ledger.changed["returned"]:
            charge = ledger.move[one.charge_move_id]
            is_charged = charge.state == "posted" and charge.payment_state != "reversed"
            demand(not is_charged, "I15", f"undone, but the client is charged: {one}, {charge}")
    for key, rows in booked.items():
        total = abs(ledger.transaction[key].amount)
        amounts = sum((one.amount for one in rows), ZERO)
        fee = ZERO if rows[0].fee_line_id else sum((one.fee for one in rows), ZERO)
        demand(total in (amounts + fee, amounts - fee), "I15", f"{amounts} and {fee} returned, not {total}: {rows}")
        parts = [(one.original_move_id, one.partner_id) for one in rows]
        demand(len(set(parts)) == len(parts), "I15", f"it was returned twice: {rows}")


def i16_differences(state, demand):
    """A difference is written off while what paid with it is matched, and its policy's account has its amount."""
    ledger = state.ledger
    for one in ledger.difference.values():
        if one.entry_id:
            # Of one that is reset to draft it is left out of the report until that is posted again.
            demand(ledger.move[one.entry_id].state != "cancel", "I16", f"its entry is cancelled: {one}")
            continue
        demand(_is_matched(state, one.statement_line_id), "I16", f"its transaction is not matched: {one}")
        entry = ledger.lines_of[ledger.transaction[one.statement_line_id].move_id]
        company = state.world.company(one.company_id)
        balance = -sum((line.balance for line in entry if line.account_id == company.writeoff), ZERO)
        demand(balance == one.balance, "I16", f"{balance} is written off by the entry: {one}")


def i17_disputes(state, demand):
    """A document is disputed once, and the lines that a dispute has left out of reminders are left out while it
    holds."""
    ledger = state.ledger
    active = [one for one in ledger.dispute.values() if not one.date_withdrawn]
    documents = [one.move_id for one in active]
    demand(len(set(documents)) == len(documents), "I17", f"disputed twice: {active}")
    marked = {line_id for one in active for line_id in one.marked or () if line_id in ledger.line}
    # Odoo leaves what is no document out by itself.
    found = {line.id for line in ledger.line.values()
             if line.no_followup and ledger.move[line.move_id].move_type != "entry"}  # fmt: skip
    demand(found == marked, "I17", f"out of reminders are {found}, disputes say {marked}")
    for one in active:
        is_taken = one.statement_line_id and not _is_matched(state, one.statement_line_id)
        demand(not is_taken, "I17", f"what paid short is undone, but it is disputed: {one}")


def i18_batches(state, demand):
    """A batch is cleared while its bank transaction is matched; what cleared is the transaction's amount, and what its
    entry books elsewhere."""
    ledger = state.ledger
    for one in ledger.batch.values():
        parts = ledger.parts_of.get(one.id, ())
        total = sum((part.amount for part in parts), ZERO)
        demand(one.amount_total == total, "I18", f"its payments are {total}: {one}")
        if one.state != "matched":
            demand(not one.statement_line_id, "I18", f"not cleared, but of a transaction: {one}")
            demand(not any(part.is_missing for part in parts), "I18", f"not cleared, but parts are missing: {one}")
            continue
        demand(_is_matched(state, one.statement_line_id), "I18", f"its transaction is not matched: {one}")
        if one.id in ledger.changed["batch"]:
            transaction = ledger.transaction[one.statement_line_id]
            paid = [part for part in parts if not part.is_left_out and not part.is_missing]
            was = state.before.batch.get(one.id)
            if was and was.statement_line_id == one.statement_line_id:
                # Later, one that another transaction had cleared may be corrected: the batch says that it is missing.
                before = state.before
                paid = [
                    part for part in paid
                    if part.payment_id in before.payment
                    and _is_cleared_by(before, before.payment[part.payment_id], transaction)
                ]  # fmt: skip
            is_all = all(ledger.payment[part.payment_id].is_matched for part in paid)
            # Another transaction may have cleared one of its payments before.
            own = [part for part in paid if _is_cleared_by(ledger, ledger.payment[part.payment_id], transaction)]
            cleared = sum((part.amount for part in own), ZERO)
            payments = [ledger.payment[part.payment_id] for part in own]
            amount = transaction.amount + _booked_elsewhere(ledger, payments, transaction)
            demand(is_all and amount == cleared, "I18", f"{amount} came, {cleared} of it cleared: {one}")


def i19_advices(state, demand):
    """An advice is matched while its bank transaction is, and each document got what the advice says."""
    ledger = state.ledger
    for one in ledger.advice.values():
        if one.state != "matched":
            continue
        demand(_is_matched(state, one.statement_line_id), "I19", f"its transaction is not matched: {one}")
        if one.id not in ledger.changed["advice"]:
            continue
        transaction = ledger.transaction[one.statement_line_id]
        if state.bank.journals[transaction.journal_id][2] == one.currency_id:
            is_whole = abs(transaction.amount) == one.amount_total
            demand(is_whole, "I19", f"it is of another amount than {transaction}: {one}")


CHECKS = (i15_what_came_back, i16_differences, i17_disputes, i18_batches, i19_advices)
