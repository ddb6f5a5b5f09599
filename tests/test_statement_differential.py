"""What other libraries read from generated files: the same dates, amounts, balances and references as our readers.

Compared is what both sides claim to know; what the other library is known to read differently is not generated:
``mt-940`` gives a reversed credit (RC) as a credit, takes no reference with blanks, and counts the account's number to
the name; ``ofxparse`` cuts white space in its own way.
"""

import io
import warnings
from datetime import date, timedelta
from decimal import Decimal

import mt940 as other_mt940
import ofxparse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ofxtools.Parser import OFXTree

try:
    from odoo.addons.account_reconciliation import statement_formats as formats
    from odoo.tests import BaseCase as TestCase
except ImportError:  # run alone, without Odoo, from the folder of the tests
    from unittest import TestCase

    import statement_formats as formats

SETTINGS = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}
FIRST_DAY = date(2026, 1, 5)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
REFERENCES = st.text(LETTERS[:26] + "0123456789", min_size=3, max_size=16).map(lambda text: "R" + text[:15])
TEXTS = st.lists(st.text(LETTERS, min_size=1, max_size=9), min_size=1, max_size=9).map(" ".join)
CENTS = st.integers(1, 10**11)


@st.composite
def entries(draw):
    """Draw up to six entries in order of date: dicts of what is written into every format."""
    day, found = FIRST_DAY, []
    for number in range(draw(st.integers(1, 6))):
        day += timedelta(days=draw(st.integers(0, 40)))
        found.append(
            {
                "day": day,
                "value": day + timedelta(days=draw(st.integers(-5, 5))),
                "amount": Decimal(draw(CENTS) * draw(st.sampled_from((1, -1)))).scaleb(-2),
                "reference": draw(REFERENCES),
                "mandate": draw(REFERENCES),
                "id": f"B{number:06}",
                "text": draw(TEXTS),
                "name": draw(TEXTS)[:27].strip(),
            }
        )
    return found


OPENINGS = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents).scaleb(-2))


def swift(amount):
    return f"{abs(amount):.2f}".replace(".", ",")


def mt940(rows, opening, details):
    """Write an MT940 file.

    :param rows: list of dict as ``entries`` gives them
    :param opening: opening balance (Decimal)
    :param details: function of a row that gives the lines of its :86:
    """
    closing = opening + sum(row["amount"] for row in rows)
    lines = [":20:STMT1", ":25:37040044/532013000", ":28C:1/1"]
    lines.append(f":60F:{'C' if opening >= 0 else 'D'}{FIRST_DAY:%y%m%d}EUR{swift(opening)}")
    for row in rows:
        mark = "C" if row["amount"] > 0 else "D"
        lines.append(
            f":61:{row['value']:%y%m%d}{row['day']:%m%d}{mark}{swift(row['amount'])}NTRF{row['reference']}//{row['id']}"
        )
        lines.append(f":86:{details(row)}")
    lines.append(f":62F:{'C' if closing >= 0 else 'D'}{rows[-1]['day']:%y%m%d}EUR{swift(closing)}")
    return "\r\n".join([*lines, "-", ""])


def german(row):
    """Give the information field in German subfields, cut at 27 characters and lines of 65."""
    text = f"EREF+{row['reference']}E MREF+{row['mandate']} SVWZ+{row['text']}"
    chunks = [text[start : start + 27] for start in range(0, len(text), 27)]
    numbered = "".join(f"?{number}{chunk}" for number, chunk in zip(range(20, 30), chunks, strict=False))
    field = f"166?00GUTSCHRIFT{numbered}?30GENODEM1MSS?31532013001?32{row['name']}"
    return "\r\n".join(field[start : start + 65] for start in range(0, len(field), 65))


class TestMt940(TestCase):
    maxDiff = None

    def compare(self, source):
        other = other_mt940.parse(source)
        (statement,) = formats.parse("x", source.encode()).statements
        self.assertEqual(statement.balance_start, other.data["final_opening_balance"].amount.amount)
        self.assertEqual(statement.balance_end, other.data["final_closing_balance"].amount.amount)
        self.assertEqual(statement.date_to, other.data["final_closing_balance"].date)
        self.assertEqual(statement.currency, other.data["final_closing_balance"].amount.currency)
        self.assertEqual(statement.account_number, other.data["account_identification"])
        found = [
            (line.value_date, line.date, line.amount, line.currency, line.bank_reference) for line in statement.lines
        ]
        expected = [
            (
                row.data["date"],
                row.data["guessed_entry_date"],
                row.data["amount"].amount,
                row.data["currency"],
                row.data["bank_reference"],
            )
            for row in other
        ]
        self.assertEqual(found, expected)
        return list(zip(statement.lines, [row.data for row in other], strict=True))

    @settings(max_examples=25, **SETTINGS)
    @given(entries(), OPENINGS)
    def test_german_subfields(self, rows, opening):
        for line, other in self.compare(mt940(rows, opening, german)):
            self.assertEqual(line.end_to_end_id, other["end_to_end_reference"].strip())
            self.assertEqual(line.mandate_id, other["additional_position_reference"].strip())
            self.assertEqual(line.bank_text, other["posting_text"])
            self.assertEqual(line.label.replace(" ", ""), other["purpose"].replace(" ", ""))
            name = line.counterparty_name.replace(" ", "")
            self.assertTrue(other["applicant_name"].replace(" ", "").endswith(name))

    @settings(max_examples=25, **SETTINGS)
    @given(entries(), OPENINGS)
    def test_plain_text(self, rows, opening):
        for line, other in self.compare(mt940(rows, opening, lambda row: row["text"])):
            self.assertEqual(line.reference, other["customer_reference"])
            self.assertEqual(line.label, other["transaction_details"])


OFX_HEAD = {
    1: "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:UTF-8\nCHARSET:NONE\nCOMPRESSION:NONE\n"
    "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n",
    2: '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n',
}


def ofx(rows, closing, version):
    """Write an OFX file of version 1 (SGML, elements left open) or 2 (XML)."""

    def field(name, value):
        return f"<{name}>{value}" + (f"</{name}>" if version == 2 else "\n")

    transactions = "".join(
        "<STMTTRN>"
        + field("TRNTYPE", "CREDIT" if row["amount"] > 0 else "DEBIT")
        + field("DTPOSTED", f"{row['day']:%Y%m%d}120000")
        + field("TRNAMT", row["amount"])
        + field("FITID", row["id"])
        + field("CHECKNUM", row["reference"][:12])
        + field("REFNUM", row["reference"])
        + field("NAME", row["name"])
        + field("MEMO", row["text"])
        + "</STMTTRN>"
        for row in rows
    )
    status = "<STATUS>" + field("CODE", 0) + field("SEVERITY", "INFO") + "</STATUS>"
    first, last = f"{FIRST_DAY:%Y%m%d}000000", f"{rows[-1]['day']:%Y%m%d}000000"
    return "".join(
        [
            OFX_HEAD[version],
            "<OFX><SIGNONMSGSRSV1><SONRS>",
            status,
            field("DTSERVER", last),
            field("LANGUAGE", "ENG"),
            "</SONRS></SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS>",
            field("TRNUID", 1),
            status,
            "<STMTRS>",
            field("CURDEF", "EUR"),
            "<BANKACCTFROM>",
            field("BANKID", "121"),
            field("ACCTID", "000123456789"),
            field("ACCTTYPE", "CHECKING"),
            "</BANKACCTFROM><BANKTRANLIST>",
            field("DTSTART", first),
            field("DTEND", last),
            transactions,
            "</BANKTRANLIST><LEDGERBAL>",
            field("BALAMT", closing),
            field("DTASOF", last),
            "</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>",
        ]
    ).encode()


class TestOfx(TestCase):
    maxDiff = None

    @settings(max_examples=25, **SETTINGS)
    @given(entries(), OPENINGS, st.sampled_from((1, 2)))
    def test_ofxtools(self, rows, closing, version):
        source = ofx(rows, closing, version)
        tree = OFXTree()
        tree.parse(io.BytesIO(source))
        (other,) = tree.convert().statements
        (statement,) = formats.parse("x", source).statements
        self.assertEqual(statement.balance_end, other.ledgerbal.balamt)
        self.assertEqual((statement.currency, statement.account_number), (other.curdef, other.account.acctid))
        self.assertEqual(statement.date_from, other.banktranlist.dtstart.date())
        self.assertEqual(statement.date_to, other.banktranlist.dtend.date())
        self.assertEqual(
            [
                (line.date, line.amount, line.bank_reference, line.check_number, line.reference, line.transaction_code)
                for line in statement.lines
            ],
            [
                (row.dtposted.date(), row.trnamt, row.fitid, row.checknum, row.refnum, row.trntype)
                for row in other.transactions
            ],
        )
        for line, row in zip(statement.lines, other.transactions, strict=True):
            self.assertEqual(line.counterparty_name, row.name)
            self.assertTrue(line.label.endswith(row.memo))

    @settings(max_examples=25, **SETTINGS)
    @given(entries(), OPENINGS, st.sampled_from((1, 2)))
    def test_ofxparse(self, rows, closing, version):
        source = ofx(rows, closing, version)
        with warnings.catch_warnings():
            # What it calls in its own parser has new names, and it reads XML as HTML.
            warnings.simplefilter("ignore")
            account = ofxparse.OfxParser.parse(io.BytesIO(source)).account
        (statement,) = formats.parse("x", source).statements
        self.assertEqual(statement.balance_end, account.statement.balance)
        self.assertEqual(statement.account_number, account.account_id)
        self.assertEqual(statement.currency, account.statement.currency.upper())
        self.assertEqual(
            [(line.date, line.amount, line.bank_reference, line.check_number) for line in statement.lines],
            [(row.date.date(), row.amount, row.id, row.checknum) for row in account.statement.transactions],
        )
        for line, row in zip(statement.lines, account.statement.transactions, strict=True):
            self.assertEqual(line.counterparty_name, row.payee)
            self.assertTrue(line.label.endswith(row.memo))
