"""Measures how bank transactions are matched: precision, recall, ranks, calibration, time. Run inside ``odoo shell``.

The seeds below ``FINAL_FROM`` are for training: the weights of ``engine/scoring.py`` and its calibration were set by
them. The others are only for the measurement that is published.
"""

import time
from dataclasses import replace

from matching_database import Writer, copy_open_documents
from matching_ledger import make_ledger
from matching_tally import say, truth_of

FINAL_FROM = 1000


def measure(env, seeds, size, tally):
    """Make each ledger, match it, compare, and roll back."""
    for seed in seeds:
        ledger = make_ledger(seed, size)
        ids = Writer(env).copy_ledger(ledger)
        matcher = env["account.bank.matcher"]
        lines = env["account.bank.statement.line"].browse([ids[line] for line in ledger.lines])
        decided = {}
        for line, suggestion, _rivals in matcher._decide(lines):
            decided[line.id] = suggestion
            if suggestion.entity_type == "internal_transfer":
                _model, other = suggestion.records[0]
                decided[other] = replace(suggestion, records=(("account.bank.statement.line", line.id),))
        suggestions = matcher._suggest(lines)
        for line in ledger.lines:
            number = ids[line]
            tally.add(line, suggestions[number], decided.get(number), truth_of(line, ids), matcher._explain)
        env.cr.rollback()
        env.invalidate_all()


def time_batch(env, lines, documents):
    """Time deciding many lines against many open documents."""
    ledger = make_ledger(FINAL_FROM - 1, lines)
    writer = Writer(env)
    copy_open_documents(env, writer, documents)
    ids = writer.copy_ledger(ledger)
    records = env["account.bank.statement.line"].browse([ids[line] for line in ledger.lines])
    env.cr.execute(
        "SELECT COUNT(*) FROM account_move_line WHERE amount_residual <> 0 AND display_type = 'payment_term'"
    )
    (open_count,) = env.cr.fetchone()
    started, queries = time.monotonic(), env.cr.sql_log_count
    decided = env["account.bank.matcher"]._decide(records)
    seconds = time.monotonic() - started
    say(f"deciding {len(records)} lines against {open_count} open documents: {seconds:.1f} s, "
          f"{env.cr.sql_log_count - queries} queries, {len(decided)} matched")  # fmt: skip
    env.cr.rollback()
    env.invalidate_all()


def time_single(env, documents, samples=200):
    """Time suggestions for one line, each asked for by itself, with many open documents."""
    ledger = make_ledger(FINAL_FROM - 2, samples)
    writer = Writer(env)
    copy_open_documents(env, writer, documents)
    ids = writer.copy_ledger(ledger)
    matcher = env["account.bank.matcher"]
    times = []
    for line in ledger.lines:
        record = env["account.bank.statement.line"].browse(ids[line])
        env.invalidate_all()
        started = time.monotonic()
        matcher._suggest(record)
        times.append(1000 * (time.monotonic() - started))
    times.sort()
    say(f"suggestions for one line with {documents} more open documents: median {times[len(times) // 2]:.0f} ms, "
          f"p95 {times[int(len(times) * 0.95)]:.0f} ms, longest {times[-1]:.0f} ms ({len(times)} lines)")  # fmt: skip
    env.cr.rollback()
    env.invalidate_all()
