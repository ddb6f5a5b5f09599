"""The elements of a CAMT message as plain data, one entry at a time.

An entry becomes a dict of lists by local name; a leaf is its text, an amount is (text, currency). Namespace prefixes
and versions no longer matter then, and looking things up costs a fraction of what it costs in a tree of elements.
Cost: one pass of expat, about 30 µs an entry; memory holds one entry and the header of its statement.
"""

from xml.parsers import expat

from .errors import StatementFormatError
from .xml_safe import safe_xml

_BYTES_CHUNK = 1 << 16
# A batch of 30,000 payments in one entry has as many elements.
_ELEMENTS_MAX = 1_000_000
_DEPTH_MAX = 100
_TEXT_MAX = 100_000


def _unusual(what):
    return StatementFormatError(
        f"The XML file holds {what}, which no bank statement has. Please download it from the bank again."
    )


class _Builder:
    """Takes the parser's events and collects the finished elements of the wanted names in ``done``.

    A frame is [local name, children or None, currency, offset in bytes, number of elements before it].
    """

    def __init__(self, parser, document, tags):
        self._parser = parser
        self._document = document
        self._tags = tags
        self._stack = [["", {}, "", 0, 0]]
        self._locals = {}
        self._text = ""
        self._count = 0
        self.done = []
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.buffer_text = True

    def _start(self, name, attributes):
        local = self._locals.get(name)
        if local is None:
            local = self._locals[name] = name.rpartition(":")[2]
        offset = self._parser.CurrentByteIndex if local in self._tags else 0
        self._stack.append([local, None, attributes.get("Ccy", "") if attributes else "", offset, self._count])
        self._text = ""
        self._count += 1
        if self._count > _ELEMENTS_MAX:
            raise _unusual(f"an entry of more than {_ELEMENTS_MAX:,} elements")
        if len(self._stack) > _DEPTH_MAX:
            raise _unusual(f"more than {_DEPTH_MAX} elements within each other")

    def _characters(self, text):
        self._text = self._text + text if self._text else text
        if len(self._text) > _TEXT_MAX:
            raise _unusual(f"a text of more than {_TEXT_MAX:,} characters")

    def _end(self, _name):
        local, children, currency, offset, count = self._stack.pop()
        parent = self._stack[-1]
        siblings = parent[1]
        if siblings is None:
            siblings = parent[1] = {}
        if local in self._tags:
            end = self._document.index(b">", self._parser.CurrentByteIndex) + 1
            raw = self._document[offset:end].decode("utf-8", "replace")
            self.done.append((local, children or {}, parent[0], siblings, raw))
            self._count = count
            return
        if children is not None:
            value = children
        elif local[-3:] == "Amt" or local == "TtlChrgsAndTaxAmt":
            value = self._text.strip(), currency
        else:
            value = self._text.strip()
        self._text = ""
        if local in siblings:
            siblings[local].append(value)
        else:
            siblings[local] = [value]


def iterate(content, tags):
    """Read a message in pieces and give each element of the given names as soon as it is complete.

    :param content: bytes of the whole document
    :param tags: set of local names
    :return: generator of (local name, the element as plain data, its parent's local name, what of the parent has been
        read so far without such elements, the element as it stands in the file)
    :raise StatementFormatError: not well-formed (cut off or damaged), not safe, or beyond all bounds
    """
    document = safe_xml(content)
    parser = expat.ParserCreate("utf-8")
    builder = _Builder(parser, document, tags)
    try:
        for start in range(0, len(document), _BYTES_CHUNK):
            parser.Parse(document[start : start + _BYTES_CHUNK], False)
            done, builder.done = builder.done, []
            yield from done
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise StatementFormatError(
            f"The XML file is cut off or damaged near line {error.lineno}. Please download it from the bank again."
        ) from error
    yield from builder.done


def nodes(tree, *path):
    """Give all subtrees at a path of local names (list of dict)."""
    found = [tree]
    for name in path:
        found = [child for node in found for child in node.get(name, ()) if isinstance(child, dict)]
    return found


def texts(tree, *path):
    """Give all texts at a path of local names, without the empty ones (list of str)."""
    *parents, leaf = path
    return [value for node in nodes(tree, *parents) for value in node.get(leaf, ()) if isinstance(value, str) and value]


def text_at(tree, *path):
    """Give the first text at a path of local names, or ''."""
    # Nearly always every element stands there once, and one walk tells; only twins need the search.
    node, is_single = tree, True
    for name in path:
        found = node.get(name) if isinstance(node, dict) else None
        if found is None:
            break
        is_single = is_single and len(found) == 1
        node = found[0]
    else:
        if isinstance(node, str) and node:
            return node
    if is_single:
        return ""
    found = texts(tree, *path)
    return found[0] if found else ""


def amount_at(tree, *path):
    """Give the first amount at a path of local names as (text, currency), or None."""
    *parents, leaf = path
    for node in nodes(tree, *parents):
        for value in node.get(leaf, ()):
            if isinstance(value, tuple):
                return value
    return None
