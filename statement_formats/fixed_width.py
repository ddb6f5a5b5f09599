"""Files of records with a fixed width: a field is the text between two positions of a line.

Positions are counted from 1 and both ends belong to the field, as the banks' own descriptions number them.
"""

import calendar
from datetime import date
from decimal import Decimal

from .amounts import DIGITS_WHOLE_MAX
from .dates import YEAR_MAX, YEAR_MIN, full_year
from .errors import StatementFormatError
from .sentence import _lt
from .text import decode, is_encoded_as, split_lines

# What a character of more than one byte is followed by where the bank has counted bytes; it is no part of the text.
_FILLER = "\u2060"
_LETTERS = frozenset(
    "áčďéěíĺľňóôŕřšťúůýžÁČĎÉĚÍĹĽŇÓÔŔŘŠŤÚŮÝŽ"  # Czech, Slovak
    "àâçèêëîïñöùûüäãõßÀÂÇÈÊËÎÏÑÖÙÛÜÄÃÕ°ºª"  # French, Spanish, Portuguese, Dutch, German
)
_BYTES_SAMPLED = 1 << 18
# What banks in the west of Europe and in Brazil write: Windows and DOS.
WESTERN_ENCODINGS = ("cp1252", "cp850")


class Record:
    """One line of the file.

    :param format_name: name of the format (str), for refusals
    :param number: line number in the file, from 1
    :param text: the line, filled with blanks up to the width of the format
    :param length: number of characters that the file has for it
    """

    __slots__ = ("format_name", "number", "text", "length")

    def __init__(self, format_name, number, text, length):
        self.format_name, self.number, self.text, self.length = format_name, number, text, length

    def field(self, first, last):
        """Give the text between two positions, blanks included."""
        return self.text[first - 1 : last].replace(_FILLER, "")

    def part(self, first, last):
        """Give the text between two positions without the blanks around it."""
        return self.text[first - 1 : last].replace(_FILLER, "").strip()

    def refused(self, reason):
        """Give the refusal of the file because of this line.

        :param reason: ``Sentence``, a clause without a full stop
        :return: ``StatementFormatError``
        """
        return StatementFormatError(
            _lt(
                "Line %(line)s of the %(format)s file: %(reason)s. The file is damaged, cut off or changed. Please "
                "download it from the bank again.",
                line=self.number,
                format=self.format_name,
                reason=reason,
            )
        )

    def reaching(self, last):
        """Give this record, after a look at whether it is long enough.

        :param last: the position that it has to reach
        :raise StatementFormatError: it is shorter
        """
        if self.length < last:
            raise self.refused(
                _lt(
                    "it has %(count)s characters where at least %(least)s are needed",
                    count=self.length,
                    least=last,
                )
            )
        return self

    def digits(self, first, last, what):
        """Give a field of digits, without blanks around them.

        :param what: name of the field, a ``Sentence``
        :return: str of at least one digit
        :raise StatementFormatError: it is anything else
        """
        text = self.part(first, last)
        if not (text.isascii() and text.isdigit()):
            raise self.refused(_lt('%(what)s "%(text)s" is not a whole number', what=what, text=text[:30]))
        return text

    def money(self, first, last, decimals, what):
        """Give an amount that is written without its decimal mark.

        :param decimals: number of digits after the mark
        :param what: name of the field, a ``Sentence``
        :return: ``Decimal``, never negative
        :raise StatementFormatError: anything but digits, or more than any bank account can hold
        """
        return self.scaled(self.digits(first, last, what), decimals, what)

    def scaled(self, digits, decimals, what):
        """Give digits as an amount with its decimals; see ``money``."""
        amount = Decimal(digits).scaleb(-decimals)
        if decimals > 2 and digits.endswith("0" * (decimals - 2)):
            # Three places for every currency: most have two.
            amount = amount.quantize(Decimal("0.01"))
        if amount and amount.adjusted() >= DIGITS_WHOLE_MAX:
            raise self.refused(
                _lt('%(what)s "%(text)s" is larger than any bank account can hold', what=what, text=digits[:30])
            )
        return amount

    def day(self, first, last, order, what):
        """Give a date.

        :param order: ``dmy`` or ``ymd``, six digits, or eight with a year of four
        :param what: name of the field, a ``Sentence``
        :return: ``datetime.date``
        :raise StatementFormatError: not a possible date of a bank statement
        """
        found = self._read_day(first, last, order)
        if found is None:
            raise self.refused(
                _lt(
                    '%(what)s "%(text)s" is not a possible date of a bank statement',
                    what=what,
                    text=self.part(first, last)[:30],
                )
            )
        return found

    def value_day(self, first, last, order, remarks):
        """Give a date that touches no money: None where there is none, with a remark where it is impossible.

        Banks that count 30 days a month write 30 February: that is the month's last day.
        """
        text = self.part(first, last)
        if not text.strip("0"):
            return None
        found = self._read_day(first, last, order)
        if found is None:
            found = self._read_day(first, last, order, has_30_days=True)
            if found is None:
                remarks.add(_lt("Impossible value dates are left out"), self, text)
            else:
                remarks.add(
                    _lt("Value dates that the calendar does not have are taken as the month's last day"), self, text
                )
        return found

    def _read_day(self, first, last, order, has_30_days=False):
        """Read six or eight digits as a date; None where they are none."""
        text = self.part(first, last)
        if not (text.isascii() and text.isdigit()) or len(text) not in (6, 8):
            return None
        width = len(text) - 4
        if order == "dmy":
            day, month, year = int(text[:2]), int(text[2:4]), int(text[4:])
        else:
            year, month, day = int(text[:width]), int(text[width : width + 2]), int(text[width + 2 :])
        year = full_year(year) if width == 2 else year
        if not YEAR_MIN <= year <= YEAR_MAX:
            return None
        if has_30_days and 1 <= month <= 12 and 28 < day <= 30:
            day = min(day, calendar.monthrange(year, month)[1])
        try:
            return date(year, month, day)
        except ValueError:
            return None


class Remarks:
    """What is odd in a file but touches no money, counted by kind: one sentence a kind, however large the file is."""

    def __init__(self):
        self._found = {}

    def say(self, sentence):
        """Add a warning about the file as a whole (``Sentence`` with its full stop)."""
        self._found.setdefault(sentence)

    def add(self, what, record, text=""):
        """Count one more of a kind.

        :param what: ``Sentence``, a clause without a full stop
        :param record: the ``Record`` where it is found
        :param text: the text that is odd
        """
        self._found.setdefault(what, [record.number, text[:40], 0])[2] += 1

    def sentences(self):
        """Give the warnings (tuple of ``Sentence``), in the order in which they were found first."""
        return tuple(what if found is None else self._counted(what, *found) for what, found in self._found.items())

    @staticmethod
    def _counted(what, line, text, count):
        if not text:
            return _lt("%(what)s: %(count)s, first in line %(line)s.", what=what, count=count, line=line)
        return _lt(
            '%(what)s: %(count)s, first in line %(line)s ("%(text)s").', what=what, count=count, line=line, text=text
        )


def _decode(content, encodings):
    """Give (text, encoding): UTF-8 or UTF-16 where it is, else the code page whose letters make the most sense."""
    if b"\0" in content[:_BYTES_SAMPLED] or is_encoded_as(content, "utf-8"):
        return decode(content)
    sample = bytes(byte for byte in content[:_BYTES_SAMPLED] if byte >= 0x80)

    def score(encoding):
        return sum(char in _LETTERS for char in sample.decode(encoding, "ignore"))

    for encoding in sorted(encodings, key=score, reverse=True):
        try:
            return decode(content, encoding)
        except StatementFormatError:
            continue
    return decode(content, "latin-1")


def _counts_bytes(lines, width):
    """Tell whether the bank has counted the bytes of UTF-8 in place of characters.

    :param lines: iterable of str
    :return: bool; False as soon as one line with an accent has its width in characters
    """
    is_found = False
    for line in lines:
        if line.isascii():
            continue
        if len(line) == width:
            return False
        is_found = is_found or len(line.encode("utf-8", "replace")) == width
    return is_found


def _with_filler(line):
    """Give a line in which each character takes as many places as it has bytes in UTF-8."""
    return "".join(char + _FILLER * (len(char.encode("utf-8", "replace")) - 1) for char in line)


def _lines(text, width):
    """Give the lines of a text; without any line end, as mainframes send it, pieces of the width."""
    if "\n" in text or "\r" in text:
        return split_lines(text)
    return (text[start : start + width] for start in range(0, len(text), width))


def read_records(content, format_name, width, encodings, *, is_open=False):
    """Give the records of a file one by one; blank lines and end-of-file characters are skipped.

    :param content: bytes
    :param format_name: for refusals
    :param width: number of characters of a record
    :param encodings: names of the code pages that the banks of the country use, the likeliest first
    :param is_open: whether a record may be longer than the width
    :return: generator of ``Record``
    :raise StatementFormatError: not text, or a record that is longer than the width
    """
    text, encoding = _decode(content, encodings)
    text = text.rstrip("\x1a\r\n")
    counts_bytes = encoding.startswith("utf-8") and not text.isascii() and _counts_bytes(_lines(text, width), width)
    for number, line in enumerate(_lines(text, width), start=1):
        line = line.rstrip("\x1a \t")
        if not line:
            continue
        if counts_bytes and not line.isascii():
            line = _with_filler(line)
        record = Record(format_name, number, line.ljust(width), len(line))
        if len(line) > width and not is_open:
            raise record.refused(
                _lt(
                    "it has %(count)s characters where a record has %(width)s",
                    count=len(line),
                    width=width,
                )
            )
        yield record


def check_count(remarks, text, *counts):
    """Warn where the number of records that the bank states is not the one in the file.

    The amounts are proven by sums and balances, so a missing or added record can only be one of text.

    :param remarks: ``Remarks``, text: what the bank states (str), counts: numbers (int) that are right
    """
    width = 10 ** len(text)
    if text.isascii() and text.isdigit() and int(text) not in [count % width for count in counts]:
        remarks.say(
            _lt(
                "The bank states %(stated)s records, the file holds %(count)s. The amounts agree with the balances.",
                stated=int(text),
                count=counts[0],
            )
        )


def check_closing(record, account, opening, lines, closing):
    """Compare the closing balance with the opening one and the entries.

    :param record: the ``Record`` with the closing balance
    :param account: account number (str)
    :param opening: ``Decimal``, closing: ``Decimal``
    :param lines: list of ``Line``
    :raise StatementFormatError: they differ, so an entry is missing or wrong
    """
    total = sum((line.amount for line in lines), Decimal(0))
    if opening + total != closing:
        raise record.refused(
            _lt(
                "the closing balance of account %(account)s is %(closing)s, but the opening balance of %(opening)s "
                "and the entries of %(total)s make %(sum)s",
                account=account,
                closing=closing,
                opening=opening,
                total=total,
                sum=opening + total,
            )
        )
