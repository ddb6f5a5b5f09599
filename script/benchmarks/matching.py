"""Measures how bank transactions are matched: precision, recall, ranks, calibration, time. Run inside ``odoo shell``.

The seeds below ``FINAL_FROM`` are for training: the weights of ``engine/bank_matching/scoring.py`` and its calibration
were set by them. The others are only for the measurement that is published.
"""

import os
import time
from pathlib import Path

from matching_database import Writer, copy_open_documents
from matching_ledger import make_ledger
from matching_tally import say, truth_of

FINAL_FROM = 1000


def measure(env, seeds, size, tally, make=make_ledger):
    """Make each ledger, match it, compare, and roll back.

    :param make: function (seed, size) -> ``Ledger``
    """
    for seed in seeds:
        ledger = make(seed, size)
        ids = Writer(env).copy_ledger(ledger)
        matcher = env["account.bank.matcher"]
        lines = env["account.bank.statement.line"].browse([ids[line] for line in ledger.lines])
        decided = {}
        for line, suggestion, _rivals in matcher._decide(lines):
            decided[line.id] = suggestion
            if suggestion.entity_type == "internal_transfer":
                _model, other = suggestion.records[0]
                decided[other] = suggestion._replace(records=(("account.bank.statement.line", line.id),))
        suggestions = matcher._suggest(lines)
        for line in ledger.lines:
            number = ids[line]
            tally.add(line, suggestions[number], decided.get(number), truth_of(line, ids), matcher._explain)
        env.cr.rollback()
        env.invalidate_all()


def backend_seconds(env):
    """Give the processor time of the database's side of this connection, where that runs on this machine."""
    env.cr.execute("SELECT pg_backend_pid()")
    (number,) = env.cr.fetchone()
    stat = Path(f"/proc/{number}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def time_all(env, commit, lines=10_000, documents=100_000, more_documents=900_000, samples=200):
    """Time matching in a database that is thrown away: commits.

    :param commit: function that commits
    :param lines: how many bank transactions are decided at once, against ``documents`` open documents
    :param more_documents: how many open documents are added before suggestions are asked for, line by line
    :param samples: for how many lines
    """
    ledger = make_ledger(FINAL_FROM - 1, lines)
    writer = Writer(env)
    copy_open_documents(env, writer, documents, commit)
    ids = writer.copy_ledger(ledger)
    commit()
    records = env["account.bank.statement.line"].browse([ids[line] for line in ledger.lines])
    count = open_documents(env)
    started, queries, busy = time.monotonic(), env.cr.sql_log_count, time.process_time()
    database = backend_seconds(env)
    decided = env["account.bank.matcher"]._decide(records)
    seconds, busy = time.monotonic() - started, time.process_time() - busy
    database = backend_seconds(env) - database
    say(
        f"deciding {len(records)} lines against {count} open documents: {seconds:.1f} s "
        f"(processor: Python {busy:.1f} s, PostgreSQL {database:.1f} s), "
        f"{env.cr.sql_log_count - queries} queries, {len(decided)} matched"
    )
    copy_open_documents(env, writer, more_documents, commit)
    count = open_documents(env)
    times = []
    for record in records[:samples]:
        env.invalidate_all()
        started = time.monotonic()
        env["account.bank.matcher"]._suggest(record)
        times.append(1000 * (time.monotonic() - started))
    times.sort()
    say(
        f"suggestions for one line, {count} open documents: median {times[len(times) // 2]:.0f} ms, "
        f"p95 {times[int(len(times) * 0.95)]:.0f} ms, longest {times[-1]:.0f} ms ({len(times)} lines)"
    )


def open_documents(env):
    """Count the open lines of documents."""
    env.cr.execute(
        "SELECT COUNT(*) FROM account_move_line WHERE amount_residual <> 0 AND display_type = 'payment_term'"
    )
    return env.cr.fetchone()[0]
