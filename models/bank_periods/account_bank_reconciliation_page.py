"""What the page of a period shows: its remittances, page by page, and its totals."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.lru import LRU
from odoo.tools.query import Query

from ...engine.bank_periods import page_sql, search_sql
from ...engine.bank_periods.offered import Offered
from ..common import kinds
from ..common.remote_calls import remote_call
from ..common.sql import without_jit

PAGE_ROWS_MAX = 500
ROW_FIELDS = [
    "date", "name", "label", "kind", "partner_id", "amount", "payment_id", "move_id", "statement_line_id", "is_matched",
    "bank_date", "reconciliation_id",
]  # fmt: skip
CONFIRMED_FIELDS = ["move_line_key", "amount", "create_uid", "create_date"]
# Of so many periods each process of the server keeps what their pages list: 200 kB of memory for 10,000 remittances.
KEPT_LISTS = 32


class AccountBankReconciliation(models.Model):
    _inherit = "account.bank.reconciliation"

    # -- what is listed -------------------------------------------------------------------------------------

    def _listed(self):
        """What the pages of these periods list; two queries where nothing was written since they were last asked for.

        :return: dict, id of the period -> (``Offered``, set of the ids that are confirmed in it)
        """
        self.check_access("read")
        self.env.flush_all()
        without_jit(self.env.cr)
        kept = self._kept("account_reconciliation_lists", KEPT_LISTS)
        listed, changed = {}, {}
        for period_id, version, line_ids in self.env.execute_query(page_sql.versions(self.ids, self.journal_id.ids)):
            period = self.browse(period_id)
            key = (version, period.journal_id.id, period.date_from, period.date_to)
            confirmed = set(line_ids or ())
            kept_key, offered = kept.get(period_id, (None, None))
            if kept_key == key and offered.holds(confirmed):
                listed[period_id] = offered, confirmed
            else:
                changed[period] = key, confirmed
        for period, offered in self._work_out({period: confirmed for period, (_key, confirmed) in changed.items()}):
            key, confirmed = changed[period]
            kept[period.id] = key, offered
            listed[period.id] = offered, confirmed
        return listed

    def _kept(self, name, count):
        """What each process of the server keeps of so many periods, under the version that it was found for: LRU."""
        if not hasattr(self.pool, name):
            setattr(self.pool, name, LRU(count))
        return getattr(self.pool, name)

    def _work_out(self, confirmed):
        """Work out what pages list, in one pass over the accounts.

        :param confirmed: dict, period -> set of the ids that are confirmed in it
        :return: iterator of ``(period, Offered)``
        """
        if not confirmed:
            return
        periods = self.browse([period.id for period in confirmed])
        accounts = [("journal_id", "in", periods.journal_id.ids)]
        first = dict(self._read_group(accounts, ["journal_id"], ["date_from:min"]))
        # Safe by sudo: the periods may be read, and only their own remittances are looked up. What is kept is the same
        # for all users who may read a period.
        remittances = self.env["account.bank.remittance"].sudo()
        offered = {period: period._offered_domain(first.get(period.journal_id)) for period in periods}
        query = remittances._search(Domain.OR(offered.values()), order="date, id")
        columns = [SQL.identifier(query.table, name) for name in ("id", "amount", "is_in_parts")]
        for period in periods:
            for domain in (
                offered[period], period._free_domain(first.get(period.journal_id)), period._moved_domain()
            ):  # fmt: skip
                columns.append(domain.optimize_full(remittances)._to_sql(remittances, query.table, query))
        rows = self.env.execute_query(query.select(*columns))
        for number, period in enumerate(periods):
            at, scale = 3 + 3 * number, self._scale(period)
            yield period, Offered.of(
                [
                    (row[0], round(row[1] * scale), row[at + 1], row[at + 2], row[2])
                    for row in rows if row[at]
                ],
                confirmed[period],
            )  # fmt: skip

    @staticmethod
    def _scale(period):
        """How many of the smallest digit of its currency make one unit of it."""
        return 10**period.currency_id.decimal_places

    def _count_unconfirmed(self):
        """How many remittances each of these periods offers that are not confirmed.

        :return: dict, id of the period -> count
        """
        if not self:
            return {}
        counts = {period_id: offered.counts(confirmed) for period_id, (offered, confirmed) in self._listed().items()}
        return {period_id: count - ticked for period_id, (count, ticked, _matched) in counts.items()}

    # -- the page -------------------------------------------------------------------------------------------

    @remote_call(one=True)
    def get_totals(self):
        """Give what the page's footer and its header show; a handful of queries, however many remittances there are.

        :return: dict of the period's figures (floats in the bank account's currency) and counts
        """
        offered, confirmed = self._listed()[self.id]
        return self._totals(offered, confirmed)

    def _totals(self, offered, confirmed):
        count, ticked, matched = offered.counts(confirmed)
        return {
            "state": self.state,
            "currency_id": self.currency_id.id,
            "balance_start": self.balance_start,
            "total_reconciled": self.total_reconciled,
            "balance_end": self.balance_end,
            "remaining": self.remaining,
            "is_balanced": self.is_balanced,
            "offered_count": count,
            "confirmed_count": ticked,
            "matched_count": matched if self.state == "open" else 0,
            "unmatched_count": self.unmatched_count,
            **self._ignored_totals(),
        }

    def _ignored_totals(self):
        """The ignored transactions of the period, which are in the bank's balance but not in the books."""
        count, amount = 0, 0.0
        if not self.is_balanced:
            ((count, amount),) = self.env["account.bank.statement.line"]._read_group(
                self._bank_transactions_domain("ignored"), [], ["__count", "amount:sum"]
            )
        return {"ignored_count": count, "ignored_amount": amount or 0.0}

    @remote_call(
        one=True, search=kinds.text, only_open=kinds.flag, offset=kinds.whole, limit=kinds.whole,
        with_discrepancies=kinds.flag,
    )  # fmt: skip
    def get_page(self, search="", only_open=False, offset=0, limit=100, with_discrepancies=True):
        """Give one page of the period's remittances: those of earlier days first, then the period's, then later ones.

        :param search: part of a number, a description, a partner's name or an amount
        :param only_open: leave out what is confirmed
        :param offset: rows before the page
        :param limit: rows of the page, at most 500
        :param with_discrepancies: whether to look for what has changed, which takes longer: once an opening is enough
        :return: dict ``rows`` (list of dicts), ``length`` (rows in all), ``totals``, and ``discrepancies``, as
            ``get_discrepancies`` gives them, where they were asked for
        """
        self.check_access("read")
        limit = max(1, min(limit, PAGE_ROWS_MAX))
        offered, confirmed_ids = self._listed()[self.id]
        chosen = offered.chosen(confirmed_ids, only_open, self._found(search, offered))
        remittances = self.env["account.bank.remittance"]
        remittances.invalidate_model(flush=False)
        found = remittances.browse(chosen[offset : offset + limit])
        found.fetch(ROW_FIELDS)
        confirmed = {
            values["move_line_key"]: values
            for values in self.env["account.bank.reconciliation.confirmation"].search_read(
                [("reconciliation_id", "=", self.id), ("move_line_key", "in", found.ids)], CONFIRMED_FIELDS
            )
        }
        rows = []
        for remittance, row in zip(found, found._read_format(ROW_FIELDS, load=""), strict=True):
            confirmation, partner = confirmed.get(remittance.id), remittance.partner_id
            # Names of the others are not shown, and each takes a look at its record. Safe by sudo: as in Odoo's lists,
            # who sees a remittance sees whose it is, also where the partner is another company's.
            row["partner_id"] = (partner.id, partner.sudo().display_name) if partner else False
            row["section"] = self._section(remittance.date)
            row["bank_label"] = remittance.statement_line_id.payment_ref
            row["is_confirmed"] = bool(confirmation)
            row["confirmed_by"] = confirmation["create_uid"][1] if confirmation else False
            row["confirmed_on"] = confirmation["create_date"] if confirmation else False
            # Until a change is accepted, the total is that of the confirmed amounts, which are shown.
            row["is_changed"] = bool(confirmation) and bool(
                self.currency_id.compare_amounts(confirmation["amount"], remittance.amount)
            )
            rows.append(row)
        page = {"rows": rows, "length": len(chosen), "totals": self._totals(offered, confirmed_ids)}
        if with_discrepancies:
            page["discrepancies"] = self.get_discrepancies()
        return page

    def _found(self, search, offered):
        """The ids of the remittances that have what was typed into the page's search box; None where nothing was."""
        search = search.strip()
        if not search:
            return None
        partners = self.env["res.partner"].with_context(active_test=False).search([("display_name", "ilike", search)])
        rows = self.env.execute_query(
            search_sql.having_text(
                offered.ids,
                self.journal_id.id,
                partners.ids,
                number=self._has_text("account.move.line", "line", "move_name", search),
                memo=self._has_text("account.payment", "payment", "memo", search),
                label=self._has_text("account.move.line", "line", "name", search),
            )
        )
        found = {row[0] for row in rows}
        amount = self.currency_id._typed_amount("".join(search.split()))
        return found if amount is None else found | offered.of_amount(round(amount * self._scale(self)))

    def _has_text(self, model, alias, name, text):
        """Whether a field has a text in it, as Odoo's searches find it: a condition, as SQL."""
        # Safe by sudo: only which of the remittances have it that the page lists.
        model = self.env[model].sudo()
        return model._fields[name].condition_to_sql(name, "ilike", text, model, alias, Query(self.env, alias))
