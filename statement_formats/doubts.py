"""Signs of amounts that look wrong although the headers are known: what has to be asked when no balance proves it."""

import re
from dataclasses import replace

from .amounts import CURRENCIES
from .header_words import normalize
from .mapping import COLUMNS
from .marks import TEXT_MAX, read_marks
from .sentence import _lt

# So many entries without one that goes out: a card's purchases, or a column of marks that is not known.
_ROWS_ALL_POSITIVE = 3
# Words of entries that take money out, by whichever sign the bank writes them.
_GOES_OUT = re.compile(
    r"\b(?:direct debit|debit|withdrawal|cash machine|card payment|card purchase|purchase|standing order|atm|"
    r"lastschrift|abbuchung|belastung|kartenzahlung|barabhebung|dauerauftrag|prelevement|prlv|retrait|achat|"
    r"paiement par carte|"
    r"adeudo|domiciliacion|compra|retirada|pago con tarjeta|addebito|prelievo|pagamento pos|incasso|betaalautomaat|"
    r"geldautomaat|platnosc karta|wyplata|obciazenie|platba kartou|vyber|kortkop|uttag|dankort|korttiosto|"
    r"kartya|levantamento|"
    r"pagamento com cartao)\b"
)
# Of purchases and of payments to a card, whichever sign they have.
_PURCHASE = re.compile(
    r"\b(?:card payment|card purchase|purchase|kartenzahlung|achat|paiement par carte|compra|pago con tarjeta|"
    r"pagamento pos|betaalautomaat|platnosc karta|platba kartou|kortkop|korttiosto|pagamento com cartao)\b"
)
_RECEIVED = (
    "payment thank you|payment received|zahlung erhalten|zahlung dankend erhalten|paiement recu|"
    "pago recibido|pagamento recebido|pagamento ricevuto|betaling ontvangen"
)
_TO_CARD = re.compile(f"{_RECEIVED}|ihre zahlung")
# Said of money that came, it contradicts a minus.
_IS_RECEIVED = re.compile(_RECEIVED)
_LINES_SEARCHED = 200
_CARD_PAYMENT = re.compile(
    "payment thank you|payment received|thank you|autopay|auto pay|automatic payment|online payment|mobile payment|"
    "payment received thank you|zahlung erhalten|zahlung dankend erhalten|ihre zahlung|paiement recu|votre paiement|"
    "pago recibido|su pago|pagamento recebido|pagamento ricevuto|pagamento efetuado|betaling ontvangen"
)


def amounts_doubt(guess, reader, found, statements, rows):
    """Look at all amounts of a table without a balance that proves them.

    :param guess: ``Guess``
    :param reader: ``Reader``
    :param found: the entries that were read
    :param statements: list of ``Statement`` made from them
    :param rows: list of the rows below the header
    :return: (``Sentence`` to ask with or None, ``Mapping`` to fill in)
    """
    mapping = guess.mapping
    lines = [line for _account, line, _balance in found.entries]
    if mapping.debit is not None and mapping.credit is not None:
        both = _with_both(reader, rows)
        if both:
            return both, mapping
        if reader.is_credit_negative and not mapping.column_set:
            return (
                _lt(
                    "All amounts in the column of money that came in are negative. Please choose which columns hold "
                    "the amounts.",
                ),
                mapping,
            )
    if mapping.column_set or mapping.amount is None or mapping.direction is not None:
        return None, mapping
    if not any(line.amount < 0 for line in lines):
        place = two_valued(mapping, guess.columns, len(lines))
        if place is not None:
            texts = [text for text in guess.columns.different(place) if text]
            is_filled = read_marks(texts)[0] is not None or place not in mapping.label
            doubt = _lt(
                "No amount of the table has a minus, and a column has only the texts %(texts)s. Please choose which "
                "of its columns says whether money came or went.",
                texts=", ".join(f'"{text[:20]}"' for text in texts[:2]),
            )
            return doubt, as_direction(mapping, guess.columns, place) if is_filled else mapping
        is_out = any(
            _GOES_OUT.search(normalize(f"{line.transaction_code} {line.label}"[:200]))
            for line in lines[:_LINES_SEARCHED]
        )
        is_wrong = any(statement.difference for statement in statements)
        if (is_out or is_wrong or len(lines) >= _ROWS_ALL_POSITIVE) and not guess.is_proven:
            return (
                _lt(
                    "No amount of the table has a minus, so that all of it would be money that came in. Please say "
                    "whether money that went out is positive, or which column tells.",
                ),
                mapping,
            )
        return None, mapping
    doubt = _card_doubt(mapping, lines)
    return doubt, replace(mapping, is_inverted=True) if doubt else mapping


def owed_doubt(mapping, found):
    """Give a doubt where the signs that a running balance proves are not those of the descriptions.

    A card's balance may be what is owed: then it rises with each purchase, and proves the opposite of what happened.

    :param mapping: ``Mapping``
    :param found: the entries that were read
    :return: ``Sentence`` to ask with, or None
    """
    if mapping.column_set or mapping.amount is None or mapping.direction is not None:
        return None
    wrong, right = [], 0
    for _account, line, _balance in found.entries[:_LINES_SEARCHED]:
        words = normalize(f"{line.transaction_code} {line.label} {line.counterparty_name}"[:200])
        is_to_card = bool(_TO_CARD.search(words))
        if is_to_card or _PURCHASE.search(words):
            is_right = (line.amount > 0) == is_to_card
            right += is_right
            wrong += [] if is_right else [line]
    if len(wrong) < 2 or len(wrong) <= right:
        return None
    return _lt(
        'The running balance says of "%(text)s" (%(amount)s) the opposite of what its description says. The balance of '
        "a card may be what is owed. Please say whether money that went out is positive.",
        text=wrong[0].label[:40],
        amount=wrong[0].amount,
    )


def _with_both(reader, rows):
    """Give a doubt where one row has money out and money in: one of the columns is something else."""
    mapping = reader.mapping
    for row in rows:
        debit, credit = (
            reader.optional_amount(row, mapping.debit),
            reader.optional_amount(row, mapping.credit),
        )
        if debit and credit and reader.date(row, mapping.date):
            return _lt(
                "A row of the table has money in and money out at once (%(debit)s and %(credit)s). Please choose "
                "which columns hold the amounts.",
                debit=debit,
                credit=credit,
            )
    return None


def as_direction(mapping, columns, place):
    """Take a column as that of the marks; where one kind has no mark, the empty text is the other one.

    :param mapping: ``Mapping``
    :param columns: ``Columns``
    :param place: index of the column (int)
    :return: ``Mapping``
    """
    texts = columns.different(place)
    read = read_marks([text for text in texts if text])[0] or {}
    marks = {}
    if "" in texts and len(set(read.values())) == 1:
        (is_debit,) = set(read.values())
        named = tuple(read)
        marks = {"debit_marks": named if is_debit else ("",), "credit_marks": ("",) if is_debit else named}
    return replace(
        mapping,
        direction=place,
        label=tuple(index for index in mapping.label if index != place),
        transaction_code=None if mapping.transaction_code == place else mapping.transaction_code,
        **marks,
    )


def two_valued(mapping, columns, count):
    """Find a column with two different texts that might say whether money came or went, or None."""
    used = {getattr(mapping, role) for role in COLUMNS if role not in ("transaction_code", "reference", "status")}
    for place in range(columns.width):
        if place in used or place in columns.amounts() or place in columns.dates():
            continue
        texts = columns.different(place)
        marks = [text for text in texts if text]
        if not marks or max(map(len, marks)) > TEXT_MAX or len(texts) > 3:
            continue
        if any(text.upper() in CURRENCIES for text in marks):
            continue
        if read_marks(marks)[0] is not None:
            return place
        # A description with two texts is a description, unless they repeat over many rows.
        is_text = place in mapping.label
        if len(texts) == 2 and count >= (8 if is_text else 3) and not any(char.isdigit() for char in "".join(marks)):
            return place
    return None


def _card_doubt(mapping, lines):
    """Give a doubt where purchases seem to be positive: few amounts go out, and those are payments of the card."""
    out = [line for line in lines if line.amount < 0]
    if mapping.is_inverted:
        return None
    words = _CARD_PAYMENT if len(out) * 2 < len(lines) >= 3 else _IS_RECEIVED
    if not any(words.search(normalize(f"{line.label} {line.counterparty_name}"[:200])) for line in out):
        return None
    return _lt(
        "The table looks like a card's, with purchases as positive amounts and payments as negative ones. Please say "
        "whether money that went out is positive.",
    )
