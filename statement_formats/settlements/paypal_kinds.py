"""What PayPal calls its transactions: event codes of the settlement report, words of the activity download."""

from ..text import normalized

# By event code, then by its group (the first two digits): PayPal's reference of transaction event codes.
_CODES = {
    "T1103": "adjustment",
    "T1106": "dispute",
    "T1108": "fee",
    "T1109": "fee",
    "T1110": "reserve",
    "T1111": "reserve",
    "T1201": "dispute",
    "T1202": "dispute_reversal",
    "T1205": "dispute_reversal",
    "T1207": "dispute",
    "T1208": "dispute_reversal",
    "T1700": "payout",
    "T1701": "payout",
}
_GROUPS = {
    "T00": "payment",
    "T01": "fee",
    "T02": "adjustment",
    "T03": "transfer",
    "T04": "payout",
    "T05": "transfer",
    "T06": "payout",
    "T07": "transfer",
    "T11": "refund",
    "T12": "adjustment",
    "T15": "reserve",
    "T16": "reserve",
    "T20": "transfer",
    "T21": "reserve",
    "T22": "transfer",
}
# Authorizations and what is for display only move no money.
_WITHOUT_MONEY = ("T13", "T50", "T97", "T98", "T99")

# Beginnings of words in the type, in this order; English and German downloads.
_TYPES = (
    ("general currency conversion", "exchange"),
    ("currency conversion", "exchange"),
    ("allgemeine währungsumrechnung", "exchange"),
    ("general withdrawal", "payout"),
    ("user initiated withdrawal", "payout"),
    ("auto-sweep", "payout"),
    ("withdraw funds to", "payout"),
    ("transfer to bank", "payout"),
    ("von nutzer eingeleitete abbuchung", "payout"),
    ("allgemeine abbuchung", "payout"),
    ("abbuchung auf bankkonto", "payout"),
    ("chargeback reversal", "dispute_reversal"),
    ("cancellation of chargeback", "dispute_reversal"),
    ("chargeback fee", "fee"),
    ("chargeback", "dispute"),
    ("rückbelastung", "dispute"),
    ("payment reversal", "dispute"),
    ("cancellation of hold for dispute", "reserve"),
    ("hold on balance for dispute", "reserve"),
    ("dispute fee", "fee"),
    ("payment refund", "refund"),
    ("refund", "refund"),
    ("rückzahlung", "refund"),
    ("fee reversal", "fee"),
    ("fee", "fee"),
    ("gebühr", "fee"),
    ("reserve hold", "reserve"),
    ("reserve release", "reserve"),
    ("payment hold", "reserve"),
    ("payment release", "reserve"),
    ("account hold", "reserve"),
    ("general hold", "reserve"),
    ("reversal of general account hold", "reserve"),
    ("hold on available balance", "reserve"),
    ("release", "reserve"),
    ("einbehaltung", "reserve"),
    ("freigabe", "reserve"),
    ("bank deposit", "transfer"),
    ("general credit card deposit", "transfer"),
    ("bankgutschrift", "transfer"),
    ("transfer", "transfer"),
)
_PAYMENT_WORDS = ("payment", "checkout", "donation", "zahlung", "spende", "pos transaction")


def kind_of_code(code):
    """Give what an event code (str such as ``T0006``) means, or None where it moves no money."""
    code = code.upper()
    if code.startswith(_WITHOUT_MONEY):
        return None
    return _CODES.get(code) or _GROUPS.get(code[:3], "adjustment")


def kind_of_type(text, net):
    """Give what the type in the activity download means; what is not known is an adjustment.

    :param text: str
    :param net: Decimal, signed: money that went out is no payment that was collected
    """
    words = normalized(text)
    for start, kind in _TYPES:
        if words.startswith(start):
            return kind
    is_payment = net > 0 and any(word in words for word in _PAYMENT_WORDS)
    return "payment" if is_payment else "adjustment"
