"""What other addons have to say about a reconciliation: their stored fields, their overrides, the chatter."""

import random
import socket
import time

from odoo import api, models

from ...engine.reconcile_accounts import bulk_states_sql as states_sql

# Addons whose overrides the bulk path knows, because it does what they do.
KNOWN_ADDONS = {"base", "mail", "account", "account_payment", "account_reconciliation"}

# Methods that the bulk path stands for. Whoever overrides one of them must be asked, so Odoo's own path is taken.
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

# Stored fields that Odoo recomputes after a reconciliation and that the bulk path sets or proves unchanged, with the
# methods that decide about them. Where an addon overrides one of those, Odoo recomputes the fields.
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

# What the chatter does with a change of a tracked field, and addons that have a say only in messages of their own kind
# (text messages, ratings).
KNOWN_IN_CHATTER = KNOWN_ADDONS | {"sms", "rating"}
TRACKING = (
    "_track_prepare", "_track_finalize", "_message_track", "_mail_track", "_track_subtype", "_track_template",
    "_message_track_post_template", "_track_get_default_log_message", "message_post", "_message_log",
    "_message_post_after_hook", "_message_compute_author",
)  # fmt: skip
TRACKING_STORES = {"mail.message": ("create", "_get_message_id"), "mail.tracking.value": ("create",)}


class AccountBulkReconcile(models.AbstractModel):
    _inherit = "account.bulk.reconcile"

    @api.model
    def _overridden(self, model, methods, known_addons=KNOWN_ADDONS):
        """Whether an addon that the bulk path doesn't know has a say in one of these methods.

        :param model: name of a model
        :param methods: names of methods
        :param known_addons: names of addons
        """
        for cls in type(self.env[model]).__mro__:
            for name in methods:
                module = getattr(cls.__dict__.get(name), "__module__", None) or ""
                if module.startswith("odoo.addons.") and module.split(".")[2] not in known_addons:
                    return True
        return False

    @api.model
    def _hooked(self):
        """Whether another addon changes how Odoo reconciles (or automates what follows), so that only Odoo's own
        method will do."""
        return any(self._overridden(model, methods) for model, methods in REPLACED.items())

    @api.model
    def _fields_by_orm(self):
        """The stored fields that the bulk path leaves to Odoo: of other addons, or decided by an override.

        :return: ``{model that is written: trigger tree}``, without those that are empty
        """
        known = set()
        for model, groups in SET_BY_BULK.items():
            for names, methods in groups:
                if not self._overridden(model, methods):
                    known.update(self.env[model]._fields[name] for name in names)
        written = {
            "account.partial.reconcile": self.env["account.partial.reconcile"]._fields,
            "account.move.line": ("full_reconcile_id", "matching_number"),
        }
        trees = {
            model: self.env.registry.get_trigger_tree(
                [self.env[model]._fields[name] for name in names],
                select=lambda field: field.store and bool(field.compute) and field not in known,
            )
            for model, names in written.items()
        }
        return {model: tree for model, tree in trees.items() if tree}

    def _recompute(self, partials, lines, trees):
        """Have Odoo compute the stored fields that depend on what was written.

        :param partials: account.partial.reconcile records, new
        :param lines: account.move.line records whose numbers have changed
        :param trees: what :meth:`_fields_by_orm` gave
        """
        for records, is_new in ((partials, True), (lines, False)):
            if records._name not in trees:
                continue
            for field, found, _created in records._modified_triggers(trees[records._name], create=is_new):
                self.env.add_to_compute(field, found)
        if trees:
            self.env.flush_all()

    # -- chatter ------------------------------------------------------------------------------------------------------

    def _track(self, model, name, changes):
        """Leave in the chatter what Odoo's tracking would have left.

        Where somebody would be notified, an addon has a say, or the record has other changes waiting for the commit,
        Odoo's own tracking does it.

        :param model: name of the model
        :param name: name of the tracked field, a selection
        :param changes: ``(id, old value, new value)``
        """
        records = self.env[model]
        changes = [change for change in changes if change[1] != change[2]]
        if (
            not changes
            or self.env.context.get("tracking_disable")
            or self.env.context.get("mail_notrack")
            or name not in records._track_get_fields()
        ):
            return
        waiting = self.env.cr.precommit.data.get(f"mail.tracking.{model}", {})
        by_odoo = set(waiting)
        if any(
            self._overridden(store, methods, KNOWN_IN_CHATTER)
            for store, methods in {model: TRACKING, **TRACKING_STORES}.items()
        ):
            by_odoo.update(record for record, _old, _new in changes)
        posts, notes = [], []
        paid = self.env.ref("account.mt_invoice_paid")
        for change in changes:
            if change[0] in by_odoo:
                continue
            is_post = model == "account.move" and change[2] == "paid"
            (posts if is_post else notes).append(change)
        if posts:
            followed = self._followed(model, [change[0] for change in posts], paid)
            by_odoo |= followed
            posts = [change for change in posts if change[0] not in followed]
        self._log(model, name, notes, self.env.ref("mail.mt_note"), is_note=True)
        self._log(model, name, posts, paid, is_note=False)
        late = [change for change in changes if change[0] in by_odoo]
        if late:
            self._track_by_odoo(records, name, late)

    def _followed(self, model, ids, subtype):
        """Which records have followers who are told of a subtype."""
        followers = self.env["mail.followers"].sudo()  # only whether there are any
        domain = [("res_model", "=", model), ("res_id", "in", ids), ("subtype_ids", "in", subtype.ids)]
        return {follower.res_id for follower in followers.search(domain)}

    def _track_by_odoo(self, records, name, changes):
        """Tell Odoo's tracking what the values were; it writes its messages before the commit."""
        cr = self.env.cr
        cr.precommit.add(records._track_finalize)
        waiting = cr.precommit.data.setdefault(f"mail.tracking.{records._name}", {})
        for record, old, _new in changes:
            values = waiting.setdefault(record, {})
            if values is not None:
                values.setdefault(name, old)

    def _log(self, model, name, changes, subtype, is_note):
        if not changes:
            return
        env = self.env
        records = env[model].browse([change[0] for change in changes]).sudo()  # as Odoo's own tracking
        author_id, email_from = records._message_compute_author()
        field = records._fields[name]
        labels = dict(field._description_selection(env))
        values = {
            "model": model,
            "field_id": env["ir.model.fields"]._get(model, name).id,
            "author_id": author_id or None,
            "email_from": email_from or None,
            "subtype_id": subtype.id,
            "is_note": is_note,
            "is_threaded": bool(records._mail_flat_thread) and not is_note,
            "company_id": None,
            "alias_domain_id": None,
        }
        if is_note:
            replies = dict.fromkeys(
                records.ids, env["mail.thread"]._notify_get_reply_to(default=email_from, author_id=author_id)[False]
            )
            batches = [(values, changes)]
        else:
            records.fetch(["company_id"])
            replies = records._notify_get_reply_to(default=email_from, author_id=author_id)
            batches = []
            for company, own in records.grouped("company_id").items():
                ids = set(own.ids)
                told = {"company_id": company.id, "alias_domain_id": company.alias_domain_id.id or None}
                batches.append(({**values, **told}, [change for change in changes if change[0] in ids]))
        host, now = socket.gethostname(), time.time()
        for told, batch in batches:
            rows = [
                (
                    record,
                    f"<{random.randrange(10**15):015}.{now:.15f}-openerp-{record}-{model}@{host}>",
                    replies[record] or None,
                    labels.get(old, old or ""),
                    labels.get(new, new or ""),
                )
                for record, old, new in batch
            ]
            env.cr.execute(states_sql.insert_tracking(rows, told, env.uid))
