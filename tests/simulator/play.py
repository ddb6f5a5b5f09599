"""Plays the steps of a seed: each in a savepoint of its own, each checked."""

import random
import time
from collections import Counter, namedtuple

import psycopg2
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tools import mute_logger

from . import (  # noqa: F401  (each registers its operations)
    operations_accounts,
    operations_around,
    operations_bank,
    operations_documents,
    operations_money,
    operations_periods,
    operations_planned,
    operations_returns,
    operations_together,
    operations_wide,
)
from .bank import Bank
from .book import Book, Broken
from .invariants import check
from .ledger import Ledger
from .names import Names
from .operations import OPERATIONS, Work, operations_of
from .world import BANK, ROLES
from .worth import Taxes

Step = namedtuple("Step", "number name role company seed")

# A full check of everything after so many operations; what a step touched is checked after each.
FULL_CHECK_EVERY = 20
# The cache is as empty as at the beginning of a request after so many operations.
FRESH_CACHE_EVERY = 8


class State:
    """What is known at one moment, of Odoo and in the second bookkeeping."""

    def __init__(self, world):
        self.world = world
        journals = {key: bank for company in world.companies for key, bank in company.banks.items()}
        exchange = world.root["res.company"].browse(world.company_ids).currency_exchange_journal_id.ids
        currency_of = {company.id: company.currency_id for company in world.companies}
        self.book = Book(world.roundings, set(exchange), currency_of, Taxes(world.root))
        self.bank, self.names = Bank(journals), Names()
        self.sent, self.clock, self.is_end = {}, world.clock, False
        self.ledger = self.before = self.reading()

    def fork(self):
        other = object.__new__(State)
        other.__dict__.update(self.__dict__)
        other.book, other.bank, other.names = self.book.fork(), self.bank.fork(), self.names.fork()
        other.sent = {key: list(lines) for key, lines in self.sent.items()}
        return other

    def reading(self):
        """The raw tables now."""
        self.world.root.flush_all()
        before = getattr(self, "ledger", None)
        return Ledger(self.world.root.cr, self.world.company_ids, before)

    def expect(self, holds, rule, text):
        """What an operation itself can see of an invariant."""
        if not holds:
            raise Broken(rule, text)

    def follow(self, choices, number):
        """Take a step along, and check what it touched.

        :param number: of the step, by which what it made is named
        """
        self.before, self.ledger = self.ledger, self.reading()
        self.names.follow(self.before, self.ledger, number)
        self.book.follow(self.before, self.ledger, choices)
        self.bank.follow(self.before, self.ledger, choices)
        self.clock = self.world.clock
        check(self, self._touched())

    def _touched(self):
        """The entries that a step touched, and those that they are reconciled with."""
        moves = set(self.ledger.changed["move"])
        lines = set(self.ledger.changed["line"])
        for key in self.ledger.changed["partial"]:
            for ledger in (self.before, self.ledger):
                if key in ledger.partial:
                    lines |= {ledger.partial[key].debit_move_id, ledger.partial[key].credit_move_id}
        for table in ("item", "applied", "planned"):
            for key in self.ledger.changed[table]:
                for ledger in (self.before, self.ledger):
                    row = getattr(ledger, table).get(key)
                    if row:
                        moves.add(row.move_id)
        for ledger in (self.before, self.ledger):
            moves |= {ledger.line[key].move_id for key in lines if key in ledger.line}
        return moves & set(self.ledger.move)


class Failure(Exception):
    """A step that broke something: ``kind`` tells two failures apart."""

    def __init__(self, step, error):
        self.step, self.error = step, error
        self.kind = error.rule if isinstance(error, Broken) else type(error).__name__
        super().__init__(f"step {step.number}, {step.name} as {step.role} in company {step.company}: {error!r}")


def steps_of(seed, world, start=1):
    """The endless sequence of a seed in a world."""
    source = random.Random(seed)
    operations = operations_of(world)
    names = list(operations)
    weights = [operations[name].weight for name in names]
    roles = list(ROLES)
    often = [ROLES[role][2] for role in roles]
    number = start
    while True:
        yield Step(
            number,
            source.choices(names, weights)[0],
            source.choices(roles, often)[0],
            source.choices([0, 1], [4, 1])[0],
            source.getrandbits(32),
        )
        number += 1


class Play:
    """One sequence over one state of the world.

    ``done``, ``refused``: how often each operation was; ``reasons``: the sentences of refusals.
    """

    def __init__(self, world, state):
        self.world, self.state = world, state.fork()
        self.world.clock = self.state.clock
        self.done, self.refused, self.reasons = Counter(), Counter(), {}
        self.seconds = Counter()
        self.played = []

    @property
    def operations(self):
        return self.done.total() + self.refused.total()

    def run(self, steps, operations=None):
        """Play steps until so many operations were tried.

        :raise Failure: where one breaks an invariant
        """
        for step in steps:
            if operations is not None and self.operations >= operations:
                break
            self.step(step)
        self.state.is_end = True
        self.full_check(self.played[-1] if self.played else None)

    def step(self, step):
        start = time.monotonic()
        if self.operations % FRESH_CACHE_EVERY == 0:
            self.world.root.invalidate_all()
        cr, operation = self.world.root.cr, OPERATIONS[step.name]
        company = self.world.companies[step.company]
        kept = self.state.fork()
        work = Work(self.world, step.role, company, self.state, step.seed)
        savepoint = cr.savepoint()
        try:
            with mute_logger(
                "odoo.sql_db", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule",
                "odoo.addons.account_reconciliation.models.planned_payments.account_planned_payment_charge",
                "odoo.models.unlink", "odoo.addons.payment.models.payment_transaction",
            ):  # fmt: skip
                choices = operation.work(work)
                cr.flush()
        except (UserError, RedirectWarning, psycopg2.errors.CheckViolation) as refusal:
            self._roll_back(savepoint, kept)
            self._check_refused(step, operation, work.needs_too, refusal)
            self.refused[step.name] += 1
            key = (step.name, type(refusal).__name__, str(refusal)[:120])
            self.reasons[key] = self.reasons.get(key, 0) + 1
            self.seconds[step.name] += time.monotonic() - start
            return
        except Exception as error:
            self._roll_back(savepoint, kept)
            raise Failure(step, error) from error
        if choices is None:
            self._roll_back(savepoint, kept)
            return
        savepoint.close(rollback=False)
        self.done[step.name] += 1
        self.played.append(step)
        try:
            self.state.follow(choices, step.number)
            self._check_allowed(step, operation, work.needs_too)
        except Exception as error:
            raise Failure(step, error) from error
        if self.operations % FULL_CHECK_EVERY == 0:
            self.full_check(step)
        self.seconds[step.name] += time.monotonic() - start

    def _roll_back(self, savepoint, kept):
        savepoint.close(rollback=True)
        self.world.root.invalidate_all(flush=False)
        self.state, self.world.clock = kept, kept.clock

    def _check_refused(self, step, operation, needs_too, refusal):
        """A refusal leaves all as it was, and is not for lack of a right that the user has."""
        differ = self.state.reading().same_as(self.state.ledger)
        if differ:
            raise Failure(step, Broken("refused", f"{refusal} was raised, but {differ} changed"))
        may = ROLES[step.role][1]
        if isinstance(refusal, AccessError) and operation.needs in may and needs_too <= may:
            raise Failure(step, Broken("roles", f"{step.role} may do this, but: {refusal}"))

    def _check_allowed(self, step, operation, needs_too):
        """Nobody does what is not theirs, by whatever route."""
        may = ROLES[step.role][1]
        if (operation.needs and operation.needs not in may) or not needs_too <= may:
            raise Broken("roles", f"{step.role} may not do this")
        gone = set(self.state.before.partial) - set(self.state.ledger.partial)
        if BANK in may:
            gone -= self._came_back()
        if gone and operation.takes_back not in may:
            raise Broken("roles", f"{step.role} may not undo reconciliations, but {gone} are gone")

    def _came_back(self):
        """The partials of payments that a bank transaction has returned in this step."""
        before, after = self.state.before, self.state.ledger
        moves = {one.original_move_id for key, one in after.returned.items() if key not in before.returned}
        return {partial.id for move_id in moves for line in before.owed_lines(move_id)
                for partial in before.partials_of.get(line.id, ())}  # fmt: skip

    def full_check(self, step):
        self.world.root.invalidate_all()
        try:
            check(self.state)
        except Broken as error:
            raise Failure(step, error) from error
