"""The elements of a CAMT message as plain data, one entry at a time.

An entry becomes a dict by local name: a leaf is its text, an amount is (text, currency), and elements of one name are a
list. Namespace prefixes and versions no longer matter then, and looking things up costs a fraction of what it costs in
a tree of elements. Cost: one pass of expat, about 30 µs an entry; memory holds a few entries and the header of their
statement.
"""

from xml.parsers import expat

from .errors import StatementFormatError
from .sentence import _lt
from .xml_safe import safe_xml

# A batch booking of 30,000 payments in one entry has as many elements.
_ELEMENTS_MAX = 1_000_000
_TEXT_MAX = 100_000
# A dozen entries: with more of them in memory, Python's search for garbage would take a quarter of all time.
_BYTES_PIECE = 1 << 13
_BYTES_PIECE_MAX = 1 << 20


_JUNK_BEHIND = expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]


def _collect(parser, document, tags, entry_tag, done):
    """Make the parser put every finished element of the wanted names into a list.

    Functions with shared variables: they run for every element of the file, and attributes of an object would cost a
    third more.

    :param parser: expat parser
    :param document: bytes that it will parse
    :param tags: set of local names
    :param entry_tag: the one of them whose raw text is wanted; of a whole statement it would fill the memory
    :param done: list to append (local name, plain data, parent's local name, parent's plain data, raw text) to; the
        parent's name is '' where that is none of the wanted names
    :return: function that gives the number of elements now in memory
    """
    # By full name: the local name of what is not wanted, and of what is.
    plain, wanted = {}, {}
    trees, open_tags = [{}], [("", 0, 0, 0)]
    text, currency, count = "", None, 0

    def start(name, attributes):
        nonlocal text, currency, count
        count += 1
        if name not in plain:
            local = wanted.get(name) or name.rpartition(":")[2]
            if local in tags:
                wanted[name] = local
                open_tags.append((local, len(trees), parser.CurrentByteIndex, count))
            else:
                plain[name] = local
        trees.append(None)
        text = ""
        currency = attributes.get("Ccy") if attributes else None

    def characters(data):
        nonlocal text
        text = text + data if text else data
        if len(text) > _TEXT_MAX:
            raise StatementFormatError(
                _lt(
                    "The XML file holds a text of more than %(limit)s characters, which no bank "
                    "statement has. Please download it from the bank again.",
                    limit=f"{_TEXT_MAX:,}",
                )
            )

    def end(name):
        nonlocal text, currency, count
        value = trees.pop()
        siblings = trees[-1]
        if siblings is None:
            siblings = trees[-1] = {}
        if name in wanted:
            local, depth, offset, count = open_tags.pop()
            parent, parent_depth, _offset, _count = open_tags[-1]
            raw = ""
            if local == entry_tag:
                after = document.index(b">", parser.CurrentByteIndex) + 1
                raw = document[offset:after].decode("utf-8", "replace")
            done.append((local, value or {}, parent if depth == parent_depth + 1 else "", siblings, raw))
            return
        if value is None:
            value = text.strip() if currency is None else (text.strip(), currency)
            text, currency = "", None
        local = plain[name]
        if local not in siblings:
            siblings[local] = value
        elif isinstance(siblings[local], list):
            siblings[local].append(value)
        else:
            siblings[local] = [siblings[local], value]

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.buffer_text = True
    return lambda: count


def iterate(content, tags, entry_tag):
    """Read a message in pieces and give each element of the given names as soon as it is complete.

    :param content: bytes of the whole document
    :param tags: set of local names
    :param entry_tag: the one of them whose text is wanted as the file has it
    :return: generator of (local name, the element as plain data, its parent's local name if that is in ``tags``, what
        of the parent has been read so far without such elements, the text as the file has it or '')
    :raise StatementFormatError: not well-formed (cut off or damaged), not safe, or beyond all bounds
    """
    document = safe_xml(content)
    parser = expat.ParserCreate("utf-8")
    done = []
    size = _collect(parser, document, tags, entry_tag, done)
    try:
        start, piece = 0, _BYTES_PIECE
        while start < len(document):
            parser.Parse(document[start : start + piece], False)
            start += piece
            # Expat reads what is not complete, such as a long comment, from its beginning again with each piece.
            piece = _BYTES_PIECE if done else min(piece * 2, _BYTES_PIECE_MAX)
            yield from done
            done.clear()
            if size() > _ELEMENTS_MAX:
                raise StatementFormatError(
                    _lt(
                        "The XML file holds more than %(limit)s elements outside of entries or in one, "
                        "which no bank statement does. Please download it from the bank again.",
                        limit=f"{_ELEMENTS_MAX:,}",
                    )
                )
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        # Some banks put a line of text behind the message.
        if error.code == _JUNK_BEHIND and b"<" not in document[parser.ErrorByteIndex :]:
            yield from done
            return
        raise StatementFormatError(
            _lt(
                "The XML file is cut off or damaged near line %(line)s. Please download it from the bank again.",
                line=error.lineno,
            )
        ) from error
    yield from done


def _at(tree, path):
    """Give what is at a path of local names: a subtree, a text, an amount or None; a list where there are twins."""
    found = tree
    for name in path:
        if isinstance(found, dict):
            found = found.get(name)
        elif isinstance(found, list):
            twins, found = found, []
            for twin in twins:
                child = twin.get(name) if isinstance(twin, dict) else None
                found += child if isinstance(child, list) else [child]
        else:
            return None
    return found


def _all_at(tree, path):
    found = _at(tree, path)
    return found if isinstance(found, list) else [found]


def nodes(tree, *path):
    """Give all subtrees at a path of local names (list of dict)."""
    return [node for node in _all_at(tree, path) if isinstance(node, dict)]


def texts(tree, *path):
    """Give all texts at a path of local names, without the empty ones (list of str)."""
    return [text for text in _all_at(tree, path) if isinstance(text, str) and text]


def text_at(tree, *path):
    """Give the first text at a path of local names, or ''."""
    found = _at(tree, path)
    if isinstance(found, list):
        return next((text for text in found if isinstance(text, str) and text), "")
    return found if isinstance(found, str) else ""


def amount_at(tree, *path):
    """Give the first amount at a path of local names as (text, currency), or None.

    The currency is '' where the bank leaves it out, which the standard does not allow.
    """
    for found in _all_at(tree, path):
        if isinstance(found, tuple):
            return found
        if isinstance(found, str) and found:
            return found, ""
    return None
