"""What matching got right and wrong, counted, and printed as a report."""

import sys
from collections import Counter, defaultdict
from math import log2

# Edges of the calibration table.
BINS = (0, 0.01, 0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999, 1.01)


def say(text=""):
    """Write a line of the report."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Tally:
    """What came out, over all seeds."""

    def __init__(self):
        self.count = Counter()
        self.by_scenario = defaultdict(Counter)
        self.bins = defaultdict(lambda: [0, 0, 0.0])
        self.wrong = []
        self.missed = []
        self.below = []
        self.scores = []

    def add(self, line, suggestions, decided, truth, explain):
        """Compare one line with the truth.

        :param truth: list of sets of (model, id), each a right answer; empty where nothing is right
        """
        tally = self.by_scenario[line.scenario]
        hit = next((rank for rank, one in enumerate(suggestions) if frozenset(one.records) in truth), None)
        for counter in (self.count, tally):
            counter["lines"] += 1
            counter["matchable"] += line.is_matchable
            if truth:
                counter["answerable"] += 1
                counter["first"] += hit == 0
                counter["top3"] += hit is not None and hit < 3
                if line.is_matchable:
                    counter["matchable_top3"] += hit is not None and hit < 3
            if decided is not None:
                is_right = frozenset(decided.records) in truth and line.is_whole
                counter["automatic"] += 1
                counter["right"] += is_right
                counter["recalled"] += is_right and line.is_matchable
                if not is_right and counter is self.count:
                    self.wrong.append((line, decided, explain))
        if line.is_matchable and decided is None:
            self.missed.append((line, suggestions[:2], truth, explain))
        if truth and (hit is None or hit > 2):
            self.below.append((line, suggestions[: max(4, (hit or 0) + 1)], truth, explain))
        none = suggestions[0].none if suggestions else 0.0
        self.scores.append((none, [(one.score, frozenset(one.records) in truth) for one in suggestions]))
        for one in suggestions:
            low = max(edge for edge in BINS if edge <= one.probability)
            is_right = frozenset(one.records) in truth
            row = self.bins[low]
            row[0] += 1
            row[1] += is_right
            row[2] += one.probability


def truth_of(line, ids):
    """Give the right answers of a line: sets of (model, id)."""
    if not line.truth:
        return []
    models = {"Document": "account.move", "Payment": "account.payment", "Line": "account.bank.statement.line"}
    return [frozenset((models[type(one).__name__], ids[one]) for one in line.truth)]


def report(tally, verbose):
    """Print the figures."""
    count = tally.count
    say(f"lines {count['lines']}, matchable {count['matchable']}, with an answer {count['answerable']}")
    say(f"automatic {count['automatic']}: precision {share(count['right'], count['automatic'])}")
    say(
        f"recall: {share(count['recalled'], count['matchable'])} of the matchable lines matched by themselves and right"
    )
    say(f"top 3: {share(count['top3'], count['answerable'])} of the lines with an answer "
          f"(of the matchable ones {share(count['matchable_top3'], count['matchable'])}); "
          f"first {share(count['first'], count['answerable'])}")  # fmt: skip
    say(f"\n{'scenario':16} {'lines':>6} {'matchable':>9} {'automatic':>9} {'right':>6} {'recall':>8} {'top 3':>8}")
    for name, row in sorted(tally.by_scenario.items()):
        say(f"{name:16} {row['lines']:6} {row['matchable']:9} {row['automatic']:9} {row['right']:6} "
              f"{share(row['recalled'], row['matchable']):>8} {share(row['top3'], row['answerable']):>8}")  # fmt: skip
    say(f"\n{'probability':>18} {'suggestions':>11} {'said':>8} {'true':>8}")
    for low, high in zip(BINS, BINS[1:], strict=False):
        total, right, said = tally.bins.get(low, (0, 0, 0.0))
        if total:
            say(f"{low:8.3f} - {min(high, 1):6.3f} {total:11} {said / total:8.4f} {right / total:8.4f}")
    if verbose:
        for title, rows in (
            ("WRONG", tally.wrong[:verbose]),
            ("MISSED", tally.missed[:verbose]),
            ("BELOW THE THIRD", tally.below[:verbose]),
        ):
            for line, found, *more in rows:
                say(f"\n{title} {line.scenario} {line.amount} {line.day} {line.label!r} {line.name!r} {line.account!r}")
                for one in line.truth:
                    say(f"   paid: {one.owner.name if one.owner else ''} {one.amount} {one.day}")
                for one in found if isinstance(found, list) else [found]:
                    is_true = bool(more[0]) and isinstance(found, list) and frozenset(one.records) in more[0]
                    say(f"   {one.probability:.4f} {one.score:6.1f} {one.note} {'TRUE' * is_true} {one.records[:3]}")
                    for reason in one.reasons:
                        say(f"        {reason.weight:+6.1f} {reason.kind} {reason.params}")


def share(part, whole):
    return f"{100 * part / whole:.2f} %" if whole else "-"


def fit(tally, probabilities):
    """Say which calibration makes what happened likeliest.

    :param probabilities: ``engine.bank_matching.scoring.probabilities``
    """
    best = None
    for step in range(50, 121):
        loss = 0.0
        for none, line in tally.scores:
            shares = probabilities([score for score, _right in line], step / 100, none)
            right = [share for share, (_score, is_right) in zip(shares, line, strict=True) if is_right]
            loss -= log2(max(right[0] if right else 1 - sum(shares), 1e-6))
        if best is None or loss < best[0]:
            best = loss, step / 100
    say(f"\nCALIBRATION = {best[1]:.2f}, at {best[0] / len(tally.scores):.4f} bits a line")
