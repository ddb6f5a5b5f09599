"""Merge an exported template into the languages of a folder; see ``script/translations``."""

import sys
from pathlib import Path

import polib

# A language that another one is loaded before holds only the terms that it words otherwise (Odoo's ``get_base_langs``).
LANGUAGES = {"fr": None, "fr_CA": "fr", "es": None}


def catalogue(language):
    """Give an empty catalogue for a language (str), or for the template (None); without dates, which only differ."""
    result = polib.POFile(wrapwidth=100)
    result.metadata = {
        "Project-Id-Version": "Odoo Server 19.0",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        **({"Language": language} if language else {}),
    }
    return result


def copy(entry, translation):
    """Give an entry of the template with a translation (str)."""
    return polib.POEntry(
        msgid=entry.msgid, msgstr=translation, comment=entry.comment, occurrences=sorted(entry.occurrences)
    )


def merge(template, known, language, is_variant):
    """Give a language's catalogue with exactly the terms of the template; of a variant those that it words otherwise.

    :param template: polib.POFile
    :param known: dict term -> translation
    """
    result = catalogue(language)
    for entry in template:
        translation = known.get(entry.msgid, "")
        if translation or not is_variant:
            result.append(copy(entry, translation))
    return result


def main(template_path, folder):
    """Write the template and each language; print what is missing, and give the number of missing terms."""
    exported = sorted(polib.pofile(template_path), key=lambda entry: (sorted(entry.occurrences), entry.msgid))
    template = catalogue(None)
    template.extend(copy(entry, "") for entry in exported)
    template.save(str(folder / "account_reconciliation.pot"))
    missing = 0
    for language, base in LANGUAGES.items():
        path = folder / f"{language}.po"
        entries = polib.pofile(str(path)) if path.exists() else []
        known = {entry.msgid: entry.msgstr for entry in entries if not entry.obsolete and not entry.fuzzy}
        result = merge(template, known, language, base)
        result.save(str(path))
        untranslated = [entry.msgid for entry in result if not entry.msgstr]
        dropped = len(known.keys() - {entry.msgid for entry in template})
        counts = f"{len(result)} of {len(template)} terms, {len(untranslated)} missing, {dropped} dropped"
        sys.stdout.writelines([f"{language}: {counts}\n", *(f"    {term!r}\n" for term in untranslated)])
        missing += len(untranslated)
    return missing


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1], Path(sys.argv[2])) else 0)
