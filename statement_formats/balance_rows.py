"""Rows of a table that are no entries: opening balance, turnover, closing balance, totals; and rows not booked yet."""

import re

from .header_words import normalize
from .text import fold

OPENING, CLOSING, TURNOVER, BALANCE = "opening", "closing", "turnover", "balance"

_OPENING = """
    opening balance|opening ledger balance|balance brought forward|brought forward|previous balance|beginning balance|
    starting balance|start balance|balance forward|balance b f|b f|bal b f|bal brought forward|initial balance|
    solde initial|ancien solde|solde precedent|solde d ouverture|solde reporte|report solde|solde debut de periode|
    solde au debut de periode|
    anfangssaldo|alter saldo|saldo vortrag|saldovortrag|alter kontostand|letzter kontostand|startsaldo|
    eroffnungssaldo|vortrag|anfangsbestand|
    saldo inicial|saldo anterior|saldo de apertura|saldo iniziale|saldo contabile iniziale|saldo precedente|
    saldo di apertura|
    beginsaldo|openingssaldo|vorig saldo|oud saldo|
    saldo poczatkowe|saldo otwarcia|saldo pocz|
    pocatecni zustatek|pociatocny zostatok|pocatecni stav|
    ingaende saldo|ingaende balans|inngaende saldo|indgaende saldo|primo saldo|saldo fra forrige|startsaldo|
    alkusaldo|edellinen saldo|algsaldo|algjaak|sakuma atlikums|sakotnejais atlikums|likutis pradzioje|
    likutis pradziai|pradinis likutis|nyito egyenleg|sold initial|sold precedent|
    pocetno stanje|zacetno stanje|acilis bakiyesi|devir|devreden bakiye|onceki bakiye
"""
_CLOSING = """
    closing balance|closing ledger balance|balance carried forward|carried forward|ending balance|end balance|
    final balance|new balance|current balance|balance c f|c f|bal c f|available balance|
    solde final|nouveau solde|solde de cloture|solde fin de periode|solde au|solde en fin de periode|solde actuel|
    endsaldo|neuer saldo|neuer kontostand|kontostand|schlusssaldo|endbestand|aktueller kontostand|aktueller saldo|
    saldo final|saldo actual|saldo de cierre|saldo finale|saldo contabile finale|saldo di chiusura|saldo attuale|
    saldo disponible|
    eindsaldo|slotsaldo|nieuw saldo|
    saldo koncowe|saldo zamkniecia|saldo kon|
    konecny zustatek|konecny zostatok|konecny stav|
    utgaende saldo|utgaende balans|udgaende saldo|ultimo saldo|slutsaldo|
    loppusaldo|loppsaldo|loppjaak|beigu atlikums|galutinis likutis|likutis pabaigoje|likutis pabaigai|
    zaro egyenleg|sold final|krajnje stanje|koncno stanje|zavrsno stanje|kapanis bakiyesi|son bakiye
"""
_TURNOVER = """
    turnover|total turnover|debit turnover|credit turnover|turnover debit|turnover credit|total debits|total credits|
    total debit|total credit|total|totals|grand total|subtotal|sub total|total debits and credits|
    total withdrawals|total deposits|total money in|total money out|total des operations|totaux|total des mouvements|
    total debits eur|total credits eur|
    saldo do dia|saldo dia|saldo diario|saldo parcial|saldo total disponivel dia|saldo em conta|daily balance|
    umsatz gesamt|summe|gesamtsumme|summe soll|summe haben|gesamtumsatz|umsatzsumme|summen|
    totales|total cargos|total abonos|total debe|total haber|totale|totale addebiti|totale accrediti|totaal|
    totaal af|totaal bij|obroty|suma obrotow|obroty wn|obroty ma|suma|razem|suma obciazen|suma uznan|
    obrat|obraty|celkem|spolu|omsattning|summa|sum|i alt|yhteensa|kaive|kaibed|kaive kokku|deebetkaive|kreeditkaive|
    deebet kaive|kreedit kaive|apgrozijums|debeta apgrozijums|kredita apgrozijums|kopa|apyvarta|is viso|
    debeto apyvarta|kredito apyvarta|osszesen|forgalom|total rulaj|rulaj|rulaj debitor|rulaj creditor|rulaje|
    ukupno|skupaj|toplam|genel toplam|total general
"""
# Of an account at some moment; before or behind it anything may be meant: "Saldo 4711" settles an invoice.
_BALANCE = "balance|saldo|solde|zustatek|zostatok|egyenleg|sold|stanje|likutis|atlikums|jaak|bakiye"
# Words of entries too: a lecture, a handover, a petrol station; the other phrases nobody is paid for.
_WORDS_OF_ENTRIES = {"vortrag", "devir", "total", "totals", "totale", "totales", "totaal", "sum", "suma", "summa"}
_KINDS = {
    normalize(phrase): kind
    for kind, phrases in ((OPENING, _OPENING), (CLOSING, _CLOSING), (TURNOVER, _TURNOVER), (BALANCE, _BALANCE))
    for phrase in phrases.split("|")
}
# What may follow: a date, a period, an amount, a currency: "Closing balance 30.04.2026", "Saldo final: 12,00 EUR".
_AFTER = re.compile(
    r"(?: (?:\d+|[a-z]{3}|on|at|as of|as at|at the|of|from|to|per|vom|am|zum|bis|a|al|del|de|au|le|du|op|van|tot|na|"
    r"dia|dzien|ke dni|ke|k|pr|den|till|til|dd|usd|eur))*"
)
_SPACED = re.compile(r"(?<=\b\w) (?=\w\b)")
_FIRST_WORDS = {phrase.split()[0] for phrase in _KINDS}
_LONGEST = max(len(phrase.split()) for phrase in _KINDS)

# In whatever column they are, these say that a row is not booked yet.
_PENDING = (
    "pending|reserved|reservation|"
    "en attente|a venir|vorgemerkt|vormerkung|umsatz vorgemerkt|ausstehend|reserviert|"
    "pendiente|in sospeso|non contabilizzato|in attesa|gereserveerd|in behandeling|pendente|"
    "oczekujaca|oczekuje|blokada|blokada srodkow|zablokowan[aey]|cekajici|blokovan[oa]|"
    "varaus|reserverat|reserverad|reserveret|reservert|vantande|afventer|odottaa|varattu|katevaraus|"
    "broneering|ootel|reserveeritud|rezervets|gaida|rezervuota|laukiama|"
    "fuggoben|zarolas|in asteptare|na cekanju|beklemede"
)
# These say it in a column of states; elsewhere they may be a kind of booked entry or somebody's note.
_NOT_BOOKED = (
    "reverted|failed|declined|cancell?ed|rejected|refused|authori[sz]ed|authori[sz]ation|"
    "annulee?|refusee?|rejetee?|abgelehnt|storniert|"
    "fehlgeschlagen|rechazad[oa]|cancelad[oa]|anulad[oa]|retenid[oa]|"
    "annullat[oa]|rifiutat[oa]|geweigerd|geannuleerd|recusad[oa]|"
    "odrzucona|anulowana|zamitnut[oa]|zrusen[oa]|"
    "avvist|nekad|hylatty|tagasi lukatud|atmesta|"
    "elutasitva|respins[a]?|anulat[a]?|odbijen[oa]?|iptal|"
    "offen|autorizzato|in elaborazione|"
    "created|incomplete|processing|on hold|held|voided|void|denied|expired|removed|blocked"
)
_BOOKED = (
    "booked|posted|completed?|settled|cleared|processed|executed|success(?:ful)?|"
    "gebucht|umsatz gebucht|verbucht|ausgefuhrt|abgeschlossen|comptabilisee?|executee?|effectuee?|"
    "contabilizad[oa]|realizad[oa]|ejecutad[oa]|completad[oa]|contabilizzat[oa]|eseguit[oa]|completat[oa]|"
    "geboekt|verwerkt|uitgevoerd|efetivad[oa]|concluid[oa]|liquidad[oa]|"
    "zaksiegowan[aoy]|zrealizowan[aoy]|rozliczon[aoy]|zauctovan[oa]|proveden[oa]|uhrazen[oa]|"
    "bokfor[dt]a?|bokforda|bogfort|kirjattu|teostatud|konyvelt|teljesult|efectuat[a]?|finalizat[a]?|"
    "proknjizen[oa]|knjizen[oa]|izvrsen[oa]|tamamlandi|gerceklesti"
)
_IS_PENDING, _IS_NOT_BOOKED, _IS_BOOKED = map(re.compile, (_PENDING, f"{_PENDING}|{_NOT_BOOKED}", _BOOKED))


def kind_of(text):
    """Tell whether a text names a balance or a total of the table, and which.

    :param text: str, the description of a row or its first cell
    :return: ``opening``, ``closing``, ``turnover`` or ``''``
    """
    kind, is_doubtful, _is_alone = read_kind(text)
    return "" if is_doubtful and kind == BALANCE else kind


def read_kind(text):
    """Tell whether a text names a balance or a total of the table, and whether it can be an entry's as well.

    :param text: str, the description of a row or its first cell
    :return: (``opening``, ``closing``, ``turnover``, ``balance`` or ``''``; whether entries have such a description;
        whether it is that word alone)
    """
    if text[1:2] == " ":
        # "S A L D O" of Brazilian banks.
        text = _SPACED.sub("", text)
    first = text[:40].split(None, 1)
    if not first:
        return "", False, False
    word = first[0].lower().rstrip(":.-")
    # Most descriptions end here: their first word begins none of the phrases.
    if word not in _FIRST_WORDS and (word.isascii() or fold(word) not in _FIRST_WORDS):
        return "", False, False
    words = normalize(text[:120]).split()
    for count in range(min(_LONGEST, len(words)), 0, -1):
        phrase = " ".join(words[:count])
        kind = _KINDS.get(phrase)
        rest = " ".join(words[count:])
        if kind and _AFTER.fullmatch(f" {rest}" if rest else ""):
            is_doubtful = kind == BALANCE or phrase in _WORDS_OF_ENTRIES
            return kind, is_doubtful, not rest
    return "", False, False


def is_pending(text):
    """Tell whether a text says in any column that a row is not booked yet (``PENDING``, ``vorgemerkt``)."""
    return bool(text) and bool(_IS_PENDING.fullmatch(normalize(text)))


def is_not_booked(text):
    """Tell whether a text in the column of states says that a row is no booked entry (``PENDING``, ``storniert``)."""
    return bool(text) and bool(_IS_NOT_BOOKED.fullmatch(normalize(text)))


def is_booked(text):
    """Tell whether a text in the column of states says that a row is a booked entry (``BOOKED``, ``gebucht``)."""
    return bool(text) and bool(_IS_BOOKED.fullmatch(normalize(text)))
