"""From entries to payouts, with the proof that they make up what was paid out."""

from decimal import Decimal

from ..errors import StatementFormatError
from ..sentence import _lt
from .model import Entry, Settlement


def make_entry(row, kind, **values):
    """Make an entry of a row; where the whole row is a fee, all of it is booked as one.

    :param row: ``report.Row``
    :param kind: see ``model.KINDS``
    :param values: the other fields of ``model.Entry``
    """
    if kind == "fee":
        values |= {"gross": Decimal(0), "fee": values["net"]}
    return Entry(kind=kind, line=row.number, **values)


def make_settlement(processor, reference, entries, *, currency, payout_date=None, paid=None, bank_references=()):
    """Make a payout of its entries.

    :param processor: name of the processor (str)
    :param reference: the processor's id of the payout (str)
    :param entries: list of ``Entry``, not empty
    :param currency: ISO 4217 code (str), or ''
    :param payout_date: ``datetime.date``, or None for the last day of the entries
    :param paid: the amount (Decimal) that the report states, or None
    :param bank_references: texts that the bank transaction may contain
    :return: ``Settlement``
    :raise StatementFormatError: the entries do not add up to the stated amount, or the payout has no reference
    """
    if not reference:
        raise StatementFormatError(
            _lt(
                "The payout in the rows %(first)s to %(last)s has no reference to know it by. Please "
                "download the report with all its columns.",
                first=min(entry.line for entry in entries),
                last=max(entry.line for entry in entries),
            )
        )
    total = sum((entry.net for entry in entries), Decimal(0))
    if paid is not None and total != paid:
        raise StatementFormatError(
            _lt(
                "The payout %(reference)s is stated with %(paid)s %(currency)s, but its entries (rows %(first)s to "
                "%(last)s) make %(total)s %(currency)s: the report is not complete. Please download it again, for the "
                "whole payout.",
                reference=reference,
                paid=paid,
                total=total,
                currency=currency,
                first=min(entry.line for entry in entries),
                last=max(entry.line for entry in entries),
            )
        )
    return Settlement(
        processor=processor,
        reference=reference,
        payout_date=payout_date or max(entry.date for entry in entries),
        currency=currency,
        amount_net=total,
        entries=tuple(entries),
        bank_references=tuple(dict.fromkeys(filter(None, (reference, *bank_references)))),
        is_amount_stated=paid is not None,
    )


def not_paid_out(rows, amounts):
    """Say which rows belong to no payout yet.

    :param rows: list of ``report.Row``
    :param amounts: dict of currency to Decimal
    :return: ``Sentence``
    """
    return _lt(
        "Left out because they belong to no payout yet: %(count)s rows from row %(row)s on (%(amounts)s). They come "
        "with the report of their payout.",
        count=len(rows),
        row=rows[0].number,
        amounts=", ".join(f"{amount} {currency}".strip() for currency, amount in sorted(amounts.items())),
    )


def no_payout(how):
    """Make the refusal of a report without any payout.

    :param how: ``Sentence`` that says which report to download
    """
    return StatementFormatError(_lt("The report holds no payout to a bank account. %(how)s", how=how))
