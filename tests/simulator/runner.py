"""Plays seeds one after another, each in a transaction that is rolled back; what ``script/prove simulate`` calls."""

import gc
import json
import sys
import time
import traceback
from collections import Counter
from contextlib import contextmanager

from .accounts import AccountsWorld
from .full import FullWorld
from .operations import operations_of
from .play import Failure, Play, State, steps_of
from .shrink import shrink
from .wide import WideWorld
from .world import World

WORLDS = {world.name: world for world in (World, WideWorld, FullWorld, AccountsWorld)}
LENGTH = 60
# What is there before the first step of every seed, so that the first steps find something to do.
BASE_SEED, BASE_OPERATIONS = 20260101, 110
BASE_KINDS = (
    "new_document", "new_payment", "new_transaction", "opening_entry", "open_period", "import_statement",
    "clearing_entry",
)  # fmt: skip


class Runner:
    """Plays seeds over one world.

    :param undone: a context manager that rolls back all that is done within it
    """

    def __init__(self, env, undone=None, base_operations=BASE_OPERATIONS, world=FullWorld.name):
        self.world = WORLDS[world](env)
        self.undone = undone or self._undone
        with self.world.running():
            play = Play(self.world, State(self.world))
            steps = (
                step._replace(role="accountant", number=-step.number)
                for step in steps_of(BASE_SEED, self.world.name)
                if step.name in BASE_KINDS
            )
            play.run(steps, base_operations)
        self.base = play.state
        self.base.is_end = False
        self.world.root.cr.execute("ANALYZE")

    @contextmanager
    def _undone(self):
        cr = self.world.root.cr
        savepoint = cr.savepoint()
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            self.world.root.invalidate_all(flush=False)

    def play(self, steps, operations=None):
        """Play steps from the base and roll them back.

        :return: (:class:`Play`, :class:`Failure` or None)
        """
        with self.undone(), self.world.running():
            play = Play(self.world, self.base)
            try:
                play.run(steps, operations)
            except Failure as failure:
                return play, failure
            return play, None

    def seed(self, seed, length=LENGTH):
        """Play a seed.

        :return: (dict for the record, :class:`Play`, :class:`Failure` or None)
        """
        start = time.monotonic()
        gc.collect()
        play, failure = self.play(steps_of(seed, self.world.name), length)
        record = {
            "seed": seed,
            "world": self.world.name,
            "length": length,
            "operations": play.operations,
            "refused": play.refused.total(),
            "seconds": round(time.monotonic() - start, 1),
            "outcome": str(failure) if failure else "ok",
        }
        return record, play, failure

    def shrink(self, seed, length=LENGTH):
        """The shortest sequence of a failing seed that fails in the same way.

        :return: (list of steps, :class:`Failure`), or None where the seed doesn't fail
        """
        _record, play, failure = self.seed(seed, length)
        if not failure:
            return None
        last = {}

        def fails(steps):
            _play, found = self.play(steps)
            if found and found.kind == failure.kind:
                last["failure"] = found
                return True
            return False

        steps = play.played + [failure.step] * (failure.step not in play.played)
        if not fails(steps):
            return steps, failure
        return shrink(steps, fails), last["failure"]


def _tell(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _replay(runner, seed, length, only):
    steps = steps_of(seed, runner.world.name)
    if only:
        last = max(only)
        steps = [step for step in (next(steps) for _number in range(last)) if step.number in only]
        length = None
    play, failure = runner.play(steps, length)
    for step in play.played:
        _tell(f"{step.number:5} {step.name} ({step.role}, company {step.company})")
    _tell(f"seed {seed}: {failure or 'ok'}")
    if failure and failure.__cause__:
        traceback.print_exception(failure.__cause__)
    return failure


def _shrink(runner, seed, length):
    found = runner.shrink(seed, length)
    if found is None:
        _tell(f"seed {seed}: ok")
        return None
    steps, failure = found
    _tell(f"seed {seed} needs {len(steps)} steps: {failure}")
    numbers = ",".join(str(step.number) for step in steps)
    world = runner.world.name
    _tell(f"script/prove simulate --world {world} --length {length} --replay {seed} --only {numbers}")
    return failure


def main(env, arguments):
    """The command line, see the head of ``script/prove simulate``.

    :return: number of failures
    """
    # A simulated day ends as it began: nothing is written but the world that all seeds share.
    runner = Runner(env, world=arguments.world)
    _tell(f"The world is {runner.world.name}: {runner.world.summary}.")
    env.cr.commit()
    # The world stays: the collector needn't look at it again, only at what each seed leaves.
    gc.collect()
    gc.freeze()
    runner.undone = _transaction(env)
    if arguments.replay is not None:
        return int(bool(_replay(runner, arguments.replay, arguments.length, arguments.only)))
    if arguments.shrink is not None:
        return int(bool(_shrink(runner, arguments.shrink, arguments.length)))
    return _run(runner, arguments)


def _transaction(env):
    """Each seed is a transaction of its own, rolled back."""

    @contextmanager
    def undone():
        try:
            yield
        finally:
            env.cr.rollback()
            env.invalidate_all(flush=False)

    return undone


def _seeds(arguments):
    if arguments.seeds:
        yield from arguments.seeds
        return
    seed = arguments.first
    while True:
        yield seed
        seed += arguments.stride


def _run(runner, arguments):
    start, operations, failures = time.monotonic(), 0, 0
    done, refused, reasons, seconds = Counter(), Counter(), Counter(), Counter()
    for number, seed in enumerate(_seeds(arguments)):
        if arguments.operations and operations >= arguments.operations:
            break
        if arguments.minutes and time.monotonic() - start > 60 * arguments.minutes:
            break
        record, play, failure = runner.seed(seed, arguments.length)
        operations += record["operations"]
        done += play.done
        refused += play.refused
        reasons += Counter(play.reasons)
        seconds += play.seconds
        failures += bool(failure)
        with open(arguments.record, "a") as record_file:
            record_file.write(json.dumps(record) + "\n")
        if failure:
            _tell(f"seed {seed}: {failure}")
        if number % 20 == 19:
            _vacuum(runner.world.root.cr.dbname)
            each = (time.monotonic() - start) / operations * 1000
            _tell(f"{number + 1} seeds, {operations} operations, {each:.0f} ms each")
    _summary(operations_of(runner.world.name), done, refused, reasons, seconds, arguments.verbose)
    _tell(f"{operations} operations ({refused.total()} refused), {failures} failures, {time.monotonic() - start:.0f} s")
    return failures


def _vacuum(dbname):
    """What is rolled back leaves dead rows behind, and the cluster of the tests has no autovacuum."""
    from odoo.sql_db import db_connect

    with db_connect(dbname).cursor() as cr:
        cr._cnx.rollback()
        cr._cnx.autocommit = True
        cr.execute("VACUUM ANALYZE")
        cr._cnx.autocommit = False


def _summary(names, done, refused, reasons, seconds, verbose):
    for name in sorted(names):
        count = done[name] + refused[name]
        if not count or not done[name]:
            _tell(f"never done: {name} ({refused[name]} times refused)")
        if verbose:
            each = seconds[name] / max(count, 1) * 1000
            _tell(f"{name:32} {done[name]:6} done {refused[name]:6} refused {each:6.0f} ms")
    if verbose:
        for (name, kind, text), count in reasons.most_common(120):
            _tell(
                f"{count:5} {name}: {kind}: {text}",
            )


if __name__ == "__main__":
    sys.exit("Run script/prove simulate.")
