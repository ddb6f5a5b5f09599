"""Damaged files of records with a fixed width: no digit of an amount changes and no record is lost unseen."""

from unittest.mock import patch

try:
    from .common.statement_files import StatementCase, content, formats, read
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from statement_files import StatementCase, content, formats, read

# Of each format: files, what its records of money begin with and at which positions the money and its mark stand
# (from 1), and how many characters of the first record are needed.
FORMATS = {
    "coda": (("coda_belgian.cod",), {"1": (43, 58), "8": (42, 57), "9": (23, 52)}, "21", (32, 47)),
    "norma43": (
        ("norma43_two_accounts.n43", "norma43_cp850.txt"), {"11": (33, 47), "33": (21, 73)}, "22", (28, 42),
    ),
    "cfonb120": (("cfonb120_two_accounts.txt",), {"01": (91, 104), "07": (91, 104)}, "04", (91, 104)),
    "cnab240": (
        ("cnab240_febraban.ret",), {"00100011": (151, 169), "00100015": (151, 169)}, "00100013", (151, 169),
    ),
    "abo": (("abo_czech_cp1250.gpc", "abo_slovak_cp852.gpc"), {"074": (46, 75)}, "075", (49, 60)),
}  # fmt: skip


def lines_of(name):
    return content(name).replace(b"\r\n", b"\n").split(b"\n")


class TestFixedWidth(StatementCase):
    def refusal(self, lines):
        """Give the sentence with which a file is refused; it names a line."""
        with (
            self.assertNoLogs(formats.__name__, "WARNING"),
            self.assertRaises(formats.StatementFormatError) as caught,
        ):
            formats.parse("bank.txt", b"\r\n".join(lines))
        message = str(caught.exception)
        self.assertRegex(message, r"^bank\.txt: Line \d+ of the .* file: .*\.$")
        return message

    def each(self):
        for name, (files, balances, entry, money) in FORMATS.items():
            for file in files:
                yield name, file, {**balances, entry: money}, entry

    def test_no_digit_of_money_changes_unseen(self):
        count = 0
        for name, file, fields, _entry in self.each():
            lines = lines_of(file)
            for number, line in enumerate(lines):
                kind = next((kind for kind in fields if line.startswith(kind.encode())), None)
                # Details of a sum are explained by it: they are no entries of their own.
                if kind is None or name == "coda" and line[:2] == b"21" and line[6:10] != b"0000":
                    continue
                first, last = fields[kind]
                for place in range(first - 1, last):
                    was = line[place : place + 1]
                    if not was.isalnum():
                        continue
                    new = bytes([was[0] + 1]) if was not in b"9IRZ" else b"8"
                    changed = [*lines[:number], line[:place] + new + line[place + 1 :], *lines[number + 1 :]]
                    with self.subTest(file=file, line=number + 1, place=place + 1):
                        self.refusal(changed)
                        count += 1
        self.assertGreater(count, 500)

    def test_no_entry_is_lost_or_doubled_unseen(self):
        for name, file, _fields, entry in self.each():
            lines = lines_of(file)
            for number, line in enumerate(lines):
                is_part = name == "coda" and line[6:10] != b"0000"
                # Entries of zero move nothing, but are counted where the format counts.
                if not line.startswith(entry.encode()) or is_part:
                    continue
                with self.subTest(file=file, line=number + 1):
                    self.refusal([*lines[:number], *lines[number + 1 :]])
                    self.refusal([*lines[: number + 1], *lines[number:]])

    def test_cut_off_anywhere(self):
        for _name, file, _fields, _entry in self.each():
            lines = lines_of(file)
            whole = read(file).statements
            for count in range(1, len(lines)):
                with self.subTest(file=file, lines=count):
                    try:
                        statements = formats.parse("x", b"\n".join(lines[:count])).statements
                    except formats.StatementFormatError:
                        continue
                    # What is left are whole statements, and texts of the last entry may be missing.
                    for statement, original in zip(statements, whole, strict=False):
                        self.assertEqual(statement.balance_end, original.balance_end)
                        self.assertEqual(
                            [line.amount for line in statement.lines], [line.amount for line in original.lines]
                        )

    def test_records_of_wrong_lengths(self):
        for _name, file, fields, entry in self.each():
            lines = lines_of(file)
            number = next(number for number, line in enumerate(lines) if line.startswith(entry.encode()))
            last = fields[entry][1]
            for changed in (lines[number][: last - 1], lines[number][:5], lines[number][:3] + lines[number][5:]):
                with self.subTest(file=file, changed=changed):
                    message = self.refusal([*lines[:number], changed, *lines[number + 1 :]])
                    self.assertRegex(message, rf"Line ({number + 1}|\d+) of")
        for file in (
            "coda_belgian.cod",
            "norma43_two_accounts.n43",
            "cfonb120_two_accounts.txt",
            "cnab240_febraban.ret",
        ):
            lines = lines_of(file)
            with self.subTest(file=file):
                self.assertRegex(
                    self.refusal([lines[0], lines[1].ljust(250, b" ") + b"x", *lines[2:]]),
                    "Line 2 .* it has 251 characters where a record has",
                )

    def test_records_in_the_wrong_order(self):
        for _name, file, _fields, _entry in self.each():
            lines = [line for line in lines_of(file) if line.strip(b"\x1a")]
            with self.subTest(file=file, how="first record twice"):
                self.refusal([lines[0], lines[0], *lines[1:]])
            with self.subTest(file=file, how="unknown record"):
                self.assertRegex(
                    self.refusal([*lines[:2], b"7" * len(lines[1]), *lines[2:]]),
                    "Line 3 .* (unknown|belongs to no batch|is before)",
                )
            with (
                self.subTest(file=file, how="second record before the first"),
                self.assertRaises(formats.StatementFormatError),
            ):
                formats.parse("x", b"\n".join([lines[1], lines[0], *lines[2:]]))

    def test_more_entries_than_memory_is_meant_for(self):
        for name, file, _fields, _entry in self.each():
            module = formats.FORMATS[name]
            entries = sum(len(statement.lines) for statement in read(file).statements)
            with (
                self.subTest(file=file),
                patch.object(module, "LINES_MAX", entries - 1),
                self.assertRaisesRegex(formats.StatementFormatError, "holds more than 300,000 entries"),
            ):
                formats.parse("x", content(file))

    def test_utf8_of_a_bank_that_counts_bytes(self):
        # Two bytes of an accent have pushed the fields after it to the right, and the line has its width in bytes.
        lines = lines_of("coda_belgian.cod")
        number = next(number for number, line in enumerate(lines) if b"\xc9TOILE " in line and line[:2] == b"23")
        lines[number] = lines[number].replace(b"\xc9TOILE ", "ÉTOILE".encode())
        self.assertEqual(len(lines[number]), 128)
        others = [line.decode("cp1252").encode("ascii", "replace") for line in lines]
        others[number] = lines[number]
        (statement,) = formats.parse("x", b"\n".join(others)).statements
        self.assertEqual(statement.lines[0].counterparty_name, "BRASSERIE DE L'ÉTOILE")

    def test_utf8_of_a_bank_that_counts_characters_and_cuts_blanks(self):
        source = content("abo_czech_cp1250.gpc").decode("cp1250")
        self.assertTrue(any(not line.isascii() for line in source.splitlines()))
        cut = "\n".join(line.rstrip() for line in source.splitlines()).encode()
        self.assertEqual(
            [line.counterparty_name for line in formats.parse("x", cut).statements[0].lines],
            [line.counterparty_name for line in read("abo_czech_cp1250.gpc").statements[0].lines],
        )

    def test_end_of_file_characters_and_blank_lines(self):
        for _name, file, _fields, _entry in self.each():
            lines = [line for line in lines_of(file) if line.strip(b"\x1a")]
            changed = b"\r\n\r\n".join(lines) + b"\r\n \r\n\x1a\x1a"
            with self.subTest(file=file):
                was, now = read(file).statements, formats.parse("x", changed).statements
                self.assertEqual([statement.lines for statement in now], [statement.lines for statement in was])
