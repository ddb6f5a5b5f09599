"""Write the text of a PDF from standard input to standard output, within limits of memory, time and size.

Run as a program of its own by ``pdf``. Ends with 3 where the file is protected, with another number where it can't be
read.
"""

import io
import sys

MEMORY_MAX = 1 << 30
SECONDS_MAX = 25
PAGES_MAX = 100
TEXT_MAX = 4_000_000
PROTECTED = 3


def _limit():
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))


def _page_text(page):
    if not hasattr(page, "extract_text"):
        return page.extractText()  # PyPDF2 1
    try:
        return page.extract_text(extraction_mode="layout")
    except Exception:  # the layout is for some files and older versions more than the library can do
        return page.extract_text()


def main():
    """Read, write, and give the number that the program ends with."""
    try:
        from pypdf import PdfReader
    except ImportError:
        from PyPDF2 import PdfReader
    reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()), strict=False)
    if getattr(reader, "is_encrypted", False) and not reader.decrypt(""):
        return PROTECTED
    size = 0
    for _number, page in zip(range(PAGES_MAX), reader.pages, strict=False):
        text = _page_text(page) or ""
        size += len(text)
        if size > TEXT_MAX:
            break
        sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    return 0


if __name__ == "__main__":
    _limit()
    sys.exit(main())
