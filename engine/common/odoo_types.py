"""Odoo's own types of accounts, documents and journals, by what the addon does with them."""

from odoo.tools import SQL

# The accounts on which clients and vendors owe and are owed, and whose side each is.
ACCOUNT_TYPES = {"customer": "asset_receivable", "supplier": "liability_payable"}
OWED_ACCOUNT_TYPES = tuple(ACCOUNT_TYPES.values())
SIDES = {account_type: side for side, account_type in ACCOUNT_TYPES.items()}
SIDE_SELECTION = [("customer", "Client"), ("supplier", "Vendor")]

# The states of a payment that is posted.
POSTED_PAYMENT_STATES = ("in_process", "paid")

# The accounts of bank and cash, and of credit cards.
MONEY_ACCOUNT_TYPES = ("asset_cash", "liability_credit_card")


def side_sql(account_type: SQL) -> SQL:
    """The side of a receivable or payable account: ``customer`` or ``supplier``.

    :param account_type: the account's type
    """
    return SQL("CASE WHEN %s = %s THEN 'customer' ELSE 'supplier' END", account_type, ACCOUNT_TYPES["customer"])


# Documents by the direction of the money that pays them.
INBOUND_TYPES = ("out_invoice", "out_receipt", "in_refund")
OUTBOUND_TYPES = ("in_invoice", "in_receipt", "out_refund")
DOCUMENT_TYPES = INBOUND_TYPES + OUTBOUND_TYPES
SALE_TYPES = ("out_invoice", "out_refund", "out_receipt")
# Documents that are paid, not credit notes.
INVOICE_TYPES = ("out_invoice", "out_receipt", "in_invoice", "in_receipt")

# Journals that hold money, and those of them that a bank sends statements for.
JOURNAL_TYPES = ("bank", "cash", "credit")
BANK_JOURNAL_TYPES = ("bank", "credit")
