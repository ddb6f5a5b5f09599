"""BAI2 transaction type codes: direction by range, and the names of the usual ones."""

# Detail codes that reverse an earlier entry (debit reversal, credit reversal, returned items).
REVERSALS = frozenset({"252", "255", "257", "552", "555", "557"})
# Entries for returned payments: reversals, returned items and rejected payments.
RETURNS = REVERSALS | {"168", "261", "266", "395", "468", "561", "566"}

# Entries that another one contains: the items of a deposit or disbursement, fees that were deducted from an amount.
# Whether it does, only the balances tell.
CONTAINED = frozenset({"116", "136", "143", "452", "661", "691", "698"})

_TITLES = {
    "108": "Credit",
    "115": "Lockbox deposit",
    "116": "Item in lockbox deposit",
    "118": "Lockbox adjustment credit",
    "121": "EDI transaction credit",
    "135": "DTC concentration credit",
    "136": "Item in DTC deposit",
    "142": "ACH credit received",
    "143": "Item in ACH deposit",
    "145": "ACH concentration credit",
    "147": "Individual bank card deposit",
    "155": "Preauthorized draft credit",
    "164": "Corporate trade payment credit",
    "165": "Preauthorized ACH credit",
    "166": "ACH settlement",
    "168": "ACH return item or adjustment settlement",
    "169": "Miscellaneous ACH credit",
    "171": "Individual loan deposit",
    "172": "Deposit correction",
    "174": "Other deposit",
    "175": "Check deposit package",
    "184": "Draft deposit",
    "187": "Cash letter credit",
    "191": "Individual incoming internal money transfer",
    "195": "Incoming money transfer",
    "201": "Individual automatic transfer credit",
    "206": "Book transfer credit",
    "208": "Individual international money transfer credit",
    "214": "Foreign exchange credit",
    "229": "International credit",
    "233": "Foreign collections credit",
    "252": "Debit reversal",
    "254": "Posting error correction credit",
    "255": "Check posted and returned",
    "257": "Individual ACH return item",
    "261": "Individual rejected credit",
    "266": "Return item",
    "275": "ZBA credit",
    "277": "ZBA credit adjustment",
    "301": "Commercial deposit",
    "306": "Fed funds sold",
    "354": "Interest credit",
    "357": "Credit adjustment",
    "358": "YTD adjustment credit",
    "366": "Currency deposit",
    "394": "Dividend credit",
    "395": "Check reversal",
    "397": "Float adjustment",
    "398": "Miscellaneous fee refund",
    "399": "Miscellaneous credit",
    "408": "Debit",
    "421": "EDI transaction debit",
    "435": "DTC concentration debit",
    "445": "ACH concentration debit",
    "447": "ACH disbursement funding debit",
    "451": "ACH debit received",
    "452": "Item in ACH disbursement",
    "455": "Preauthorized ACH debit",
    "464": "Corporate trade payment debit",
    "466": "ACH settlement",
    "468": "ACH return item or adjustment settlement",
    "469": "Miscellaneous ACH debit",
    "472": "Cumulative checks paid",
    "475": "Check paid",
    "481": "Individual loan payment",
    "491": "Individual outgoing internal money transfer",
    "495": "Outgoing money transfer",
    "501": "Individual automatic transfer debit",
    "506": "Book transfer debit",
    "508": "Individual international money transfer debit",
    "514": "Foreign exchange debit",
    "529": "International debit",
    "552": "Credit reversal",
    "554": "Posting error correction debit",
    "555": "Deposited item returned",
    "557": "Individual ACH return item",
    "561": "Individual rejected debit",
    "566": "Return item adjustment",
    "575": "ZBA debit",
    "577": "ZBA debit adjustment",
    "595": "Cash withdrawal",
    "631": "Debit adjustment",
    "654": "Interest debit",
    "661": "Account analysis fee",
    "691": "Miscellaneous fee",
    "697": "Universal debit",
    "698": "Miscellaneous fee",
    "699": "Miscellaneous debit",
}


def direction(code):
    """Tell whether a detail code is money in or out.

    100-399 are credits and 400-699 debits; of the bank's own codes 920-959 are credits and 960-999 debits. Loan
    (700-799) and message codes (890) have no direction.

    :param code: str of three digits
    :return: 1, -1 or 0
    """
    if not (code.isascii() and code.isdigit()):
        return 0
    number = int(code[:4])
    if 100 <= number <= 399 or 920 <= number <= 959:
        return 1
    return -1 if 400 <= number <= 699 or 960 <= number <= 999 else 0


def title(code):
    """Give the name of a detail code in words; one that the bank made itself is named by its number."""
    return _TITLES.get(code) or f"BAI2 type {code}"
