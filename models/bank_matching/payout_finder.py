"""Finds the registered payments that a bank transaction may be the payout of."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from ...engine.bank_matching import payments_sql as sql
from ...engine.bank_matching.payouts import is_settlement, settlement_windows


class PayoutFinder:
    """The payouts' part of ``CandidateLoader``; one query for all transactions."""

    def _payouts(self, transactions):
        """Find the payouts that a transaction's amount may be; the payments of others need not be read.

        :return: dict transaction id -> (list of (total, lines), how many payouts there could be of whatever amount)
        """
        settlements, payouts = self._settlements(transactions), {}
        self.windows = {}
        for transaction in transactions:
            windows = self._windows(transaction, settlements)
            fitting = [window for window in windows if is_settlement(transaction.amount, window[0])]
            payouts[transaction.id] = fitting, len(windows)
        return payouts

    def _settlements(self, transactions):
        """Registered payments by journal, currency and direction, grouped by method and day."""
        if not self.outstanding_ids:
            return {}
        days = [transaction.date for transaction in transactions]
        query = sql.settlements(
            self.outstanding_ids,
            self.company_ids,
            sorted({transaction.journal_id for transaction in transactions}),
            min(days) - timedelta(days=sql.SETTLEMENT_DAYS),
            max(days),
        )
        groups = defaultdict(list)
        for journal_id, method_id, currency_id, day, is_inbound, total, line_ids, move_ids in self._rows(query):
            groups[journal_id, currency_id, is_inbound].append(
                (method_id, day, Decimal(total), [(*ids, is_inbound) for ids in zip(line_ids, move_ids, strict=True)])
            )
        return groups

    def _windows(self, transaction, settlements):
        """Give the payouts that there could be, the same for all transactions of one journal, direction and day.

        :return: list of (total, list of (line id, move id, is inbound))
        """
        key = transaction.journal_id, transaction.currency_id, transaction.amount > 0
        if not settlements.get(key):
            return []
        day = (*key, transaction.date)
        if day not in self.windows:
            groups = [group for group in settlements[key] if self._is_paid_out(group, transaction.date)]
            self.windows[day] = settlement_windows(groups) + [
                (total, lines)
                for total, lines in settlement_windows(self._net(groups, key, transaction.date, settlements))
                if any(is_inbound != (total > 0) for _line, _move, is_inbound in lines)
            ]
        return self.windows[day]

    @staticmethod
    def _is_paid_out(group, day):
        """Whether registered payments of a day may reach the bank on another."""
        _method, date, _total, _lines = group
        return 0 <= (day - date).days <= sql.SETTLEMENT_DAYS

    def _net(self, groups, key, day, settlements):
        """Give the payouts of a method less the refunds of the same days, where there are any."""
        *account, is_inbound = key
        back = defaultdict(lambda: (Decimal(0), []))
        for group in settlements.get((*account, not is_inbound), ()):
            if self._is_paid_out(group, day):
                _method, date, total, lines = group
                back[date] = back[date][0] + total, back[date][1] + lines
        if not back:
            return []
        return [(method, date, total + back[date][0], lines + back[date][1]) for method, date, total, lines in groups]
