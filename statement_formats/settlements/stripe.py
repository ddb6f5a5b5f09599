"""Stripe: the itemized payout reconciliation report, the list of balance transactions, and the list of payouts.

Columns after Stripe's documentation of its report types (payout_reconciliation.itemized, balance change from
activity) and of its CSV exports; kinds after its reporting categories and types of balance transactions.
"""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from ..sentence import _lt
from .build import make_entry, make_settlement, no_payout, not_paid_out
from .model import Settlement, SettlementFile
from .report import Report, find_columns

NAME = "stripe"
TITLE = "Stripe"

_ITEMIZED = {"balance transaction id", "currency", "gross", "fee", "net", "reporting category"}
_HISTORY = {"id", "type", "source", "amount", "fee", "net", "currency"}
_PAYOUTS = {"id", "amount", "currency", "arrival date utc"}
_PAYOUTS_LOCAL = {"id", "amount", "currency", "arrival date", "destination"}
HEADERS = (_ITEMIZED, _HISTORY, _PAYOUTS, _PAYOUTS_LOCAL)

# Reporting categories and, in the list of balance transactions, types.
_KINDS = {
    "charge": "payment",
    "payment": "payment",
    "charge_failure": "refund",
    "payment_failure_refund": "refund",
    "payment_reversal": "refund",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund",
    "partial_capture_reversal": "partial_capture_reversal",
    "dispute": "dispute",
    "dispute_reversal": "dispute_reversal",
    "fee": "fee",
    "stripe_fee": "fee",
    "stripe_fx_fee": "fee",
    "network_cost": "fee",
    "tax": "fee",
    "tax_fee": "fee",
    "stripe_fee_tax": "fee",
    "payout": "payout",
    "payout_reversal": "transfer",
    "payout_failure": "transfer",
    "payout_cancel": "transfer",
    "transfer": "transfer",
    "transfer_reversal": "transfer",
    "topup": "transfer",
    "topup_reversal": "transfer",
    "risk_reserved_funds": "reserve",
    "connect_reserved_funds": "reserve",
    "reserve_transaction": "reserve",
    "reserved_funds": "reserve",
    "payout_minimum_balance_hold": "reserve",
    "payout_minimum_balance_release": "reserve",
}
# The words of Stripe's own descriptions, in lists that know adjustments only.
_CHARGEBACKS = (("chargeback withdrawal", "dispute"), ("chargeback reversal", "dispute_reversal"))
_WITH_ID = ("refund", "dispute", "dispute_reversal")
_PAID = ("paid", "in_transit", "in transit", "pending", "")


def _kind(row):
    word = row.text("reporting category", "type").casefold()
    if word == "adjustment":
        description = row.text("description").casefold()
        return next((kind for start, kind in _CHARGEBACKS if description.startswith(start)), "adjustment")
    return _KINDS.get(word, "adjustment")


def _merchant_numbers(row):
    """Give the numbers that the shop handed over: Stripe's invoice, and whatever metadata the report carries."""
    metadata = [name for name in row.report.columns if "metadata" in name]
    return row.texts("invoice number", "order id", "invoice id", "payment intent id", *metadata)


def _entry(row, kind):
    currency = row.currency("currency")
    gross, fee, net = row.amount("gross", "amount"), -row.amount("fee", required=False), row.amount("net")
    row.check_sum(gross, fee, net)
    row.check_digits(currency, gross, fee, net)
    original = row.text("customer facing currency").upper()
    is_other = bool(original) and original != currency and bool(row.text("customer facing amount"))
    return make_entry(
        row,
        kind,
        date=row.date("created utc", "created"),
        gross=gross,
        fee=fee,
        net=net,
        # Refunds and chargebacks have an id of their own, which the shop knows as well.
        reference=row.text(*(("source id", "source") if kind in _WITH_ID else ()), "balance transaction id", "id"),
        payment_reference=row.text("charge id", "source id", "source"),
        references=_merchant_numbers(row),
        description=row.text("description"),
        customer_name=row.text("customer name", "shipping name", "card name"),
        customer_email=row.text("customer email", "email"),
        original_amount=row.amount("customer facing amount") if is_other else None,
        original_currency=original if is_other else "",
        text=row.text("reporting category", "type"),
    )


def _with_partial_captures(entries):
    """Take the part of a payment that was authorized but never collected off its payment: both are one charge."""
    kept, by_charge = [], {}
    for entry in entries:
        if entry.kind == "payment":
            by_charge[entry.payment_reference] = len(kept)
        elif entry.kind == "partial_capture_reversal":
            place = by_charge.get(entry.payment_reference)
            if place is not None:
                charge = kept[place]
                kept[place] = replace(
                    charge,
                    gross=charge.gross + entry.gross,
                    fee=charge.fee + entry.fee,
                    net=charge.net + entry.net,
                    original_amount=None,
                    original_currency="",
                )
                continue
            entry = replace(entry, kind="refund")
        kept.append(entry)
    return kept


def _parse_payouts(report):
    """Read the list of payouts: what reached the bank, without what it is made of."""
    settlements, failed = [], 0
    for row in report.rows:
        if row.text("status").casefold() not in _PAID:
            failed += 1
            continue
        currency, amount = row.currency("currency"), row.amount("amount")
        row.check_digits(currency, amount)
        reference = row.text("id")
        if not reference:
            raise row.error(_lt("the payout has no id"))
        bank = row.texts("statement descriptor", "trace id", "balance transaction")
        settlements.append(
            Settlement(
                processor=NAME,
                reference=reference,
                payout_date=row.date("arrival date utc", "arrival date"),
                currency=currency,
                amount_net=amount,
                bank_references=(reference, *bank),
                is_amount_stated=True,
                is_itemized=False,
            )
        )
    if not settlements:
        raise no_payout(_lt("Please choose a period with a payout that was not cancelled."))
    warnings = (
        [_lt("Left out because they failed or were cancelled: %(count)s payouts.", count=failed)] if failed else []
    )
    return SettlementFile(NAME, tuple(settlements), "payouts", tuple(warnings))


def parse(rows, filename="", date_order=""):
    """Read a report of Stripe.

    :param rows: list of (number, list of str)
    :param filename: not used
    :param date_order: not used
    :return: ``SettlementFile``
    :raise StatementFormatError: naming the row and the reason
    """
    header, columns = find_columns(rows, HEADERS)
    is_itemized, is_history = columns.keys() >= _ITEMIZED, columns.keys() >= _HISTORY
    report = Report(rows, header, columns, ids=("balance transaction id", "id"))
    if not is_itemized and not is_history:
        return _parse_payouts(report)
    groups, paid, dates, left = defaultdict(list), {}, {}, []
    for row in report.rows:
        kind = _kind(row)
        payout = row.text("automatic payout id", "transfer")
        if kind == "payout":
            # The payout itself may name itself as its source only.
            payout = payout or row.text("source id", "source")
        if not payout:
            left.append(row)
            continue
        key = (payout, row.currency("currency"))
        if row.text("automatic payout effective at utc", "automatic payout effective at", "transfer date utc"):
            day = row.date("automatic payout effective at utc", "automatic payout effective at", "transfer date utc")
            dates[key] = max(day, dates.get(key, day))
        if kind == "payout":
            entry = _entry(row, kind)
            paid[key] = paid.get(key, Decimal(0)) - entry.net
            dates.setdefault(key, row.date("available on utc", "available on", "created utc", "created"))
        else:
            groups[key].append(_entry(row, kind))
    if not groups:
        raise no_payout(
            _lt(
                "Please download the itemized payout reconciliation report; only payouts that Stripe makes by itself "
                "say what they are made of."
            )
        )
    warnings = []
    if left:
        amounts = defaultdict(Decimal)
        for row in left:
            amounts[row.currency("currency")] += row.amount("net")
        warnings.append(not_paid_out(left, amounts))
    lonely = [reference for reference, _currency in paid.keys() - groups.keys()]
    if lonely:
        warnings.append(
            _lt(
                "Left out because the report does not say what they are made of: the payouts %(payouts)s.",
                payouts=", ".join(sorted(lonely)[:5]),
            )
        )
    settlements = [
        make_settlement(
            NAME,
            reference,
            _with_partial_captures(entries),
            currency=currency,
            payout_date=dates.get((reference, currency)),
            paid=paid.get((reference, currency)),
        )
        for (reference, currency), entries in groups.items()
    ]
    return SettlementFile(NAME, tuple(settlements), "itemized" if is_itemized else "balance", tuple(warnings))
