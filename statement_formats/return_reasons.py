"""Why a payment was returned: the codes of ISO 20022 and of NACHA, in words.

Sources: ISO 20022 external code set "ExternalReturnReason1Code", the SEPA rulebooks' reason codes, and NACHA's return
codes for ACH payments. Codes that only concern files and messages between banks are left out.
"""

import re

from .sentence import _lt

RETURN_REASONS = {
    "AC01": _lt("The account number is wrong"),
    "AC02": _lt("The payer's account number is wrong"),
    "AC03": _lt("The payee's account number is wrong"),
    "AC04": _lt("The account is closed"),
    "AC06": _lt("The account is blocked"),
    "AC07": _lt("The payee's account is closed"),
    "AC13": _lt("The payer's account is a consumer's"),
    "AC14": _lt("The payee's account is of the wrong type"),
    "AC15": _lt("The account details have changed"),
    "AC16": _lt("The account is frozen"),
    "AC17": _lt("The account details are wrong"),
    "AG01": _lt("The account does not allow this kind of payment"),
    "AG02": _lt("The kind of payment is wrong"),
    "AM01": _lt("The amount is zero"),
    "AM02": _lt("The amount is higher than allowed"),
    "AM03": _lt("The currency cannot be processed"),
    "AM04": _lt("There was not enough money in the account"),
    "AM05": _lt("The payment was made twice"),
    "AM06": _lt("The amount is lower than agreed"),
    "AM07": _lt("The amount is blocked"),
    "AM09": _lt("The amount is not the agreed one"),
    "AM10": _lt("The amounts do not add up"),
    "ARDT": _lt("The payment was returned before"),
    "BE01": _lt("The name does not belong to the account number"),
    "BE04": _lt("The payee's address is missing or wrong"),
    "BE05": _lt("The creditor identifier is wrong"),
    "BE06": _lt("The account holder is unknown"),
    "BE07": _lt("The payer's address is missing or wrong"),
    "BE08": _lt("The bank made a mistake"),
    "CNOR": _lt("The payee's bank cannot be reached"),
    "CUST": _lt("The account holder asked for it"),
    "CURR": _lt("The currency is wrong"),
    "DNOR": _lt("The payer's bank cannot be reached"),
    "DS28": _lt("The payment was returned for technical reasons"),
    "DT01": _lt("The date is wrong"),
    "DUPL": _lt("The payment was made twice"),
    "ED01": _lt("The correspondent bank cannot process it"),
    "ED03": _lt("The balance must be inquired about"),
    "ED05": _lt("The payment could not be settled"),
    "EMVL": _lt("The card's chip or terminal does not allow it"),
    "ERIN": _lt("Extended remittance information is not supported"),
    "FF01": _lt("The format is wrong"),
    "FF05": _lt("The direct debit scheme is wrong"),
    "FOCR": _lt("Returned after a request for cancellation"),
    "FR01": _lt("The payment was fraudulent"),
    "FRAD": _lt("The payment was fraudulent"),
    "FRTR": _lt("The direct debit is of the wrong sequence"),
    "LEGL": _lt("Returned for legal reasons"),
    "MD01": _lt("There is no mandate"),
    "MD02": _lt("The mandate's details are missing or wrong"),
    "MD05": _lt("The direct debit was not due"),
    "MD06": _lt("The payer asked for the money back"),
    "MD07": _lt("The account holder has died"),
    "MS02": _lt("Refused by the account holder, no reason given"),
    "MS03": _lt("Refused by the bank, no reason given"),
    "NARR": _lt("The reason is given in the text"),
    "NOAS": _lt("The account holder did not answer"),
    "NOCM": _lt("The account holder's account does not comply with the rules"),
    "NOOR": _lt("The original payment was never received"),
    "PINL": _lt("The card's PIN is wrong or missing"),
    "RC01": _lt("The bank's code is wrong"),
    "RC03": _lt("The payer's bank is wrong"),
    "RC04": _lt("The payee's bank is wrong"),
    "RC07": _lt("The payee's bank code is wrong"),
    "RF01": _lt("The reference was used before"),
    "RR01": _lt("The payer's account or identification is missing"),
    "RR02": _lt("The payer's name or address is missing"),
    "RR03": _lt("The payee's name or address is missing"),
    "RR04": _lt("Returned for regulatory reasons"),
    "RUTA": _lt("Returned after an inquiry"),
    "SL01": _lt("The payer's bank does not accept it by agreement"),
    "SL02": _lt("The payee's bank does not accept it by agreement"),
    "SL11": _lt("The creditor is not on the payer's list"),
    "SL12": _lt("The creditor is blocked by the payer"),
    "SL13": _lt("More direct debits than the payer allows"),
    "SL14": _lt("The direct debit is higher than the payer allows"),
    "TECH": _lt("Returned for technical reasons"),
    "TM01": _lt("The payment came too late"),
    "UPAY": _lt("The payment is not owed"),
    "R01": _lt("There was not enough money in the account"),
    "R02": _lt("The account is closed"),
    "R03": _lt("There is no such account"),
    "R04": _lt("The account number is wrong"),
    "R05": _lt("A consumer did not authorize the debit"),
    "R06": _lt("Returned at the request of the payer's bank"),
    "R07": _lt("The account holder revoked the authorization"),
    "R08": _lt("The account holder stopped the payment"),
    "R09": _lt("The money in the account was not yet available"),
    "R10": _lt("The account holder did not authorize the payment"),
    "R11": _lt("The entry does not follow the authorization"),
    "R12": _lt("The account was sold to another bank"),
    "R13": _lt("The bank's code is wrong"),
    "R14": _lt("The account's representative has died or cannot act"),
    "R15": _lt("The account holder has died"),
    "R16": _lt("The account is frozen"),
    "R17": _lt("The payment's details are wrong"),
    "R20": _lt("The account does not allow this kind of payment"),
    "R21": _lt("The company's identification is wrong"),
    "R22": _lt("The person's identification is wrong"),
    "R23": _lt("The payee refused the money"),
    "R24": _lt("The payment was made twice"),
    "R29": _lt("The company did not authorize the payment"),
    "R31": _lt("The payer's bank allows the late return"),
    "R33": _lt("Returned at the request of the payer's bank"),
}

# Germany's banks give some of the ISO codes as the text key extension (:86: ?34) of a returned payment.
GERMAN_CODES = {"911": "FF01", "912": "MD06", "914": "MS03"}

_IN_TEXT = re.compile(r"(?<![A-Z0-9])(?:[A-Z]{2}\d{2}|R\d{2})(?![A-Z0-9])", re.ASCII)


def reason_words(code):
    """Give the reason of a return in words.

    :param code: ISO 20022 or NACHA code (str)
    :return: ``Sentence``, or ``''`` where the code is not known
    """
    return RETURN_REASONS.get(code.strip().upper(), "")


def find_return_code(text):
    """Find the first known code in what a bank writes about a returned payment.

    Only for texts of entries that are returns: in any other text such a code is somebody's own number.

    :param text: str
    :return: the code, or ``''``
    """
    for match in _IN_TEXT.finditer(text.upper()):
        if match.group() in RETURN_REASONS:
            return match.group()
    return ""
