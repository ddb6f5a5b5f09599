"""Adyen: the settlement details report, as CSV or XLSX.

Columns and journal types after Adyen's documentation of the report. Debit and credit columns give the direction of
the net amount; a batch is one payout, and its balance goes over to the next batch where nothing is paid out.
"""

from collections import defaultdict
from decimal import Decimal

from ..amounts import CURRENCY_DIGITS
from ..sentence import _lt
from .build import make_entry, make_settlement, no_payout
from .model import SettlementFile
from .report import Report, find_columns

NAME = "adyen"
TITLE = "Adyen"

_AMOUNTS = {"net currency", "net debit nc", "net credit nc", "batch number"}
HEADERS = ({"type", "psp reference", *_AMOUNTS}, {"journal type", *_AMOUNTS})

_FEES = ("commission nc", "markup nc", "scheme fees nc", "interchange nc", "dcc markup nc")
_KINDS = {
    "settled": "payment",
    "settledbulk": "payment",
    "settledininstallments": "payment",
    "settledexternally": "payment",
    "settledexternallywithinfo": "payment",
    "refunded": "refund",
    "refundedbulk": "refund",
    "refundedexternally": "refund",
    "refundedexternallywithinfo": "refund",
    "refundedreversed": "refund",
    "capturefailed": "refund",
    "chargeback": "dispute",
    "secondchargeback": "dispute",
    "chargebackexternally": "dispute",
    "chargebackexternallywithinfo": "dispute",
    "chargebackreversed": "dispute_reversal",
    "chargebackreversedexternally": "dispute_reversal",
    "chargebackreversedexternallywithinfo": "dispute_reversal",
    "prearbitrationwon": "dispute_reversal",
    "prearbitrationlost": "dispute",
    "fee": "fee",
    "misccosts": "fee",
    "paymentcost": "fee",
    "invoicededuction": "fee",
    "advancementcommissioncredit": "fee",
    "advancementcommissiondebit": "fee",
    "depositcorrection": "reserve",
    "reserveadjustment": "reserve",
    "balancetransfer": "reserve",
    "merchantpayin": "transfer",
    "merchantpayout": "payout",
    "internalcompanypayout": "payout",
}


def _signed(row, debit, credit):
    return row.amount(credit, required=False) - row.amount(debit, required=False)


def _amounts(row, currency):
    """Give (gross, fee, net) in the currency of the payout.

    :raise StatementFormatError: they contradict each other
    """
    net = _signed(row, "net debit nc", "net credit nc")
    fee = -sum((row.amount(name, required=False) for name in _FEES), Decimal(0))
    # Interchange and scheme fees are stated with more decimals than the currency has.
    fee = fee.quantize(Decimal(1).scaleb(-CURRENCY_DIGITS.get(currency, 2)))
    gross = _signed(row, "gross debit gc", "gross credit gc")
    if not gross or row.text("gross currency").upper() != currency:
        return net - fee, fee, net
    if not fee:
        # A chargeback's fee is in the net amount only.
        return gross, net - gross, net
    # Some reports state the gross amount of what was settled in the other column: the net amount decides.
    for candidate in (gross, -gross):
        if abs(candidate + fee - net) <= Decimal(1).scaleb(-CURRENCY_DIGITS.get(currency, 2)):
            return candidate, net - candidate, net
    row.check_sum(gross, fee, net)
    return gross, fee, net


def _entry(row, kind, currency):
    gross, fee, net = _amounts(row, currency)
    row.check_digits(currency, gross, fee, net)
    original = row.text("gross currency").upper()
    amount = _signed(row, "gross debit gc", "gross credit gc")
    is_other = bool(original) and original != currency and bool(amount)
    return make_entry(
        row,
        kind,
        date=row.date("booking date", "creation date"),
        gross=gross,
        fee=fee,
        net=net,
        reference=row.text("modification psp reference", "modification reference", "psp reference"),
        payment_reference=row.text("psp reference"),
        references=row.texts("merchant reference", "merchant order reference", "modification merchant reference"),
        description=row.text("payment method"),
        customer_name=row.text("shopper name"),
        customer_email=row.text("shopper email"),
        original_amount=amount.copy_abs().copy_sign(net) if is_other else None,
        original_currency=original if is_other else "",
        text=row.text("type", "journal type"),
    )


def parse(rows, filename="", date_order=""):
    """Read a settlement details report.

    :param rows: list of (number, list of str)
    :param filename: not used
    :param date_order: not used
    :return: ``SettlementFile``
    :raise StatementFormatError: naming the row and the reason
    """
    header, columns = find_columns(rows, HEADERS)
    report = Report(rows, header, columns, ids=("psp reference",))
    groups, paid, dates, texts = defaultdict(list), {}, {}, defaultdict(list)
    for row in report.rows:
        batch = row.text("batch number")
        if not batch:
            raise row.error(_lt("the batch number is missing"))
        currency = row.currency("net currency")
        key = (row.text("merchant account", "company account"), batch, currency)
        kind = _KINDS.get(row.text("type", "journal type").casefold(), "adjustment")
        if kind == "payout":
            paid[key] = paid.get(key, Decimal(0)) - _signed(row, "net debit nc", "net credit nc")
            dates[key] = row.date("booking date", "creation date")
            texts[key] += row.texts("modification reference", "merchant reference")
        else:
            groups[key].append(_entry(row, kind, currency))
    for key in paid.keys() - groups.keys():
        raise report.rows[0].error(_lt("the payout of batch %(batch)s has no entries in this report", batch=key[1]))
    settlements, warnings = [], []
    for key, entries in groups.items():
        account, batch, currency = key
        reference = f"{account} batch {batch}".strip()
        total = sum((entry.net for entry in entries), Decimal(0))
        if key not in paid and not total:
            warnings.append(_lt("Batch %(batch)s was not paid out and is left out.", batch=batch))
            continue
        settlements.append(
            make_settlement(
                NAME,
                reference,
                entries,
                currency=currency,
                payout_date=dates.get(key),
                paid=paid.get(key),
                bank_references=(*texts[key], f"batch {batch}"),
            )
        )
    if not settlements:
        raise no_payout(_lt("Please download the settlement details report of a batch that was paid out."))
    return SettlementFile(NAME, tuple(settlements), "settlement details", tuple(warnings))
