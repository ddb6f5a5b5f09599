"""The context keys of the addon, all of them.

Methods of the addon take parameters. A key in the context is for what has to pass through methods of Odoo, which hand
on nothing else: ``_reconcile_plan``, ``account.partial.reconcile.create`` and ``unlink``, ``_create_payment``,
``action_undo_reconciliation``, the mail composer.
"""

# For whom money is: ``{(debit line id, credit line id): {item id: amount}}``. Other addons may give it.
SPLITS = "reconciliation_splits"
# How much of two lines is reconciled, where Odoo would take more: ``{(debit line id, credit line id): amount}``.
AMOUNTS = "reconciliation_amounts"
# The money pays installments: their ids, or True for the next ones of each document. Other addons may give it.
PAYS_INSTALLMENTS = "pays_installments"
# Reconciliations of a payment that was rejected are taken back, though it was processing.
UNLOCKED = "reconciliation_unlocked"
# The amounts of items that an installment will pay stay as they are, which was checked.
ITEMS_CHECKED = "reconciliation_items_checked"
# What the bank's side of a transaction was worth before its match is undone: ``{bank transaction id: balance}``.
BOOKED_BALANCES = "booked_balances"
# A statement of account is being sent or attached: who may see client billing may post it on the contact.
SENDS_STATEMENT = "sends_client_statement"
# Accounts are searched for a booking of this bank account: the id of its journal. Its latest ones come first.
RECENT_OF_JOURNAL = "recent_of_journal"
# A payment came back on this day: what Odoo reverses because of it is reversed on that day.
RETURN_DATE = "reconciliation_return_date"
