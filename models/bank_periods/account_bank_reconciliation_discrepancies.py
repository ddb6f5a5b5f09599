"""What has changed since a period was closed, or a remittance confirmed."""

import hashlib
from dataclasses import replace

from markupsafe import Markup
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...engine.bank_periods import page_sql, remittances_sql
from ...engine.bank_periods.changes import CONFIRMED, OUTSTANDING, UNMATCHED, Row, compare
from ..common.permissions import BANK
from ..common.remote_calls import remote_call
from ..common.sql import without_jit

# Of so many closed periods each process of the server keeps whether anything has changed.
KEPT_CHANGES = 1024


class AccountBankReconciliation(models.Model):
    _inherit = "account.bank.reconciliation"

    discrepancy_count = fields.Integer("Discrepancies", compute="_compute_discrepancy_count")
    has_discrepancies = fields.Boolean(compute="_compute_discrepancy_count", search="_search_has_discrepancies")
    discrepancy_key = fields.Char(readonly=True, guarded=True, copy=False)
    check_date = fields.Datetime("Last checked", readonly=True, guarded=True, copy=False)

    @api.depends("state", "confirmation_ids", "snapshot_ids")
    def _compute_discrepancy_count(self):
        changed = self._maybe_changed()
        for period in self:
            period.discrepancy_count = len(period._changes()) if period._origin.id in changed else 0
            period.has_discrepancies = bool(period.discrepancy_count)

    def _maybe_changed(self):
        """The ids of the periods whose rows must be compared one by one, however many periods there are.

        One query, and a small one alone where nothing was written since closed periods were asked for.
        """
        periods = self._origin
        if not periods:
            return set()
        self.env.flush_all()
        without_jit(self.env.cr)
        closed = periods.filtered(lambda period: period.state == "closed")
        versions = {}
        if closed:
            versions = dict(self.env.execute_query(page_sql.closed_versions(closed.ids, closed.journal_id.ids)))
        kept = self._kept("account_reconciliation_changed_periods", KEPT_CHANGES)
        known = {}
        for period_id, version in versions.items():
            kept_version, is_changed = kept.get(period_id, (None, None))
            if kept_version == version:
                known[period_id] = is_changed
        changed = {period_id for period_id, is_changed in known.items() if is_changed}
        asked = periods.filtered(lambda period: period.id not in known)
        if asked:
            rows = self.env.execute_query(
                page_sql.maybe_changed(
                    remittances_sql.remittances(), (asked - closed).ids, (asked & closed).ids, asked.journal_id.ids
                )
            )
            changed.update(period_id for (period_id,) in rows)
            for period in asked & closed:
                kept[period.id] = versions[period.id], period.id in changed
        return changed

    @api.model
    def _search_has_discrepancies(self, operator, value):
        if operator != "in":
            return NotImplemented
        if {True, False} <= set(value):
            return Domain.TRUE
        candidates = self.search(["|", ("state", "=", "closed"), ("confirmation_ids", "!=", False)])
        return [("id", "in" if True in value else "not in", candidates.filtered("has_discrepancies").ids)]

    @remote_call(one=True)
    def get_discrepancies(self):
        """Tell what has changed since the period was closed; of an open one, since its remittances were confirmed.

        :return: list of dicts ``kind`` (amount, date, partner, gone, unmatched, backdated), ``name``, ``was``, ``now``
            (texts), ``message`` (the whole as a sentence), ``res_model`` and ``res_id`` (what to look at, or False)
        """
        self.check_access("read")
        return [self._describe(change) for change in self._changes()]

    def _changes(self):
        """The same as ``Change`` objects; a handful of queries, however many rows there are."""
        self.ensure_one()
        if self.id not in self._maybe_changed():
            return []
        closed = self.state == "closed"
        stored = self._closing_snapshot()._stored_rows() if closed else self._confirmed_rows()
        return compare(stored, self._current_rows(stored), *((self.date_from, self.date_to) if closed else ()))

    def _confirmed_rows(self):
        exact = self.currency_id._exact
        return [
            Row(CONFIRMED, one.move_line_key, one.name or one.label or "", one.date, exact(one.amount),
                one.partner_id.id, one.statement_line_key, one.is_matched)
            for one in self.confirmation_ids
        ]  # fmt: skip

    def _current_rows(self, stored):
        """The rows as they are: those that were stored, and those of the period's days."""
        exact = self.currency_id._exact
        keys = [row.key for row in stored if row.section != UNMATCHED]
        inside = Domain("date", ">=", self.date_from) & Domain("date", "<=", self.date_to)
        remittances = self.env["account.bank.remittance"]
        remittances.invalidate_model()
        names = ["name", "label", "date", "amount", "partner_id", "statement_line_id", "is_matched"]
        domain = Domain("id", "in", keys)
        if self.state == "closed":
            domain |= inside
        rows = [
            Row("", one["id"], one["name"] or one["label"] or "", one["date"], exact(one["amount"]),
                one["partner_id"], one["statement_line_id"], one["is_matched"])
            for one in remittances.search_fetch(
                domain & Domain("journal_id", "=", self.journal_id.id), names).read(names, load="")
        ]  # fmt: skip
        if self.state != "closed":
            return rows
        rows = self._with_later_parts(stored, rows)
        lines = self.env["account.bank.statement.line"]
        keys = [row.key for row in stored if row.section == UNMATCHED]
        domain = Domain(self._unmatched_domain()) | Domain("id", "in", keys) & Domain("state", "=", "posted")
        names = ["move_id", "date", "amount", "payment_ref"]
        rows += [
            Row(UNMATCHED, one["id"], one["payment_ref"] or "", one["date"], exact(one["amount"]))
            for one in lines.search_fetch(domain, names).read(names, load="")
        ]
        return rows

    def _with_later_parts(self, stored, rows):
        """Count what was still to come of a payment as still to come, where the bank has shown it later in parts.

        :param stored: the rows that the period was closed on
        :param rows: the remittances as they are
        :return: the rows, each with what was outstanding when the period ended where that is what was stored
        """
        now = {row.key: row for row in rows}
        waited = {
            was.key: was for was in stored
            if was.section == OUTSTANDING and (was.key not in now or now[was.key].amount != was.amount)
        }  # fmt: skip
        if not waited:
            return rows
        exact = self.currency_id._exact
        for key, amount in self.env.execute_query(
            remittances_sql.shown_after(list(waited), self.journal_id.id, self.date_to)
        ):
            was, row = waited[key], now.get(key)
            if exact(amount) + (row.amount if row else 0) == was.amount:
                now[key] = replace(row or was, amount=was.amount)
        return list(now.values())

    def _describe(self, change):
        """Put a change into words."""
        self.ensure_one()
        row = change.row
        money = lambda amount: self.currency_id.format(float(amount))  # noqa: E731
        what = self.env._(
            "%(name)s of %(date)s (%(amount)s)", name=row.name, date=format_date(self.env, row.date),
            amount=money(row.amount),
        )  # fmt: skip
        if row.section == UNMATCHED:
            what = self.env._("Bank transaction %s", what)
        was = now = ""
        if change.kind == "amount":
            was, now = money(change.was.amount), money(change.now.amount)
            message = self.env._("%(what)s: the amount was %(was)s and is %(now)s.", what=what, was=was, now=now)
        elif change.kind == "date":
            was, now = format_date(self.env, change.was.date), format_date(self.env, change.now.date)
            message = self.env._("%(what)s: the date was %(was)s and is %(now)s.", what=what, was=was, now=now)
        elif change.kind == "partner":
            names = self.env["res.partner"].browse([one.partner for one in (change.was, change.now) if one.partner])
            names = {partner.id: partner.display_name for partner in names.exists()}
            nobody = self.env._("nobody")
            was, now = names.get(change.was.partner, nobody), names.get(change.now.partner, nobody)
            message = self.env._("%(what)s: the partner was %(was)s and is %(now)s.", what=what, was=was, now=now)
        elif change.kind == "unmatched":
            names = self.env["account.bank.statement.line"].browse([
                one.bank_key for one in (change.was, change.now) if one.bank_key
            ])  # fmt: skip
            names = {line.id: line.display_name for line in names.exists()}
            nothing = self.env._("none")
            was, now = names.get(change.was.bank_key, nothing), names.get(change.now.bank_key, nothing)
            message = self.env._("%s is no longer matched with its bank transaction.", what)
            if change.now.is_matched:
                message = self.env._("%s is matched with another bank transaction.", what)
        elif change.kind == "gone":
            message = self._describe_gone(change.was, what)
        else:
            message = self.env._("%s has come into the period since it was closed.", what)
            if row.section == UNMATCHED:
                message = self.env._("%s has come into the period since it was closed, or is no longer matched.", what)
        model, record_id = self._locate(row)
        return {
            "kind": change.kind, "name": row.name, "was": was, "now": now, "message": message,
            "res_model": model, "res_id": record_id,
        }  # fmt: skip

    def _describe_gone(self, row, what):
        """Say what became of a row that is not a remittance of this account any more."""
        if row.section == UNMATCHED:
            return self.env._("%s was deleted.", what)
        line = self.env["account.move.line"].browse(row.key).exists()
        bank = self.env["account.bank.statement.line"].browse(row.bank_key).exists() if row.bank_key else line
        if bank and bank.move_id.name == row.name and bank.move_id.statement_line_id:
            # Odoo rebuilds the items of a bank transaction when its match is undone.
            return self.env._("%s is no longer matched: its bank transaction is booked otherwise.", what)
        if not line:
            return self.env._("%s was deleted.", what)
        if line.parent_state == "draft":
            return self.env._("%s was reset to draft.", what)
        if line.parent_state == "cancel":
            return self.env._("%s was cancelled.", what)
        return self.env._("%s no longer moves money on this bank account.", what)

    def _locate(self, row):
        """The record that a row is about: (model, id), (False, False) where it is gone."""
        if row.section == UNMATCHED:
            record = self.env["account.bank.statement.line"].browse(row.key).exists()
        else:
            move = self.env["account.move.line"].browse(row.key).exists().move_id
            record = move.origin_payment_id or move
        return (record._name, record.id) if record else (False, False)

    @api.model
    def _cron_check_discrepancies(self):
        """Check all closed periods, and notify the accountants of what is new. Commits after each period."""
        companies = self.env["res.company"].search([("bank_reconciliation", "=", True)])
        periods = self.search([("state", "=", "closed"), ("company_id", "in", companies.ids)])
        self.env["ir.cron"]._commit_progress(remaining=len(periods))
        for period in periods:
            period.with_company(period.company_id)._check_and_notify()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _check_and_notify(self):
        """Notify the accountants of a period's discrepancies, again only where these are other ones."""
        self.ensure_one()
        changes = self.get_discrepancies()
        text = "\n".join(change["message"] for change in changes)
        key = hashlib.sha256(text.encode()).hexdigest() if changes else False
        values = {"check_date": fields.Datetime.now()}
        if key != self.discrepancy_key:
            values["discrepancy_key"] = key
            if changes:
                intro = self.env._("%s was closed, and has changed since:", self.display_name)
                self._notify_accountants(intro, [change["message"] for change in changes])
        self.sudo().write(values)  # guarded fields

    def _notify_accountants(self, intro, lines):
        """Write to all who may reconcile the bank account."""
        items = Markup().join(Markup("<li>%s</li>") % line for line in lines)
        body = Markup("<p>%s</p><ul>%s</ul>") % (intro, items)
        accountants = (
            self.env.ref(BANK)
            .sudo()
            .all_user_ids.filtered(lambda user: user.active and not user.share and self.company_id in user.company_ids)
        )
        self.sudo().message_post(body=body, partner_ids=accountants.partner_id.ids, subtype_xmlid="mail.mt_comment")
