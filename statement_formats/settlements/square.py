"""Square: the details of transfers (deposits), as CSV; the export of transactions has the same columns.

Columns after the export of the dashboard. Money that Square did not collect (cash, other tenders) is not paid out.
The report names no currency; the sign before its amounts tells some.
"""

from collections import defaultdict
from pathlib import PurePath

from ..sentence import _lt
from .build import make_entry, make_settlement, no_payout
from .model import SettlementFile
from .report import Report, find_columns

NAME = "square"
TITLE = "Square"

_AMOUNTS = ("total collected", "net total", "fees")
_OWN_TENDERS = ("cash", "other tender")
HEADERS = ({"date", "transaction id", *_AMOUNTS, *_OWN_TENDERS},)
OWN_NAMES = {"total collected", "net total", "card entry methods", "other tender", "other tender type", "deposit id"}
_SIGNS = {"£": "GBP", "€": "EUR", "¥": "JPY"}
_KINDS = {
    "payment": "payment",
    "refund": "refund",
    "dispute": "dispute",
    "chargeback": "dispute",
    "dispute reversal": "dispute_reversal",
    "dispute won": "dispute_reversal",
    "fee": "fee",
    "hold": "reserve",
    "release": "reserve",
    "adjustment": "adjustment",
}
_NOT_DONE = ("failed", "canceled", "cancelled", "voided")


def _currency(report):
    """Give the currency that the amounts' sign names; '' for a bare number and for the dollar, which is many."""
    for row in report.rows:
        for sign, currency in _SIGNS.items():
            if sign in row.text("net total"):
                return currency
    return ""


def _entry(row, currency):
    collected, fee, net = row.amount("total collected"), row.amount("fees", required=False), row.amount("net total")
    fee += row.amount("third party fees", required=False) if collected + fee != net else 0
    row.check_sum(collected, fee, net)
    own = sum(row.amount(name, required=False) for name in _OWN_TENDERS)
    kind = _KINDS.get(row.text("event type").casefold(), "adjustment" if row.text("event type") else "payment")
    if currency:
        row.check_digits(currency, collected, fee, net)
    return make_entry(
        row,
        kind,
        date=row.date("date"),
        gross=collected - own,
        fee=fee,
        net=net - own,
        reference=row.text("payment id", "transaction id"),
        payment_reference=row.text("transaction id"),
        references=row.texts("invoice number", "order reference id", "customer reference id"),
        description=row.text("description", "details"),
        customer_name=row.text("customer name"),
        text=row.text("event type"),
    )


def parse(rows, filename="", date_order=""):
    """Read the details of one transfer or of several.

    :param rows: list of (number, list of str)
    :param filename: names the transfer where the report has no column for it
    :param date_order: the order of day, month and year (``dmy``, ``mdy``, ``ymd``), or '' to find it
    :return: ``SettlementFile``
    :raise StatementFormatError: naming the row and the reason
    """
    header, columns = find_columns(rows, HEADERS)
    report = Report(
        rows,
        header,
        columns,
        decimal=None,
        amounts=_AMOUNTS,
        dates=("date", "deposit date"),
        ids=("payment id", "transaction id"),
        date_order=date_order,
    )
    currency = _currency(report)
    groups, dates, left = defaultdict(list), {}, 0
    only = "" if "deposit id" in columns else PurePath(str(filename)).stem
    for row in report.rows:
        deposit = row.text("deposit id") or only
        if not deposit or row.text("transaction status").casefold() in _NOT_DONE:
            left += 1
            continue
        groups[deposit].append(_entry(row, currency))
        if row.text("deposit date"):
            dates[deposit] = row.date("deposit date")
    if not groups:
        raise no_payout(_lt("Please download the details of a transfer; cash is not paid out by Square."))
    warnings = []
    if left:
        warnings.append(
            _lt("Left out because they belong to no transfer (cash, not transferred yet): %(count)s rows.", count=left)
        )
    settlements = [
        make_settlement(NAME, deposit, entries, currency=currency, payout_date=dates.get(deposit))
        for deposit, entries in groups.items()
    ]
    return SettlementFile(NAME, tuple(settlements), "transfer details", tuple(warnings))
