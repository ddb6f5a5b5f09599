"""How the addon is built: what may import what, and that overrides of Odoo's methods return what Odoo returns."""

import ast
import inspect
import re
from pathlib import Path

from lxml import etree
from odoo.tests import BaseCase, TransactionCase, tagged

from ..models.common import context_keys

ROOT = Path(__file__).parents[1]
# Later capabilities extend earlier ones and import from them, never the other way round.
CAPABILITIES = (
    "common", "items", "planned_payments", "reconcile_accounts", "bank_import", "bank_matching", "settlements",
    "returns", "differences", "remittance_advice", "bank_batches", "bank_periods", "ledger_accounts", "overview",
)  # fmt: skip
# Later layers import from earlier ones. Readers and rules know nothing of Odoo's models.
LAYERS = ("statement_formats", "engine", "models", "reports", "wizards", "controllers")
# What ``engine`` may use of Odoo.
OF_ODOO_IN_ENGINE = {"odoo.tools"}
OWN = "odoo.addons.account_reconciliation."
# What the addon reads from the context, or puts into it, of Odoo's own keys; beside ``default_*`` and the like.
CONTEXT_OF_ODOO = {
    "active_domain", "active_id", "active_ids", "active_model", "active_test", "allowed_company_ids",
    "chart_template_load", "check_move_validity", "create", "dialog_size", "discard_logo_check", "dynamic_unlink",
    "force_delete", "force_email", "force_payment_move", "group_by", "lang", "mail_activity_quick_update",
    "mail_notrack", "prefetch_fields", "skip_account_move_synchronization", "skip_invoice_sync",
    "skip_is_manually_modified", "skip_readonly_check", "skip_retrieve_partner", "tracking_disable", "tz",
}  # fmt: skip


def imports(path):
    """The modules that a file imports.

    :return: iterator of dotted names, those of the addon itself from its root: ``models.common.kinds``
    """
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for one in node.names:
                yield one.name.removeprefix(OWN)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            module = ".".join([*above, *filter(None, [node.module])])
            for one in node.names:
                yield (f"{module}.{one.name}" if module else one.name).removeprefix(OWN)


def files(folder):
    return sorted((ROOT / folder).rglob("*.py"))


def is_context(node):
    """Whether an expression is a context by its name: ``self.env.context``, ``context``, ``_printed_context``."""
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name.endswith("context")


def literal_context_keys(path):
    """The keys of the context that a Python file writes out, and not by a constant.

    :return: iterator of texts
    """
    for node in ast.walk(ast.parse(path.read_text())):
        keys = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "with_context":
                yield from (one.arg for one in node.keywords if one.arg)
                for value in (*node.args, *(one.value for one in node.keywords)):
                    keys += value.keys if isinstance(value, ast.Dict) else ()
            elif is_context(node.func.value):
                keys += node.args[:1]
        elif isinstance(node, ast.Call) and any(is_context(value) for value in node.args):
            if isinstance(node.func, ast.Name) and node.func.id == "dict":
                yield from (one.arg for one in node.keywords if one.arg)
        elif isinstance(node, ast.Subscript) and is_context(node.value):
            keys.append(node.slice)
        elif isinstance(node, ast.Compare) and is_context(node.comparators[0]):
            keys.append(node.left)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "context" and isinstance(value, ast.Dict):
                    keys += value.keys
        elif isinstance(node, ast.Assign | ast.keyword) and isinstance(node.value, ast.Dict):
            is_of_context = node.arg == "context" if isinstance(node, ast.keyword) else is_context(node.targets[0])
            keys += node.value.keys if is_of_context else ()
        yield from (key.value for key in keys if isinstance(key, ast.Constant))


def context_keys_of_views(path):
    """The keys of the context in the attributes, fields and conditions of an XML file.

    :return: iterator of texts
    """
    for node in etree.parse(path).iter(etree.Element):
        texts = [node.get("context", "")]
        if node.get("name") == "context":
            texts.append(node.text or "")
        for text in texts:
            if text.strip().startswith("{"):
                yield from re.findall(r"""['"](\w+)['"]\s*:""", text)
        for value in node.attrib.values():
            yield from re.findall(r"""\b(?:context|ctx)\.get\(['"](\w+)['"]""", value)


class TestContextKeys(BaseCase):
    own = {value: name for name, value in vars(context_keys).items() if name.isupper()}

    def is_of_odoo(self, key):
        return key in CONTEXT_OF_ODOO or key.startswith(("default_", "search_default_"))

    def test_code_takes_its_keys_from_one_file(self):
        found = {}
        for folder in LAYERS:
            for path in files(folder):
                for key in literal_context_keys(path):
                    found.setdefault(key, path.relative_to(ROOT))
        self.assertIn("active_test", found)
        self.assertEqual({key: str(path) for key, path in found.items() if not self.is_of_odoo(key)}, {})

    def test_views_use_keys_of_that_file(self):
        found = {}
        for folder in ("data", "reports", "views", "wizards"):
            for path in sorted((ROOT / folder).rglob("*.xml")):
                for key in context_keys_of_views(path):
                    found.setdefault(key, path.relative_to(ROOT))
        self.assertIn(context_keys.ACCOUNT_SIDE, found)
        strange = {key: str(path) for key, path in found.items() if key not in self.own and not self.is_of_odoo(key)}
        self.assertEqual(strange, {})

    def test_every_key_of_that_file_is_used(self):
        code = "".join(path.read_text() for folder in LAYERS for path in files(folder))
        screens = "".join(
            path.read_text() for folder in ("static/src", "views") for path in (ROOT / folder).rglob("*.*")
        )
        for key, name in self.own.items():
            with self.subTest(key=key):
                self.assertTrue(f"context_keys.{name}" in code or re.search(rf"\b{key}\b", screens))


class TestImports(BaseCase):
    def test_the_capabilities_are_folders_in_their_order(self):
        self.assertEqual(
            list(imports(ROOT / "models" / "__init__.py")), [f"models.{capability}" for capability in CAPABILITIES]
        )
        table = (ROOT / "docs" / "integrators.md").read_text().partition("| folder | capability |")[2]
        self.assertEqual(tuple(re.findall(r"^\| `(\w+)` \|", table.partition("\n\n")[0], re.M)), CAPABILITIES)
        for folder in ("engine", "models"):
            found = {path.name for path in (ROOT / folder).iterdir() if path.name != "__pycache__"} - {"__init__.py"}
            self.assertLessEqual(found, set(CAPABILITIES), folder)

    def test_capabilities_import_earlier_ones(self):
        for folder in ("engine", "models"):
            for path in files(folder):
                parts = path.relative_to(ROOT / folder).parts
                if len(parts) == 1:
                    continue
                place = CAPABILITIES.index(parts[0])
                for module in imports(path):
                    layer, _dot, rest = module.partition(".")
                    capability = rest.split(".")[0]
                    if layer in ("engine", "models") and capability in CAPABILITIES:
                        with self.subTest(file=str(path.relative_to(ROOT)), imports=module):
                            self.assertLessEqual(CAPABILITIES.index(capability), place)

    def test_layers_import_lower_ones(self):
        for place, layer in enumerate(LAYERS):
            for path in files(layer):
                for module in imports(path):
                    top = module.split(".")[0]
                    if top in LAYERS:
                        with self.subTest(file=str(path.relative_to(ROOT)), imports=module):
                            self.assertLessEqual(LAYERS.index(top), place)

    def test_odoo_finds_all_tests(self):
        """Odoo's own runner finds the test files that the package imports."""
        listed = [name.removeprefix("tests.") for name in imports(ROOT / "tests" / "__init__.py")]
        self.assertEqual(listed, sorted(path.stem for path in (ROOT / "tests").glob("test_*.py")))

    def test_rules_and_readers_need_no_odoo(self):
        for layer, allowed in (("statement_formats", set()), ("engine", OF_ODOO_IN_ENGINE)):
            for path in files(layer):
                for module in imports(path):
                    if module.split(".")[0] == "odoo":
                        with self.subTest(file=str(path.relative_to(ROOT)), imports=module):
                            self.assertIn(".".join(module.split(".")[:2]), allowed)


@tagged("post_install", "-at_install")
class TestMethods(TransactionCase):
    def test_capabilities_call_methods_of_earlier_ones(self):
        """A method of a later capability is called where an earlier one has an empty method of the same name."""
        defined, calls = {}, []
        for path in files("models"):
            capability = path.relative_to(ROOT / "models").parts[0]
            for node in ast.walk(ast.parse(path.read_text())) if capability in CAPABILITIES else ():
                if isinstance(node, ast.FunctionDef):
                    place = CAPABILITIES.index(capability)
                    defined[node.name] = min(place, defined.get(node.name, place))
                elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    calls.append((path, CAPABILITIES.index(capability), node.func.attr))
        # Dialogs are called by whoever opens them, and a name of Odoo's is Odoo's method.
        others = {
            node.name
            for path in files("wizards")
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.FunctionDef)
        }
        others |= {
            name
            for model in self.env.registry.values()
            for cls in model.mro()
            if cls.__module__.startswith("odoo.") and not cls.__module__.startswith(OWN)
            for name in vars(cls)
        }
        for path, place, name in calls:
            if name.startswith("_") and name in defined and name not in others:
                with self.subTest(file=str(path.relative_to(ROOT)), calls=name):
                    self.assertLessEqual(defined[name], place)

    def test_overrides_of_odoo_methods_are_not_decorated(self):
        """A wrapper would change what Odoo's own method takes and returns, for every caller in Odoo."""
        found = []
        for model, cls in sorted(self.env.registry.items()):
            definitions = [one for one in cls.mro() if one.__module__.startswith("odoo.")]
            for place, definition in enumerate(definitions):
                if not definition.__module__.startswith(OWN):
                    continue
                below = [one for one in definitions[place + 1 :] if not one.__module__.startswith(OWN)]
                for name, function in vars(definition).items():
                    # A wrapper's code is in the file of its decorator; those of Odoo (``api``) are what Odoo expects.
                    is_decorated = (
                        inspect.isfunction(function)
                        and hasattr(function, "__wrapped__")
                        and "account_reconciliation" in function.__code__.co_filename
                    )
                    if is_decorated and any(name in vars(one) for one in below):
                        found.append(f"{model}.{name}")
        self.assertFalse(found)
