"""ZIP archives of CAMT files: one import, and nothing of an archive that is an attack; no database needed."""

import io
import struct
import zipfile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

try:
    from .common.damaged_files import mutated, unpacked
    from .common.statement_files import StatementCase, content, formats, read
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from damaged_files import mutated, unpacked
    from statement_files import StatementCase, content, formats, read


def packed(parts, method=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


class TestCamtZip(StatementCase):
    def assertRefused(self, data, pattern):
        with (
            self.assertNoLogs(formats.__name__, "WARNING"),
            self.assertRaisesRegex(formats.StatementFormatError, pattern) as caught,
        ):
            formats.parse("bank.zip", data)
        self.assertRegex(str(caught.exception), r"(?s)^bank\.zip: .*\.$")

    def test_all_files_of_the_archive_are_one_import(self):
        parsed = read("zip_camt053.zip")
        self.assertEqual(formats.detect(content("zip_camt053.zip")), "camt_zip")
        # It counts as CAMT: the same files unpacked are the same import.
        self.assertEqual((parsed.format, parsed.variant), ("camt", "camt.053.001.08 (ZIP)"))
        alone = [*read("camt053_v08_swiss.xml").statements, *read("camt053_v02_german.xml").statements]
        alone.sort(key=lambda statement: statement.account_number)
        self.assertEqual(list(parsed.statements), alone)
        self.assertEqual(
            parsed.warnings,
            ("Files of the archive that are not CAMT are left out: 1 (20260430/kontoauszug.pdf).",),
        )

    def test_statements_of_one_account_are_in_the_order_of_their_days(self):
        april = content("camt053_v02_german.xml")
        may = april.replace(b"2026-04-30", b"2026-05-04").replace(b"STMT-2026-0084", b"STMT-2026-0085")
        parsed = formats.parse("x", packed({"a.xml": may, "b.xml": april}))
        self.assertEqual([statement.name for statement in parsed.statements], ["STMT-2026-0084", "STMT-2026-0085"])

    def test_the_same_file_twice_is_taken_once(self):
        april = content("camt053_v02_german.xml")
        parsed = formats.parse("x", packed({"a.xml": april, "b.xml": april}))
        self.assertEqual(len(parsed.statements), 1)
        self.assertRegex(parsed.warnings[0], "appears twice in the file and is imported once")

    def test_a_damaged_file_in_the_archive_refuses_all_of_it(self):
        april = content("camt053_v02_german.xml")
        self.assertRefused(
            packed({"a.xml": april, "b.xml": april[:2000]}),
            r"b\.xml in the archive: The XML file is cut off or damaged",
        )
        bomb = b'<!DOCTYPE a [<!ENTITY x "y">]>'
        self.assertRefused(packed({"a.xml": april.replace(b"?>\n", b"?>" + bomb, 1)}), "document type")

    def test_archives_without_camt(self):
        self.assertRefused(packed({"a.csv": b"Date,Amount\n", "b.txt": b""}), r"without a CAMT file.*a\.csv, b\.txt")
        self.assertRefused(packed({}), "without a CAMT file")
        self.assertRefused(packed({"inner.zip": packed({"a.xml": content("camt053_v02_german.xml")})}), "inner.zip")

    def test_names_are_never_paths(self):
        april = content("camt053_v02_german.xml")
        names = ("../../etc/passwd", "C:\\windows\\x.xml", "/etc/shadow", "bad\x07\u202ename.txt")
        parsed = formats.parse("x", packed({"a.xml": april, **dict.fromkeys(names, b"x")}))
        self.assertEqual(len(parsed.statements), 1)
        self.assertIn("4 (", parsed.warnings[0])
        self.assertTrue(all(char.isprintable() for char in parsed.warnings[0]))

    def test_password(self):
        data = bytearray(packed({"a.xml": content("camt053_v02_german.xml")}))
        directory = data.rindex(b"PK\x01\x02")
        data[6] |= 1
        data[directory + 8] |= 1
        self.assertRefused(bytes(data), "protected with a password .a.xml.")

    def test_bombs(self):
        april = content("camt053_v02_german.xml")
        self.assertRefused(packed({"a.xml": april, "b.bin": bytes(200 << 20)}), "unpacks to more than 192 MB")
        self.assertRefused(packed({f"{number}.txt": b"" for number in range(2001)}), "2001 files; at most 2000")
        many = april.replace(b"<TxsSummry>", b"<Ntry/>" * 2_500_000 + b"<TxsSummry>")
        self.assertRefused(packed({"a.xml": many}), "more than 300,000 entries")
        # The size in the directory lies: a byte in place of them all.
        data = bytearray(packed({"a.xml": april}))
        directory = data.rindex(b"PK\x01\x02")
        struct.pack_into("<I", data, directory + 24, 1)
        self.assertRefused(bytes(data), "damaged or cut off")

    def test_damaged_archives(self):
        data = content("zip_camt053.zip")
        for changed in (data[:-30], data[:2000], data[:40], data[:600] + b"\xff" * 40 + data[640:]):
            self.assertRefused(changed, "damaged or cut off|cut off or damaged")
        stored = packed({"a.xml": content("camt053_v02_german.xml")}, zipfile.ZIP_STORED)
        self.assertRefused(stored.replace(b"1497.35", b"1497.36"), "damaged or cut off")

    @settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_any_mutation_inside_an_archive_is_read_or_refused(self, data):
        parts = unpacked(content("zip_camt053.zip"))
        name = data.draw(st.sampled_from(sorted(parts)))
        parts[name] = data.draw(mutated(parts[name]))
        with self.assertNoLogs(formats.__name__, "WARNING"):
            try:
                parsed = formats.parse("fuzz", packed(parts))
            except formats.StatementFormatError as error:
                self.assertRegex(str(error), r"(?s)^fuzz: .+\.$")
                return
        self.assertTrue(parsed.statements)

    def test_workbooks_are_no_such_archives(self):
        for name in ("xlsx_english_balance.xlsx", "xlsx_german_text.xlsx"):
            self.assertEqual(formats.detect(content(name)), "xlsx")
