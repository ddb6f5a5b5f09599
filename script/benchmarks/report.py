"""Turns the bench's measurements into a table (printed, as Markdown), a JSON file and a chart (SVG).

Usage: ``report.py MEASUREMENTS.jsonl OUT.json OUT.svg``
"""

import json
import os
import sys

NAMES = {
    "partner_loop": "Odoo, one partner at a time",
    "one_call": "Odoo, one call",
    "addon": "this addon",
    "floor": "bare SQL (the floor)",
}
LEDGERS = {
    "three": "five invoices of three items, five payments",
    "one": "five invoices of one item, five payments",
    "mixed": "most pay exactly",
}
COLORS = {"partner_loop": "#b0b0b0", "one_call": "#8f8f8f", "addon": "#714b67", "floor": "#d9c8d3"}


def _ledger(row):
    return f"{row['lines']:,} open lines: {LEDGERS[row['ledger']]}"


def complete(rows):
    """Add milliseconds a partial, and the ratios to this addon."""
    for row in rows:
        row["ms_a_partial"] = 1000 * row["seconds"] / row["partials"]
    ours = {_ledger(row): row["ms_a_partial"] for row in rows if row["contender"] == "addon"}
    for row in rows:
        row["ratio"] = row["ms_a_partial"] / ours[_ledger(row)]
    same = {}
    for row in rows:
        if row["contender"] in ("addon", "floor"):
            same.setdefault(_ledger(row), set()).add((row["partials"], *row["state"]))
    for ledger, states in same.items():
        if len(states) > 1:
            sys.exit(f"{ledger}: the addon and the floor did not write the same: {sorted(states)}")
    return rows


def table(rows):
    lines = [
        "| ledger | | seconds | partials | ms a partial | against this addon | peak memory | queries |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        lines.append(
            f"| {_ledger(row)} | {NAMES[row['contender']]} | {row['seconds']:.1f} | {row['partials']:,} | "
            f"{row['ms_a_partial']:.2f} | {row['ratio']:.1f} x | {row['peak_mb']} MB | {row['queries']:,} |"
        )
    return "\n".join(lines)


def chart(rows):
    """Bars of milliseconds a partial, a group a size; the scale is linear, so that nothing is flattered."""
    width, bar, left, unit = 760, 20, 210, 0
    longest = max(row["ms_a_partial"] for row in rows)
    unit = (width - left - 90) / longest
    parts, y = [], 10
    for ledger in dict.fromkeys(map(_ledger, rows)):
        y += 22
        parts.append(f'<text x="10" y="{y - 6}" font-weight="bold">{ledger}</text>')
        for row in (row for row in rows if _ledger(row) == ledger):
            length = max(1, row["ms_a_partial"] * unit)
            parts.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{NAMES[row["contender"]]}</text>')
            parts.append(
                f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{bar - 4}" fill="{COLORS[row["contender"]]}"/>'
            )
            parts.append(f'<text x="{left + length + 6:.1f}" y="{y + 14}">{row["ms_a_partial"]:.2f} ms</text>')
            y += bar
    return picture(width, y + 34, parts, left, "milliseconds a partial, less is better")


def picture(width, height, parts, left, caption):
    """The parts of a chart on white, with a caption below."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="13" fill="#222"><rect width="100%" height="100%" fill="white"/>{"".join(parts)}'
        f'<text x="{left}" y="{height - 12}" fill="#666">{caption}</text></svg>\n'
    )


def main(source, json_file, svg_file):
    with open(source) as measurements:
        rows = complete([json.loads(line) for line in measurements])
    load = " ".join(f"{figure:.1f}" for figure in os.getloadavg())
    with open(json_file, "w") as out:
        json.dump({"processors": os.cpu_count(), "load_at_end": load, "rows": rows}, out, indent=1)
        out.write("\n")
    with open(svg_file, "w") as out:
        out.write(chart(rows))
    sys.stdout.write(f"{table(rows)}\n\n{os.cpu_count()} processors, load at the end {load}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
