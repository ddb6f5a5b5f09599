from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..engine.common.odoo_types import JOURNAL_TYPES
from ..engine.overview import overview_sql
from ..models.common import kinds
from ..models.common.permissions import VIEW, require
from ..models.common.remote_calls import remote_call

MONTHS = 12
# Days from today that planned payments are summed over; what is overdue comes before them.
PLANNED_DAYS = (7, 30, 90)


class AccountReconciliationOverview(models.AbstractModel):
    """The figures of the overview: what waits to be reconciled, at the bank and on the accounts, per company.

    Every figure comes with the action that opens its rows.
    """

    _name = "account.reconciliation.overview"
    _description = "Reconciliation overview"

    @api.model
    @remote_call(date_from=kinds.day, date_to=kinds.day)
    def get_overview(self, date_from=None, date_to=None):
        """What the overview shows, for the companies that are selected.

        :param date_from: first day of the transactions that count, or None
        :param date_to: last day, or None
        :return: dict ``today`` and ``companies``, a list of dicts ``name``, ``currency_id``, ``banks``, ``ages``,
            ``months``, ``planned``, ``periods``; see the methods that make them
        :raise AccessError: without the permission to see client billing
        :raise UserError: where the last day is before the first
        """
        require(self.env, VIEW)
        if date_from and date_to and date_to < date_from:
            raise UserError(
                self.env._(
                    "The last day, %(date_to)s, is before the first, %(date_from)s. Choose a later one.",
                    date_to=date_to,
                    date_from=date_from,
                )
            )
        self.env["account.reconciliation.item"]._flush_sources()
        self.env["account.bank.statement.line"].flush_model()
        companies = self.env.companies
        banks = self._banks(companies, date_from, date_to)
        ages = self._ages(companies, date_from, date_to)
        return {
            "today": fields.Date.to_string(self.env.company._today()),
            "companies": [
                {
                    "id": company.id,
                    "name": company.name,
                    "currency_id": company.currency_id.id,
                    "banks": banks[company],
                    "ages": ages[company],
                    "months": self._months(company, date_from, date_to),
                    "planned": self._planned(company),
                    "periods": self._periods(company),
                }
                for company in companies
            ],
        }

    # -- the figures ---------------------------------------------------------------------------------------------------

    @api.model
    def _banks(self, companies, date_from, date_to):
        """Unmatched transactions per bank account, and the share that was matched in each month.

        :return: ``{company: list of dicts}`` with ``name``, ``currency_id``, ``count``, ``money_in``, ``money_out``,
            ``oldest``, ``oldest_text``, ``share`` (a list of 0..1 or False, one a month), ``open`` (the action)
        """
        journals = self.env["account.journal"].search([
            ("type", "in", JOURNAL_TYPES), ("company_id", "in", companies.ids)
        ])  # fmt: skip
        found = {
            row[0]: row[1:]
            for row in self.env.execute_query(overview_sql.unmatched_transactions(companies.ids, date_from, date_to))
        }
        shares = journals._matched_share_by_month(*self._months_shown(date_from, date_to))
        result = {company: [] for company in companies}
        for journal in journals:
            count, money_in, money_out, oldest = found.get(journal.id, (0, 0, 0, None))
            share = shares[journal.id]
            if journal.type == "cash" and not count and not any(value is not None for value in share):
                continue
            domain = Domain("journal_id", "=", journal.id) & Domain("match_status", "=", "unmatched")
            result[journal.company_id].append({
                "id": journal.id,
                "name": journal.name,
                "currency_id": (journal.currency_id or journal.company_id.currency_id).id,
                "count": count,
                "money_in": float(money_in),
                "money_out": float(money_out),
                "oldest": oldest and fields.Date.to_string(oldest),
                "oldest_text": oldest and format_date(self.env, oldest),
                "share": share,
                "open": self._open(
                    self.env._("Unmatched transactions of %s", journal.name),
                    "account.bank.statement.line",
                    domain & self._between("date", date_from, date_to),
                    context={"default_journal_id": journal.id},
                    action="account_reconciliation.action_bank_transactions",
                ),
            })  # fmt: skip
        return result

    @api.model
    def _ages(self, companies, date_from, date_to):
        """What is open by age: a list of dicts ``side`` and ``rows``, one a kind, each with a cell an age and a total.

        :return: ``{company: list}``; a cell is ``count``, ``amount`` (company currency) and ``open``
        """
        figures = defaultdict(lambda: (0, 0))
        for today, those in companies._grouped_by_today().items():
            for company_id, side, kind, age, count, amount in self.env.execute_query(
                overview_sql.open_by_age(those.ids, today, date_from, date_to)
            ):
                figures[company_id, side, kind, age] = count, amount
        sides = {"customer": self.env._("Clients"), "supplier": self.env._("Vendors")}
        kinds = {
            "document": self.env._("Documents not paid"),
            "money": self.env._("Payments and credits not applied"),
        }
        result = {company: [] for company in companies}
        for company in companies:
            today = company._today()
            for side, side_label in sides.items():
                rows = []
                for kind, label in kinds.items():
                    above = (kind == "document") == (side == "customer")
                    domain = Domain([
                        ("company_id", "=", company.id), ("side", "=", side),
                        ("amount_residual", ">" if above else "<", 0),
                    ]) & self._between("date", date_from, date_to)  # fmt: skip
                    cells = []
                    for number, (days_from, days_to) in enumerate(overview_sql.AGES):
                        count, amount = figures[company.id, side, kind, number]
                        cells.append({
                            "count": count,
                            "amount": float(amount),
                            "open": self._open(
                                f"{label}, {self._age_label(days_from, days_to)}",
                                "account.reconciliation.transaction",
                                domain & self._between(
                                    "date",
                                    None if days_to is None else today - timedelta(days=days_to),
                                    # Documents with a future date are in the youngest group.
                                    None if days_from == 0 else today - timedelta(days=days_from),
                                ),
                            ),
                        })  # fmt: skip
                    rows.append({
                        "label": label,
                        "kind": kind,
                        "cells": cells,
                        "count": sum(cell["count"] for cell in cells),
                        "amount": company.currency_id.round(sum(cell["amount"] for cell in cells)),
                        "open": self._open(label, "account.reconciliation.transaction", domain),
                    })  # fmt: skip
                result[company].append({
                    "side": side,
                    "label": side_label,
                    "ages": [self._age_label(*age) for age in overview_sql.AGES],
                    "rows": rows,
                })  # fmt: skip
        return result

    @api.model
    def _age_label(self, days_from, days_to):
        if days_to is None:
            return self.env._("over %s days", days_from - 1)
        return self.env._("%(first)s to %(last)s days", first=days_from, last=days_to)

    @api.model
    def _months(self, company, date_from, date_to):
        """The share of what clients paid that is applied to items, by month of payment.

        :return: list of dicts ``label``, ``short``, ``received`` and ``applied`` (company currency), ``share`` (0..1 or
            False), ``open`` (all payments of the month) and ``open_rest`` (the unreconciled ones)
        """
        first, last = self._months_shown(date_from, date_to)
        domain = Domain([("company_id", "=", company.id), ("side", "=", "customer"), ("amount", ">", 0)])
        domain &= Domain("state", "!=", "returned")
        payments = self.env["account.reconciliation.payment"]
        asked = domain & self._between("date", date_from or first, date_to or last)
        applied, rest = (
            # One query each, with a condition by which PostgreSQL leaves out the other half of the union: it then reads
            # a million lines in parallel.
            defaultdict(float, payments._read_group(asked & half, ["date:month"], ["amount:sum"]))
            for half in (Domain("move_line_id", "!=", False), Domain("state", "=", "unreconciled"))
        )
        months, month = [], first
        while month <= last:
            end = month + relativedelta(months=1, days=-1)
            within = domain & self._between(
                "date", max(month, date_from) if date_from else month, min(end, date_to) if date_to else end
            )
            label = format_date(self.env, month, date_format="MMM y")
            received = applied[month] + rest[month]
            months.append({
                "label": label,
                "short": format_date(self.env, month, date_format="MMM"),
                "received": company.currency_id.round(received),
                "applied": company.currency_id.round(applied[month]),
                "share": applied[month] / received if received else None,
                "open": self._open(
                    self.env._("Payments of %s", label), "account.reconciliation.payment", within,
                    action="account_reconciliation.action_payment_by_item",
                ),
                "open_rest": self._open(
                    self.env._("Unreconciled payments of %s", label),
                    "account.reconciliation.payment",
                    within & Domain("state", "=", "unreconciled"),
                    action="account_reconciliation.action_payment_by_item",
                ),
            })  # fmt: skip
            month += relativedelta(months=1)
        return months

    @api.model
    def _planned(self, company):
        """Planned payments that are overdue and those of the next 90 days.

        :return: list of dicts ``label``, ``count``, ``amount`` (text, by currency), ``is_overdue``, ``open``
        """
        today = company._today()
        coming = Domain([("company_id", "=", company.id), ("is_coming", "=", True)])
        spans = [(self.env._("Overdue"), None, today - timedelta(days=1))]
        start = today
        for days in PLANNED_DAYS:
            end = today + timedelta(days=days)
            label = (
                self.env._("Next %s days", days)
                if start == today
                else self.env._("Day %(first)s to %(last)s", first=(start - today).days, last=days)
            )
            spans.append((label, start, end))
            start = end + timedelta(days=1)
        result = []
        for label, first, last in spans:
            domain = coming & self._between("due_date", first, last)
            rows = self.env["account.planned.payment"]._read_group(domain, ["currency_id"], ["__count", "amount:sum"])
            result.append({
                "label": label,
                "count": sum(count for _currency, count, _amount in rows),
                "amount": self.env["res.currency"]._format_totals(
                    {currency.id: amount for currency, _count, amount in rows}
                ),
                "is_overdue": first is None,
                "open": self._open(
                    self.env._("Planned payments: %s", label), "account.planned.payment", domain,
                    action="account_reconciliation.action_planned_payments",
                ),
            })  # fmt: skip
        return result

    @api.model
    def _periods(self, company):
        """The bank reconciliations that are open.

        :return: list of dicts ``name``, ``range``, ``remaining``, ``currency_id``, ``open``; None for users who
            may not see bank reconciliations
        """
        periods = self.env.get("account.bank.reconciliation")
        if periods is None or not periods.has_access("read"):
            return None
        found = periods.search([("journal_id.company_id", "=", company.id), ("state", "=", "open")], order="date_to")
        return [
            {
                "id": period.id,
                "name": period.journal_id.name,
                "range": f"{format_date(self.env, period.date_from)} – {format_date(self.env, period.date_to)}",
                "remaining": period.remaining,
                "currency_id": (period.journal_id.currency_id or company.currency_id).id,
                "open": {
                    "type": "ir.actions.act_window",
                    "res_model": periods._name,
                    "res_id": period.id,
                    "views": [[False, "form"]],
                },
            }
            for period in found
        ]

    # -- helpers -------------------------------------------------------------------------------------------------------

    @api.model
    def _months_shown(self, date_from, date_to):
        """The first day of the first month and the last day of the last: 12 at most, up to the last day asked."""
        last = (date_to or self.env.company._today()) + relativedelta(day=31)
        first = last + relativedelta(day=1, months=1 - MONTHS)
        if date_from:
            first = max(first, date_from + relativedelta(day=1))
        return first, last

    @api.model
    def _between(self, name, date_from, date_to):
        domain = Domain.TRUE
        if date_from:
            domain &= Domain(name, ">=", fields.Date.to_string(date_from))
        if date_to:
            domain &= Domain(name, "<=", fields.Date.to_string(date_to))
        return domain

    @api.model
    def _open(self, name, model, domain, context=None, action=None):
        """The action that opens the rows of a figure, with the views of an existing action where there is one."""
        views = [[False, "list"], [False, "pivot"], [False, "graph"]]
        if action:
            views = [list(view) for view in self._views_of(action)]
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "domain": list(domain),
            "context": {"create": False, **(context or {})},
            "views": views,
        }

    @api.model
    def _views_of(self, action):
        # The views of an action are not confidential; its model checks who reads the rows.
        return self.env.ref(action).sudo().views
