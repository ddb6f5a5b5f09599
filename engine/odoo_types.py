"""Odoo's own types of accounts, documents and journals, by what the addon does with them."""

# The accounts on which clients and vendors owe and are owed.
OWED_ACCOUNT_TYPES = ("asset_receivable", "liability_payable")

# Documents by the direction of the money that pays them.
INBOUND_TYPES = ("out_invoice", "out_receipt", "in_refund")
OUTBOUND_TYPES = ("in_invoice", "in_receipt", "out_refund")
DOCUMENT_TYPES = INBOUND_TYPES + OUTBOUND_TYPES
SALE_TYPES = ("out_invoice", "out_refund", "out_receipt")

# Journals that hold money.
JOURNAL_TYPES = ("bank", "cash", "credit")
