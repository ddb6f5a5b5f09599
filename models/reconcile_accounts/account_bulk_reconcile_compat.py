"""How bulk reconciliation respects other addons, Odoo's own version, and the chatter."""

import logging
import random
import socket
import time

from odoo import api, models

from ...engine.common import odoo_methods
from ...engine.reconcile_accounts import bulk_states_sql as states_sql

_logger = logging.getLogger(__name__)


class AccountBulkReconcile(models.AbstractModel):
    _inherit = "account.bulk.reconcile"

    def _register_hook(self):
        """Compare Odoo's methods with those that this addon was tested with, once for each start."""
        super()._register_hook()
        build, changes = self._compare_odoo_methods()
        for change in changes:
            _logger.warning(
                "Odoo's method %s (addon %s) isn't the one that Account Reconciliation was tested with (closest build: "
                "%s). %s To see the difference: script/check odoo-methods.",
                change.method,
                change.addon,
                build,
                self._effect(change),
            )

    @api.model
    def _effect(self, change):
        """What a changed method of Odoo means for the addon, in English for the log."""
        effects = [
            effect
            for path, effect in (
                ("bulk", "Accounts are reconciled by Odoo's own methods, which takes longer."),
                ("import", "Bank transactions are created by Odoo's own methods, which takes longer."),
                ("booking", "Bank matches are booked by Odoo's own methods, which takes longer."),
                ("undo", "Reconciliations are undone by Odoo's own methods, which takes longer."),
            )
            if change.is_of(path)
        ]
        without_slow_path = (
            "The addon has no slower path that would follow the change: what it computes by the old method may differ "
            "from Odoo's results. Update the addon, or compare them."
        )
        return " ".join(effects or [without_slow_path])

    @api.model
    def _compare_odoo_methods(self):
        """Compare Odoo's methods with those of the recorded builds, and remember the result with the registry.

        :return: ``(name of the closest build, list of odoo_methods.Change)``
        """
        present = odoo_methods.present_fingerprints(self.pool, odoo_methods.watched_methods())
        build, changes = odoo_methods.closest_build(present, odoo_methods.read_builds(), self.pool._init_modules)
        self.pool.account_reconciliation_changes = changes
        return build, changes

    @api.model
    def _changed_methods(self, path="bulk"):
        """The methods of Odoo that a bulk path mirrors and that aren't those it was tested with.

        :param path: a key of ``odoo_methods.MIRRORED_BY``
        :return: list of names ``model.method``
        """
        if not hasattr(self.pool, "account_reconciliation_changes"):
            self._compare_odoo_methods()
        return [change.method for change in self.pool.account_reconciliation_changes if change.is_of(path)]

    @api.model
    def _changed_methods_notice(self):
        """Say why reconciling takes longer than usual; None where it doesn't."""
        methods = self._changed_methods()
        if not methods:
            return None
        return self.env._(
            "Odoo has changed since this version of Account Reconciliation was tested (%s). So everything is "
            "reconciled by Odoo's own method: the result is right, but it takes longer. Ask your administrator to "
            "update the addon.",
            ", ".join(methods),
        )

    @api.model
    def _overridden(self, model, methods, known_addons=odoo_methods.KNOWN_ADDONS):
        """Whether an addon that bulk reconciliation doesn't know overrides one of these methods.

        :param model: name of a model
        :param methods: names of methods
        :param known_addons: names of addons
        """
        known = {*known_addons, odoo_methods.OWN_ADDON}
        return any(
            addon not in known
            for name in methods
            for addon, _function in odoo_methods.definitions(self.pool[model], name)
        )

    @api.model
    def _hooked(self, replaced=odoo_methods.REPLACED):
        """Whether another addon changes how Odoo reconciles, so that only Odoo's own method will do.

        :param replaced: the methods that a bulk path replaces, ``{model: names}``
        """
        return any(self._overridden(model, methods) for model, methods in replaced.items())

    @api.model
    def _fields_by_orm(self):
        """The stored fields that the bulk path leaves to Odoo: of other addons, or decided by an override.

        :return: ``{model that is written: trigger tree}``, without those that are empty
        """
        known = set()
        for model, groups in odoo_methods.SET_BY_BULK.items():
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
                self.env.add_to_compute(field, found - self.env.protected(field))
        if trees:
            self.env.flush_all()

    # -- chatter ------------------------------------------------------------------------------------------------------

    def _track(self, model, name, changes):
        """Write the messages that Odoo's tracking would write.

        Odoo's own tracking does it where followers would be notified, where another addon overrides it, and where the
        record has other tracked changes that wait for the commit.

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
            self._overridden(store, methods, odoo_methods.KNOWN_IN_CHATTER)
            for store, methods in {model: odoo_methods.TRACKING, **odoo_methods.TRACKING_STORES}.items()
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
        """The ids of the records that have followers of a subtype."""
        followers = self.env["mail.followers"].sudo()  # only whether there are any
        domain = [("res_model", "=", model), ("res_id", "in", ids), ("subtype_ids", "in", subtype.ids)]
        return {follower.res_id for follower in followers.search(domain)}

    def _track_by_odoo(self, records, name, changes):
        """Give Odoo's tracking the values before the change; it writes its messages before the commit."""
        cr = self.env.cr
        cr.precommit.add(records._track_finalize)
        waiting = cr.precommit.data.setdefault(f"mail.tracking.{records._name}", {})
        for record, old, _new in changes:
            values = waiting.setdefault(record, {})
            if values is not None:
                values.setdefault(name, old)

    def _log(self, model, name, changes, subtype, is_note):
        """Write the messages of one changed field, all by one statement.

        Odoo's own methods would take more than half of a run. Measured for 2,002 reconciliations with 2,926 messages,
        on two cores with other work going on: this 2.4 of 17 s, ``_message_log_batch`` with the tracking values created
        at once 21 of 39 s, Odoo's tracking (which writes a message a record) 80 of 96 s.

        :param model: name of the model
        :param name: name of the tracked field, a selection
        :param changes: ``(id, old value, new value)``
        :param subtype: mail.message.subtype of the messages
        :param is_note: whether they are log notes, as ``_message_log`` writes them, or posts
        """
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
                of_company = {"company_id": company.id, "alias_domain_id": company.alias_domain_id.id or None}
                batches.append(({**values, **of_company}, [change for change in changes if change[0] in ids]))
        host, now = socket.gethostname(), time.time()
        for values_of_batch, batch in batches:
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
            env.cr.execute(states_sql.insert_tracking(rows, values_of_batch, env.uid))
