"""What people do: a registry of small functions, and what one of them needs at hand.

An operation gets a :class:`Work`, does one thing as its user, and returns :class:`Choices`: what the second bookkeeping
can't know from Odoo's tables. It returns None where there is nothing of the kind to do.
"""

from collections import namedtuple
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from .ledger import OWED
from .names import Pick
from .world import BANK, DELETE, MANAGE, VIEW

__all__ = ["BANK", "DELETE", "MANAGE", "OPERATIONS", "VIEW", "Choices", "Work", "operation", "operations_of"]

Operation = namedtuple("Operation", "name work weight needs takes_back world")
OPERATIONS = {}
# The world whose operations another one draws beside its own.
EXTENDS = {"full": "wide", "accounts": "wide"}


def operation(weight, needs=None, takes_back=DELETE, world=None):
    """Register an operation.

    :param weight: how often it is drawn
    :param needs: the permission without which it must be refused; with it, it must not be for lack of rights
    :param takes_back: the permission with which it may undo reconciliations
    :param world: the world in which it is drawn, and in those that extend it; None for all. So a seed of another world
        stays the same sequence
    """

    def register(work):
        OPERATIONS[work.__name__] = Operation(work.__name__, work, weight, needs, takes_back, world)
        return work

    return register


def operations_of(world):
    """The operations that are drawn in a world, by their names."""
    return {name: one for name, one in OPERATIONS.items() if one.world in (None, world, EXTENDS.get(world))}


@dataclass
class Choices:
    """What was decided in a step.

    ``splits``: ``{(document's move id, money's line id or None for all of the step): {item line id: amount}}``;
    ``remade``: entries whose items were made anew though they look the same; ``by_itself``: what was matched was
    matched by the program; ``ignored`` and ``unignored``: bank transactions.
    """

    splits: dict = field(default_factory=dict)
    remade: set = field(default_factory=set)
    by_itself: bool = False
    ignored: set = field(default_factory=set)
    unignored: set = field(default_factory=set)


class Work:
    """Somebody at work: who, for which company, with what in sight."""

    def __init__(self, world, role, company, state, seed):
        self.world, self.role, self.company = world, role, company
        self.env, self.admin = world.env(role, company), world.admin(company)
        self.state, self.ledger, self.book, self.bank = state, state.ledger, state.book, state.bank
        self.pick = Pick(seed, state.names)
        # What else somebody must be allowed to, for what was chosen within the operation.
        self.needs_too = set()

    def browse(self, model, *rows):
        return self.env[model].browse([getattr(row, "id", row) for row in rows])

    # -- what there is --------------------------------------------------------------------------------------

    def moves(self, state="posted"):
        return [
            move for move in self.ledger.move.values() if move.company_id == self.company.id and move.state == state
        ]

    def documents(self):
        """Posted documents with items: invoices and their like, and opening entries."""
        return [move for move in self.moves() if move.id in self.book.of_move]

    def invoices(self):
        return [move for move in self.documents() if move.move_type != "entry"]

    def open_invoices(self):
        return [move for move in self.invoices() if move.amount_residual > 0]

    def owed_lines(self):
        return [
            line
            for line in self.ledger.line.values()
            if line.company_id == self.company.id
            and line.account_type in OWED
            and self.ledger.move[line.move_id].state == "posted"
        ]

    def counterparts(self, own, same_currency=True):
        """Open lines that could be reconciled with a line."""
        return [
            line
            for line in self.owed_lines()
            if (line.account_id, line.owner_id) == (own.account_id, own.owner_id)
            and line.amount_residual * own.amount_residual < 0
            and (line.currency_id == own.currency_id or not same_currency)
        ]

    def reconciled_moves(self):
        return [
            move
            for move in self.moves()
            if any(self.ledger.partials_of.get(line.id) for line in self.ledger.owed_lines(move.id))
        ]

    def payments(self, *states):
        return [
            payment
            for payment in self.ledger.payment.values()
            if payment.company_id == self.company.id and payment.state in states
        ]

    def transactions(self, *statuses):
        return [
            one
            for one in self.ledger.transaction.values()
            if one.company_id == self.company.id
            and (not statuses or one.match_status in statuses)
            and self.ledger.move[one.move_id].state == "posted"
        ]

    def periods(self, state=None):
        return [
            period
            for period in self.ledger.period.values()
            if period.company_id == self.company.id and state in (None, period.state)
        ]

    # -- what is chosen -------------------------------------------------------------------------------------

    def day(self, back=75):
        """A day up to so many days ago."""
        return self.today - timedelta(days=self.pick.random.randint(0, back))

    @property
    def today(self):
        """The day that it is for the company."""
        return self.world.today_of(self.company)

    def round(self, amount, currency_id):
        step = self.world.roundings[currency_id]
        return (Decimal(amount) / step).quantize(Decimal(1)) * step

    def part_of(self, amount, currency_id):
        """Some of an amount, at least one step of it."""
        step = self.world.roundings[currency_id]
        return max(self.round(amount * Decimal(str(self.pick.random.random())), currency_id), step)

    def currency(self, own=0.8):
        if self.pick.chance(own):
            return self.company.currency_id
        return self.pick.any(self.company.foreign_ids)
