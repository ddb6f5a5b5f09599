"""The simulator's short run; ``script/prove simulate`` is the long one.

``SIMULATOR_SEEDS=17,42`` plays those two, ``SIMULATOR_WORLD=wide`` in the wide world, or ``full``.

A checker that finds nothing proves nothing: what the addon stores is spoilt here on purpose, too, and must be noticed.
"""

import os
from collections import Counter
from zlib import crc32

from odoo.tests import TransactionCase, tagged

from .simulator.book import Broken
from .simulator.invariants import check
from .simulator.operations import Choices, operations_of
from .simulator.play import Play, steps_of
from .simulator.runner import Runner

WORLD = os.environ.get("SIMULATOR_WORLD", "classic")
SEEDS = [int(seed) for seed in os.environ.get("SIMULATOR_SEEDS", "1,2,3").split(",")]
LENGTH = 40


@tagged("post_install", "-at_install")
class TestSimulator(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runner = Runner(cls.env, base_operations=60, world=WORLD)

    def test_seeds(self):
        done = Counter()
        for seed in SEEDS:
            with self.subTest(seed=seed):
                record, play, failure = self.runner.seed(seed, LENGTH)
                self.assertIsNone(failure, f"script/prove simulate --world {WORLD} --length {LENGTH} --shrink {seed}")
                self.assertEqual(record["operations"], LENGTH)
                done += play.done
        self.assertGreater(len(done), len(operations_of(WORLD)) / 2, "most operations find something to do")

    def test_a_seed_is_played_the_same_again(self):
        (one, first, _none), (other, second, _none) = (self.runner.seed(SEEDS[0], 15) for _time in range(2))
        self.assertEqual(one["operations"], other["operations"])
        self.assertEqual(first.played, second.played)
        self.assertEqual(first.refused, second.refused)

    def test_the_seeds_of_the_older_worlds_stay(self):
        """What is new is drawn in a world of its own: figures that were published can be replayed."""
        for world, expected in (("classic", 3179957711), ("wide", 411139841)):
            steps = [tuple(step) for _number, step in zip(range(500), steps_of(1, world), strict=False)]
            self.assertEqual(crc32(repr(steps).encode()), expected, world)

    def test_what_is_spoilt_is_noticed(self):
        spoilt = {
            "I1": "UPDATE account_reconciliation_line SET amount = amount + 0.01 WHERE id = %(line)s",
            "I2": "UPDATE account_reconciliation_item SET amount_total = amount_total + 1,"
            " amount_residual = amount_residual + 1 WHERE id = %(item)s",
            "I3": "UPDATE account_move SET amount_residual = amount_residual + 1 WHERE id = %(move)s",
            "I4": "UPDATE account_reconciliation_item SET amount_planned = amount_residual WHERE id = %(open_item)s",
            "I8": "UPDATE account_bank_statement_line SET match_status = 'ignored' WHERE id = %(transaction)s",
            "I9": "UPDATE account_bank_reconciliation SET remaining = remaining + 1 WHERE id = %(period)s",
        }
        with self.runner.undone(), self.runner.world.running():
            play = Play(self.runner.world, self.runner.base)
            company = self.runner.world.companies[0]
            self.runner.world.env("accountant", company)["account.reconcile.accounts"].create(
                {"scope": "all", "company_id": company.id}
            ).action_reconcile()
            self.env.flush_all()
            state = play.state
            state.follow(Choices(), 0)
            ledger = state.ledger
            first = lambda rows: min(rows, key=lambda row: row.id)  # noqa: E731
            line = first(ledger.applied.values())
            ids = {
                "line": line.id,
                "item": line.item_id,
                "move": line.move_id,
                "open_item": first(item for item in ledger.item.values() if item.amount_residual > 0).id,
                "transaction": first(ledger.transaction.values()).id,
                "period": first(ledger.period.values()).id,
            }
            for rule, statement in spoilt.items():
                with self.subTest(rule=rule), self.runner.undone():
                    self.env.cr.execute(statement, ids)
                    self.env.invalidate_all(flush=False)
                    state.before, state.ledger = ledger, state.reading()
                    with self.assertRaises(Broken) as caught:
                        check(state)
                    self.assertEqual(caught.exception.rule, rule)
                state.ledger = ledger
