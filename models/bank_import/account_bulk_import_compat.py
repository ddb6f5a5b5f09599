"""When bank transactions may be created in bulk: the journal, the values, other addons, Odoo's own version."""

from odoo import api, models
from odoo.tools import ormcache

from ...engine.bank_import.entry_rows import KNOWN
from ...engine.common import odoo_methods
from ...engine.common.odoo_types import OWED_ACCOUNT_TYPES
from .account_bulk_import import LINES_MIN

KNOWN_ADDONS = {*odoo_methods.KNOWN_IN_IMPORT, odoo_methods.OWN_ADDON}


class AccountBulkImport(models.AbstractModel):
    _inherit = "account.bulk.import"

    @api.model
    def _reasons(self):
        """Why Odoo creates the transactions of a slice one by one.

        :return: ``{key: sentence}``; no sentence where nobody needs to know
        """
        return {
            "few": None,
            "addon": self.env._("another addon changes how Odoo creates bank transactions"),
            "changed": self.env._("another version of Odoo than this addon was tested with"),
            "journal": self.env._("settings of the bank journal (secured entries, numbers of its own, accounts)"),
            "analytic": self.env._("analytic distribution models"),
            "followers": self.env._("followers of journal entries come from other records"),
            "values": self.env._("values that another addon adds"),
            "locked": self.env._("dates in a locked period"),
            "company": self.env._("partners of another company"),
            "amount": self.env._("transactions of nothing in one of their currencies"),
            "kinds": self.env._("too many foreign currencies"),
            "refused": self.env._("Odoo refuses one of them"),
            "related": self.env._("records that other addons add"),
            "differs": self.env._("entries that are not as expected"),
        }

    @api.model
    def _why(self, journal, vals_list):
        """The key of the reason why Odoo must create these transactions; None where nothing is known that requires it.

        :param vals_list: with dates as dates
        """
        if len(vals_list) < LINES_MIN:
            return "few"
        if self._import_hooked():
            return "addon"
        if self.env["account.bulk.reconcile"]._changed_methods("import"):
            return "changed"
        company = journal.company_id.sudo()  # its lock dates and parents, which accountants of a branch may not read
        accounts = journal.default_account_id | journal.suspense_account_id
        if (
            journal.restrict_mode_hash_table
            or journal.sequence_override_regex
            or journal.is_self_billing
            or len(accounts) != 2
            or {*OWED_ACCOUNT_TYPES, "off_balance"}.intersection(accounts.mapped("account_type"))
        ):
            return "journal"
        # Whether there is anything of these kinds is all that is asked.
        if self.env["account.analytic.distribution.model"].sudo().search_count([], limit=1):
            return "analytic"
        *_subtypes, relations = self.env["mail.message.subtype"].sudo()._get_auto_subscription_subtypes("account.move")
        if relations:
            return "followers"
        if any(not KNOWN.issuperset(values) or values["journal_id"] != journal.id for values in vals_list):
            return "values"
        days = {values["date"] for values in vals_list}
        if any(company._get_violated_lock_dates(day, False, journal) for day in days):
            return "locked"
        partners = self.env["res.partner"].browse({values.get("partner_id") for values in vals_list} - {False, None})
        if partners.sudo().company_id - company.parent_ids:
            return "company"
        return None

    @api.model
    def _import_hooked(self):
        """Whether another addon changes how Odoo creates bank transactions, their entries and their items."""
        bulk = self.env["account.bulk.reconcile"]
        if any(
            bulk._overridden(model, methods, odoo_methods.KNOWN_IN_IMPORT)
            for model, methods in odoo_methods.REPLACED_BY_IMPORT.items()
        ):
            return True
        for model in odoo_methods.COMPUTED_BY_IMPORT:
            records = self.env[model]
            if any(self._is_foreign_method(method) for method in records._constraint_methods):
                return True
            # A default is not in the rows, and what is required can't be computed after them.
            if any(
                field.store and (field.default or field.required) and self._is_foreign(field)
                for field in records._fields.values()
            ):
                return True
        return False

    @api.model
    def _is_foreign_method(self, method):
        package, _dot, module = method.__module__.partition("odoo.addons.")
        return not package and module.split(".")[0] not in {*KNOWN_ADDONS, ""}

    @api.model
    def _is_foreign(self, field):
        """Whether a field was added or changed by an addon that the bulk import doesn't know, or by a user."""
        return field.manual or not KNOWN_ADDONS.issuperset(field._modules)

    @api.model
    def _computed_by_orm(self):
        """The stored fields of the rows that Odoo computes after they were written.

        :return: ``{table: names}``
        """
        return {
            self.env[model]._table: [
                name
                for name, field in self.env[model]._fields.items()
                if field.store and field.compute and name not in known
            ]
            for model, known in odoo_methods.COMPUTED_BY_IMPORT.items()
        }

    @api.model
    @ormcache()
    def _foreign_triggers(self):
        """What of other addons depends on new bank transactions, entries and items.

        :return: ``{model: trigger tree}``, without those that are empty
        """
        trees = {}
        for model in odoo_methods.COMPUTED_BY_IMPORT:
            tree = self.env.registry.get_trigger_tree(
                [field for field in self.env[model]._fields.values() if field.store],
                select=lambda field: field.store and bool(field.compute) and self._is_foreign(field),
            )
            if tree:
                trees[model] = tree
        return trees

    @api.model
    def _compute_rest(self, lines, computed):
        """Have Odoo compute what the rows don't have yet, and what depends on them.

        :param lines: account.bank.statement.line records, new
        :param computed: what :meth:`_computed_by_orm` gave
        """
        trees = self._foreign_triggers()
        if not trees and not any(computed.values()):
            return
        for records in (lines.move_id, lines, lines.move_id.line_ids):
            for name in computed[records._table]:
                self.env.add_to_compute(records._fields[name], records)
            if records._name in trees:
                for field, found, _created in records._modified_triggers(trees[records._name], create=True):
                    self.env.add_to_compute(field, found)
        self.env.flush_all()
