"""Methods of Odoo that the addon mirrors: where an update of Odoo changes one, Odoo's own path is taken."""

import re
from pathlib import Path
from unittest.mock import patch

from odoo.addons.account_reconciliation.engine.common import odoo_methods
from odoo.addons.account_reconciliation.engine.common.odoo_methods import Change
from odoo.tests import BaseCase, tagged

from .common import ReconciliationCommon

LOGGER = "odoo.addons.account_reconciliation.models.reconcile_accounts.account_bulk_reconcile_compat"


class TestFingerprints(BaseCase):
    def of(self, source):
        return odoo_methods.fingerprint(odoo_methods._structure(source))

    def test_only_what_a_method_does_counts(self):
        method = '    @api.depends("a")\n    def compute(self):\n        self.total = self.a + 1\n'
        same = (
            '    @api.depends("a")  # a comment\n    def compute(self):\n        """A docstring."""\n\n'
            "        self.total = (\n            self.a + 1)\n"
        )
        self.assertEqual(self.of(method), self.of(same))
        for changed in (
            method.replace("+ 1", "- 1"),
            method.replace('"a"', '"a", "b"'),
            method.replace("self.a ", "self.b "),
            method + "        self.rest = 0\n",
        ):
            self.assertNotEqual(self.of(method), self.of(changed), changed)

    def test_text_that_is_not_indented_with_its_method(self):
        self.assertNotEqual(
            self.of('    def query(self):\n        return """\nSELECT 1\n"""\n'),
            self.of('    def query(self):\n        return """\nSELECT 2\n"""\n'),
        )

    def test_a_build_must_fit_as_a_whole(self):
        january = {"m.one": {"account": "1"}, "m.two": {"account": "1"}}
        june = {"m.one": {"account": "2"}, "m.two": {"account": "2"}, "m.three": {"account": "1"}}
        builds = {"january": january, "june": june}
        self.assertEqual(odoo_methods.closest_build(january, builds, {"account"}), ("january", []))
        self.assertEqual(odoo_methods.closest_build(june, builds, {"account"}), ("june", []))
        mixture = {"m.one": {"account": "2"}, "m.two": {"account": "1"}}
        self.assertEqual(
            odoo_methods.closest_build(mixture, builds, {"account"}),
            ("january", [Change("m.one", "account", "1", "2")]),
        )

    def test_what_an_update_adds_or_removes_counts(self):
        build = {"m.one": {"account": "1", "sms": "1"}, "m.two": {"account": "1"}}
        without_sms = {"m.one": {"account": "1"}, "m.two": {"account": "1"}}
        self.assertFalse(odoo_methods.changes(without_sms, build, {"account"}))
        self.assertEqual(
            odoo_methods.changes({"m.one": {"account": "1", "base": "9"}, "m.two": {}}, build, {"account", "sms"}),
            [
                Change("m.one", "base", None, "9"),
                Change("m.one", "sms", "1", None),
                Change("m.two", "account", "1", None),
            ],
        )


@tagged("post_install", "-at_install")
class TestGuard(ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bulk = cls.env["account.bulk.reconcile"]
        cls.other_family = cls.env["res.partner"].create({"name": "Roy family"})

    def change(self, model, name, addon):
        """Change a method of Odoo as an update would: other lines, in the same place."""
        definition = next(
            cls for cls in self.registry[model].__mro__
            if name in cls.__dict__ and cls.__module__.startswith(f"odoo.addons.{addon}.")
        )  # fmt: skip
        method = definition.__dict__[name]

        def updated(records, *args, **kwargs):
            return method(records, *args, **kwargs)

        updated.__module__ = method.__module__
        for attribute, value in vars(method).items():
            setattr(updated, attribute, value)
        self.patch(definition, name, updated)
        self.addCleanup(self.bulk._compare_odoo_methods)

    def by_odoo(self):
        """Watch Odoo's own method: how many pairs it is given."""
        given_pairs = []
        plan = self.env.registry["account.move.line"]._reconcile_plan

        def watched(lines, reconciliation_plan):
            given_pairs.extend(reconciliation_plan)
            return plan(lines, reconciliation_plan)

        self.patch(self.env.registry["account.move.line"], "_reconcile_plan", watched)
        return given_pairs

    def test_this_odoo_is_one_that_was_tested(self):
        _build, changes = self.bulk._compare_odoo_methods()
        self.assertFalse(changes, "pass tests/test_bulk_same_as_odoo.py, then script/check odoo-methods --record")

    def test_all_watched_methods_are_recorded(self):
        """A method that somebody adds to the lists is recorded, or isn't defined by any addon."""
        for build, methods in odoo_methods.read_builds().items():
            missing = {
                f"{model}.{name}"
                for model, names in odoo_methods.watched_methods().items()
                for name in names
                if f"{model}.{name}" not in methods
                and any(
                    addon in odoo_methods.KNOWN_IN_IMPORT
                    for addon, _function in odoo_methods.definitions(self.registry[model], name)
                )
            }
            self.assertFalse(missing, build)

    def test_methods_that_the_rules_follow_are_watched(self):
        """Each method of Odoo that a rule says it follows has a fingerprint."""
        watched, named = set().union(*odoo_methods.watched_methods().values()), set()
        for path in Path(odoo_methods.__file__).parents[1].rglob("*.py"):
            named.update(re.findall(r"``([a-z]+(?:\.[a-z]+)+)\.(_[a-z_]+)``", path.read_text()))
        of_odoo = {
            (model, name)
            for model, name in named
            if model in self.registry
            for addon, _function in odoo_methods.definitions(self.registry[model], name)
            if addon != odoo_methods.OWN_ADDON
        }
        self.assertIn(("account.tax", "_get_tax_details"), of_odoo)
        # A mixin's methods are watched on the models that inherit it.
        self.assertFalse({(model, name) for model, name in of_odoo if name not in watched})

    def test_a_changed_method_turns_the_bulk_path_off(self):
        by_odoo = self.by_odoo()
        invoice = self.document([75, 75, 20])
        self.payment(100)
        other = self.document([50], partner=self.other_family)
        money = self.payment(50, partner=self.other_family)
        self.change("account.move", "_compute_payment_state", "account")
        with self.assertLogs(LOGGER, "WARNING") as log:
            self.bulk._register_hook()
        self.assertEqual(len(log.output), 1)
        self.assertIn("account.move._compute_payment_state", log.output[0])

        summary = self.family.action_reconcile_account()
        self.assertEqual(len(by_odoo), 1)
        self.assertEqual(summary["partials"], 1)
        self.assertIn("account.move._compute_payment_state", summary["notice"])
        items = invoice.reconciliation_item_ids.sorted("sequence")
        self.assertEqual(items.mapped("amount_reconciled"), [75, 25, 0])
        self.assertEqual(invoice.payment_state, "partial")

        run = self.env["account.reconciliation.run"]._start(self.company)
        run._process()
        self.assertEqual((run.partial_count, run.odoo_count), (1, 1))
        self.assertIn("1 another version of Odoo", run.why_text)
        self.assertIn("account.move._compute_payment_state", run.notice)
        self.assertEqual(other.payment_state, self.env["account.move"]._get_invoice_in_payment_state())
        self.assertEqual(money.reconciliation_status, "full")
        self.assertInvariants()

    def test_the_bulk_path_is_taken_where_nothing_has_changed(self):
        by_odoo = self.by_odoo()
        self.document([50])
        self.payment(50)
        with self.assertNoLogs(LOGGER, "WARNING"):
            self.bulk._register_hook()
        self.assertNotIn("notice", self.family.action_reconcile_account())
        self.assertFalse(by_odoo)
        self.document([50])
        self.payment(50)
        run = self.env["account.reconciliation.run"]._start(self.company)
        run._process()
        self.assertEqual((run.partial_count, run.odoo_count), (1, 0))
        self.assertFalse(run.notice)

    def test_a_change_elsewhere_is_reported_and_reconciling_stays_fast(self):
        by_odoo = self.by_odoo()
        self.change("res.currency", "_get_rates", "base")
        self.change("account.tax", "_distribute_delta_amount_smoothly", "account")
        self.change("account.payment", "_get_outstanding_account", "account")
        with self.assertLogs(LOGGER, "WARNING") as log:
            self.bulk._register_hook()
        self.assertEqual(len(log.output), 3)
        for method in (
            "account.payment._get_outstanding_account",
            "account.tax._distribute_delta_amount_smoothly",
            "res.currency._get_rates",
        ):
            warning = next(text for text in log.output if method in text)
            self.assertIn("no slower path", warning)
            self.assertIn("Update the addon", warning)
        self.document([50])
        self.payment(50)
        self.assertNotIn("notice", self.family.action_reconcile_account())
        self.assertFalse(by_odoo)

    def test_a_known_addon_that_is_not_installed_changes_nothing(self):
        builds = odoo_methods.read_builds()
        for methods in builds.values():
            methods["account.move.message_post"]["rating"] = "0123456789abcdef"
        with patch.object(odoo_methods, "read_builds", return_value=builds):
            _build, changes = self.bulk._compare_odoo_methods()
        self.assertFalse(changes)
