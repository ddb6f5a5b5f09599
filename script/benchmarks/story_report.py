"""Turns the rows of ``script/bench story`` into a table (printed, as Markdown) and JSON, beside the run before.

Usage: ``story_report.py ROWS.jsonl OUT.json [CHART.svg PAGE.md]``; the table takes the place of the one in the page.
"""

import json
import os
import sys
from pathlib import Path
from statistics import median

import report

NAMES = {"odoo": "Odoo, one after the other", "addon": "this addon", "floor": "the same rows by bare SQL"}

STEPS = {"read": "#d9c8d3", "write": "#714b67", "match": "#a9899d", "book": "#8f8f8f", "write and book": "#714b67"}


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


def chart(ways):
    """A bar a way, a color a step; the scale is linear, so that nothing is flattered."""
    width, left, height = 760, 190, 22
    unit = (width - left - 90) / max(one["all"] for one in ways.values())
    parts, y = [], 10
    for way, name in NAMES.items():
        one, x = ways[way], left
        parts.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{name}</text>')
        for step, color in STEPS.items():
            if step in one:
                parts.append(
                    f'<rect x="{x:.1f}" y="{y}" width="{one[step] * unit:.1f}" height="{height - 4}" fill="{color}"/>'
                )
                x += one[step] * unit
        parts.append(f'<text x="{x + 6:.1f}" y="{y + 14}">{one["all"]:.2f} ms</text>')
        y += height + 4
    x = left
    for step in ("read", "write", "match", "book"):
        parts.append(f'<rect x="{x}" y="{y + 6}" width="12" height="12" fill="{STEPS[step]}"/>')
        parts.append(f'<text x="{x + 17}" y="{y + 17}">{step}</text>')
        x += 80
    return report.picture(width, y + 50, parts, left, "milliseconds a bank transaction, less is better")


def put_table(page, said):
    """Put the table in the place of the one before."""
    text = page.read_text(encoding="utf-8")
    start = text.index(said[0])
    page.write_text(text[:start] + "\n".join(said) + text[text.index("\n\n", start) :], encoding="utf-8")


def changes(ways, before):
    """Sentences about what is slower or faster than in the run before, against the floor of its own run."""
    for step in ("read", "write", "match", "book", "all"):
        now = ways["addon"][step] / ways["floor"]["all"]
        then = before["addon"][step] / before["floor"]["all"]
        yield f"{step}: {now:.2f} times the floor, {then:.2f} in the run before ({now / then - 1:+.0%})"


def main(source, out, chart_file=None, page=None):
    rows = [json.loads(line) for line in Path(source).read_text(encoding="utf-8").splitlines()]
    ways = summary(rows)
    said = list(table(ways))
    if chart_file:
        Path(chart_file).write_text(chart(ways), encoding="utf-8")
    if page:
        put_table(Path(page), said)
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
