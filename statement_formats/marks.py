"""The words of a column that says whether money came or went: ``D``/``C``, ``Soll``/``Haben``, ``Af``/``Bij``.

One letter means different things in different languages (``D`` is *má dal*, money in, in Czech bookkeeping, but debit
elsewhere; ``C`` may be *credit* or *cargo*), so a column is read by the pair of texts that it holds.
"""

from .header_words import normalize
from .text import squeeze

# Whole words, which mean one thing only.
_DEBIT_WORDS = """
    debit|debits|dbit|dr|db|dt|debited|withdrawal|money out|out|outgoing|outflow|paid out|payment out|sent|
    soll|belastung|lastschrift|ausgang|abgang|ausgabe|auszahlung|
    debe|cargo|adeudo|gasto|egreso|retiro|debito|
    sortie|depense|retrait|
    addebito|uscita|dare|
    af|debet|uit|
    saida|
    obciazenie|obciazenia|wyplata|winien|wn|
    odchozi|vydaj|odchozi platba|
    uttag|utbetalning|ut|ud|udbetaling|utbetaling|uttak|utgaende|
    pano ulos|veloitus|otto|meno|
    deebet|valjaminek|
    debets|izmaksa|
    debetas|islaidos|
    terheles|tartozik|kiadas|
    plata|iesire|
    duguje|isplata|breme|odliv|
    borc|gider
"""
_CREDIT_WORDS = """
    credit|credits|crdt|cr|ct|credited|deposit|money in|in|incoming|inflow|paid in|payment in|received|
    haben|gutschrift|eingang|zugang|einnahme|einzahlung|
    haber|abono|ingreso|credito|
    entree|recette|depot|
    accredito|entrata|avere|
    bij|
    entrada|
    uznanie|uznania|wplata|ma|
    prichozi|prijem|prichozi platba|kredit|
    insattning|inbetalning|inn|ind|indbetaling|innbetaling|innskudd|ingaende|
    hyvitys|tulo|
    kreedit|laekumine|sissetulek|
    kredits|iemaksa|
    kreditas|pajamos|
    jovairas|kovetel|bevetel|
    incasare|intrare|
    potrazuje|uplata|dobro|priliv|
    alacak|gelir
"""
# (money out, money in): letters that only their partner explains. The first with both texts counts.
_PAIRS = (
    ("d", "c"), ("d", "k"), ("md", "d"), ("md", "dal"), ("s", "h"), ("d", "h"), ("c", "a"), ("t", "j"),
    ("t", "k"), ("wn", "ma"), ("o", "u"), ("u", "i"), ("w", "d"), ("s", "e"), ("debit", "kredit"),
    ("-", "+"),
)  # fmt: skip
_DEBIT_ALONE = {"d", "s", "-", "af"}
_CREDIT_ALONE = {"c", "k", "h", "+", "bij"}
_DEBITS = {normalize(word) for word in _DEBIT_WORDS.split("|")}
_CREDITS = {normalize(word) for word in _CREDIT_WORDS.split("|")}
TEXT_MAX = 25


def _key(text):
    return normalize(text) or squeeze(text)


def is_debit_mark(text):
    """Read a direction mark (``DR``, ``Soll``, ``-``): True for money out, False for money in, None for neither."""
    mark = _key(text)
    if mark in _DEBITS or mark in _DEBIT_ALONE:
        return True
    return False if mark in _CREDITS or mark in _CREDIT_ALONE else None


def read_marks(texts):
    """Tell which texts of a column mean money out, and which money in.

    :param texts: iterable of str, the different texts of the column; an empty one is no mark
    :return: (dict from text to True for money out and False for money in; whether they are whole words or a pair of
        letters that leaves no doubt), or (None, False) if they are not known
    """
    by_key = {}
    for text in texts:
        if text:
            by_key.setdefault(_key(text), []).append(text)
    keys = set(by_key)
    if not keys:
        return None, False
    if keys <= _DEBITS | _CREDITS and not (keys & _DEBITS & _CREDITS):
        return {text: key in _DEBITS for key, same in by_key.items() for text in same}, True
    for debit, credit in _PAIRS:
        if keys == {debit, credit}:
            return {text: key == debit for key, same in by_key.items() for text in same}, True
    if len(keys) <= 2 and keys <= _DEBITS | _CREDITS | _DEBIT_ALONE | _CREDIT_ALONE:
        read = {text: is_debit_mark(text) for same in by_key.values() for text in same}
        return read, len(keys) == 1 or len(set(read.values())) == 2
    return None, False
