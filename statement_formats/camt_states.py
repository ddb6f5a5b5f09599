"""Which entries of a CAMT message are booked: the status, and the balances, which know better.

Codes are few (ISO 20022, ExternalEntryStatus1Code); what banks write in their place may be any word of any language.
"""

from itertools import product
from typing import NamedTuple

from .balance_rows import is_booked, is_pending
from .camt_xml import text_at
from .sentence import _lt

_BOOKED = {"", "BOOK"}
_NOT_BOOKED = {"PDNG", "INFO", "FUTR", "FUTURE", "INFORMATION", "FORECAST", "EXPECTED"}
# With more statuses in one statement, trying which of them are booked would take too long.
_STATUSES_MAX = 6


class Unbooked(NamedTuple):
    """An entry that may not be booked; ``place`` is the number of lines above it, ``line`` None if it has no amount."""

    place: int
    status: str
    line: object


def read_status(entry):
    """Give the status of an entry (str), or '' where it is booked.

    The status is ``Sts`` itself up to version 07, ``Sts/Cd`` or the bank's own ``Sts/Prtry`` from version 08 on.
    """
    status = text_at(entry, "Sts") or text_at(entry, "Sts", "Cd") or text_at(entry, "Sts", "Prtry")
    return "" if status.upper() in _BOOKED or is_booked(status) else status


def _is_left_out(status):
    return status.upper() in _NOT_BOOKED or is_pending(status)


def settle_states(entries, missing, warnings):
    """Tell which entries are booked: those that lead to the closing balance, else those whose status says so.

    :param entries: list of ``Unbooked``
    :param missing: what the booked entries lack to lead from the opening to the closing balance (Decimal), or None
    :param warnings: list to which sentences are added
    :return: (list of ``Unbooked`` that are booked, dict of the number of others by status)
    """
    statuses = list(dict.fromkeys(entry.status for entry in entries))
    by_word = tuple(not _is_left_out(status) for status in statuses)
    chosen, is_proven = by_word, False
    if missing is not None and statuses and len(statuses) <= _STATUSES_MAX:
        sums = [
            sum(entry.line.amount for entry in entries if entry.line and entry.status == status) for status in statuses
        ]
        for choice in (by_word, *product((False, True), repeat=len(statuses))):
            if sum(total for total, is_in in zip(sums, choice, strict=True) if is_in) == missing:
                chosen, is_proven = choice, True
                break
    booked, left_out = [], {}
    is_in = dict(zip(statuses, chosen, strict=True))
    for entry in entries:
        if is_in[entry.status] and entry.line:
            booked.append(entry)
        else:
            left_out[entry.status] = left_out.get(entry.status, 0) + 1
    for status in dict.fromkeys(entry.status for entry in booked):
        count = sum(entry.status == status for entry in booked)
        warnings.append(
            _lt(
                "Entries of the status %(status)s are read as booked, because the balances contain them: %(count)s.",
                status=status[:40],
                count=count,
            )
            if is_proven
            else _lt(
                "Entries of the status %(status)s, which is not known, are read as booked: %(count)s. Please compare "
                "them with the bank's own list.",
                status=status[:40],
                count=count,
            )
        )
    return booked, left_out
