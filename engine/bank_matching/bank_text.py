"""What a bank label says: references, numbers, names and the pattern that stays the same from month to month.

Python and the database read texts alike: every function here that makes a key has an SQL expression beside it that
makes the same key of a column, which an index holds. All work is bounded by ``LABEL_LIMIT`` characters of a label,
whatever a bank or an attacker put into it, and no expression here can backtrack.
"""

import re
from functools import lru_cache

from ...statement_formats.references import find_structured_reference

LABEL_LIMIT = 500
KEY_LIMIT = 120
# A key of four characters with a digit is the shortest that identifies a document ("LU77").
KEY_MIN, KEY_MAX = 4, 40
PIECES_MAX = 7
# A reference that is looked for in a text has so many letters and digits at least.
REFERENCE_MIN = 6

_ACCENTED = {
    "A": "ÀÁÂÃÄÅĀĂĄÆàáâãäåāăąæ", "C": "ÇĆĈĊČçćĉċč", "D": "ĎĐÐďđð", "E": "ÈÉÊËĒĔĖĘĚèéêëēĕėęě", "G": "ĜĞĠĢĝğġģ",
    "H": "ĤĦĥħ", "I": "ÌÍÎÏĨĪĬĮİìíîïĩīĭįı", "J": "Ĵĵ", "K": "Ķķ", "L": "ĹĻĽĿŁĺļľŀł", "N": "ÑŃŅŇñńņň",
    "O": "ÒÓÔÕÖØŌŎŐŒòóôõöøōŏőœ", "R": "ŔŖŘŕŗř", "S": "ŚŜŞŠȘśŝşšșß", "T": "ŢŤŦȚţťŧț",
    "U": "ÙÚÛÜŨŪŬŮŰŲùúûüũūŭůűų", "W": "Ŵŵ", "Y": "ÝŶŸýÿŷ", "Z": "ŹŻŽźżž",
}  # fmt: skip
# What PostgreSQL's parser would read as part of one word, a host, a path or an e-mail address.
_JOINING = "-./@_:?=&+~#"
_FROM = "".join(_ACCENTED.values()) + _JOINING
_TO = "".join(letter * len(forms) for letter, forms in _ACCENTED.items()) + " " * len(_JOINING)
_FOLD = str.maketrans(_FROM, _TO)

# Only then in capitals: "ß" in capitals would be two letters, which the database does not know.
_PIECE = re.compile(r"[A-Za-z]+|[0-9]+", re.ASCII)
_WORD = re.compile(r"[^\W\d_]{2,}")
_NOT_WORD = re.compile(r"[\W_]+")
# Some banks' character sets have no "@".
_EMAIL = re.compile(r"[A-Z0-9][A-Z0-9._%-]{0,63}(?:@|\(AT\)| AT )[A-Z0-9-]{1,63}(?:\.[A-Z0-9-]{2,63}){1,3}", re.ASCII)
_E_TRANSFER = re.compile(r"\b(?:E|INTERAC|EMAIL)(?: E)? TRANSFER\b")
_CHEQUE = re.compile(
    r"\b(?:CHQ|CHEQUE|CHEQ|CHECK|CHK|CK|SCHECK)S?\.?[ :]{0,3}(?:NO|NR|NUM|NUMBER|N)?[.:# ]{0,3}0{0,12}([1-9]\d{2,11})\b"
)


def word_set(text):
    """Give the words of a list as a frozenset."""
    return frozenset(text.split())


# Words that banks and payers write around a name or number; they are not names.
NOISE = word_set("""
    ACCOUNT ACH ACCT AND BANK BILL BIC BOOKING CARD CHEQUE CHECK CREDIT CUSTOMER DATE DEBIT DEPOSIT DIRECT
    DOMESTIC EFT END EREF FAMILY FEE FOR FROM IBAN INCOMING INST INSTANT INTERNET INV INVOICE INVOICES KREF
    MANDATE MEMO MONTH MONTHLY MREF NUMBER ONLINE ORDER OUTGOING PAYMENT PAYMENTS PAY PMT POS PURCHASE RECEIVED
    RECHNUNG REF REFERENCE REFUND REMITTANCE RENT SEPA SERVICES STANDING SVWZ TEL THANK THANKS THE TRANSFER TRF
    TRN VIA VIREMENT VIR WIRE WITH YOU YOUR UEBERWEISUNG UBERWEISUNG GUTSCHRIFT FACTURE ABWA ABWE TXN
""")
# Words that are never a payer's name, even alone in its field.
NOBODY = NOISE | word_set("""
    ABONO ACCREDITO ADDEBITO ATM BACS BONIFICO CARGO CASH CHAPS CHEQ CHK CHQ CK CREDITOR DAUERAUFTRAG DEBTOR DEP
    DEPOSITS DOMICILIATION ETRANSFER FPS GIRO INTERAC LASTSCHRIFT MISC MISCELLANEOUS NONE NOTPROVIDED PRELEVEMENT
    REMISE SCHECK STO TFR TRANSACTION UNKNOWN VARIOUS WITHDRAWAL XFER MR MRS MS MISS DR HERR FRAU MME MONSIEUR MADAME
    JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER
""")
# Words in labels of many kinds of expenses; a fee or the name of a card does identify one.
_ANY_EXPENSE = word_set("""
    ACH BANKING CARD CHEQ CHEQUE CHECK CHK CHQ CK CREDIT DATE DEBIT DEPOSIT DIRECT EFT EREF ETRANSFER FOR FROM
    GUTSCHRIFT INCOMING INTERAC KREF LASTSCHRIFT MREF NOTPROVIDED NUMBER ONLINE OUTGOING PAYMENT PAYMENTS PMT POS
    PURCHASE REF REFERENCE SCHECK SEPA SVWZ THE TO TRANSACTION TRANSFER TRF TRN UBERWEISUNG UEBERWEISUNG VIA VIR
    VIREMENT WIRE
""")
LEGAL_FORMS = word_set("""
    AB AG AS BV CO COMPANY CORP CORPORATION GMBH INC INCORPORATED KG LIMITED LLC LLP LTD MBH NV OY PLC PTY SA
    SARL SAS SL SPA SRL
""")
# A document's number does not begin with these, so that fewer keys are looked up.
_LEADING_NOISE = NOISE - {"BILL", "FEE", "INV", "INVOICE", "ORDER", "RECHNUNG", "FACTURE", "REF", "RENT", "POS"}
TRANSFER_WORDS = word_set("""
    INTERNAL INTERNE INTERN OWN SWEEP TRANSFER TRANSFERT TREASURY TRF UMBUCHUNG UBERTRAG UEBERTRAG VIREMENT
    XFER FUNDING TRASPASO GIROCONTO OVERBOEKING
""")
OWN_TRANSFER_WORDS = word_set("""
    GIROCONTO INTERN INTERNAL INTERNE OWN SWEEP TRASPASO UBERTRAG UEBERTRAG UMBUCHUNG XFER
""")
SETTLEMENT_WORDS = word_set("""
    ACQUIRING ADYEN AMEX BATCH CARD CARDS MASTERCARD MERCHANT MOLLIE MONERIS PAYOUT PAYPAL SETTLEMENT SQUARE
    STRIPE SUMUP TERMINAL VISA WORLDLINE WORLDPAY
""")


@lru_cache(maxsize=65536)
def fold_as_sql(text):
    """Give a text in capitals without accents, everything that is neither letter nor digit as one space.

    The words are those of :func:`fold_sql`, so that Python and the database compare alike; ``fold`` of
    ``statement_formats`` folds more letters and is for texts that never meet the database.

    :param text: str, any length; what is beyond ``LABEL_LIMIT`` is not read
    :return: str
    """
    return _NOT_WORD.sub(" ", text[:LABEL_LIMIT].translate(_FOLD).upper()).strip()


def fold_sql(column):
    """Give the SQL expression that holds the words of a column for full-text search, immutable.

    :param column: str, an SQL expression of type text
    """
    return f"to_tsvector('simple', translate({column}, '{_FROM}', '{_TO}'))"


@lru_cache(maxsize=65536)
def compact(text):
    """Give only the ASCII letters and digits of a reference, in capitals: ``INV/2026/00001`` is ``INV202600001``."""
    return "".join(_PIECE.findall(text[:LABEL_LIMIT])).upper()


def compact_sql(column):
    """Give the SQL expression that makes of a column what :func:`compact` makes of a text."""
    return f"upper(regexp_replace(left({column}, {LABEL_LIMIT}), '[^A-Za-z0-9]+', '', 'g'))"


@lru_cache(maxsize=65536)
def pieces(text):
    """Give the runs of letters and of digits of a text, in capitals: ``Nr.RE2026`` is ``NR``, ``RE``, ``2026``."""
    return tuple(piece.upper() for piece in _PIECE.findall(text[:LABEL_LIMIT]))


def is_key(key):
    """Tell whether a compacted text is enough to look a document up by it."""
    digits = sum(map(str.isdigit, key))
    return KEY_MIN <= len(key) <= KEY_MAX and digits >= (5 if digits == len(key) else 2)


def reference_keys(*texts):
    """Give what in a label may be a document's number or reference: its neighbouring pieces, joined.

    Structured references (ISO 11649, Belgian, Swiss QR) whose check digits are right come first; zeros that a bank
    puts before a national reference (Finnish, Norwegian KID) are also tried without.

    :param texts: str, each read separately
    :return: list of at most ``KEY_LIMIT`` different str
    """
    keys = {}
    for text in texts:
        if not text:
            continue
        structured = find_structured_reference(text[:LABEL_LIMIT].upper())
        if structured:
            keys[compact(structured)] = None
        parts = pieces(text)
        for size in range(1, PIECES_MAX + 1):
            for start in range(len(parts) - size + 1):
                last = parts[start + size - 1]
                if size > 1 and (parts[start] in _LEADING_NOISE or (len(last) > 3 and not last.isdigit())):
                    continue
                key = "".join(parts[start : start + size])
                if is_key(key):
                    keys[key] = None
                    if key[0] == "0" and key.isdigit() and is_key(key.lstrip("0")):
                        keys[key.lstrip("0")] = None
            if len(keys) > KEY_LIMIT:
                return list(keys)[:KEY_LIMIT]
    return list(keys)


@lru_cache(maxsize=65536)
def trailing_number(reference):
    """Give the last run of digits of a reference without leading zeros (``INV/2026/00123`` is ``123``), or ``''``."""
    parts = pieces(reference)
    return parts[-1].lstrip("0") if parts and parts[-1].isdigit() else ""


@lru_cache(maxsize=65536)
def name_words(name):
    """Give the words that make a name, without legal forms; all of them where nothing else is left."""
    words = [word for word in fold_as_sql(name).split() if not word.isdigit()]
    return tuple(word for word in words if word not in LEGAL_FORMS and word != "FAMILY") or tuple(words)


@lru_cache(maxsize=65536)
def name_key(name):
    """Give the key by which a payer's name is remembered: its words in alphabetical order."""
    return " ".join(sorted(name_words(name)))[:120]


@lru_cache(maxsize=65536)
def label_pattern(label):
    """Give what of a label stays from one month to the next: its words, without whatever has a digit in it.

    :return: str of at most eight words, ``''`` where there is none
    """
    return " ".join([word for word in fold_as_sql(label).split() if _WORD.fullmatch(word)][:8])[:120]


def payer_key(name, label):
    """Give the key by which a transaction's payer is remembered: the bank's name field, else the label's own words."""
    if name:
        return name_key(name)
    return " ".join(sorted(word for word in label_pattern(label).split() if word not in NOISE))


def emails(text):
    """Give the e-mail addresses in a text, in small letters.

    >>> emails("E-TRANSFER LEA.TREMBLAY@EXAMPLE.COM thanks")
    ['lea.tremblay@example.com']
    """
    found = _EMAIL.findall(text[:LABEL_LIMIT].upper())
    return list(dict.fromkeys(one.replace("(AT)", "@").replace(" AT ", "@").lower() for one in found))


def cheque_numbers(text):
    """Give the numbers of cheques that a text names, without leading zeros.

    >>> cheque_numbers("CHQ no. 001042")
    ['1042']
    """
    return _CHEQUE.findall(text[:LABEL_LIMIT].upper())


def words_search(*words):
    """Give the full-text search for names that have all of these words, a longer one as the beginning of a word."""
    return " & ".join(f"{word}:*" if len(word) > 4 else word for word in words)


def mentions_transfer(*texts):
    """Tell whether texts have a word of a transfer between own accounts; an e-transfer is somebody's payment.

    >>> mentions_transfer("TRF 77"), mentions_transfer("INTERAC E-TRANSFER J SMITH")
    (True, False)
    """
    return any(not TRANSFER_WORDS.isdisjoint(_E_TRANSFER.sub(" ", fold_as_sql(text)).split()) for text in texts)


def is_telling_name(key):
    """Tell whether a payer's key, as :func:`payer_key` gives it, names somebody at all: what a processor of cards
    writes stands for all who pay by it."""
    nobody = NOBODY | LEGAL_FORMS | SETTLEMENT_WORDS
    return any(len(word) >= 3 and word not in nobody for word in key.split())


def is_telling_label(pattern):
    """Tell whether a label's pattern says what kind of expense it is, more than how it was paid."""
    return any(len(word) >= 3 and word not in _ANY_EXPENSE for word in pattern.split())


def search_words(text):
    """Give the words of a label that may be part of a name, at most ten, without what banks write around it."""
    words = dict.fromkeys(word for word in fold_as_sql(text).split() if len(word) >= 3 and _WORD.fullmatch(word))
    wanted = [word for word in words if word not in NOISE and word not in LEGAL_FORMS]
    # "MUELLER" is how a bank without umlauts writes "Müller".
    plain = [re.sub(r"([AOU])E", r"\1", word) for word in wanted if re.search(r"[AOU]E", word)]
    return list(dict.fromkeys(wanted[:10] + plain[:4]))


def is_named(reference, text):
    """Whether a bank's text contains a reference, however it separates its letters and digits.

    >>> is_named("po_0001", "STRIPE PO-0001 TRANSFER"), is_named("batch 134", "TX1 batch 1345")
    (True, False)
    """
    parts = re.findall(r"[^\W_]+", reference.casefold())
    if sum(map(len, parts)) < REFERENCE_MIN or not any(char.isdigit() for char in reference):
        return False
    pattern = r"(?<![^\W_])" + r"[\W_]*".join(map(re.escape, parts)) + r"(?![^\W_])"
    return re.search(pattern, text.casefold()) is not None
