"""Turns the rows of ``script/bench story`` into a table (printed, as Markdown) and JSON, beside the run before.

Usage: ``story_report.py ROWS.jsonl OUT.json``
"""

import json
import os
import sys
from pathlib import Path
from statistics import median

NAMES = {"odoo": "Odoo, one after the other", "addon": "this addon", "floor": "the same rows by bare SQL"}


def summary(rows):
    """The medians of all rounds.

    :return: dict way -> dict of ms a transaction a step, ``all``, ``beyond deciding``, and ``peak_mb``
    """
    found = {}
    for way in NAMES:
        own = [row for row in rows if row["way"] == way]
        steps = own[0]["seconds"]
        ms = {step: median(1000 * row["seconds"][step] / row["lines"] for row in own) for step in steps}
        ms["all"] = median(1000 * sum(row["seconds"].values()) / row["lines"] for row in own)
        found[way] = {name: round(value, 3) for name, value in ms.items()} | {
            "lines": own[0]["lines"], "rounds": len(own), "peak_mb": max(row["peak_mb"] for row in own),
        }  # fmt: skip
    return found


def table(ways):
    yield "| | transactions | read | write | match | book | all, ms a transaction | against the addon | peak MB |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    ours = ways["addon"]["all"]
    for way, name in NAMES.items():
        one = ways[way]
        steps = " | ".join(f"{one[step]:.2f}" if step in one else "" for step in ("read", "write", "match", "book"))
        yield (
            f"| {name} | {one['lines']:,} | {steps} | {one['all']:.2f} | {one['all'] / ours:.2f} x | {one['peak_mb']} |"
        )


def changes(ways, before):
    """Sentences about what is slower or faster than in the run before, against the floor of its own run."""
    for step in ("read", "write", "match", "book", "all"):
        now = ways["addon"][step] / ways["floor"]["all"]
        then = before["addon"][step] / before["floor"]["all"]
        yield f"{step}: {now:.2f} times the floor, {then:.2f} in the run before ({now / then - 1:+.0%})"


def main(source, out):
    rows = [json.loads(line) for line in Path(source).read_text(encoding="utf-8").splitlines()]
    ways = summary(rows)
    said = list(table(ways))
    file = Path(out)
    if file.exists():
        earlier = json.loads(file.read_text(encoding="utf-8"))
        said += ["", f"Against the run of {earlier['lines']:,} transactions before:"]
        said += changes(ways, earlier["ways"])
    load = " ".join(f"{figure:.1f}" for figure in os.getloadavg())
    result = {"lines": ways["addon"]["lines"], "processors": os.cpu_count(), "load_at_end": load, "ways": ways}
    file.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join([*said, f"({os.cpu_count()} processors, load {load})", ""]))


if __name__ == "__main__":
    main(*sys.argv[1:])
