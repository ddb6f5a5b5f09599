"""Mollie: the export of a settlement as CSV.

Columns after the export of the dashboard. The prefix of an id tells what it is (``tr_`` payment, ``cpt_`` capture,
``re_`` refund, ``chb_`` chargeback); fees come as rows of their own, without an id.
"""

from collections import defaultdict

from ..sentence import _lt
from .build import check_one_currency, make_entry, make_settlement, no_payout
from .model import SettlementFile
from .report import Report, find_columns

NAME = "mollie"
TITLE = "Mollie"

HEADERS = (
    {"date", "id", "currency", "description", "settlement currency", "settlement amount", "settlement reference"},
)
OWN_NAMES = {"settlement currency", "settlement amount", "settlement reference", "consumer name", "consumer bic"}
_AMOUNTS = ("settlement amount", "amount")
_PREFIXES = {"tr": "payment", "cpt": "payment", "re": "refund", "rfd": "refund", "chb": "dispute"}
_METHODS = {
    "refund": "refund",
    "failed refund": "refund",
    "returned refund": "refund",
    "chargeback": "dispute",
    "chargeback reversal": "dispute_reversal",
    "rolling reserve": "reserve",
    "reserve": "reserve",
}
_FEE_WORDS = ("fee", "kosten", "gebühr", "frais", "invoice", "factuur", "compensation")


def _kind(row, net):
    kind = _METHODS.get(row.text("payment method").casefold())
    kind = kind or _PREFIXES.get(row.text("id").partition("_")[0].casefold())
    if kind is None and not row.text("id"):
        words = row.text("description", "payment method").casefold()
        kind = "fee" if any(word in words for word in _FEE_WORDS) else None
    if kind == "dispute" and net > 0:
        return "dispute_reversal"
    return kind or "adjustment"


def _entry(row, currency):
    net = row.amount("settlement amount")
    row.check_digits(currency, net)
    original = row.currency("currency") if row.text("currency", "amount") else ""
    is_other = bool(original) and original != currency and bool(row.text("amount"))
    kind = _kind(row, net)
    payment = row.text("id")
    if "original payment:" in row.text("description").casefold():
        payment = row.text("description").split(":", 1)[1].split(" - ")[0].strip() or payment
    return make_entry(
        row,
        kind,
        date=row.date("date"),
        gross=net,
        fee=net - net,
        net=net,
        reference=row.text("id"),
        payment_reference=row.text("payment id", "original payment id") or payment,
        references=row.texts("order id", "order reference", "metadata"),
        description=row.text("description"),
        customer_name=row.text("consumer name"),
        original_amount=row.amount("amount") if is_other else None,
        original_currency=original if is_other else "",
        text=row.text("payment method"),
    )


def parse(rows, filename="", date_order=""):
    """Read the export of one settlement or of several.

    :param rows: list of (number, list of str)
    :param filename: not used
    :param date_order: the order of day, month and year (``dmy``, ``mdy``, ``ymd``), or '' to find it
    :return: ``SettlementFile``
    :raise StatementFormatError: naming the row and the reason
    """
    header, columns = find_columns(rows, HEADERS)
    report = Report(
        rows, header, columns, decimal=None, amounts=_AMOUNTS, dates=("date",), ids=("id",), date_order=date_order
    )
    groups, currencies, unsettled, open_rows = defaultdict(list), {}, 0, 0
    for row in report.rows:
        reference = row.text("settlement reference")
        if not row.text("settlement amount"):
            # Gift cards, PayPal: collected by someone else.
            unsettled += 1
        elif not reference:
            open_rows += 1
        else:
            currency = row.currency("settlement currency")
            check_one_currency(row, currencies, reference, currency)
            groups[reference].append(_entry(row, currency))
    if not groups:
        raise no_payout(_lt("Please export a settlement that was paid out."))
    warnings = []
    if unsettled:
        warnings.append(_lt("Left out because Mollie does not pay them out: %(count)s rows.", count=unsettled))
    if open_rows:
        warnings.append(_lt("Left out because they belong to no settlement yet: %(count)s rows.", count=open_rows))
    settlements = [
        make_settlement(NAME, reference, entries, currency=currencies[reference])
        for reference, entries in groups.items()
    ]
    return SettlementFile(NAME, tuple(settlements), "settlement", tuple(warnings))
