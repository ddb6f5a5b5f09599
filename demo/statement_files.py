"""Statement files as banks write them, from the dataclasses of ``statement_formats``: the way back of its readers.

Written for the demo company, and used by the benchmarks; needs nothing of Odoo.
"""

from xml.sax.saxutils import escape

_CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
_OFX_HEADER = (
    "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:UTF-8\nCHARSET:NONE\nCOMPRESSION:NONE\n"
    "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n"
)


def _tag(name, *content):
    """An element with what is in it, or '' where that is nothing."""
    inner = "".join(content)
    return f"<{name}>{inner}</{name}>" if inner else ""


def _amount(name, number, currency):
    return f'<{name} Ccy="{currency}">{abs(number)}</{name}>'


def _mark(number):
    return _tag("CdtDbtInd", "CRDT" if number >= 0 else "DBIT")


def _camt_account(number):
    is_iban = number[:2].isalpha() and number[2:4].isdigit()
    return _tag("Id", _tag("IBAN", number) if is_iban else _tag("Othr", _tag("Id", number))) if number else ""


def _camt_balance(code, number, currency, day):
    return _tag(
        "Bal",
        _tag("Tp", _tag("CdOrPrtry", _tag("Cd", code))),
        _amount("Amt", number, currency),
        _mark(number),
        _tag("Dt", _tag("Dt", day.isoformat())),
    )


def _camt_entry(line):
    role = "Dbtr" if line.amount >= 0 else "Cdtr"
    code = line.transaction_code.split("-")
    domain = ""
    if len(code) == 3:
        domain = _tag("Cd", code[0]) + _tag("Fmly", _tag("Cd", code[1]), _tag("SubFmlyCd", code[2]))
    original = ""
    if line.original_currency:
        original = _tag("AmtDtls", _tag("InstdAmt", _amount("Amt", line.original_amount, line.original_currency)))
    details = _tag(
        "TxDtls",
        _tag("Refs", _tag("EndToEndId", escape(line.reference)), _tag("ChqNb", escape(line.check_number))),
        original,
        _tag(
            "RltdPties",
            _tag(role, _tag("Pty", _tag("Nm", escape(line.counterparty_name)))),
            _tag(f"{role}Acct", _camt_account(line.counterparty_account)),
        ),
        _tag("RmtInf", _tag("Ustrd", escape(line.label))),
    )
    return _tag(
        "Ntry",
        _amount("Amt", line.amount, line.currency),
        _mark(line.amount),
        _tag("Sts", _tag("Cd", "BOOK")),
        _tag("BookgDt", _tag("Dt", line.date.isoformat())),
        _tag("ValDt", _tag("Dt", (line.value_date or line.date).isoformat())),
        _tag("AcctSvcrRef", escape(line.bank_reference)),
        _tag("BkTxCd", _tag("Domn", domain)),
        _tag("NtryDtls", details),
        _tag("AddtlNtryInf", escape(line.bank_text)),
    )


def camt053(statement):
    """Write a statement as CAMT.053, version 08.

    :param statement: ``Statement`` with its balances and period
    :return: the file (bytes)
    """
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f'<Document xmlns="{_CAMT}"><BkToCstmrStmt>',
        _tag("GrpHdr", _tag("MsgId", escape(statement.name)), _tag("CreDtTm", f"{statement.date_to}T23:00:00")),
        "<Stmt>",
        _tag("Id", escape(statement.name)),
        _tag(
            "FrToDt",
            _tag("FrDtTm", f"{statement.date_from}T00:00:00"),
            _tag("ToDtTm", f"{statement.date_to}T23:59:59"),
        ),
        _tag(
            "Acct",
            _camt_account(statement.account_number),
            _tag("Ccy", statement.currency),
            _tag("Nm", escape(statement.account_name)),
        ),
        _camt_balance("OPBD", statement.balance_start, statement.currency, statement.date_from),
        _camt_balance("CLBD", statement.balance_end, statement.currency, statement.date_to),
        *("\n" + _camt_entry(line) for line in statement.lines),
        "\n</Stmt></BkToCstmrStmt></Document>\n",
    ]
    return "".join(parts).encode()


def _ofx_entry(line):
    kind = "CHECK" if line.check_number else "CREDIT" if line.amount >= 0 else "DEBIT"
    fields = (
        ("TRNTYPE", kind),
        ("DTPOSTED", f"{line.date:%Y%m%d}"),
        ("TRNAMT", line.amount),
        ("FITID", line.bank_reference),
        ("CHECKNUM", line.check_number),
        # The standard's bound; the rest of a long name is lost at the banks too.
        ("NAME", line.counterparty_name[:32]),
        ("MEMO", line.label),
    )
    return "<STMTTRN>" + "".join(f"<{name}>{escape(str(value))}" for name, value in fields if value) + "</STMTTRN>\n"


def ofx(statement):
    """Write a statement as OFX 1.0.2.

    :param statement: ``Statement`` with its closing balance and period
    :return: the file (bytes)
    """
    parts = [
        _OFX_HEADER,
        f"<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>{statement.currency}",
        f"<BANKACCTFROM><BANKID>1<ACCTID>{statement.account_number}<ACCTTYPE>SAVINGS</BANKACCTFROM>\n",
        f"<BANKTRANLIST><DTSTART>{statement.date_from:%Y%m%d}<DTEND>{statement.date_to:%Y%m%d}\n",
        *map(_ofx_entry, statement.lines),
        f"</BANKTRANLIST><LEDGERBAL><BALAMT>{statement.balance_end}<DTASOF>{statement.date_to:%Y%m%d}</LEDGERBAL>\n",
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n",
    ]
    return "".join(parts).encode()
