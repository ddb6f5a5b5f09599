"""XML from strangers, read in pieces: no document type, no entities, no network, bounded memory."""

import re

from lxml import etree

from .errors import StatementFormatError
from .sentence import _lt
from .text import guess_encoding, is_encoded_as

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_BYTES_CHUNK = 1 << 16
# What is not yet complete is in memory as a tree, about thirty times as large.
_BYTES_ELEMENT_MAX = 16 << 20
_READ_AS_THEY_ARE = {"utf-8", "utf8", "us-ascii", "ascii"}
_CODECS = {
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "latin-1": "latin-1",
    "iso8859-1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "iso-8859-2": "iso-8859-2",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "windows-1250": "cp1250",
    "utf-16": "utf-16",
}


def _as_utf8(content):
    """Give the document in UTF-8.

    The parser never follows the document's own declaration: in an encoding such as UTF-7 a document type would pass
    the search below unseen. So only known encodings are taken, and they are decoded here.
    """
    match = _DECLARED.match(content.lstrip()[:300])
    declared = match.group(1).decode().lower() if match else "utf-8"
    guessed = guess_encoding(content)
    if guessed.startswith("utf-16") or guessed.startswith("utf-32"):
        codec = guessed
    elif declared in _READ_AS_THEY_ARE or declared.startswith("utf-16"):
        # Some banks declare UTF-8 and write Windows-1252.
        if is_encoded_as(content, "utf-8"):
            return content.removeprefix(b"\xef\xbb\xbf").lstrip()
        codec = "cp1252"
    elif declared in _CODECS:
        codec = _CODECS[declared]
    else:
        raise StatementFormatError(
            _lt(
                'The XML is in the encoding "%(encoding)s", which no bank uses. Please ask the bank '
                "for the file in UTF-8.",
                encoding=declared,
            )
        )
    try:
        text = content.decode(codec).removeprefix("\ufeff")
    except UnicodeError:
        raise StatementFormatError(
            _lt(
                'The XML is not in the encoding "%(encoding)s" that it declares; it is damaged. Please '
                "download it from the bank again.",
                encoding=declared,
            )
        ) from None
    return DECLARATION.sub("", text).encode("utf-8", "replace").lstrip()


def safe_xml(content):
    """Give XML in UTF-8 that declares no document type and no entities.

    :param content: bytes of the whole document
    :return: bytes in UTF-8
    :raise StatementFormatError: a DOCTYPE or ENTITY anywhere (entity bombs, external entities), or an encoding that
        is unknown or wrong
    """
    document = _as_utf8(content)
    if b"<!DOCTYPE" in document or b"<!ENTITY" in document:
        raise StatementFormatError(
            _lt(
                "The XML declares a document type or entities, which a bank statement never does and "
                "which can be used for an attack. Please download it from the bank again.",
            )
        )
    return document


def iterate(content, tags):
    """Parse XML in pieces and give each element of the given names as soon as it is complete.

    The caller empties the elements that it is done with; then memory does not grow with the file.

    :param content: bytes of the whole document
    :param tags: tuple of local names
    :return: generator of (local name, lxml element)
    :raise StatementFormatError: not well-formed (cut off or damaged), or not safe
    """
    document = memoryview(safe_xml(content))
    parser = etree.XMLPullParser(
        events=("end",),
        tag=[f"{{*}}{tag}" for tag in tags],
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    idle = 0
    try:
        for start in range(0, len(document), _BYTES_CHUNK):
            parser.feed(bytes(document[start : start + _BYTES_CHUNK]))
            idle += _BYTES_CHUNK
            for _event, element in parser.read_events():
                idle = 0
                yield element.tag.rpartition("}")[2], element
            if idle > _BYTES_ELEMENT_MAX:
                raise StatementFormatError(
                    _lt(
                        "The XML holds an element of more than %(limit)s MB, which no statement "
                        "has. Please download it from the bank again.",
                        limit=_BYTES_ELEMENT_MAX >> 20,
                    )
                )
        parser.close()
    except etree.XMLSyntaxError as error:
        line = error.position[0] if error.position else 0
        raise StatementFormatError(
            _lt(
                "The XML is cut off or damaged near line %(line)s. Please download it from the bank again.",
                line=line,
            )
        ) from error


def forget(element):
    """Empty an element that has been read, and drop all that is before it under the same parent."""
    element.clear()
    parent = element.getparent()
    previous = element.getprevious()
    while previous is not None:
        parent.remove(previous)
        previous = element.getprevious()
