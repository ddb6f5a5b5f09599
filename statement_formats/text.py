"""From bytes to text: encodings that banks use, and the refusal of what is no text."""

import codecs
import re

from .errors import StatementFormatError
from .sentence import _lt

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_BYTES_SAMPLED = 65536
_NEWLINE = re.compile("\r\n|\r|\n")


def guess_encoding(content):
    """Tell the encoding of a text file: its byte order mark, UTF-16 by its pattern of zero bytes, UTF-8 if it is
    valid, else Windows-1252 (which holds Latin-1's printable letters), else Latin-1.

    :param content: bytes
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
    for encoding in ("utf-8", "cp1252"):
        if is_encoded_as(content, encoding):
            return encoding
    return "latin-1"


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


def decode(content, encoding=""):
    """Turn the bytes of a text file into text.

    :param content: bytes
    :param encoding: name of a codec to use in place of the guess (a remembered mapping names it)
    :return: (text, encoding)
    :raise StatementFormatError: zero bytes or control characters (no text), or not in the encoding that was asked
    """
    encoding = encoding or guess_encoding(content)
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
