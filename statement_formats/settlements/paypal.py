"""PayPal: the activity download and the settlement report (STL), both as CSV.

Neither says which payments a withdrawal to the bank is made of. The balance does: what came since the last
withdrawal, more what was left over before, less what is kept afterwards, is what reached the bank. Columns and
transaction event codes after PayPal's specifications of its reports.
"""

from dataclasses import replace
from decimal import Decimal

from ..amounts import minor_amount
from ..errors import StatementFormatError
from ..sentence import _lt
from ..text import normalized
from .build import make_entry, make_settlement, no_payout, not_paid_out
from .model import Entry, SettlementFile
from .paypal_kinds import kind_of_code, kind_of_type
from .report import Report, Row, find_columns

NAME = "paypal"
TITLE = "PayPal"

# English and German downloads; a column is known by any of its names.
_NAMES = {
    "date": ("date", "datum"),
    "type": ("type", "typ", "beschreibung", "description"),
    "status": ("status",),
    "currency": ("currency", "währung"),
    "gross": ("gross", "brutto"),
    "fee": ("fee", "gebühr", "entgelt"),
    "net": ("net", "netto"),
    "id": ("transaction id", "transaktionscode"),
    "reference": ("reference txn id", "zugehöriger transaktionscode"),
    "balance": ("balance", "guthaben"),
    "impact": ("balance impact", "auswirkung auf guthaben"),
    "name": ("name",),
    "email": ("from email address", "absender e-mail-adresse"),
    "invoice": ("invoice number", "rechnungsnummer"),
    "custom": ("custom number", "custom", "benutzerdefinierte nummer"),
    "item": ("item id", "artikelnummer"),
    "subject": ("subject", "item title", "note", "betreff", "artikelbezeichnung", "hinweis"),
}
HEADERS = (
    {"date", "currency", "gross", "fee", "net", "transaction id"},
    {"datum", "währung", "brutto", "netto", "transaktionscode"},
)
OWN_NAMES = {
    "transaction id", "reference txn id", "from email address", "to email address", "balance impact",
    "transaktionscode", "zugehöriger transaktionscode", "absender e-mail-adresse", "auswirkung auf guthaben",
}  # fmt: skip
_DONE = ("completed", "abgeschlossen", "")
_MEMO = "memo"
_SETTLEMENT_COLUMNS = {"transaction id", "transaction event code", "gross transaction amount", "fee amount"}


def _names(name):
    return _NAMES[name]


def is_settlement_report(rows):
    """Tell whether the rows are those of a settlement report (STL): each begins with its kind of row."""
    return any(
        cells[:1] == ["CH"] and {normalized(cell) for cell in cells} >= _SETTLEMENT_COLUMNS
        for _number, cells in rows[:30]
    )


class _Ledger:
    """The entries of one currency in the order of the account, cut into payouts.

    :param currency: ISO 4217 code
    :param opening: the balance before the first entry (Decimal), or None where the report does not state it
    """

    def __init__(self, currency, opening=None):
        self.currency, self.opening = currency, opening
        self.entries, self.settlements, self.rows = [], [], []

    def add(self, row, entry):
        self.entries.append(entry)
        self.rows.append(row)

    def pay_out(self, row, withdrawal, balance=None):
        """Close a payout with its withdrawal.

        :param withdrawal: the ``Entry`` of the withdrawal
        :param balance: the balance after it (Decimal), or None where the report does not state it
        """
        paid = -withdrawal.net
        total = sum((entry.net for entry in self.entries), Decimal(0))
        opening = self.opening
        if opening is None and balance is not None:
            opening = balance + paid - total
        if balance is None and opening is not None:
            balance = opening + total - paid
        entries = list(self.entries)
        for amount, text in ((opening, _lt("Balance from before")), (-(balance or 0), _lt("Balance kept"))):
            if amount:
                entries.append(self._balance(withdrawal, amount, text))
        if not entries:
            raise row.error(_lt("a payout of %(paid)s has no entries in this report", paid=paid))
        if opening is None and total != paid:
            raise StatementFormatError(
                _lt(
                    "The payout %(reference)s (row %(row)s) is %(paid)s %(currency)s, but the entries before it make "
                    "%(total)s %(currency)s, and the report has no balance that explains the rest. Please add the "
                    'column "Balance" to the download, or begin on the day of the payout before.',
                    reference=withdrawal.reference,
                    row=row.number,
                    paid=paid,
                    total=total,
                    currency=self.currency,
                )
            )
        self.settlements.append(
            make_settlement(
                NAME,
                withdrawal.reference,
                entries,
                currency=self.currency,
                payout_date=withdrawal.date,
                paid=paid,
            )
        )
        self.opening = balance if balance is not None else Decimal(0)
        self.entries, self.rows = [], []

    @staticmethod
    def _balance(withdrawal, amount, text):
        return Entry(
            kind="reserve",
            date=withdrawal.date,
            gross=amount,
            fee=Decimal(0),
            net=amount,
            description=str(text),
            line=withdrawal.line,
        )


def _finish(ledgers, variant, is_account_history=False):
    """Give the file of all currencies.

    :raise StatementFormatError: no payout in any of them
    """
    settlements = [settlement for ledger in ledgers.values() for settlement in ledger.settlements]
    if not settlements:
        raise no_payout(_lt("Please download a period that ends with a transfer to your bank account."))
    left = [(ledger.rows[0].number, ledger) for ledger in ledgers.values() if ledger.rows]
    warnings = []
    for _number, ledger in sorted(left, key=lambda pair: pair[0]):
        total = sum((entry.net for entry in ledger.entries), Decimal(0))
        # What was only exchanged into another currency is over.
        if total:
            warnings.append(not_paid_out(ledger.rows, {ledger.currency: total}))
    return SettlementFile(NAME, tuple(settlements), variant, tuple(warnings), is_account_history)


def _activity_entry(row, kind, currency):
    gross = row.amount(*_names("gross"))
    fee, net = row.amount(*_names("fee"), required=False), row.amount(*_names("net"))
    row.check_sum(gross, fee, net)
    row.check_digits(currency, gross, fee, net)
    reference = row.text(*_names("id"))
    return make_entry(
        row,
        kind,
        date=row.date(*_names("date")),
        gross=gross,
        fee=fee,
        net=net,
        reference=reference,
        payment_reference=reference if kind == "payment" else row.text(*_names("reference")) or reference,
        references=tuple(
            dict.fromkeys(filter(None, (row.text(*_names(name)) for name in ("invoice", "custom", "item"))))
        ),
        description=row.text(*_names("subject")),
        customer_name=row.text(*_names("name")),
        customer_email=row.text(*_names("email")) if net > 0 else "",
        text=row.text(*_names("type")),
    )


def _exchanged(entry, currency, originals):
    """Give a payment or refund in another currency as what the exchange made of it, where that names it.

    An exchange is two rows: one takes the payment out of its own currency, the other adds it in that of the account.

    :param entry: the ``Entry`` of the exchange, in ``currency``
    :param originals: dict of (currency, ``Entry``) by the reference of what was exchanged
    """
    original_currency, original = originals.get(entry.payment_reference, ("", None))
    if original is None or original_currency == currency or (entry.net > 0) != (original.net > 0):
        return entry
    return replace(
        original,
        gross=entry.net,
        fee=Decimal(0),
        net=entry.net,
        original_amount=original.gross,
        original_currency=original_currency,
        line=entry.line,
    )


def _activity(report):
    """Give (row, kind, currency, ``Entry``) of all rows that moved money, in the order of the account."""
    own = list(report.rows)
    dates = [row.date(*_names("date")) for row in own]
    # Downloads list the newest first or last, as the account is set.
    if dates and dates[0] > dates[-1]:
        own.reverse()
    found = []
    for row in own:
        is_memo = row.text(*_names("impact")).casefold() == _MEMO
        if is_memo or not row.text(*_names("impact")) and row.text(*_names("status")).casefold() not in _DONE:
            continue
        currency = row.currency(*_names("currency"))
        kind = kind_of_type(row.text(*_names("type")), row.amount(*_names("net")))
        entry = _activity_entry(row, "adjustment" if kind in ("payout", "exchange") else kind, currency)
        found.append((row, kind, currency, entry))
    return found


def _parse_activity(rows, date_order):
    header, columns = find_columns(rows, HEADERS)
    report = Report(
        rows,
        header,
        columns,
        decimal=None,
        amounts=(*_names("gross"), *_names("fee"), *_names("net"), *_names("balance")),
        dates=_names("date"),
        ids=_names("id"),
        date_order=date_order,
    )
    activity = _activity(report)
    originals = {
        entry.reference: (currency, entry)
        for _row, kind, currency, entry in activity
        if kind not in ("payout", "exchange")
    }
    ledgers, balances = {}, {}
    for row, kind, currency, entry in activity:
        balance = row.amount(*_names("balance")) if row.text(*_names("balance")) else None
        ledger = ledgers.get(currency)
        if ledger is None:
            ledger = ledgers[currency] = _Ledger(currency, None if balance is None else balance - entry.net)
        elif balance is not None and currency in balances and balances[currency] + entry.net != balance:
            raise row.error(
                _lt(
                    "the balance is %(balance)s, but %(before)s and %(net)s make %(after)s: rows are missing before it",
                    balance=balance,
                    before=balances[currency],
                    net=entry.net,
                    after=balances[currency] + entry.net,
                )
            )
        if balance is not None:
            balances[currency] = balance
        if kind == "payout":
            ledger.pay_out(row, entry, balance)
            continue
        ledger.add(row, _exchanged(entry, currency, originals) if kind == "exchange" else entry)
    return _finish(ledgers, "activity", is_account_history=True)


def _signed(row, amount, direction, currency):
    text = row.text(amount)
    if not text:
        return Decimal(0)
    try:
        value = minor_amount(text, currency)
    except StatementFormatError as error:
        raise row.error(
            _lt('the column "%(column)s" holds no amount ("%(text)s")', column=amount, text=text[:40])
        ) from error
    mark = row.text(direction).upper()
    if value and mark not in ("CR", "DR"):
        raise row.error(_lt('the column "%(column)s" says neither CR nor DR', column=direction))
    return -value if mark == "DR" else value


def _settlement_entry(row, kind):
    currency = row.currency("gross transaction currency")
    gross = _signed(row, "gross transaction amount", "transaction debit or credit", currency)
    fee = Decimal(0)
    if row.text("fee amount").strip("0"):
        if row.currency("fee currency") != currency:
            raise row.error(_lt("the fee is in another currency than the transaction"))
        fee = _signed(row, "fee amount", "fee debit or credit", currency)
    reference = row.text("transaction id")
    origin = row.text("paypal reference id") if row.text("paypal reference id type").upper() in ("TXN", "") else ""
    return currency, make_entry(
        row,
        kind,
        date=row.date("transaction completion date", "transaction initiation date"),
        gross=gross,
        fee=fee,
        net=gross + fee,
        reference=reference,
        payment_reference=reference if kind == "payment" else origin or reference,
        references=row.texts("invoice id", "custom field", "payment tracking id"),
        customer_email=row.text("consumer id") if "@" in row.text("consumer id") else "",
        text=row.text("transaction event code"),
    )


def _check_totals(row, currency, entries):
    """Compare the sums of a section with what its footer states: credits and debits, of amounts and of fees.

    :raise StatementFormatError: they differ
    """
    stated = [minor_amount(text, currency) for text in row.cells[2:6] if text.isascii() and text.isdigit()]
    if len(stated) < 4:
        return
    zero = Decimal(0)
    amounts = [entry[0] for entry in entries], [entry[1] for entry in entries]
    for column, (one, other) in zip(amounts, (stated[:2], stated[2:]), strict=True):
        credits = sum((amount for amount in column if amount > 0), zero)
        debits = -sum((amount for amount in column if amount < 0), zero)
        if {credits, debits} != {one, other}:
            raise row.error(
                _lt(
                    "the rows above make %(credits)s in and %(debits)s out, but the footer states %(one)s and "
                    "%(other)s",
                    credits=credits,
                    debits=debits,
                    one=one,
                    other=other,
                )
            )


def _opening(row, currency):
    """Give the available balance at the begin that the footer of a section states, or None."""
    mark, text = row.cells[6:8] if len(row.cells) > 7 else ("", "")
    if mark not in ("CR", "DR") or not (text.isascii() and text.isdigit()):
        return None
    value = minor_amount(text, currency)
    return -value if mark == "DR" else value


def _parse_settlement_report(rows):
    ledgers, section, report, is_closed, is_whole = {}, {}, None, False, False
    for number, cells in rows:
        kind = cells[0] if cells else ""
        if kind == "CH":
            columns = {normalized(cell): place for place, cell in enumerate(cells)}
            report, section, is_closed = Report([(number, cells)], 0, columns), {}, False
        elif kind == "SB" and report is not None:
            row = Row(report, number, cells)
            word = kind_of_code(row.text("transaction event code"))
            if word is None:
                continue
            currency, entry = _settlement_entry(row, "adjustment" if word == "payout" else word)
            section.setdefault(currency, []).append((row, word, entry))
        elif kind == "SF" and report is not None:
            row = Row(report, number, cells)
            currency = cells[1].upper() if len(cells) > 1 else ""
            lines = section.get(currency, [])
            _check_totals(
                row,
                currency,
                [
                    (
                        _signed(one, "gross transaction amount", "transaction debit or credit", currency),
                        _signed(one, "fee amount", "fee debit or credit", currency),
                    )
                    for one, _word, _entry in lines
                ],
            )
            _add_lines(ledgers.setdefault(currency, _Ledger(currency, _opening(row, currency))), lines)
            section.pop(currency, None)
        elif kind == "SC" and report is not None:
            is_closed = True
        elif kind in ("FH", "FF"):
            is_whole = kind == "FF"
    if not is_closed or section or not is_whole:
        raise StatementFormatError(
            _lt("The settlement report is cut off: the footer of a section is missing. Please download it again.")
        )
    return _finish(ledgers, "settlement report")


def _add_lines(ledger, lines):
    for row, word, entry in lines:
        if word == "payout":
            ledger.pay_out(row, entry)
        else:
            ledger.add(row, entry)


def parse(rows, filename="", date_order=""):
    """Read an activity download or a settlement report.

    :param rows: list of (number, list of str)
    :param filename: not used
    :param date_order: the order of day, month and year (``dmy``, ``mdy``, ``ymd``), or '' to find it
    :return: ``SettlementFile``
    :raise StatementFormatError: naming the row and the reason
    """
    return _parse_settlement_report(rows) if is_settlement_report(rows) else _parse_activity(rows, date_order)
