"""Dates as banks write them; the order of day and month is proven from the whole file or asked for."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from .errors import StatementFormatError
from .sentence import _lt
from .text import DIGITS, fold

# A bank statement outside these years is a damaged one; SWIFT reads two-digit years 80-99 as 1980-1999.
YEAR_MIN, YEAR_MAX = 1980, 2079
ORDERS = ("dmy", "mdy", "ymd")

_MONTHS = {}
for _number, _names in enumerate(
    (
        "jan january janvier janv januar jaen januari ene enero gennaio gen janeiro styczen stycznia sty leden "
        "ledna jaanuar ianuarie ian janvaris ocak tammi tammikuu tammikuuta",
        "feb february fevrier fevr fev februar februari febrero febbraio fevereiro luty lutego lut unor unora "
        "veebruar februarie februaris subat helmi helmikuu helmikuuta",
        "mar march mars maerz marz mrz marzo maart mrt marco marzec marca brezen brezna marts marcius marc martie "
        "mart maalis maaliskuu maaliskuuta",
        "apr april avril avr abr abril aprile kwiecien kwietnia kwi duben dubna aprilis aprill aprilie nisan huhti "
        "huhtikuu huhtikuuta",
        "may mai mayo mei maggio mag maio maj maja kveten kvetna majus maijs mayis touko toukokuu toukokuuta",
        "jun june juin juni junio giugno giu junho czerwiec czerwca cze cerven cervna junius juuni iunie iun junijs "
        "haziran kesa kesakuu kesakuuta",
        "jul july juillet juil juli julio luglio lug julho lipiec lipca lip cervenec cervence julius juuli iulie "
        "iul julijs temmuz heina heinakuu heinakuuta",
        "aug august aout ago agosto augustus augusti augusztus sierpien sierpnia sie srpen srpna augusts agustos "
        "elo elokuu elokuuta",
        "sep sept september septembre septiembre settembre set setembro wrzesien wrzesnia wrz zari szeptember szept "
        "septembrie septembris eylul syys syyskuu syyskuuta",
        "oct october octobre okt oktober octubre ottobre ott outubro out pazdziernik pazdziernika paz rijen rijna "
        "oktoober octombrie oktobris ekim loka lokakuu lokakuuta",
        "nov november novembre noviembre novembro listopad listopada listopadu lis noiembrie noi novembris kasim "
        "marras marraskuu marraskuuta",
        "dec december decembre dez dezember dic diciembre dicembre dezembro grudzien grudnia gru prosinec prosince "
        "desember detsember decembrie decembris aralik joulu joulukuu joulukuuta",
    ),
    start=1,
):
    _MONTHS.update(dict.fromkeys(_names.split(), _number))

# "2026年4月1日", "2026년 4월 1일".
_WRITTEN = DIGITS | str.maketrans("年月日년월일", "-- -- ")
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_TIME = re.compile(
    r"(?:[T\s,]+|(?<=\d{4}))\d{1,2}[:.]\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?"
    r"\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?$"
)
_WEEKDAY = re.compile(r"^[^\W\d_]+[.,]?\s+(?=\d)")


def full_date(year, month, day, text):
    """Give the date, or refuse one that the calendar does not have or that is out of all bounds.

    :param year: int, month: int, day: int, text: the date as the file has it, for the refusal
    :return: ``datetime.date``
    :raise StatementFormatError: impossible date, or a year outside 1980-2079
    """
    try:
        found = date(year, month, day)
    except (ValueError, OverflowError):
        found = None
    if found is None or not YEAR_MIN <= year <= YEAR_MAX:
        raise StatementFormatError(
            _lt(
                '"%(text)s" is not a possible date of a bank statement. Please check the file or ask '
                "the bank for a new one.",
                text=text[:40],
            )
        )
    return found


def full_year(year):
    """Read a two-digit year: 80-99 are 1980-1999, all others 20xx (SWIFT user handbook, format YYMMDD)."""
    return year + (1900 if year >= 80 else 2000) if year < 100 else year


@lru_cache(maxsize=4096)
def iso_date(text):
    """Read ``2026-04-03``, alone or before a time (ISO 8601); the bank's own day stays, whatever its time zone.

    :raise StatementFormatError: anything else
    """
    match = re.match(r"\s*(\d{4})-(\d\d)-(\d\d)(?![\d])", text, re.ASCII)
    if not match:
        return full_date(0, 0, 0, text)
    return full_date(*map(int, match.groups()), text)


@lru_cache(maxsize=4096)
def compact_date(text):
    """Read ``YYYYMMDD`` or ``YYMMDD`` at the start of a text (OFX, SWIFT, BAI2).

    :raise StatementFormatError: anything else
    """
    match = re.match(r"\s*(\d{4}|\d{2})(\d\d)(\d\d)(?!\d{1,3}(?!\d))", text, re.ASCII)
    if not match:
        return full_date(0, 0, 0, text)
    year, month, day = map(int, match.groups())
    return full_date(full_year(year), month, day, text)


_YEAR_MONTH_DAY = re.compile(r"\s*(\d{4}|\d{2})-?(\d\d)-?(\d\d)(?!\d{1,3}(?!\d))", re.ASCII)


@lru_cache(maxsize=4096)
def month_end(text):
    """Give the last day of February for the 29th or 30th that some banks write.

    Banks that count interest by months of 30 days (30/360) write 30 February as a value date.

    :param text: str that starts with ``YYYYMMDD``, ``YYMMDD`` or ``YYYY-MM-DD``
    :return: ``datetime.date``, or None where the text is not such a date
    """
    match = _YEAR_MONTH_DAY.match(text)
    if not match:
        return None
    year, month, day = map(int, match.groups())
    year = full_year(year)
    if month != 2 or day not in (29, 30) or not YEAR_MIN <= year <= YEAR_MAX:
        return None
    return date(year, 2, monthrange(year, 2)[1])


def booking_date(text, read, warnings):
    """Read a date that an entry needs, taking 30 February for the month's last day.

    :param text: str
    :param read: ``iso_date`` or ``compact_date``
    :param warnings: list to which a ``Sentence`` is added where the calendar does not have the date
    :return: ``datetime.date``
    :raise StatementFormatError: any other impossible date
    """
    try:
        return read(text)
    except StatementFormatError:
        found = month_end(text)
        if found is None:
            raise
        warnings.append(_lt('The date "%(text)s" does not exist; %(day)s is taken.', text=text.strip()[:20], day=found))
        return found


def optional_date(text, read, warnings):
    """Read a date that may be missing (a value date, the date of a balance); an unreadable one is left empty.

    :param text: str, may be empty
    :param read: ``iso_date`` or ``compact_date``
    :param warnings: list to which a ``Sentence`` is added where the date cannot be read
    :return: ``datetime.date`` or None
    """
    # Banks fill a date that they do not have with zeros.
    if not text.strip("0- "):
        return None
    try:
        return booking_date(text, read, warnings)
    except StatementFormatError:
        warnings.append(_lt('"%(text)s" is not a date and is left out.', text=text.strip()[:20]))
        return None


@lru_cache(maxsize=8192)
def _parts(text):
    """Split a written date into three parts: ints, or ('m', month) for a month's name; None if it is no date."""
    if len(text) > 40:
        return None
    text = text.strip() if text.isascii() else text.translate(_WRITTEN).strip()
    text = fold(_TIME.sub("", text).replace("\u2019", "'"))
    # Quicken writes the years from 2000 with an apostrophe, and pads the day with a space: 1/ 5'26.
    parts = _PARTS.findall(text)
    if len(parts) > 3:
        # "Tue 14 April 2026", but not "Apr 14 2026": its first word is no weekday.
        parts = _PARTS.findall(_WEEKDAY.sub("", text))
    if not parts or not all(part.isascii() for part in parts):
        return None
    if len(parts) == 1 and parts[0].isdigit() and len(parts[0]) == 8:
        digits = parts[0]
        if YEAR_MIN <= int(digits[:4]) <= YEAR_MAX and int(digits[4:6]) <= 12:
            return int(digits[:4]), int(digits[4:6]), int(digits[6:]), "year first"
        return int(digits[:2]), int(digits[2:4]), int(digits[4:]), ""
    parts = [part for part in parts if part.lower() not in ("de", "del")]
    if len(parts) != 3:
        return None
    values = []
    for part in parts:
        if part.isdigit():
            if len(part) > 4 or len(part) == 3:
                return None
            values.append(int(part))
        else:
            month = _MONTHS.get(part.lower())
            if month is None:
                return None
            values.append(("m", month))
    first = "year first" if len(parts[0]) == 4 and parts[0].isdigit() else ""
    return (*values, first)


@lru_cache(maxsize=16384)
def read_date(text, order):
    """Read a written date in the given order of its parts; a month's name and a year in front overrule the order.

    :param text: str such as ``03/04/2026``, ``3.4.26``, ``1/ 5'26``, ``3 avril 2026``, ``20260403``
    :param order: ``dmy``, ``mdy`` or ``ymd``
    :return: ``datetime.date``, or None if the text is not a possible date in this order
    """
    parts = _parts(text)
    if parts is None:
        return None
    *values, year_first = parts
    named = [index for index, value in enumerate(values) if isinstance(value, tuple)]
    if len(named) > 1:
        return None
    if year_first:
        year, month, day = values
    elif named:
        month = values[named[0]]
        if named[0] == 2:
            return None
        day, year = (values[0], values[2]) if named[0] == 1 else (values[1], values[2])
    elif order == "ymd":
        year, month, day = values
    else:
        (day, month) = values[:2] if order == "dmy" else values[1::-1]
        year = values[2]
    month = month[1] if isinstance(month, tuple) else month
    if isinstance(day, tuple) or isinstance(year, tuple) or 100 <= year < YEAR_MIN:
        return None
    try:
        found = date(full_year(year), month, day)
    except (ValueError, OverflowError):
        return None
    return found if YEAR_MIN <= found.year <= YEAR_MAX else None


@lru_cache(maxsize=4096)
def written_month_end(text, order):
    """Give the last day of February for a written 29th or 30th that the calendar does not have.

    :param text: str such as ``30.02.2026``
    :param order: ``dmy``, ``mdy`` or ``ymd``
    :return: ``datetime.date``, or None where the text is not such a date
    """
    for day in ("30", "29"):
        if day not in text or read_date(text, order) is not None:
            continue
        before, _day, after = text.rpartition(day) if order == "ymd" or text[:4].isdigit() else text.partition(day)
        found = read_date(f"{before}28{after}", order)
        if found is not None and found.month == 2 and found.day == 28:
            return date(found.year, 2, monthrange(found.year, 2)[1])
    return None


def detect_order(texts):
    """Find from all dates of a file in which order they have day, month and year.

    Proof is a value that only one order allows (a day above 12); dots (nobody writes month first with dots); and,
    from three different days on, that the file is sorted in one order and not in the other.

    :param texts: list of str
    :return: (order, certain): order is ``dmy``, ``mdy``, ``ymd`` or ``''`` if no order reads all of them; certain is
        True if proven, False if only the order of the rows suggests it, None if day and month cannot be
        distinguished
    """
    texts = list(dict.fromkeys(texts))
    # A 30 February proves nothing; see ``written_month_end``.
    real = [
        text
        for text in texts
        if any(read_date(text, order) for order in ORDERS) or not any(written_month_end(text, one) for one in ORDERS)
    ]
    if real and len(real) < len(texts):
        return detect_order(real)
    readings = {order: [read_date(text, order) for text in texts] for order in ("dmy", "mdy")}
    possible = [order for order, dates in readings.items() if all(dates)]
    if not possible:
        readable = bool(texts) and all(read_date(text, "ymd") for text in texts)
        return ("ymd", True) if readable else ("", None)
    if len(possible) == 1:
        return possible[0], True
    if readings["dmy"] == readings["mdy"]:
        is_iso = all((_parts(text) or ("",))[-1] for text in texts)
        return ("ymd" if is_iso else "dmy"), True
    if all("." in text and "/" not in text for text in texts):
        return "dmy", True
    is_sorted = {order: dates in (sorted(dates), sorted(dates, reverse=True)) for order, dates in readings.items()}
    if len(texts) >= 3 and is_sorted["dmy"] != is_sorted["mdy"]:
        return ("dmy" if is_sorted["dmy"] else "mdy"), False
    return "", None


def order_note(order, text):
    """Say which order of day and month was taken where only the order of the rows tells.

    :param order: ``dmy`` or ``mdy``
    :param text: a date as the file writes it
    :return: ``Sentence``
    """
    if order == "dmy":
        return _lt(
            'Dates such as "%(text)s" are read day first, because only then the file is in order of date.',
            text=text[:40],
        )
    return _lt(
        'Dates such as "%(text)s" are read month first, because only then the file is in order of date.',
        text=text[:40],
    )
