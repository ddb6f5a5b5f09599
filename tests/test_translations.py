"""Languages: the template holds every string of the addon, and French and Spanish translate each of them whole."""

import os
import re
from pathlib import Path
from unittest.mock import patch

import polib
from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged
from odoo.tools import translate

MODULE = "account_reconciliation"
PLACEHOLDER = re.compile(r"%\(\w+\)\w|%[sd]|%%|{{\w*}}")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
# What a checkout holds beside the addon itself.
NOT_THE_ADDON = ("tests", "script")


def walk_addon(top, **options):
    """As ``os.walk``, without hidden folders (a checkout's .dev holds Odoo itself), tests and scripts."""
    for root, folders, files in WALK(top, **options):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in NOT_THE_ADDON]
        yield root, folders, files


WALK = os.walk


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = Path(get_module_path(MODULE)) / "i18n"
        cls.template = polib.pofile(str(folder / f"{MODULE}.pot"))
        cls.files = {name: polib.pofile(str(folder / f"{name}.po")) for name in ("fr", "fr_CA", "es")}

    def test_template_is_current(self):
        """What Odoo's export finds is what the template holds, place by place; else run script/translations."""
        with patch.object(translate.os, "walk", walk_addon):
            reader = translate.TranslationModuleReader(self.env.cr, [MODULE])
        exported = {
            (source, f"code:{name}" if kind == "code" else f"{kind}:{name}:{place}")
            for _module, kind, name, place, source, _value, _comments in reader
        }
        kept = {
            (entry.msgid, place.rsplit(":", 1)[0] if place.startswith("code:") else place)
            for entry in self.template
            for place, line in entry.occurrences
            for place in [f"{place}:{line}" if line else place]
        }
        self.assertEqual(sorted(exported - kept), [], "missing in the template")
        self.assertEqual(sorted(kept - exported), [], "in the template, but not in the addon any more")

    def test_every_term_is_translated(self):
        terms = {entry.msgid for entry in self.template}
        for name, entries in self.files.items():
            translated = {entry.msgid for entry in entries if entry.msgstr}
            with self.subTest(language=name):
                self.assertEqual(sorted(translated - terms), [], "not in the template")
                self.assertEqual([entry.msgid for entry in entries if entry.fuzzy or entry.obsolete], [])
                if name != "fr_CA":  # Canadian French holds only what it words otherwise than French
                    self.assertEqual(sorted(terms - translated), [], "without translation")

    def test_canadian_french_holds_only_what_differs(self):
        french = {entry.msgid: entry.msgstr for entry in self.files["fr"]}
        self.assertEqual([e.msgid for e in self.files["fr_CA"] if e.msgstr == french[e.msgid]], [])

    def test_places_are_those_of_the_template(self):
        """A record whose place is missing would stay English in that language."""
        places = {entry.msgid: sorted(entry.occurrences) for entry in self.template}
        for name, entries in self.files.items():
            with self.subTest(language=name):
                self.assertEqual([e.msgid for e in entries if sorted(e.occurrences) != places[e.msgid]], [])

    def test_placeholders_tags_and_line_breaks_are_kept(self):
        for name, entries in self.files.items():
            for entry in entries:
                source, text = entry.msgid, entry.msgstr
                with self.subTest(language=name, term=source):
                    self.assertEqual(sorted(PLACEHOLDER.findall(text)), sorted(PLACEHOLDER.findall(source)))
                    self.assertEqual(TAG.findall(text), TAG.findall(source))
                    self.assertEqual(text.count("\n"), source.count("\n"))
                    edges = [(one[:1].isspace(), one[-1:].isspace()) for one in (source, text)]
                    self.assertEqual(*edges)

    def test_typography(self):
        """French spaces its double marks (Canada: the colon only), Spanish opens what it asks."""
        unspaced = {"fr": r"[^\W\d_][;!?:](?=\s|$)", "fr_CA": r"[^\W\d_]:(?=\s|$)|\xa0[;!?]"}
        for name, pattern in unspaced.items():
            found = [entry.msgstr for entry in self.files[name] if re.search(pattern, entry.msgstr)]
            self.assertEqual(found, [], name)
        for entry in self.files["es"]:
            text = entry.msgstr.replace("(?)", "")
            self.assertEqual((text.count("?"), text.count("!")), (text.count("¿"), text.count("¡")), text)
