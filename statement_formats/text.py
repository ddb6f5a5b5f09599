"""From bytes to text: the encodings that banks use, and the small changes that every reader makes to a text."""

import codecs
import re
import unicodedata
from functools import lru_cache

from .errors import StatementFormatError
from .sentence import _lt

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Encodings of files that are not Unicode, the more usual first: with equal evidence the first one is taken.
LEGACY_ENCODINGS = (
    "cp1252", "cp1250", "mac_roman", "cp850", "cp852", "cp437", "cp1257", "cp1254", "cp1251", "cp1253", "iso8859_2",
    "mac_latin2", "cp866", "cp775", "cp1255", "cp1256", "cp932", "gb18030", "big5", "euc_kr",
)  # fmt: skip
# Words that are plain ASCII in any encoding, and the encodings that files in their language have.
_LANGUAGES = (
    ("kwota|operacji|rachun|zustatek|popis|datum zau|egyenleg|konyvel|nyvel|zlem|tranzakci|iznos|racun|sold |znesek",
     ("cp1250", "cp852", "iso8859_2", "mac_latin2")),
    ("tarih|tutar|bakiye|klama", ("cp1254",)),
    ("mok.jimo|paskirtis|gav.jas|valiuta|konts|maks.t.js|selgitus|summa;|saaja|viitenumber", ("cp1257", "cp775")),
)  # fmt: skip
# Arabic, Persian and full-width digits.
DIGITS = {zero + digit: str(digit) for zero in (0x0660, 0x06F0, 0xFF10) for digit in range(10)}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_BYTES_SAMPLED = 65536
_BYTES_COMPARED = 8192
_NOT_ASCII = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_NEWLINE = re.compile("\r\n|\r|\n")
# Letters that Unicode does not take apart into a plain letter and an accent.
_PLAIN_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ı": "i",
                                "þ": "th", "ħ": "h"})  # fmt: skip


def guess_encoding(content, count_known=None):
    """Find the encoding of a text file.

    In this order: its byte order mark; UTF-16 by its pattern of zero bytes; UTF-8 if all of it is valid; else the
    legacy encoding that gives the most plausible text.

    :param content: bytes
    :param count_known: function that counts the words in a text (str) that the caller knows, to choose by
    :return: name of a Python codec
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return encoding
    sample = content[:_BYTES_SAMPLED]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > len(sample) * 0.3 and even < len(sample) * 0.05:
        return "utf-16-le"
    if even > len(sample) * 0.3 and odd < len(sample) * 0.05:
        return "utf-16-be"
    if is_encoded_as(content, "utf-8"):
        return "utf-8"
    return _guess_legacy(content, count_known)


def _guess_legacy(content, count_known):
    """Choose among the legacy encodings: most known words, then the fewest oddities, then the most usual one."""
    beginning = content[:4096]
    lines, size = [], 0
    for match in _NOT_ASCII.finditer(content):
        lines.append(match.group()[:400])
        size += len(lines[-1])
        if size > _BYTES_COMPARED:
            break
    odd_lines = b"\n".join(lines)
    # A large library that few files need.
    from charset_normalizer import from_bytes

    chaos = {}
    for match in from_bytes(odd_lines, cp_isolation=list(LEGACY_ENCODINGS), threshold=0.6):
        for encoding in (match.encoding, *match.could_be_from_charset):
            chaos[encoding] = match.chaos
    words = beginning.lower().decode("ascii", "replace")
    preferred = {name for pattern, names in _LANGUAGES for name in names if re.search(pattern, words)}
    best, best_score = "", None
    for rank, encoding in enumerate(LEGACY_ENCODINGS):
        text = odd_lines.decode(encoding, "replace")
        if "\ufffd" in text:
            continue
        known = count_known(beginning.decode(encoding, "replace")) if count_known else 0
        oddities = round(_oddities(text) + chaos.get(encoding, 0.3), 1)
        score = (-known, oddities, encoding not in preferred, rank)
        if (best_score is None or score < best_score) and is_encoded_as(content, encoding):
            best, best_score = encoding, score
    return best or "latin-1"


def _oddities(text):
    """Give the share of letters and signs outside ASCII that are where no language writes them.

    :param text: str
    :return: float from 0 to 1
    """
    odd = total = 0
    for match in _BEYOND_ASCII.finditer(text):
        index, char = match.start(), match.group()
        total += 1
        before, after = text[max(index - 1, 0) : index], text[index + 1 : index + 2]
        if unicodedata.category(char) in ("Cc", "Co", "Cn") or "\u2500" <= char <= "\u259f":
            odd += 1
        elif char.isalpha():
            # A capital amid small letters: "MŸller"; a letter before a digit: "Ä12.00".
            odd += char.isupper() and before.islower() and (after.islower() or not after.isalpha()) or after.isdigit()
        else:
            is_inside = before.isalpha() and after.isalpha() and char not in "’·\xa0\xad\u2013\u2011"
            odd += is_inside or before.isalpha() and char in "\u201e\u201d\u201a¿¹³²¼½¾¤¦"
    return odd / total if total else 0


def is_encoded_as(content, encoding):
    """Tell whether all the bytes are valid in an encoding, in memory that does not grow with the file."""
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(content)
    try:
        for start in range(0, len(view), 1 << 20):
            decoder.decode(view[start : start + (1 << 20)])
        decoder.decode(b"", True)
    except UnicodeError:
        return False
    return True


def decode(content, encoding="", count_known=None):
    """Turn the bytes of a text file into text.

    :param content: bytes
    :param encoding: name of a codec to use in place of the guess (a remembered mapping names it)
    :param count_known: see ``guess_encoding``
    :return: (text, encoding)
    :raise StatementFormatError: zero bytes or control characters (no text), or not in the encoding that was asked
    """
    encoding = encoding or guess_encoding(content, count_known)
    try:
        text = content.decode(encoding)
    except (UnicodeError, LookupError):
        raise StatementFormatError(
            _lt(
                'The file is not text in the encoding "%(encoding)s". Please choose another encoding, '
                "or export the file again as UTF-8.",
                encoding=encoding[:40],
            )
        ) from None
    # The end mark of files under DOS.
    text = text.rstrip("\x1a")
    sample = text[:_BYTES_SAMPLED]
    if "\x00" in text or len(_CONTROL.findall(sample)) > len(sample) // 200:
        raise StatementFormatError(
            _lt(
                "The file holds binary data where a bank statement is text; it is damaged or not a "
                "statement at all. Please download it from the bank again.",
            )
        )
    return text.removeprefix("\ufeff"), encoding


def split_lines(text):
    """Give the lines of a text one by one, split at line ends only (str.splitlines also splits at form feeds)."""
    start = 0
    for match in _NEWLINE.finditer(text):
        yield text[start : match.start()]
        start = match.end()
    yield text[start:]


def without_zero_bytes(content):
    """Bytes in which marks of ASCII are found, whether the text is UTF-16 (every second byte of it is zero) or not."""
    return content.replace(b"\0", b"") if b"\0" in content[:64] else content


def without_nul(text):
    """Remove NUL characters, which neither PostgreSQL nor XML can store."""
    return text.replace("\0", "") if "\0" in text else text


def storable(text):
    """Remove what a database can't store: NUL characters and halves of characters (lone surrogates).

    :param text: str or None
    :return: str
    """
    return without_nul(text).encode("utf-8", "ignore").decode() if text else ""


@lru_cache(maxsize=8192)
def shared(text):
    """Give the same object for equal texts: codes and names repeat, and 100,000 copies of one are megabytes."""
    return text


def fold(text):
    """Give a text in small letters without accents, for comparing: ``Größe`` and ``GROSSE`` are one word."""
    text = text.casefold()
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKD", text.translate(_PLAIN_LETTERS))
    return "".join(char for char in text if not unicodedata.combining(char))


def normalized(text):
    """Give a text in small letters with single spaces, for comparing whatever its capitals and line breaks."""
    return squeeze(text.casefold())


def squeeze(text):
    """Replace every run of white space by one space, and strip."""
    return " ".join(text.split())


def join_wrapped(chunks, width):
    """Join texts that a format has cut at a fixed width: a full chunk goes on at once, a shorter one ended a word.

    :param chunks: list of str
    :param width: the width in characters at which the format cuts
    :return: str
    """
    joined = ""
    for chunk in chunks:
        joined += chunk if len(chunk) >= width else chunk + " "
    return squeeze(joined)
