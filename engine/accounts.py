"""The accounts on which clients and vendors owe and are owed."""

OWED_ACCOUNT_TYPES = ("asset_receivable", "liability_payable")
