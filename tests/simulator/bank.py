"""A second bookkeeping of the bank: what state a transaction is in, what moved according to the books, who decided."""

import hashlib
from collections import namedtuple
from decimal import Decimal

ZERO = Decimal(0)

# A cash movement, by its journal item.
Movement = namedtuple("Movement", "line_id journal_id move_id amount date partner_id transaction_id is_matched")


class Bank:
    """What the bank side must look like.

    ``journals``: ``{journal id: (own account, suspense account, currency of the bank account, of the company)}``
    """

    def __init__(self, journals):
        self.journals = journals
        self.by_itself, self.ignored = set(), set()
        self.log, self.closed = [], {}

    def fork(self):
        other = Bank(self.journals)
        other.by_itself, other.ignored = set(self.by_itself), set(self.ignored)
        other.log, other.closed = list(self.log), dict(self.closed)
        return other

    # -- transactions ---------------------------------------------------------------------------------------

    def is_reconciled(self, ledger, transaction):
        """Whether nothing of a transaction waits on the suspense account."""
        suspense = self.journals[transaction.journal_id][1]
        waiting = [line for line in ledger.lines_of[transaction.move_id] if line.account_id == suspense]
        if not waiting:
            return True
        if waiting[0].reconcile:
            return not sum(line.amount_residual_currency for line in waiting)
        return not sum(line.amount_currency for line in waiting)

    def status(self, ledger, transaction):
        if self.is_reconciled(ledger, transaction):
            return "matched" if transaction.id in self.by_itself else "manual"
        return "ignored" if transaction.id in self.ignored else "unmatched"

    def follow(self, before, after, choices):
        """Take a step along: who matched what, who ignored what."""
        for transaction in after.transaction.values():
            was = before.transaction.get(transaction.id)
            now = self.is_reconciled(after, transaction)
            if now and not (was and self.is_reconciled(before, was)):
                self.ignored.discard(transaction.id)
                if choices.by_itself:
                    self.by_itself.add(transaction.id)
            elif not now:
                self.by_itself.discard(transaction.id)
        self.ignored |= choices.ignored
        self.ignored -= choices.unignored
        self.log = sorted(after.decision.values(), key=lambda row: row.id)
        for period in after.period.values():
            if period.state == "open":
                self.closed.pop(period.id, None)
            elif period.id not in self.closed:
                self.closed[period.id] = (period, self.facts(after, period))

    # -- remittances ----------------------------------------------------------------------------------------

    def movements(self, ledger, journal_id):
        """What moved on a bank account according to the books: ``{line id: Movement}``.

        The outstanding items of payments and of their reversals; and the items on the bank's own account, each less
        what its entry clears of those payments, and less what of it nobody has matched yet.
        """
        account = self.journals[journal_id][0]
        found, payment_of = {}, {}
        for payment in ledger.payment.values():
            if payment.journal_id != journal_id or not payment.move_id:
                continue
            moves = [payment.move_id]
            moves += [move.id for move in ledger.move.values() if move.reversed_entry_id == payment.move_id]
            for move_id in moves:
                move = ledger.move.get(move_id)
                if not move or move.state != "posted":
                    continue
                for line in ledger.lines_of[move_id]:
                    if line.account_id == payment.outstanding_account_id:
                        payment_of[line.id] = payment
                        found[line.id] = self._payment_movement(ledger, journal_id, line)
        for line in ledger.line.values():
            move = ledger.move[line.move_id]
            if line.account_id != account or move.state != "posted" or line.id in found:
                continue
            listed = ZERO
            own_lines = ledger.lines_of[move.id]
            if line.id == min(one.id for one in own_lines if one.account_id == account):
                whole = {
                    key: payment for key, payment in payment_of.items()
                    if not move.statement_line_id or self._is_whole(ledger, journal_id, ledger.line[key])
                }  # fmt: skip
                listed = self._cleared(ledger, own_lines, whole)
            waiting = self._waiting(ledger, journal_id, move)
            amount = self._amount(journal_id, line) + waiting - listed
            found[line.id] = Movement(
                line.id, journal_id, move.id, amount, line.date, line.partner_id, move.statement_line_id,
                bool(move.statement_line_id) and not waiting,
            )  # fmt: skip
        return {key: one for key, one in found.items() if one.amount}

    def _amount(self, journal_id, line):
        """In the currency of the bank account."""
        currency, company_currency = self.journals[journal_id][2:]
        if line.currency_id == currency:
            return line.amount_currency
        if currency == company_currency:
            return line.balance
        raise NotImplementedError("the simulator moves only a bank account's own currency on it")

    def _payment_movement(self, ledger, journal_id, line):
        amount = self._amount(journal_id, line)
        here, elsewhere = self._shown(ledger, journal_id, line)
        is_whole = self._is_whole(ledger, journal_id, line)
        amount -= sum(elsewhere.values(), ZERO) + (ZERO if is_whole else sum(here.values(), ZERO))
        return Movement(
            line.id, journal_id, line.move_id, amount, line.date, line.partner_id,
            min(here, default=None) if is_whole else None, bool(is_whole and line.reconciled and here),
        )  # fmt: skip

    def _shown(self, ledger, journal_id, line):
        """What bank transactions have cleared of a payment, signed as it: ``{transaction id: amount}`` of the account
        itself, and of others."""
        here, elsewhere = {}, {}
        for partial in ledger.partials_of.get(line.id, ()):
            is_debit = partial.debit_move_id == line.id
            other = ledger.line[partial.credit_move_id if is_debit else partial.debit_move_id]
            move = ledger.move[other.move_id]
            if move.statement_line_id:
                own = partial.debit_amount_currency if is_debit else partial.credit_amount_currency
                part = self._part(ledger, partial, line.id, own) * (1 if is_debit else -1)
                shown = here if move.journal_id == journal_id else elsewhere
                shown[move.statement_line_id] = shown.get(move.statement_line_id, ZERO) + part
        return here, elsewhere

    def _is_whole(self, ledger, journal_id, line):
        """Whether a payment moves as a whole: the bank has not shown it in parts, or it was confirmed as a whole."""
        here = self._shown(ledger, journal_id, line)[0]
        if not here or (len(here) == 1 and line.reconciled):
            return True
        amount = self._amount(journal_id, line)
        return any(
            one.move_line_id == line.id and one.amount == amount
            for confirmed in ledger.confirmations_of.values() for one in confirmed
        )  # fmt: skip

    def _cleared(self, ledger, own_lines, payment_of):
        """What an entry clears of the account's payments."""
        total = ZERO
        for own in own_lines:
            for partial in ledger.partials_of.get(own.id, ()):
                if partial.credit_move_id == own.id and partial.debit_move_id in payment_of:
                    total += self._part(ledger, partial, partial.debit_move_id, partial.debit_amount_currency)
                elif partial.debit_move_id == own.id and partial.credit_move_id in payment_of:
                    total -= self._part(ledger, partial, partial.credit_move_id, partial.credit_amount_currency)
        return total

    def _part(self, ledger, partial, paid_id, amount_currency):
        paid = ledger.line[paid_id]
        currencies = {journal[2] for journal in self.journals.values() if journal[2] == paid.currency_id}
        return amount_currency if currencies else partial.amount

    def _waiting(self, ledger, journal_id, move):
        if not move.statement_line_id:
            return ZERO
        suspense = self.journals[journal_id][1]
        return sum(
            (self._amount(journal_id, line) for line in ledger.lines_of[move.id] if line.account_id == suspense), ZERO
        )

    # -- closed periods -------------------------------------------------------------------------------------

    def facts(self, ledger, period):
        """What a period is closed on: its remittances and unmatched transactions, as they are."""
        moved = self.movements(ledger, period.journal_id)
        confirmed = {one.move_line_key for one in ledger.confirmations_of.get(period.id, ())}
        inside = {key for key, one in moved.items() if period.date_from <= one.date <= period.date_to}
        waiting = {
            one.id: (one.amount, ledger.move[one.move_id].date)
            for one in ledger.transaction.values()
            if one.journal_id == period.journal_id
            and period.date_from <= ledger.move[one.move_id].date <= period.date_to
            and ledger.move[one.move_id].state == "posted"
            and self.status(ledger, one) == "unmatched"
        }
        return {key: moved.get(key) for key in inside | confirmed}, waiting, moved

    def is_untouched(self, ledger, period):
        """Whether all of the bank account is as it was when the period was closed."""
        return self.closed[period.id][1] == self.facts(ledger, period)

    def _was_shown_later(self, ledger, period, key, one, was):
        """Whether what a payment lacks of what was still to come, the bank has shown after the period."""
        line = ledger.line.get(key)
        if not line or ledger.move[line.move_id].state != "posted" or (one and one.amount == was.amount):
            return False
        later = [
            part for transaction, part in self._shown(ledger, period.journal_id, line)[0].items()
            if ledger.move[ledger.transaction[transaction].move_id].date > period.date_to
        ]  # fmt: skip
        return bool(later) and sum(later, one.amount if one else ZERO) == was.amount

    def has_changed(self, ledger, period):
        """Whether anything has changed by which a period was closed."""
        stored, waiting, _all = self.closed[period.id][1]
        now, now_waiting, moved = self.facts(ledger, period)
        if set(now) - set(stored) or set(now_waiting) - set(waiting):
            return True
        confirmed = {one.move_line_key for one in ledger.confirmations_of.get(period.id, ())}
        for key, was in stored.items():
            one = moved.get(key)
            if was is not None and key not in confirmed and self._was_shown_later(ledger, period, key, one, was):
                continue
            if was is None or one is None:
                if one is not was:
                    return True
                continue
            if (one.amount, one.date, one.partner_id) != (was.amount, was.date, was.partner_id):
                return True
            if was.is_matched and (not one.is_matched or one.transaction_id != was.transaction_id):
                return True
        for key, was in waiting.items():
            one = ledger.transaction.get(key)
            move = one and ledger.move[one.move_id]
            if not one or move.state != "posted" or (one.amount, move.date) != was:
                return True
        return False


def broken_chain(rows):
    """The first decision of a journal whose hash doesn't follow from the one before, or None."""
    last = ""
    for number, row in enumerate(sorted(rows, key=lambda row: row.number), 1):
        expected = hashlib.sha256(f"{last}\n{row.payload}".encode()).hexdigest()
        if (row.number, row.previous_hash or "", row.hash) != (number, last, expected):
            return row
        last = row.hash
    return None
