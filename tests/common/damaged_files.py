"""Files damaged at random, for the tests of the readers; no database needed."""

import io
import zipfile

from hypothesis import strategies as st

NASTY = [
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"NaN", b"Infinity", b"1e999", b"-", b"9" * 40, b"0000", b"\n", b"\r",
    b";", b",", b'"', b"<", b">", b"&", b"</Ntry>", b"<Ntry>", b"<!DOCTYPE a>", b"]]>", b"{4:", b"-}", b":61:", b":86:",
    b":62F:", b"/", b"88,", b"16,", b"49,0,0/", b"^", b"!Type:Bank", b"2026-02-30", b"31/02/2026", b"99999999", b"'",
    "\u0663".encode(), "\u00b2".encode(), b"<OFX>", b"</OFX>", b"<STMTTRN>", b"Ccy=\"\"", b"DBIT", b"EUR",
    b"?20", b"?31", b"KREF+", b"/REMI/", b"/CNTP/", b"@@", b":NS:", b"260230", b"88:", b"<Btch>", b"<AmtDtls>", b"\x1a",
]  # fmt: skip


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


@st.composite
def mutated(draw, content):
    """Cut, repeat, overwrite and stir the bytes of a file."""
    for _round in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 60)))
        how = draw(st.sampled_from(["nasty", "nasty", "drop", "repeat", "bytes", "cut", "token"]))
        if how == "nasty":
            content = content[:start] + draw(st.sampled_from(NASTY)) + content[end:]
        elif how == "drop":
            content = content[:start] + content[end:]
        elif how == "repeat":
            content = content[:end] + content[start:]
        elif how == "bytes":
            content = content[:start] + draw(st.binary(max_size=8)) + content[end:]
        elif how == "token":
            content = content[:start] + draw(st.sampled_from(NASTY)) + content[start:]
        else:
            content = content[:start]
    return content
