"""What the columns of a remittance advice mean, by the words of their headers in several languages.

>>> [role_of(text)[0] for text in ("Invoice No.", "Gross amount", "Skonto", "Montant réglé", "Fecha")]
['number', 'gross', 'discount', 'paid', 'date']
"""

import re

from ...statement_formats.amounts import CURRENCIES
from ...statement_formats.text import fold

HEADER_MAX = 60
_CURRENCY_WORDS = {code.lower() for code in CURRENCIES}
_WORD = re.compile(r"[^\W_]+")
# "InvoiceNumber", as programs name columns.
_CAMEL = re.compile(r"(?<=[a-z]{2})(?=[A-Z])")

# Whole words; "*" is any ending or beginning, since German writes words together.
_WORDS = {
    "currency": "currency ccy cur devise wahrung moneda valuta waehrung curr",
    "amount": "amount amt value montant *betrag importe importo bedrag total sum summe gesamt balance monto",
    "discount": "discount* disc *skonto* escompte* descuento* sconto* *korting* *rabatt remise rebate",
    "deduction": "deduct* withh* retention* retenu* *abzug* einbehalt* deducc* retenc* ritenut* adjust* adj short* "
    "allowance* chargeback* inhouding* kurzung* ajust* writeoff difference penalt* tds wht fee fees charges *gebuhr* "
    "*spesen frais gastos comision* *steuerabzug quellensteuer bronbelasting bankkosten",
    "tax": "vat tax taxes mwst ust umsatzsteuer tva iva btw gst hst tps tvq pst qst",
    "past": "previous* prior earlier already bisher* vorher* deja anterior* reeds eerder percent* rate prozent* satz "
    "taux tasa pct",
    "remaining": "remaining rest* saldo solde outstanding pendiente residuo",
    "reason": "reason* comment* remark* note notes memo motif libelle grund bemerkung* kommentar* motivo observ* "
    "opmerking* descr* details text beschreibung explanation verwendungszweck causale omschrijving code concepto",
    "date": "date dated datum *datum fecha data due* fallig* echeance vencimiento scadenza",
    "paid": "paid pay payment* net remit* regle* paye* paiement* gezahlt* zahl* netto* pagad* pago neto pagat* "
    "betaald* betaling* settled applied payable verse verses versement* vire liquido",
    "gross": "gross brut brutto* bruto lordo original orig owed open offen*",
    "kind": "type typ kind art tipo soort belegart dokumentart doctype",
    "item": "item article artikel produkt product produit producto prodotto articulo articolo",
    "invoice": "invoice* inv bill facture* *rechnung rechnung* factura* fattura* factuur* rg re rech rgnr",
    "document": "document* doc dokument* *beleg beleg* voucher* piece documento* doknr transaction credit",
    "numbering": "number no nr num numero nummer ref reference* referenz* referencia* id riferimento n",
    "yours": "your ihre ihr votre vos su sua uw supplier* vendor* seller* lieferant* fournisseur* proveedor*",
    "not_a_document": "account acct konto customer* kunde* client* cliente* tax vat page line item pos position "
    "check cheque bank store location code",
    "transfer": "check cheque eft ach wire bacs transfer virement *uberweisung* trace transferencia bonifico "
    "remittance",
    "status": "status state statut estado stato zustand",
    "total": "total* gesamt* summe sum ttc inkl incl",
    "order": "po purchase order* bestell* commande pedido",
}


def _matcher(words):
    parts = [re.escape(word).replace(r"\*", ".*") for word in words.split()]
    return re.compile("|".join(parts))


_MATCHERS = {name: _matcher(words) for name, words in _WORDS.items()}


def has_word(name, text):
    """Whether a header has a word of one of the lists above."""
    return any(_MATCHERS[name].fullmatch(word) for word in _WORD.findall(fold(text)))


def role_of(text):
    """Tell what a column is by its header.

    :param text: str
    :return: (role, rank), the lower rank the surer: ``number``, ``gross``, ``paid``, ``discount``, ``deduction``,
        ``reason``, ``date``, ``currency``, ``kind``, ``item``, ``tax``, ``remaining``, ``payment`` (its
        number), ``status``; or (None, 0)
    """
    if len(text) > HEADER_MAX:
        return None, 0
    words = _WORD.findall(fold(_CAMEL.sub(" ", text.replace("#", " no "))))
    currencies = [word for word in words if word in _CURRENCY_WORDS]
    words = [word for word in words if word not in _CURRENCY_WORDS]
    if "%" in text or {"to", "date"} <= set(words):
        return None, 0  # "Discount %", "Paid to date"
    if all(word.isdigit() for word in words) or len(words) > 6 or not any(char.isalpha() for char in text):
        return None, 0
    found = {name for name, matcher in _MATCHERS.items() if any(matcher.fullmatch(word) for word in words)}
    if "remaining" in found and not found & {"numbering", "order", "reason", "date", "past"}:
        return "remaining", 0
    if "past" in found and not found & {"numbering", "invoice", "document", "reason", "order"}:
        return None, 0
    if "tax" in found and not found & {"deduction", "discount", "numbering", "paid", "gross", "invoice", "document"}:
        return "tax", 0
    if "currency" in found and "amount" not in found:
        return "currency", 0
    is_document = found & {"invoice", "document"}
    if found == {"status"}:
        return "status", 0
    if "kind" in found and "amount" not in found and "numbering" not in found:
        return "kind", 0
    if "item" in found and not found & {"amount", "paid", "gross", "discount", "deduction", "date", *is_document}:
        return "item", 1 if "numbering" in found else 0
    if "reason" in found and "numbering" not in found:
        return "reason", 0
    if "discount" in found and "date" not in found:
        return "discount", 0
    if "deduction" in found and "numbering" not in found:
        return "deduction", 0
    if "date" in found and "amount" not in found and "numbering" not in found:
        return ("gross", 2) if words == ["due"] else ("date", 0)
    return _money_or_number(found, is_document, bool(currencies))


def _money_or_number(found, is_document, has_currency):
    has_amount = "amount" in found or has_currency
    if "paid" in found:
        # "Payment no." is the payer's own number of the payment.
        return ("payment", 0) if "numbering" in found and not has_amount else ("paid", 0)
    if "transfer" in found and "numbering" in found and not has_amount and not is_document:
        return "payment", 0
    if "gross" in found or has_amount and is_document and "numbering" not in found or has_amount and "date" in found:
        return "gross", 0
    if is_document or "numbering" in found and "amount" not in found:
        if "order" in found:
            return "number", 6
        if not is_document and "not_a_document" in found:
            return None, 0  # "Vendor account no."
        if "yours" in found:
            return "number", 0
        return "number", 2 if "invoice" in found else 3 if is_document else 4
    return ("paid", 3) if has_amount else (None, 0)
