"""Large statement files in every format, for benchmarks: invented entries, the same for the same seed.

Needs nothing of Odoo, only the repository's root on ``sys.path``.
"""

import csv
import io
import random
from datetime import date, timedelta
from decimal import Decimal

import national_files
from openpyxl import Workbook

from demo import statement_files
from statement_formats import Line, Statement

ACCOUNT = "000123456789"
FIRST_DAY = date(2026, 1, 1)
DAYS = 181
NAMES = ("Marie Tremblay", "O'Brien & Sons", "Acme Trading Ltd", "Jean-Paul Côté", "Harpreet Singh", "Nordwind GmbH")
TEXTS = ("Invoice {}", "Payment of INV/2026/{:05}", "Rent of hall, booking {}", "Card settlement {}", "Transfer {}")


def make_statement(lines, seed=1):
    """Give a statement of half a year.

    :param lines: number of entries
    :param seed: of the random numbers
    :return: ``Statement``, oldest entry first
    """
    draw = random.Random(seed)
    entries = [_line(draw, number, FIRST_DAY + timedelta(days=number * DAYS // lines)) for number in range(lines)]
    start = Decimal("1000.00")
    return Statement(
        account_number=ACCOUNT,
        currency="USD",
        name=f"BENCH {seed}",
        date_from=FIRST_DAY,
        date_to=FIRST_DAY + timedelta(days=DAYS - 1),
        balance_start=start,
        balance_end=start + sum(line.amount for line in entries),
        lines=tuple(entries),
    )


def _line(draw, number, day):
    amount = Decimal(draw.choice((1, -1)) * draw.randint(100, 500_000)).scaleb(-2)
    return Line(
        date=day,
        value_date=day,
        amount=amount,
        currency="USD",
        label=draw.choice(TEXTS).format(number),
        reference=f"E2E-{number}" if number % 2 else "",
        counterparty_name=draw.choice(NAMES),
        counterparty_account=f"9{draw.randint(1, 10**9):010}",
        bank_reference=f"B{number:08}",
        transaction_code="PMNT-RCDT-ESCT" if amount > 0 else "PMNT-ICDT-ESCT",
        bank_text="Credit" if amount > 0 else "Debit",
    )


def _mt940(statement):
    def money(number):
        return f"{abs(number)}".replace(".", ",")

    def balance(number, day):
        return f"{'C' if number >= 0 else 'D'}{day:%y%m%d}{statement.currency}{money(number)}"

    rows = [":20:BENCH", f":25:{statement.account_number}", ":28C:1/1"]
    rows.append(f":60F:{balance(statement.balance_start, statement.date_from)}")
    for line in statement.lines:
        mark = "C" if line.amount >= 0 else "D"
        rows.append(
            f":61:{line.date:%y%m%d%m%d}{mark}{money(line.amount)}NTRF{line.reference or 'NONREF'}"
            f"//{line.bank_reference}"
        )
        rows.append(f":86:/NAME/{line.counterparty_name}/IBAN/{line.counterparty_account}/REMI/{line.label}")
    rows += [f":62F:{balance(statement.balance_end, statement.date_to)}", "-", ""]
    return "\r\n".join(rows).encode()


def _bai2(statement):
    def cents(number):
        return int(number.scaleb(2))

    day = f"{statement.date_to:%y%m%d}"
    rows = [f"01,121000358,CUST,{day},0600,1,80,,2/", f"02,CUST,121000358,1,{day},2359,{statement.currency},2/"]
    balances = cents(statement.balance_start) + cents(statement.balance_end)
    rows.append(
        f"03,{statement.account_number},{statement.currency},010,{cents(statement.balance_start)},,,"
        f"015,{cents(statement.balance_end)},,/"
    )
    for line in statement.lines:
        code = "165" if line.amount >= 0 else "495"
        rows.append(
            f"16,{code},{abs(cents(line.amount))},Z,{line.bank_reference},{line.reference},"
            f"{line.counterparty_name} {line.label}/"
        )
    total = balances + sum(abs(cents(line.amount)) for line in statement.lines)
    count = len(statement.lines)
    rows += [f"49,{total},{count + 2}/", f"98,{total},1,{count + 4}/", f"99,{total},1,{count + 6}/", ""]
    return "\n".join(rows).encode()


def _qif(statement):
    rows = ["!Type:Bank"]
    for line in statement.lines:
        rows += [f"D{line.date:%m/%d/%Y}", f"T{line.amount}", f"P{line.counterparty_name}", f"M{line.label}", "^"]
    return "\n".join(rows).encode()


def _rows(statement):
    yield ["Date", "Description", "Payee", "Reference", "Amount"]
    for line in statement.lines:
        yield [line.date, line.label, line.counterparty_name, line.bank_reference, line.amount]


def _csv(statement):
    text = io.StringIO()
    csv.writer(text).writerows(_rows(statement))
    return text.getvalue().encode()


def _csv_pending(statement):
    """With a running balance, and every tenth row not booked yet."""
    text = io.StringIO()
    writer = csv.writer(text)
    header, *rows = _rows(statement)
    writer.writerow([*header, "Balance", "Status"])
    balance = statement.balance_start
    for number, row in enumerate(rows):
        is_pending = number % 10 == 3
        balance += 0 if is_pending else row[-1]
        writer.writerow([*row, balance, "Pending" if is_pending else "Completed"])
    return text.getvalue().encode()


def _xlsx(statement):
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for row in _rows(statement):
        sheet.append(row)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


WRITERS = {
    "camt": statement_files.camt053,
    "mt940": _mt940,
    "ofx": statement_files.ofx,
    "qif": _qif,
    "bai2": _bai2,
    "csv": _csv,
    "csv_pending": _csv_pending,
    "xlsx": _xlsx,
    "coda": national_files.coda,
    "norma43": national_files.norma43,
    "cfonb120": national_files.cfonb120,
    "cnab240": national_files.cnab240,
    "abo": national_files.abo,
}
