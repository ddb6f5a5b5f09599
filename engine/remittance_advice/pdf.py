"""Remittance advice as PDF with text, read as plain text.

A PDF from a stranger may be made to use all memory or time. It is read by a process of its own (``pdf_text``), with
limits, and by the library that Odoo itself reads PDF with.
"""

import subprocess
import sys
from pathlib import Path

from ...statement_formats.errors import StatementFormatError
from ...statement_formats.sentence import _lt
from . import plain_text

NAME = "pdf"
SECONDS_MAX = 30
_SCRIPT = Path(__file__).with_name("pdf_text.py")


def read(content):
    """Read the advices of a file.

    :param content: bytes
    :return: list of ``Advice``, of None where the text names no document
    :raise StatementFormatError: a protected or damaged file, one without text, or one that takes too long
    """
    return plain_text.read(text_of(content), NAME)


def text_of(content):
    """Give the text of a PDF, laid out as it is printed where the library can.

    :raise StatementFormatError: as :func:`read`
    """
    try:
        # Our own script; the file goes to its standard input.
        done = subprocess.run(
            [sys.executable, "-I", str(_SCRIPT)], input=content, capture_output=True, timeout=SECONDS_MAX, check=False
        )
    except subprocess.TimeoutExpired:
        raise StatementFormatError(
            _lt("The PDF takes longer to read than %(seconds)s seconds. Paste its text instead.", seconds=SECONDS_MAX)
        ) from None
    if done.returncode == 3:
        raise StatementFormatError(
            _lt("The PDF is protected by a password. Ask the payer for one without it, or paste its text.")
        )
    if done.returncode:
        raise StatementFormatError(
            _lt("The PDF is damaged or too large to read. Ask the payer for it again, or paste its text.")
        )
    text = done.stdout.decode("utf-8", "replace")
    if not text.strip():
        raise StatementFormatError(
            _lt("The PDF is a picture without text. Ask the payer for a PDF with text or a table, or type the lines.")
        )
    return text
