"""The context keys of the addon, all of them; what is not here is a key of Odoo.

Methods of the addon take parameters. What must pass through methods of Odoo, which hand on nothing but the context,
goes under one key, see ``reconcile_options``. The other keys come from outside: from actions, buttons and filters of
the screens, as JSON, and from other addons.
"""

# The options that the addon's own methods hand on: a ``ReconcileOptions``, nothing else counts.
OPTIONS = "reconciliation_options"
# For whom money is: ``{(debit line id, credit line id): {item id: amount}}``. Other addons may give it.
SPLITS = "reconciliation_splits"
# The money pays planned payments: their ids, or True for the next ones of each document. Other addons may give it.
PAYS_PLANNED_PAYMENTS = "pays_planned_payments"
# A statement of account is being sent or attached: who may see client billing may post it on the contact. The mail
# composer hands it on.
SENDS_STATEMENT = "sends_client_statement"
# What the mail template of the statement of account shows: the date as text, and the name of the company.
STATEMENT_DATE_TO = "statement_date_to"
STATEMENT_COMPANY = "statement_company"
# Accounts are searched for a booking of this bank account: the id of its journal. Its latest ones come first.
RECENT_OF_JOURNAL = "recent_of_journal"
# The documents that the dialog of payments opens with: a list of their ids.
MAKE_PAYMENT_MOVES = "make_payment_move_ids"
# “Payment by ledger code” is printed, and not “Payment by item” of the same rows.
PRINTED_BY_LEDGER_CODE = "printed_by_ledger_code"
# Which columns the list of accounts shows: ``customer`` or ``supplier``. Only views read it.
ACCOUNT_SIDE = "account_side"
# The journal items are those of a proof of an account, whose id it is: what was open of them on its day is shown.
OPEN_IN_PROOF = "open_in_proof"
# Where the page of bank transactions opens: the range of dates, and the status of the transactions. Only it reads them.
MATCHING_DATE_FROM = "date_from"
MATCHING_DATE_TO = "date_to"
MATCHING_TAB = "tab"
