"""Which bank transactions return a payment, and why, by what the bank writes."""

import re

from ...statement_formats.return_reasons import RETURN_REASONS, find_return_code, reason_words
from ...statement_formats.sentence import _lt
from ..bank_matching.bank_text import fold_as_sql

# Capitals without accents, as ``fold_as_sql`` makes them; "RUECK" is how a bank without umlauts writes "Rück". The
# words of a refund by the payee (refund, remboursement, Erstattung) are no words of a return.
_WORDS = re.compile(
    r"\b(?:"
    # English
    r"RETURNED|RETURN (?:ITEM|OF|PAYMENT|DEBIT|CHEQUE|CHECK|REASON)|(?:DEBIT|ITEM|ACH|CHEQUE|CHECK|PAYMENT) RETURN|RTN"
    r"|NSF|INSUFFICIENT FUNDS|NON SUFFICIENT FUNDS|BOUNCED|DISHONOU?RED|UNPAID|CHARGEBACK|REVERSAL|REVERSED"
    r"|REFER TO DRAWER|STOP PAYMENT|PAYMENT STOPPED|R TRANSACTION"
    # German
    r"|RUE?CKLAST\w*|RUE?CKGABE\w*|RUE?CKBUCHUNG\w*|RUE?CKUE?BERWEISUNG\w*|RUE?CKSCHECK\w*|RETOURE|NICHT EINGELOE?ST"
    # French
    r"|IMPAYE|IMPAYES|REJET|REJETS|REJETE|REJETEE|RETOUR (?:PRELEVEMENT|VIREMENT|CHEQUE|IMPAYE)|SANS PROVISION"
    r"|CONTREPASSATION"
    # Spanish and Portuguese
    r"|DEVOLUCION|DEVOLUCIONES|DEVUELTO|DEVUELTA|IMPAGADO|IMPAGO|RECHAZADO|RECHAZO|RETROCESION"
    r"|DEVOLUCAO|DEVOLVIDO|DEVOLVIDA|ESTORNO"
    # Italian
    r"|INSOLUTO|INSOLUTI|IMPAGATO|STORNATO|RICHIAMATO|RESPINTO"
    # Dutch
    r"|STORNERING|STORNO|GESTORNEERD|TERUGBOEKING|RETOURBOEKING|ONBETAALD"
    # Polish, Czech, Danish, Norwegian, Swedish
    r"|ZWROT|ODRZUCON[AY]|VRACENI|VRACENA|TILBAGEFORT|TILBAKEFORT|RETURNERAD|RETURNERET|AVVIST|AVVISAD"
    r")\b"
)
# What banks write about cheques that were not paid; for these there is no code.
_REFERRED = _lt("The bank refers to the drawer of the cheque")
_STOPPED = _lt("The drawer of the cheque stopped it")
_POST_DATED = _lt("The cheque is dated on a later day")
_STALE = _lt("The cheque is too old")
_SIGNATURE = _lt("The signature on the cheque is missing or differs")
_FIGURES = _lt("The cheque's amount in words and in figures differ")
_CHEQUE_REASONS = [
    (re.compile(pattern), words)
    for pattern, words in (
        (r"\b(?:NSF|INSUFFICIENT FUNDS|NON SUFFICIENT|SANS PROVISION|PROVISION INSUFFISANTE|SIN FONDOS"
         r"|FONDOS INSUFICIENTES|SEM FUNDOS|MANGELNDE DECKUNG|MANGELS DECKUNG)\b", RETURN_REASONS["AM04"]),
        (r"\bREFER TO DRAWER\b", _REFERRED),
        (r"\b(?:STOP PAYMENT|PAYMENT STOPPED|STOPPED|OPPOSITION)\b", _STOPPED),
        (r"\b(?:ACCOUNT CLOSED|COMPTE CLOTURE|CUENTA CANCELADA|KONTO ERLOSCHEN|KONTO AUFGELO?E?ST)\b",
         RETURN_REASONS["AC04"]),
        (r"\bPOST ?DATED\b", _POST_DATED),
        (r"\b(?:STALE DATED?|STALE CHEQUE|STALE CHECK|OUT OF DATE)\b", _STALE),
        (r"\bSIGNATURE\b", _SIGNATURE),
        (r"\b(?:WORDS AND FIGURES|AMOUNTS? DIFFERS?)\b", _FIGURES),
    )
]  # fmt: skip


def says_return(*texts):
    """Tell whether a bank writes that a payment was returned.

    :param texts: str, each read separately

    >>> says_return("SEPA-Rücklastschrift Tremblay"), says_return("Rejet de prélèvement"), says_return("Refund of fees")
    (True, True, False)
    """
    return any(_WORDS.search(fold_as_sql(text)) for text in texts if text)


def return_reason(code, reason, *texts):
    """Give the code and the words of why a payment was returned.

    :param code: the code that the bank's file names (str), maybe empty
    :param reason: the words that it gives, maybe empty
    :param texts: what else the bank writes; read only where the file names no code
    :return: (code, words); words are a ``Sentence`` where they are the meaning of a code or of a cheque's return

    >>> return_reason("AM04", "")
    ('AM04', 'There was not enough money in the account')
    >>> return_reason("", "", "CHQ 123 RETURNED NSF")
    ('', 'There was not enough money in the account')
    """
    is_stated = says_return(*texts)
    if not code and is_stated:
        code = find_return_code(" ".join(texts))
    if meaning := reason_words(code):
        return code, meaning
    if reason:
        return code, reason
    if is_stated:
        for text in texts:
            for pattern, words in _CHEQUE_REASONS:
                if pattern.search(fold_as_sql(text)):
                    return code, words
    return code, ""
