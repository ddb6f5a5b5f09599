"""The command ``script/check odoo-methods``. Run inside ``odoo shell``."""

import argparse
import ast
import difflib
import inspect
import json
from pathlib import Path

from odoo import release
from odoo.addons.account_reconciliation.engine.common import odoo_methods
from odoo.modules import Manifest


def main(env, arguments):
    """Compare this Odoo with the recorded builds, or record it.

    :param arguments: list of str, see ``script/checks/odoo-methods``
    :return: iterator of the lines to print
    """
    parser = argparse.ArgumentParser(prog="script/check odoo-methods")
    parser.add_argument("--against", metavar="FOLDER", help="the addons folder of another Odoo, to show its lines")
    parser.add_argument("--record", metavar="BUILD", nargs="?", const=release.version, help="add this Odoo")
    options = parser.parse_args(arguments)
    present = odoo_methods.present_fingerprints(env.registry, odoo_methods.watched_methods())
    builds = odoo_methods.read_builds()
    if options.record:
        yield record(builds, options.record, present)
        return
    build, changes = odoo_methods.closest_build(present, builds, env.registry._init_modules)
    if not changes:
        yield f"All {len(present)} methods are those of Odoo {build}."
        return
    yield f"{len(changes)} of {len(present)} methods differ from the closest build, Odoo {build}:"
    for change in changes:
        effects = {
            "bulk": "reconciling",
            "import": "importing bank transactions",
            "booking": "booking bank matches",
            "undo": "undoing reconciliations",
        }
        slow = " and ".join(what for path, what in effects.items() if change.is_of(path))
        effect = f"{slow} takes Odoo's own path" if slow else "no slower path, so compare results"
        yield f"\n{change.method} (addon {change.addon}): {change.recorded} -> {change.present}; {effect}"
        if options.against:
            yield from difference(env, change, Path(options.against))


def record(builds, name, present):
    """Write a build into ``engine/common/odoo_methods.json``, in place of one of the same name.

    What the build has already of addons that aren't installed here stays.

    :return: a sentence
    """
    before = builds.get(name, {})
    builds[name] = {
        method: dict(sorted({**before.get(method, {}), **of_addons}.items()))
        for method, of_addons in present.items()
        if of_addons or before.get(method)
    }
    text = json.dumps(dict(sorted(builds.items())), indent=1, ensure_ascii=False)
    odoo_methods.BUILDS_FILE.write_text(text + "\n", encoding="utf-8")
    return f"Recorded {len(builds[name])} methods as Odoo {name}. Builds: {', '.join(sorted(builds))}."


def difference(env, change, folder):
    """The lines of a method that differ from those of another Odoo, whose addons folder is given."""
    model, _dot, name = change.method.rpartition(".")
    addon_path = Path(Manifest.for_addon(change.addon).path)
    for addon, function in odoo_methods.definitions(env.registry[model], name):
        if addon != change.addon:
            continue
        path = Path(inspect.getsourcefile(function)).relative_to(addon_path.parent)
        there = folder / path
        old = method_source(there, function.__qualname__) if there.exists() else ""
        if not old:
            yield f"  {there} has no {function.__qualname__}"
            continue
        lines = (text.splitlines() for text in (old, odoo_methods.source_of(function)))
        yield from [*difflib.unified_diff(*lines, str(there), str(path), lineterm="")] or [f"  {there}: the same lines"]


def method_source(path, qualified_name):
    """The lines of a method in a file, decorators included; empty where it isn't there.

    :param qualified_name: ``Class.method``
    """
    text = path.read_text(encoding="utf-8")
    class_name, _dot, name = qualified_name.rpartition(".")
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef) and node.name == class_name:
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name == name:
                    first = min([method.lineno, *(one.lineno for one in method.decorator_list)])
                    return "".join(text.splitlines(keepends=True)[first - 1 : method.end_lineno])
    return ""
