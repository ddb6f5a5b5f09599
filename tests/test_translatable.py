"""Languages: every sentence that a user may see goes through translation, in Python, in templates and in JavaScript."""

import ast
import re
from pathlib import Path

from lxml import etree
from odoo.modules import get_module_path
from odoo.tests import BaseCase, tagged

ROOT = Path(get_module_path("account_reconciliation"))
FOLDERS = ("models", "wizards", "reports", "controllers", "statement_formats", "engine")
REFUSALS = {"UserError", "ValidationError", "AccessError", "RedirectWarning", "StatementFormatError", "MappingRequired"}
TRANSLATIONS = {"_", "_lt"}
POSTS = {"message_post", "activity_schedule", "message_notify"}
SHOWN = {"body", "summary", "note", "subject"}
# A word with a capital; a key of the keyboard ("Shift+") is none.
WORDS = re.compile(r"^[A-Z][a-z]+\b(?!\+)")
SHOWN_IN_SCRIPT = re.compile(
    r"""\b(?:title|body|message|confirmLabel|cancelLabel|placeholder|label):\s*["'`][A-Z]|notification\.add\(\s*["'`]"""
)


def called(node):
    """Give the name of what is called: ``_`` of ``self.env._(…)``."""
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def is_bare(node):
    """Whether an expression is a text put together here: a literal, an f-string, a sum, a formatted text."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(node.value)
    return isinstance(node, ast.JoinedStr | ast.BinOp) or (isinstance(node, ast.Call) and called(node) == "format")


@tagged("post_install", "-at_install")
class TestTranslatable(BaseCase):
    def python_calls(self):
        for folder in FOLDERS:
            for path in sorted((ROOT / folder).glob("*.py")):
                for node in ast.walk(ast.parse(path.read_text())):
                    if isinstance(node, ast.Call):
                        yield f"{folder}/{path.name}:{node.lineno}", node

    def test_refusals_are_translated(self):
        found = [
            place
            for place, call in self.python_calls()
            if called(call) in REFUSALS and call.args and is_bare(call.args[0])
        ]
        self.assertEqual(found, [])

    def test_terms_are_literals(self):
        """A term that is put together before it is looked up is found in no catalogue."""
        found = [
            place
            for place, call in self.python_calls()
            if called(call) in TRANSLATIONS
            and not (call.args and (isinstance(call.args[0], ast.Constant) or not is_bare(call.args[0])))
        ]
        self.assertEqual(found, [])

    def test_notes_are_translated(self):
        found = [
            place
            for place, call in self.python_calls()
            if called(call) in POSTS
            for keyword in call.keywords
            if keyword.arg in SHOWN and isinstance(keyword.value, ast.Constant | ast.JoinedStr)
        ]
        self.assertEqual(found, [])

    def test_no_words_in_expressions_of_templates(self):
        """Odoo translates texts and attributes of templates, never a literal inside an expression."""
        found = []
        for path in sorted([*ROOT.glob("static/src/**/*.xml"), *ROOT.glob("views/*.xml"), *ROOT.glob("reports/*.xml")]):
            for element in etree.parse(str(path)).iter(etree.Element):
                for name, value in element.attrib.items():
                    if not name.startswith("t-") and not element.tag[0].isupper():
                        continue
                    literals = re.findall(r"'([^']*)'", value) + re.findall(r"`([^`]*)`", value)
                    found += [f"{path.name}:{element.sourceline} {text}" for text in literals if WORDS.search(text)]
        self.assertEqual(found, [])

    def test_no_words_in_scripts(self):
        found = [
            f"{path.name}:{number} {line.strip()}"
            for path in sorted(ROOT.glob("static/src/**/*.js"))
            for number, line in enumerate(path.read_text().splitlines(), 1)
            if SHOWN_IN_SCRIPT.search(line)
        ]
        self.assertEqual(found, [])
