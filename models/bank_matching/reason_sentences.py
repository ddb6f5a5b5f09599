"""The sentences that explain why a bank transaction may be something: one a kind of reason, for translation."""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

SENTENCES = {
    "amount_exact": _lt("The amount is exactly what is open: %(amount)s"),
    "amount_discount": _lt(
        "%(amount)s is open less the early payment discount, and the transaction came in time (until %(date)s)"
    ),
    "amount_discount_late": _lt("%(amount)s would be open less the early payment discount, which ended on %(date)s"),
    "amount_installment": _lt("The amount is exactly one due amount: %(amount)s"),
    "amount_fee": _lt("%(difference)s less than the %(amount)s that are open, perhaps charges"),
    "amount_part": _lt("It pays a part: %(amount)s are open"),
    "amount_over": _lt("It is more than the %(amount)s that are open"),
    "amount_over_near": _lt("It is %(difference)s more than the %(amount)s that are open"),
    "amount_foreign": _lt("At the transaction's rate the amount is nearly the %(amount)s that are open"),
    "amount_foreign_discount": _lt(
        "At the transaction's rate the amount is %(amount)s less the early payment discount (until %(date)s)"
    ),
    "amount_sum": _lt("%(count)s open items add up to exactly %(amount)s"),
    "amount_settlement": _lt("%(count)s registered payments add up to exactly %(amount)s"),
    "amount_lines": _lt("Together with %(count)s other transactions it pays exactly what is open: %(amount)s"),
    "sum_all": _lt("These %(count)s are all that was open"),
    "reference_exact": _lt("Reference %(reference)s found in the label"),
    "reference_inside": _lt("Reference %(reference)s found in the label, run together with other text"),
    "reference_end_to_end": _lt("Reference %(reference)s is the payer's own reference of the payment"),
    "reference_number": _lt("The number %(reference)s found in the label"),
    "reference_typo": _lt("A text that differs from %(reference)s by one character found in the label"),
    "reference_truncated": _lt("The label ends within the reference %(reference)s"),
    "reference_other": _lt("The label names another document: %(reference)s"),
    "reference_unknown": _lt("The label has a number, but not this one"),
    "owner_given": _lt("The transaction's partner is %(owner)s"),
    "owner_account": _lt("The bank account belongs to %(owner)s"),
    "owner_learned": _lt("Confirmed %(count)s times that this payer is the account owner"),
    "owner_name": _lt("The name %(owner)s found in the label"),
    "owner_close": _lt("A name similar to %(owner)s found in the label"),
    "owner_shared": _lt("The name %(owner)s found, which %(namesakes)s account owners have"),
    "owner_shared_account": _lt("The payer is known as %(owner)s, and as %(others)s other account owners too"),
    "owner_cut": _lt("The bank's text is the beginning of the name %(owner)s, and of no other"),
    "owner_in_label": _lt("The label names %(owner)s; the payer is someone else, %(payer)s"),
    "owner_in_label_other": _lt("The label names %(owner)s, but the payer %(payer)s is another account owner"),
    "owner_other_word": _lt("The payer's name differs from %(owner)s by a word"),
    "owner_email": _lt("The label has an e-mail address of %(owner)s"),
    "owner_number": _lt("The label has the client or vendor number of %(owner)s: %(number)s"),
    "owner_mandate": _lt("Confirmed %(count)s times that this direct debit mandate is the account owner's"),
    "owner_similar": _lt("A part of the name %(owner)s found in the label"),
    "owner_cited": _lt("The label names a document of %(owner)s"),
    "owner_absent": _lt("The name %(owner)s was not found in the label"),
    "owner_other_name": _lt("The bank names another payer than %(owner)s"),
    "owner_other": _lt("The payer is known, and isn't %(owner)s"),
    "date_near": _lt("The date fits the due date"),
    "date_late": _lt("It is %(days)s days after the due date"),
    "date_very_late": _lt("It is %(days)s days after the due date"),
    "date_early": _lt("It is %(days)s days before the document"),
    "payment_near": _lt("The payment was registered at about the same time"),
    "payment_far": _lt("The payment was registered %(days)s days apart"),
    "payment_journal": _lt("The payment was registered on another bank account"),
    "payment_waiting": _lt("A registered payment of the same amount waits for this transaction"),
    "payment_waiting_document": _lt(
        "A registered payment as large as this document waits for the bank. Choose the payment if it is the same money"
    ),
    "planned_waiting": _lt("A planned payment of the same amount is charged to a saved payment method on %(date)s"),
    "currency_other": _lt("It is in another currency"),
    "transfer_amount": _lt("Another bank account of the company has exactly %(amount)s in the other direction"),
    "transfer_rate": _lt(
        "Another bank account of the company has %(amount)s in the other direction, the same at the rate of the booking"
    ),
    "transfer_fee": _lt(
        "Another bank account of the company has %(amount)s in the other direction; the difference of %(difference)s "
        "may be a fee"
    ),
    "transfer_account": _lt("The other side's bank account is the company's own"),
    "transfer_name": _lt("The other side has the company's name, %(owner)s"),
    "transfer_words": _lt("The label mentions a transfer"),
    "transfer_same_day": _lt("Both sides are at most two bank days apart"),
    "transfer_days": _lt("Both sides are %(days)s bank days apart"),
    "settlement_fee": _lt("%(count)s registered payments add up to %(amount)s, %(difference)s more; perhaps charges"),
    "settlement_no_words": _lt("The label doesn't mention card payments"),
    "owner_known": _lt("The payer is a client, not a card company"),
    "settlement_words": _lt("The label mentions card payments"),
    "expense_learned": _lt("Confirmed %(count)s times for labels like this"),
    "settlement_refunds": _lt("%(refunds)s refunds are taken off"),
    "expense_transfer": _lt("It looks like a transfer between own accounts"),
    "rejected": _lt("It was rejected before"),
}
