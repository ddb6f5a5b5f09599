"""How the addon is built: what may import what, and that overrides of Odoo's methods return what Odoo returns."""

import ast
import inspect
from pathlib import Path

from odoo.tests import BaseCase, TransactionCase, tagged

ROOT = Path(__file__).parents[1]
# Later capabilities extend earlier ones and import from them, never the other way round.
CAPABILITIES = (
    "common", "items", "planned_payments", "reconcile_accounts", "bank_import", "bank_matching", "settlements",
    "returns", "differences", "bank_periods", "overview",
)  # fmt: skip
# What stands on top imports from what is below it. Plain readers and rules know nothing of Odoo's models.
LAYERS = ("statement_formats", "engine", "models", "reports", "wizards", "controllers")
# What ``engine`` may use of Odoo.
OF_ODOO_IN_ENGINE = {"odoo.tools"}
OWN = "odoo.addons.account_reconciliation."


def imports(path):
    """The modules that a file imports.

    :return: iterator of dotted names, those of the addon itself from its root: ``models.common.kinds``
    """
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for one in node.names:
                yield one.name
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            module = ".".join([*above, *filter(None, [node.module])])
            for one in node.names:
                yield f"{module}.{one.name}" if module else one.name


def files(folder):
    return sorted((ROOT / folder).rglob("*.py"))


class TestImports(BaseCase):
    def test_capabilities_import_earlier_ones(self):
        for folder in ("engine", "models"):
            for path in files(folder):
                parts = path.relative_to(ROOT / folder).parts
                if len(parts) == 1:
                    continue
                self.assertIn(parts[0], CAPABILITIES, path)
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

    def test_rules_and_readers_need_no_odoo(self):
        for layer, allowed in (("statement_formats", set()), ("engine", OF_ODOO_IN_ENGINE)):
            for path in files(layer):
                for module in imports(path):
                    if module.split(".")[0] == "odoo":
                        with self.subTest(file=str(path.relative_to(ROOT)), imports=module):
                            self.assertIn(".".join(module.split(".")[:2]), allowed)


@tagged("post_install", "-at_install")
class TestOverrides(TransactionCase):
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
