"""Feed one format's reader with files that a coverage-guided fuzzer makes up.

``script/prove fuzz`` starts one process a format.

Usage: fuzz_statements.py FORMAT FOLDER SECONDS
"""

import io
import logging
import sys
import zipfile
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
with atheris.instrument_imports(include=["statement_formats"]):
    import statement_formats as formats
    from statement_formats import settlements

SECONDS_PER_FILE = 10
BYTES_MAX = 20_000


class Unforeseen(logging.Handler):
    """An error that was not foreseen is turned into a refusal, but logged: here it is a finding."""

    def emit(self, record):
        raise AssertionError(record.getMessage()) from (record.exc_info or [None, None])[1]


def packed(name, parts, content):
    """An archive with the bytes of one part made up."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for part, was in parts.items():
            archive.writestr(part, content if part == name else was)
    return target.getvalue()


def check(content):
    """Read a file: statements whose amounts and dates can be, or a refusal that is a sentence."""
    try:
        parsed = formats.parse("fuzz", content)
    except formats.StatementFormatError as error:
        assert str(error).startswith("fuzz: ") and str(error).endswith("."), str(error)
        return
    for statement, ids in zip(parsed.statements, parsed.unique_ids(), strict=True):
        assert len(statement.lines) == len(ids)
        for line in statement.lines:
            assert line.amount.is_finite() and (line.amount or not line.amount.is_signed())
            assert 1980 <= line.date.year <= 2079


def check_settlements(content):
    """Read a settlement report: payouts that add up, or a refusal that is a sentence."""
    try:
        file = settlements.parse("fuzz", content)
    except formats.StatementFormatError as error:
        assert str(error).startswith("fuzz: ") and str(error).endswith("."), str(error)
        return
    for settlement in file.settlements:
        assert settlement.reference and 1980 <= settlement.payout_date.year <= 2079
        assert not settlement.is_itemized or settlement.amount_gross + settlement.amount_fees == settlement.amount_net


def main(kind, folder, seconds):
    logging.getLogger(formats.__name__).addHandler(Unforeseen())
    seeds = folder / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    one_input = check
    fixtures = sorted((ROOT / "tests" / "statements").glob(f"{kind}*"))
    if kind == "ofx":
        fixtures += sorted((ROOT / "tests" / "statements").glob("qfx*"))
    if kind == "mt940":
        fixtures += sorted((ROOT / "tests" / "statements").glob("mt942*"))
    if kind == "camt_zip":
        fixtures = sorted((ROOT / "tests" / "statements").glob("zip_camt*"))
    if kind == "xls":
        fixtures = sorted((ROOT / "tests" / "statements").glob("xls_*"))
    if kind == "spreadsheetml":
        fixtures = sorted((ROOT / "tests" / "statements").glob("xml_spreadsheet*"))
    if kind == "settlements":
        one_input = check_settlements
        fixtures = sorted((ROOT / "tests" / "settlements").iterdir())
    if kind in ("xlsx", "camt_zip"):
        # The fuzzer knows no checksums: it makes up a part of the archive, or the packed file itself.
        with zipfile.ZipFile(fixtures[0]) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        names = sorted(parts)

        def one_input(content):
            if not content or content[0] >= len(names):
                check(content)
            else:
                check(packed(names[content[0]], parts, content[1:]))

        for number, name in enumerate(names):
            (seeds / f"part{number}").write_bytes(bytes([number]) + parts[name])
    for path in fixtures:
        (seeds / path.name).write_bytes(path.read_bytes())
    options = [
        f"-max_total_time={seconds}", f"-timeout={SECONDS_PER_FILE}", f"-max_len={BYTES_MAX}", "-print_final_stats=1",
        "-rss_limit_mb=1024", f"-artifact_prefix={folder}/",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(folder / "seen"), str(seeds)], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
