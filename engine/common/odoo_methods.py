"""Methods of Odoo that the addon mirrors, and fingerprints of the versions that it was tested with.

Statements that write or read many rows at once follow what a method of Odoo does. After an update of Odoo the method
may do something else. So ``odoo_methods.json`` holds a fingerprint of each of these methods, for every build of Odoo
that the differential tests (``test_bulk_same_as_odoo.py``, ``test_bank_import_bulk.py``, ``test_bank_booking_bulk.py``)
have passed on.
``script/check odoo-methods`` shows what differs from them and records another build.
"""

import ast
import hashlib
import inspect
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BUILDS_FILE = Path(__file__).with_name("odoo_methods.json")
# Addons whose overrides the bulk path follows.
KNOWN_ADDONS = frozenset({"base", "mail", "account", "account_payment"})
# Addons that change messages of their own kind alone (text messages, ratings).
KNOWN_IN_CHATTER = KNOWN_ADDONS | {"sms", "rating"}
# Addons whose overrides the bulk import follows. Their methods have fingerprints too: an addon that is added here must
# be installed where the builds are recorded.
KNOWN_IN_IMPORT = KNOWN_IN_CHATTER | {"account_edi_ubl_cii", "analytic", "portal", "product", "snailmail_account"}
OWN_ADDON = "account_reconciliation"

# Methods that the bulk path replaces. Where another addon overrides one of them, Odoo's own path is taken.
REPLACED = {
    "account.move.line": (
        "_reconcile_plan", "_reconcile_plan_with_sync", "_optimize_reconciliation_plan",
        "_prepare_reconciliation_plan", "_prepare_reconciliation_amls", "_prepare_reconciliation_single_partial",
        "_prepare_move_line_residual_amounts", "_check_amls_exigibility_for_reconciliation",
        "_reconcile_pre_hook", "_reconcile_post_hook", "_compute_amount_residual", "_compute_field_value",
    ),
    "account.partial.reconcile": (
        "create", "write", "_compute_company_id", "_compute_max_date", "_compute_field_value",
        "_get_to_update_payments", "_update_matching_number", "_create_tax_cash_basis_moves",
        "_set_draft_caba_move_vals",
    ),
    "account.full.reconcile": ("create",),
    "account.move": ("_compute_field_value", "_collect_tax_cash_basis_values"),
    "account.payment": ("_compute_field_value",),
}  # fmt: skip

# Stored fields that Odoo computes again after a reconciliation and that the bulk path sets or leaves as they are, with
# the methods that decide about them. Where another addon overrides one of those, Odoo computes the fields.
SET_BY_BULK = {
    "account.partial.reconcile": (
        ({"company_id", "debit_currency_id", "credit_currency_id", "max_date"}, ()),
    ),
    "account.move.line": (
        ({"amount_residual", "amount_residual_currency", "reconciled"}, ()),
    ),
    "account.move": (
        ({"payment_state"}, ("_compute_payment_state", "_get_invoice_in_payment_state")),
        ({"amount_residual", "amount_residual_signed", "amount_untaxed", "amount_tax", "amount_total",
          "amount_untaxed_signed", "amount_untaxed_in_currency_signed", "amount_tax_signed", "amount_total_signed",
          "amount_total_in_currency_signed"}, ("_compute_amount",)),
        ({"invoice_date_due"}, ("_compute_invoice_date_due",)),
    ),
    "account.payment": (
        ({"is_matched", "is_reconciled"},
         ("_compute_reconciliation_status", "_seek_for_lines", "_get_valid_liquidity_accounts",
          "_get_valid_payment_account_types")),
        ({"state"}, ("_compute_state", "_seek_for_lines", "_get_valid_liquidity_accounts",
                     "_get_valid_payment_account_types")),
        ({"amount_company_currency_signed", "name"},
         ("_compute_amount_company_currency_signed", "_compute_name")),
    ),
    "account.bank.statement.line": (
        ({"is_reconciled", "amount_residual"}, ("_compute_is_reconciled", "_seek_for_lines")),
    ),
}  # fmt: skip

# What the chatter does with a change of a tracked field. Where another addon overrides one of them, Odoo's own tracking
# writes the message.
TRACKED_MODELS = ("account.move", "account.payment")
TRACKING = (
    "_track_prepare", "_track_finalize", "_message_track", "_mail_track", "_track_subtype", "_track_template",
    "_message_track_post_template", "_track_get_default_log_message", "message_post", "_message_log",
    "_message_post_after_hook", "_message_compute_author",
)  # fmt: skip
TRACKING_STORES = {"mail.message": ("create", "_get_message_id"), "mail.tracking.value": ("create",)}

# What else the bulk path mirrors. Other addons may override these: what they add doesn't concern its statements.
FOLLOWED_BY_BULK = {
    "account.move": ("_check_balanced", "_get_sync_stack", "_sync_dynamic_lines", "write"),
    "account.move.line": ("_all_reconciled_lines", "_filter_reconciled_by_number", "_reconciled_by_number"),
    "mail.thread": ("_message_compute_parent_id", "_message_create", "_message_log_batch"),
    "mail.tracking.value": ("_create_tracking_values",),
}

# Methods that the bulk import of bank transactions replaces or follows. Where another addon overrides one of them, Odoo
# creates the transactions.
REPLACED_BY_IMPORT = {
    "account.bank.statement.line": (
        "create", "write", "default_get", "_prepare_move_line_default_vals", "_synchronize_from_moves",
        "_synchronize_to_moves", "_seek_for_lines", "_compute_currency_id", "_compute_amount_currency",
        "_compute_internal_index", "_compute_is_reconciled", "_compute_field_value", "_check_amounts_currencies",
    ),
    "account.move": (
        "create", "write", "default_get", "action_post", "_post", "_hash_moves", "_sync_dynamic_lines",
        "_get_sync_stack", "_sync_unbalanced_lines", "_synchronize_business_models", "_get_protected_vals",
        "_compute_field_value", "_compute_name", "_set_next_sequence", "_get_next_sequence_format",
        "_get_last_sequence", "_get_last_sequence_domain", "_get_starting_sequence", "_locked_increment",
        "_compute_split_sequence",
        "_compute_made_sequence_gap", "_set_next_made_sequence_gap", "_inverse_name", "_inverse_partner_id",
        "_inverse_currency_id", "_inverse_journal_id", "_inverse_company_id", "_compute_date", "_compute_company_id",
        "_compute_journal_id", "_compute_currency_id", "_compute_amount", "_compute_payment_state", "_compute_checked",
        "_compute_always_tax_exigible", "_compute_invoice_date_due", "_compute_invoice_currency_rate",
        "_compute_auto_post_until", "_compute_delivery_date", "_compute_taxable_supply_date",
        "_compute_payment_reference", "_compute_narration", "_compute_invoice_default_sale_person",
        "_compute_incoterm", "_compute_incoterm_location", "_creation_subtype", "_creation_message",
        "_message_auto_subscribe", "_message_auto_subscribe_followers", "_track_discard", "_track_template",
    ),
    "account.move.line": (
        "create", "default_get", "_sanitize_vals", "_sync_invoice", "_create_analytic_lines", "_compute_field_value",
        "_check_tax_lock_date", "_check_constrains_account_id_journal_id", "_compute_is_storno", "_compute_sequence",
        "_compute_account_id", "_compute_name", "_compute_balance", "_compute_debit_credit", "_compute_amount_currency",
        "_compute_currency_id", "_compute_partner_id", "_compute_tax_ids", "_compute_amount_residual",
        "_compute_display_type", "_compute_product_uom_id", "_compute_quantity", "_compute_price_unit",
        "_compute_totals", "_compute_no_followup", "_compute_analytic_distribution",
    ),
    "account.bank.statement": ("create", "write"),
    "mail.followers": ("create", "_insert_followers"),
    "mail.message": ("create",),
}  # fmt: skip

# Methods that the bulk booking of bank matches replaces or follows: it deletes suspense items, creates counterparts.
# Where another addon overrides one of them, Odoo does it.
REPLACED_BY_BOOKING = {
    "account.move.line": (
        *REPLACED_BY_IMPORT["account.move.line"], "unlink", "remove_move_reconcile", "_unlink_except_posted",
        "_prevent_automatic_line_deletion", "_except_hashed_entry_lines", "_inverse_account_id",
        "_inverse_amount_currency", "_inverse_analytic_distribution", "_inverse_partner_id",
        "_related_analytic_distribution",
    ),
    "account.move": (
        "_check_balanced", "_get_unbalanced_moves", "_check_fiscal_lock_dates", "_compute_amount",
        "_compute_payment_state", "_compute_always_tax_exigible", "_collect_tax_cash_basis_values",
        "_compute_invoice_date_due", "_get_protected_vals", "_compute_field_value",
    ),
    "account.bank.statement.line": ("_compute_is_reconciled", "_seek_for_lines", "_compute_field_value"),
}  # fmt: skip

# Methods that undoing many reconciliations at once replaces. Where another addon overrides one of them, Odoo does
# it.
REPLACED_BY_UNDO = {
    "account.move.line": ("_compute_amount_residual", "_compute_field_value", "_all_reconciled_lines"),
    "account.partial.reconcile": ("unlink", "_get_to_update_payments", "_update_matching_number"),
    "account.full.reconcile": ("unlink",),
}

# The stored fields that the methods of the import compute; the rest of what Odoo computes is computed by Odoo.
COMPUTED_BY_IMPORT = {
    "account.bank.statement.line": {
        "journal_id", "company_id", "currency_id", "amount_currency", "amount_residual", "internal_index",
        "is_reconciled", "match_status",
    },
    "account.move": {
        "name", "date", "journal_id", "company_id", "always_tax_exigible", "auto_post_until", "checked",
        "made_sequence_gap", "invoice_date_due", "delivery_date", "taxable_supply_date", "invoice_payment_term_id",
        "commercial_partner_id", "partner_shipping_id", "partner_bank_id", "fiscal_position_id", "payment_reference",
        "preferred_payment_method_line_id", "currency_id", "invoice_currency_rate", "amount_untaxed", "amount_tax",
        "amount_total", "amount_residual", "amount_untaxed_signed", "amount_untaxed_in_currency_signed",
        "amount_tax_signed", "amount_total_signed", "amount_total_in_currency_signed", "amount_residual_signed",
        "payment_state", "invoice_partner_display_name", "narration", "invoice_user_id", "invoice_incoterm_id",
        "incoterm_location", "sequence_prefix", "sequence_number",
    },
    "account.move.line": {
        "journal_id", "company_id", "company_currency_id", "move_name", "parent_state", "date", "invoice_date", "ref",
        "is_storno", "sequence", "account_id", "name", "debit", "credit", "balance", "amount_currency", "currency_id",
        "partner_id", "payment_id", "statement_line_id", "statement_id", "tax_ids", "tax_line_id", "tax_group_id",
        "amount_residual", "amount_residual_currency", "reconciled", "display_type", "product_uom_id", "quantity",
        "price_unit", "price_subtotal", "price_total", "no_followup", "analytic_distribution",
    },
}  # fmt: skip

# What the rest of the addon mirrors. There is no slower path, so a change is only reported.
MIRRORED_ELSEWHERE = {
    # Rates in bank reconciliations: remittances_sql.py.
    "res.currency": ("_get_rates", "_get_conversion_rate", "_convert"),
    # The partner of a matched bank transaction, and its entry after a match is undone.
    "account.move": ("_compute_commercial_partner_id",),
    "account.bank.statement.line": ("_prepare_move_line_default_vals",),
    # The outstanding account of a payment whose method has none: account_payment_method_line.py.
    "account.payment": ("_get_outstanding_account",),
    # What an exchange difference books, by which its entry is known: exchange_entries_sql.py.
    "account.move.line": ("_prepare_exchange_difference_move_vals",),
    # The items' parts of the tax lines: worth_sql.py. From _get_tax_details on, and what it calls.
    "account.tax": (
        "_get_tax_details", "_flatten_taxes_and_sort_them", "_batch_for_taxes_computation",
        "_propagate_extra_taxes_base", "_eval_tax_amount_fixed_amount", "_eval_tax_amount_price_included",
        "_eval_tax_amount_price_excluded", "_compute_price_include", "_compute_has_negative_factor",
        "_distribute_delta_amount_smoothly",
    ),
}  # fmt: skip


def bulk_methods() -> dict[str, set[str]]:
    """All methods that the bulk path mirrors.

    :return: ``{model: names}``
    """
    decisive = {
        model: {name for _fields, names in groups for name in names} for model, groups in SET_BY_BULK.items()
    }  # fmt: skip
    tracking = dict.fromkeys(TRACKED_MODELS, TRACKING)
    return _joined(REPLACED, decisive, tracking, TRACKING_STORES, FOLLOWED_BY_BULK)


def import_methods() -> dict[str, set[str]]:
    """All methods that the bulk import of bank transactions mirrors.

    :return: ``{model: names}``
    """
    return _joined(REPLACED_BY_IMPORT)


def booking_methods() -> dict[str, set[str]]:
    """All methods that the bulk booking of bank matches mirrors.

    :return: ``{model: names}``
    """
    return _joined(REPLACED_BY_BOOKING)


def undo_methods() -> dict[str, set[str]]:
    """All methods that undoing many reconciliations at once mirrors.

    :return: ``{model: names}``
    """
    return _joined(REPLACED_BY_UNDO)


# The bulk paths: reconciling, importing bank transactions, booking bank matches, undoing reconciliations.
MIRRORED_BY = {"bulk": bulk_methods, "import": import_methods, "booking": booking_methods, "undo": undo_methods}


def watched_methods() -> dict[str, set[str]]:
    """All methods of Odoo that the addon mirrors.

    :return: ``{model: names}``
    """
    return _joined(*(mirrored() for mirrored in MIRRORED_BY.values()), MIRRORED_ELSEWHERE)


def _joined(*parts):
    methods = {}
    for part in parts:
        for model, names in part.items():
            methods.setdefault(model, set()).update(names)
    return methods


@dataclass(frozen=True, order=True)
class Change:
    """A method that isn't the one of the build it is compared with.

    :param method: ``model.name``
    :param addon: the addon of Odoo that defines it
    :param recorded: its fingerprint in the build, None where the build doesn't have it
    :param present: its fingerprint now, None where it doesn't exist any more
    """

    method: str
    addon: str
    recorded: str | None
    present: str | None

    def is_of(self, path: str) -> bool:
        """Whether a bulk path mirrors the method.

        :param path: a key of ``MIRRORED_BY``
        """
        model, _dot, name = self.method.rpartition(".")
        return name in MIRRORED_BY[path]().get(model, ())


def definitions(model_class: type, name: str) -> list[tuple[str, object]]:
    """All definitions of a method by addons, in the order in which they call each other.

    :param model_class: class of a model in the registry
    :return: ``[(addon, function)]``
    """
    found = []
    for cls in model_class.__mro__:
        function = cls.__dict__.get(name)
        function = getattr(function, "__func__", function)
        module = getattr(function, "__module__", None) or ""
        if module.startswith("odoo.addons."):
            found.append((module.split(".")[2], function))
    return found


def present_fingerprints(
    classes: Mapping[str, type], methods: Mapping[str, Iterable[str]]
) -> dict[str, dict[str, str]]:
    """The fingerprints of methods as Odoo's addons define them here.

    :param classes: the registry: class of a model by its name
    :param methods: ``{model: names}``
    :return: ``{model.name: {addon: fingerprint}}``
    """
    found = {}
    for model, names in sorted(methods.items()):
        for name in sorted(names):
            of_addons = {}
            for addon, function in definitions(classes[model], name):
                if addon in KNOWN_IN_IMPORT:
                    of_addons.setdefault(addon, []).append(function)
            found[f"{model}.{name}"] = {addon: _fingerprint(tuple(own)) for addon, own in sorted(of_addons.items())}
    return found


def changes(
    present: Mapping[str, Mapping[str, str]],
    build: Mapping[str, Mapping[str, str]],
    installed: Iterable[str],
) -> list[Change]:
    """Compare the methods that are here with those of one build.

    :param present: what :func:`present_fingerprints` gives
    :param build: the same, as it was recorded
    :param installed: the addons that are installed; the build may have more
    """
    found = []
    for method, here in present.items():
        recorded = build.get(method, {})
        for addon in sorted(here.keys() | (recorded.keys() & set(installed))):
            if here.get(addon) != recorded.get(addon):
                found.append(Change(method, addon, recorded.get(addon), here.get(addon)))
    return found


def closest_build(
    present: Mapping[str, Mapping[str, str]],
    builds: Mapping[str, Mapping[str, Mapping[str, str]]],
    installed: Iterable[str],
) -> tuple[str | None, list[Change]]:
    """The recorded build that the methods here are most like.

    The methods work together, so they must all be of one build: each of another would be a mixture that nobody tested.

    :return: its name (None where no build is recorded), and what differs from it
    """
    compared = [(name, changes(present, build, installed)) for name, build in builds.items()]
    if not compared:
        return None, changes(present, {}, installed)
    return min(compared, key=lambda one: len(one[1]))


def read_builds() -> dict[str, dict[str, dict[str, str]]]:
    """The recorded builds.

    :return: ``{build: {model.name: {addon: fingerprint}}}``
    """
    return json.loads(BUILDS_FILE.read_text(encoding="utf-8"))


def source_of(function) -> str:
    """The source of a function as it is in its file; empty where there is none to read."""
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return ""


@cache
def _fingerprint(functions: tuple) -> str:
    return fingerprint("".join(_structure(source_of(function)) for function in functions))


def fingerprint(text: str) -> str:
    """A short hash that changes when a text does."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _structure(source: str) -> str:
    """What a function does, without its comments, docstrings and layout, and the same in every version of Python."""
    if not source:
        return ""
    # A method is indented as in its class; strings within it may not be, so it can't be shifted.
    tree = ast.parse(f"class _:\n{source}" if source[0].isspace() else source)
    return repr(_plain(tree))


def _plain(node):
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if not isinstance(node, ast.AST):
        return node
    children = dict(ast.iter_fields(node))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(node, clean=False) is not None:
        children["body"] = node.body[1:]
    # Versions of Python differ in which empty fields they have.
    return [
        type(node).__name__,
        *((name, _plain(child)) for name, child in children.items() if child is not None and child != []),
    ]
