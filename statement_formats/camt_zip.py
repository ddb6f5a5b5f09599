"""ZIP archives of CAMT files, as banks' portals and EBICS deliver them: all files of the archive are one import.

The names in the archive are never used as paths: they are only shown. What is unpacked is counted while it is read,
because the sizes in the archive's directory may lie.
"""

import io
import zipfile
import zlib
from datetime import date

from . import camt
from .errors import LINES_MAX, StatementFormatError, too_many_lines
from .model import ParsedFile
from .sentence import _lt
from .text import without_zero_bytes

NAME = "camt_zip"
TITLE = "CAMT in ZIP"

_BYTES_UNPACKED_MAX = 192 << 20
_MEMBERS_MAX = 2000
_HEAD = 65536
_NAMES_SHOWN = 5
# ``Ntry`` is in the tags of an entry, of its details and of its reference.
_MARKS_MAX = LINES_MAX * 8
_LOCAL_HEADER = b"PK\x03\x04"
_EMPTY_ARCHIVE = b"PK\x05\x06"
# What the archives of Excel, LibreOffice and the like begin with.
_OFFICE = (
    b"[Content_Types]",
    b"_rels/",
    b"xl/",
    b"docProps/",
    b"customXml/",
    b"mimetype",
    b"META-INF/",
    b"word/",
    b"ppt/",
)
# What archivers of macOS and Windows add by themselves.
_SIDE_FILES = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def sniff(head):
    """Tell whether the start of a file is a ZIP archive that is no document of an office program."""
    if head.startswith(_EMPTY_ARCHIVE):
        return True
    return head.startswith(_LOCAL_HEADER) and not head[30:60].startswith(_OFFICE)


def _shown(name):
    """Give the name of a member for a sentence: no control characters, not longer than 60."""
    return "".join(char if char.isprintable() else "?" for char in name)[-60:]


def _refused(name, error):
    """Give the refusal of the archive because of one of its files."""
    return StatementFormatError(_lt("%(name)s in the archive: %(reason)s", name=_shown(name), reason=error.sentence))


def _members(archive):
    """Give the members of an archive that are files, in the order of their names.

    :raise StatementFormatError: too many of them, or a password is asked
    """
    members = [member for member in archive.infolist() if not member.is_dir()]
    members = [
        member
        for member in members
        if not member.filename.startswith(_SIDE_FILES[0]) and not member.filename.endswith(_SIDE_FILES[1:])
    ]
    if len(members) > _MEMBERS_MAX:
        raise StatementFormatError(
            _lt(
                "The ZIP archive holds %(count)s files; at most %(limit)s are read at once. Please import fewer.",
                count=len(members),
                limit=_MEMBERS_MAX,
            )
        )
    for member in members:
        if member.flag_bits & 1:
            raise StatementFormatError(
                _lt(
                    "The ZIP archive is protected with a password (%(name)s). Please unpack it and import the files in "
                    "it.",
                    name=_shown(member.filename),
                )
            )
    return sorted(members, key=lambda member: member.filename)


def _unpack(archive, member, left):
    """Give the bytes of a member.

    :param left: how many bytes may still be unpacked
    :raise StatementFormatError: it has more
    """
    with archive.open(member) as part:
        content = part.read(left + 1)
    if len(content) > left:
        raise StatementFormatError(
            _lt(
                "The ZIP archive unpacks to more than %(limit)s MB, which can be used for an attack. Please import its "
                "files one by one.",
                limit=_BYTES_UNPACKED_MAX >> 20,
            )
        )
    return content


def _read(archive):
    """Read all CAMT files of an archive.

    :return: (list of ``ParsedFile``, names of the other files)
    """
    parsed, others = [], []
    left = _BYTES_UNPACKED_MAX
    marks = lines = 0
    for member in _members(archive):
        content = _unpack(archive, member, left)
        left -= len(content)
        plain = without_zero_bytes(content)
        if not camt.sniff(plain[:_HEAD]):
            others.append(member.filename)
            continue
        marks += plain.count(b"Ntry")
        del plain
        if marks > _MARKS_MAX:
            raise too_many_lines()
        try:
            found = camt.parse(content)
        except StatementFormatError as error:
            raise _refused(member.filename, error) from error
        lines += sum(len(statement.lines) for statement in found.statements)
        if lines > LINES_MAX:
            raise too_many_lines()
        parsed.append(found)
    return parsed, others


def _others_note(others):
    """Give the warning about the files of the archive that are no CAMT files."""
    names = ", ".join(_shown(name) for name in others[:_NAMES_SHOWN])
    return _lt(
        "Files of the archive that are not CAMT are left out: %(count)s (%(names)s).",
        count=len(others),
        names=names + (", ..." if len(others) > _NAMES_SHOWN else ""),
    )


def parse(content, mapping=None):
    """Read the CAMT files of a ZIP archive; other files in it are named in a warning.

    :param content: bytes
    :param mapping: not used
    :return: ``ParsedFile`` with the statements of all files, by account and day
    :raise StatementFormatError: damaged, an attack, no CAMT file in it, or a CAMT file that is refused
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parsed, others = _read(archive)
    except StatementFormatError:
        raise
    # What the standard library raises for damaged and unknown kinds of archives.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise StatementFormatError(
            _lt("The ZIP archive is damaged or cut off. Please download it from the bank again.")
        ) from error
    if not parsed:
        raise StatementFormatError(
            _lt(
                "The file is a ZIP archive without a CAMT file, and no Excel workbook. It holds: %(names)s. Please "
                "unpack it and import the files in it.",
                names=", ".join(_shown(name) for name in others[:_NAMES_SHOWN]) or "-",
            )
        )
    statements = [statement for found in parsed for statement in found.statements]
    # Files are named in many ways; balances follow each other by day. Of one day, the order of the names stays.
    statements.sort(key=lambda statement: (statement.account_number, statement.date_to or date.min))
    warnings = tuple(dict.fromkeys(warning for found in parsed for warning in found.warnings))
    return ParsedFile(
        format=camt.NAME,
        statements=tuple(statements),
        variant=f"{parsed[0].variant} (ZIP)",
        warnings=warnings + ((_others_note(others),) if others else ()),
    )
