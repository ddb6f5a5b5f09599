from babel.numbers import format_percent
from dateutil.relativedelta import relativedelta
from odoo import models
from odoo.tools import babel_locale_parse, get_lang

from ...engine.bank_matching import matched_share_sql
from ...engine.common.odoo_types import BANK_JOURNAL_TYPES

SPARK_MONTHS = 6
SPARK_WIDTH, SPARK_HEIGHT = 120, 24


class AccountJournal(models.Model):
    """A bank account knows which share of its transactions was matched, month by month, and draws it on its card."""

    _inherit = "account.journal"

    def _matched_share_by_month(self, date_from, date_to):
        """The share of transactions that are matched; those ignored don't count.

        :param date_from: first day of the first month
        :param date_to: last day of the last month
        :return: ``{journal id: list}`` of 0..1, or None for a month without transactions
        """
        months, month = [], date_from
        while month <= date_to:
            months.append(month)
            month += relativedelta(months=1)
        self.env["account.bank.statement.line"].flush_model()
        shares = {
            (journal_id, month): matched / count
            for journal_id, month, count, matched in self.env.execute_query(
                matched_share_sql.matched_by_month(self.ids, date_from, date_to)
            )
        }
        return {journal.id: [shares.get((journal.id, month)) for month in months] for journal in self}

    def _get_journal_dashboard_data_batched(self):
        """Add the spark line of the share matched to the cards of bank accounts."""
        result = super()._get_journal_dashboard_data_batched()
        banks = self.filtered(lambda journal: journal.type in BANK_JOURNAL_TYPES)
        last = self.env.company._today() + relativedelta(day=31)
        first = last + relativedelta(day=1, months=1 - SPARK_MONTHS)
        for journal_id, share in banks._matched_share_by_month(first, last).items():
            known = [value for value in share if value is not None]
            result[journal_id]["matched_share"] = {
                "points": _spark_points(share),
                "label": format_percent(known[-1], locale=babel_locale_parse(get_lang(self.env).code)),
            } if known else False  # fmt: skip
        return result


def _spark_points(share):
    """The points of a spark line as SVG writes them; months without transactions are left out."""
    step = SPARK_WIDTH / (len(share) - 1)
    points = [
        (round(number * step, 1), round((SPARK_HEIGHT - 2) * (1 - value) + 1, 1))
        for number, value in enumerate(share)
        if value is not None
    ]
    if len(points) == 1:
        points = [(0, points[0][1]), (SPARK_WIDTH, points[0][1])]
    return " ".join(f"{x},{y}" for x, y in points)
