"""What the columns of a table mean: a mapping that can be stored, and a first guess from headers and contents."""

import re
import unicodedata
from dataclasses import asdict, dataclass, fields, replace

from .errors import StatementFormatError
from .sentence import _lt

COLUMNS = (
    "date",
    "value_date",
    "amount",
    "debit",
    "credit",
    "direction",
    "reference",
    "bank_reference",
    "counterparty_name",
    "counterparty_account",
    "account",
    "balance",
    "currency",
    "check_number",
    "transaction_code",
)
_TEXTS = ("date_order", "decimal", "delimiter", "encoding", "sheet", "account_number", "account_currency")
COLUMN_MAX = 200


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column of a table holds what, and how the table is written; columns are counted from 0.

    Either ``amount`` (signed, or with ``direction`` marks), or ``debit`` and/or ``credit``. ``header`` holds the
    headers that the mapping was made from; a later file is then read by them, wherever its columns stand.
    ``date_order`` is ``dmy``, ``mdy`` or ``ymd``; ``decimal`` is ``.`` or ``,``; an empty text means "find out".
    ``is_inverted`` is for card exports that write purchases as positive amounts. ``account_number`` and
    ``account_currency`` are for files that name neither.
    """

    date: int | None = None
    value_date: int | None = None
    amount: int | None = None
    debit: int | None = None
    credit: int | None = None
    direction: int | None = None
    label: tuple[int, ...] = ()
    reference: int | None = None
    bank_reference: int | None = None
    counterparty_name: int | None = None
    counterparty_account: int | None = None
    account: int | None = None
    balance: int | None = None
    currency: int | None = None
    check_number: int | None = None
    transaction_code: int | None = None
    date_order: str = ""
    decimal: str = ""
    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""
    account_number: str = ""
    account_currency: str = ""
    is_inverted: bool = False
    header: tuple[str, ...] = ()

    @property
    def is_complete(self):
        """Whether a table can be read with it: there is a date and some amount."""
        return self.date is not None and (self.amount is not None or self.debit is not None or self.credit is not None)

    def to_dict(self):
        """Give the mapping as plain data for JSON."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, data):
        """Take a mapping from plain data; fields that are missing keep their defaults.

        :param data: dict as ``to_dict`` gives it
        :return: ``Mapping``
        :raise StatementFormatError: an unknown field, or a value of the wrong kind
        """
        known = {field.name for field in fields(cls)}
        values = {}
        for key, value in dict(data).items():
            is_column = type(value) is int and 0 <= value < COLUMN_MAX
            if key == "label" or key == "header":
                kind = int if key == "label" else str
                is_right = isinstance(value, (list, tuple)) and all(
                    type(part) is kind and (kind is str or 0 <= part < COLUMN_MAX) for part in value
                )
                value = tuple(value) if is_right else value
            elif key in COLUMNS:
                is_right = value is None or is_column
            elif key in _TEXTS:
                is_right = isinstance(value, str)
            else:
                is_right = key in known and isinstance(value, bool)
            if not is_right:
                raise StatementFormatError(
                    _lt(
                        'The column mapping has a wrong value for "%(key)s". Please set the mapping of this '
                        "bank account up again.",
                        key=str(key)[:40],
                    )
                )
            values[key] = value
        found = cls(**values)
        if found.date_order not in ("", "dmy", "mdy", "ymd") or found.decimal not in ("", ".", ","):
            raise StatementFormatError(
                _lt(
                    "The column mapping has an unknown order of dates or decimal mark. Please set the "
                    "mapping of this bank account up again.",
                )
            )
        return found


# Headers of banks' exports in English, French, German, Spanish (and Dutch where it differs by little), as
# `normalize` writes them.
_VOCABULARY = {
    "date": "date|booking date|posting date|posted date|post date|transaction date|trans date|date posted|"
    "completed date|entry date|date operation|date de l operation|date d operation|date comptable|"
    "date de comptabilisation|buchungstag|buchungsdatum|buchung|datum|fecha|fecha operacion|"
    "fecha de operacion|fecha contable|f operacion|f contable|boekdatum",
    "value_date": "value date|date valeur|date de valeur|valeur|valuta|valutadatum|wertstellung|wertstellungstag|"
    "wertstellungsdatum|fecha valor|f valor|effective date|rentedatum",
    "amount": "amount|transaction amount|net amount|net|value|montant|montant de l operation|montant operation|betrag|"
    "umsatz|importe|monto|cantidad|importe de la operacion|bedrag|transactiebedrag",
    "debit": "debit|debits|debit amount|money out|paid out|withdrawal|withdrawals|withdrawal amount|montant debit|"
    "montant au debit|sorties|soll|belastung|belastungen|ausgang|lastschrift|cargo|cargos|debe|adeudo|adeudos|"
    "retiro|retiros|gastos",
    "credit": "credit|credits|credit amount|money in|paid in|deposit|deposits|deposit amount|montant credit|"
    "montant au credit|entrees|haben|gutschrift|gutschriften|eingang|abono|abonos|haber|ingreso|ingresos|"
    "deposito|depositos",
    "direction": "debit credit|credit debit|dr cr|cr dr|d c|c d|dc|cd|debit credit indicator|credit debit indicator|"
    "direction|sens|soll haben|s h|sh|debe haber|signo|af bij|debit or credit|credit or debit|"
    "debet credit|cargo abono",
    "label": "description|transaction description|narrative|narration|details|transaction details|memo|particulars|"
    "payment details|text|message|purpose|remittance information|libelle|libelle operation|"
    "libelle de l operation|libelle complementaire|communication|detail|motif|informations|nature|"
    "verwendungszweck|buchungstext|zweck|beschreibung|buchungsdetails|zahlungszweck|concepto|descripcion|"
    "detalle|detalles|observaciones|mas datos|omschrijving|mededelingen",
    "reference": "reference|ref|customer reference|payment reference|end to end id|end to end reference|your reference|"
    "kundenreferenz|kundenreferenz end to end|referenz|ende zu ende referenz|referencia|"
    "referencia cliente|reference client|reference operation|kenmerk",
    "bank_reference": "transaction id|bank reference|transaction reference|id|unique id|fitid|entry reference|"
    "transaction number|bankreferenz|transaktions id|transaktionsnummer|buchungsreferenz|identifiant|"
    "numero operation|numero d operation|reference banque|reference bancaire|numero de operacion|"
    "id transaccion|referencia banco|referencia bancaria|numero de movimiento|volgnr",
    "counterparty_name": "payee|payer|counterparty|counterparty name|beneficiary|beneficiary name|name|partner|"
    "merchant|merchant name|payee name|payer name|payee payer|to from|beneficiaire|tiers|nom|"
    "contrepartie|nom de la contrepartie|nom contrepartie|emetteur|donneur d ordre|auftraggeber|"
    "auftraggeber empfanger|beguenstigter zahlungspflichtiger|begunstigter zahlungspflichtiger|"
    "empfanger|zahlungsbeteiligter|name zahlungsbeteiligter|zahlungspflichtiger|zahlungsempfanger|"
    "beneficiario|ordenante|beneficiario ordenante|nombre|contraparte|tercero|naam tegenpartij",
    "counterparty_account": "counterparty account|counterparty iban|counterparty account number|beneficiary account|"
    "payee account|payer account|compte contrepartie|compte de la contrepartie|"
    "iban contrepartie|iban beneficiaire|kontonummer iban|iban kontonummer|gegenkonto|"
    "iban zahlungsbeteiligter|iban empfanger|cuenta contraparte|cuenta beneficiario|"
    "iban beneficiario|iban contraparte|cuenta ordenante|tegenrekening",
    "account": "account|account number|iban|account iban|own account|compte|numero de compte|no de compte|konto|"
    "kontonummer|auftragskonto|iban auftragskonto|eigenes konto|cuenta|numero de cuenta|numero cuenta|"
    "rekening|rekeningnummer",
    "balance": "balance|running balance|account balance|balance after|ledger balance|solde|solde apres operation|"
    "solde courant|saldo|saldo nach buchung|kontostand|saldo disponible|saldo posterior|saldo na mutatie",
    "currency": "currency|currency code|ccy|devise|monnaie|wahrung|waehrung|divisa|moneda|munt|valuta code",
    "check_number": "check number|cheque number|check no|cheque no|check|cheque|check num|check or slip|"
    "numero de cheque|numero cheque|no cheque|schecknummer",
    "transaction_code": "transaction type|type|code|type operation|type d operation|type de transaction|"
    "buchungsschlussel|umsatzart|vorgang|tipo|tipo de operacion|tipo operacion|tipo movimiento|"
    "mutatiesoort",
}
_ROLES = {header: role for role, headers in _VOCABULARY.items() for header in headers.split("|")}
_CURRENCY = re.compile(
    "aud|brl|cad|chf|clp|cny|cop|czk|dkk|eur|gbp|hkd|huf|inr|jpy|mxn|nok|nzd|pen|pln|ron|sek|sgd|usd|zar"
)
HEADER_ROWS_MAX = 40


def normalize(text):
    """Write a header in small letters, without accents and signs: ``Montant (EUR)`` -> ``montant eur``."""
    text = unicodedata.normalize("NFKD", text.replace("ß", "ss").casefold())
    text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(re.findall(r"[a-z0-9]+", text))


def _role(text):
    """Give (role, currency) of a header, or ('', ''); ``Amount (EUR)`` and ``Betrag in EUR`` name the currency."""
    header = normalize(text[:80])
    if header in _ROLES:
        return _ROLES[header], ""
    words = header.split()
    if len(words) > 1 and _CURRENCY.fullmatch(words[-1]):
        rest = words[:-1]
        rest = rest[:-1] if rest[-1] in ("in", "en") and len(rest) > 1 else rest
        role = _ROLES.get(" ".join(rest), "")
        if role in ("amount", "debit", "credit", "balance"):
            return role, words[-1].upper()
    return "", ""


def find_header(rows):
    """Find the row of headers among the first rows: the one with most known headers, one of them a date or amount.

    :param rows: list of lists of cells
    :return: index of the row (int), or None
    """
    best, best_score = None, 1
    for index, row in enumerate(rows[:HEADER_ROWS_MAX]):
        roles = {_role(cell)[0] for cell in row if isinstance(cell, str)} - {""}
        if (
            len(roles) > best_score
            and roles & {"date", "value_date"}
            and roles & {"amount", "debit", "credit", "label", "balance"}
        ):
            best, best_score = index, len(roles)
    return best


def from_header(header):
    """Guess the mapping from the headers alone.

    :param header: list of str
    :return: ``Mapping``, maybe incomplete
    """
    found = {"label": ()}
    for index, cell in enumerate(header[:COLUMN_MAX]):
        role, currency = _role(cell) if isinstance(cell, str) else ("", "")
        if role == "label":
            found["label"] += (index,)
        elif role:
            found.setdefault(role, index)
        if currency:
            found.setdefault("account_currency", currency)
    if "date" not in found and "value_date" in found:
        found["date"] = found.pop("value_date")
    if "amount" in found:
        # Some exports repeat the signed amount split in two columns; the signed one is enough.
        found.pop("debit", None)
        found.pop("credit", None)
    return Mapping(header=tuple(str(cell) for cell in header), **found)


def relocate(mapping, header):
    """Move a remembered mapping to where its headers stand in another file of the same bank.

    :param mapping: ``Mapping`` with ``header``
    :param header: list of cells, the header row of the new file
    :return: ``Mapping`` for the new file, or None if a column that it needs is not there
    """
    names = [normalize(cell) if isinstance(cell, str) else "" for cell in header]
    changes = {}
    for role in (*COLUMNS, "label"):
        old = getattr(mapping, role)
        moved = []
        for index in old if role == "label" else () if old is None else (old,):
            name = normalize(mapping.header[index]) if index < len(mapping.header) else ""
            # Two columns of one name ("Reference", "Reference") keep their order.
            rank = [normalize(cell) for cell in mapping.header[:index]].count(name)
            places = [place for place, text in enumerate(names) if text == name]
            if rank >= len(places):
                return None
            moved.append(places[rank])
        changes[role] = tuple(moved) if role == "label" else (moved[0] if moved else None)
    return replace(mapping, header=tuple(str(cell) for cell in header), **changes)
