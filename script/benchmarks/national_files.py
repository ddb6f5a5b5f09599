"""Large statement files in the national formats, for benchmarks: the entries of ``statement_files.make_statement``."""


def _put(width, *fields):
    """Give a record: texts at positions, counted from 1."""
    record = [" "] * width
    for position, text in fields:
        record[position - 1 : position - 1 + len(text)] = text
    return "".join(record)


def _cents(amount, width):
    return f"{abs(int(amount.scaleb(2))):0{width}}"


def _sums(statement):
    """Give the sums of debits and credits, both positive."""
    amounts = [line.amount for line in statement.lines]
    return -sum(amount for amount in amounts if amount < 0), sum(amount for amount in amounts if amount >= 0)


def coda(statement):
    """CODA 2: each entry with its communication and counterparty (records 2.1, 2.2, 2.3)."""

    def money(amount):
        return _cents(amount, 14) + "0"

    def mark(amount):
        return "1" if amount < 0 else "0"

    account = f"{'BE68539007547034':<34}EUR"
    start, end = statement.balance_start, statement.balance_end
    first, last = statement.date_from, statement.date_to
    rows = [
        _put(128, (1, f"00000{last:%d%m%y}53905"), (35, "BENCH"), (84, "00000"), (128, "2")),
        _put(128, (1, "12057"), (6, account), (43, mark(start) + money(start) + f"{first:%d%m%y}"), (126, "057")),
    ]
    for number, line in enumerate(statement.lines, start=1):
        key = f"{number % 10000:04}0000"
        day = f"{line.date:%d%m%y}"
        rows += [
            _put(
                128, (1, f"21{key}{line.bank_reference}"), (32, mark(line.amount) + money(line.amount) + day),
                (54, "00150000" if line.amount >= 0 else "00101000"),
                (62, "0" + line.label[:53]), (116, f"{day}057010"),
            ),
            _put(128, (1, f"22{key}"), (64, line.reference), (126, "1")),
            _put(128, (1, f"23{key}BE62510007547061"), (45, "EUR"), (48, line.counterparty_name[:35]), (126, "0 0")),
        ]  # fmt: skip
    debits, credits_sum = _sums(statement)
    rows += [
        _put(128, (1, "8057"), (5, account), (42, mark(end) + money(end) + f"{last:%d%m%y}"), (128, "0")),
        _put(128, (1, "9"), (17, f"{(len(rows)) % 1_000_000:06}{money(debits)}{money(credits_sum)}"), (128, "2")),
    ]
    return "\r\n".join(rows).encode("cp1252")


def norma43(statement):
    """Norma 43: each entry with one record of text."""

    def mark(amount):
        return "1" if amount < 0 else "2"

    account = "210004180200051332"
    start, end = statement.balance_start, statement.balance_end
    period = f"{statement.date_from:%y%m%d}{statement.date_to:%y%m%d}"
    rows = [_put(80, (1, f"11{account}{period}{mark(start)}{_cents(start, 14)}9783BENCH"))]
    for line in statement.lines:
        day = f"{line.date:%y%m%d}"
        money = mark(line.amount) + _cents(line.amount, 14)
        rows += [
            _put(80, (1, f"22    0418{day}{day}04007{money}{0:010}{0:012}{line.reference[:16]}")),
            _put(80, (1, f"2301{line.counterparty_name[:38]:<38}{line.label[:38]}")),
        ]
    counts = [sum(line.amount < 0 for line in statement.lines), sum(line.amount >= 0 for line in statement.lines)]
    sums = "".join(
        f"{count % 100_000:05}{_cents(total, 14)}" for count, total in zip(counts, _sums(statement), strict=True)
    )
    rows.append(_put(80, (1, f"33{account}{sums}{mark(end)}{_cents(end, 14)}978")))
    rows.append(_put(80, (1, f"88{'9' * 18}{len(rows) % 1_000_000:06}")))
    return "\r\n".join(rows).encode("cp1252")


def cfonb120(statement):
    """CFONB 120: each entry with the name of the other side and a label."""

    def money(amount):
        digits = _cents(amount, 14)
        return digits[:-1] + ("{ABCDEFGHI" if amount >= 0 else "}JKLMNOPQR")[int(digits[-1])]

    def record(kind, day, *fields):
        return _put(120, (1, f"{kind}20041"), (12, "01005EUR2"), (22, "0500013M026"), (35, f"{day:%d%m%y}"), *fields)

    rows = [record("01", statement.date_from, (91, money(statement.balance_start)))]
    for line in statement.lines:
        day = f"{line.date:%d%m%y}"
        rows += [
            record("04", line.date, (33, "05"), (43, day + line.label[:31]), (82, "0000000  " + money(line.amount))),
            record(
                "05", line.date, (33, "05"), (46, "NPY" if line.amount >= 0 else "NBE"), (49, line.counterparty_name)
            ),
            record("05", line.date, (33, "05"), (46, "LCC"), (49, line.label[:70])),
        ]
    rows.append(record("07", statement.date_to, (91, money(statement.balance_end))))
    return "\r\n".join(rows).encode("cp1252")


def cnab240(statement):
    """CNAB 240: one batch with one segment E an entry."""

    def mark(amount):
        return "D" if amount < 0 else "C"

    def balance(amount, day):
        return f"{day:%d%m%Y}{_cents(amount, 18)}{mark(amount)}F"

    own = ((18, "211222333000181"), (53, "067990"), (59, "0000002726719"), (73, "BENCH"))
    rows = [
        _put(240, (1, "00100000"), *own, (143, "2"), (164, "089")),
        _put(240, (1, "00100011E0440033"), *own, (143, balance(statement.balance_start, statement.date_from) + "BRL")),
    ]
    for number, line in enumerate(statement.lines, start=1):
        day = f"{line.date:%d%m%Y}"
        rows.append(
            _put(
                240,
                (1, f"00100013{number % 100_000:05}E"),
                *own,
                (109, "DPV00"),
                (135, day + day),
                (151, _cents(line.amount, 18) + mark(line.amount) + ("2130612" if line.amount >= 0 else "1120109")),
                (177, line.label[:25]),
                (202, line.reference),
            )  # fmt: skip
        )
    sums = "".join(_cents(total, 18) for total in _sums(statement))
    closing = balance(statement.balance_end, statement.date_to)
    rows.append(_put(240, (1, "00100015"), *own[:3], (143, f"{closing}{len(rows) % 1_000_000:06}{sums}")))
    rows.append(_put(240, (1, "00199999"), (18, f"000001{(len(rows) + 1) % 1_000_000:06}000001")))
    return "\r\n".join(rows).encode("cp1252")


def abo(statement):
    """ABO: each entry with one record of text."""
    account = "0000192000145399"

    def balance(amount):
        return _cents(amount, 14) + ("-" if amount < 0 else "+")

    sums = "".join(_cents(total, 14) + "0" for total in _sums(statement))
    rows = [
        _put(
            128,
            (1, f"074{account}BENCH"),
            (40, f"{statement.date_from:%d%m%y}{balance(statement.balance_start)}"),
            (61, f"{balance(statement.balance_end)}{sums}064{statement.date_to:%d%m%y}"),
        )  # fmt: skip
    ]
    for number, line in enumerate(statement.lines):
        day = f"{line.date:%d%m%y}"
        code = "2" if line.amount >= 0 else "1"
        rows += [
            _put(
                128, (1, f"075{account}{account}{number:013}{_cents(line.amount, 12)}{code}{number:010}0001000308"),
                (82, f"{0:010}{day}{line.counterparty_name[:20]}"), (118, f"00203{day}"),
            ),
            _put(128, (1, f"078{line.label[:120]}")),
        ]  # fmt: skip
    return "\r\n".join(rows).encode("cp1250", "replace")
