"""Both bank accounts by period: a month of the savings account that is closed, and months that are open."""

from dateutil.relativedelta import relativedelta

from .bank_statements import first_newest


def reconcile_months(centre):
    """Close the last but one month of the savings account whose statement is imported; leave the last one of both
    accounts half done."""
    newest = first_newest(centre)
    closed = _create_period(centre, "trust", newest - relativedelta(months=2))
    closed.action_confirm_matched()
    closed.action_close(None if closed.is_balanced else "What remains is being looked into with the bank.")
    for key in ("trust", "operating"):
        period = _create_period(centre, key, newest - relativedelta(months=1))
        period.action_confirm_matched()
        if period.is_balanced:
            # On some days of a year everything of the month is matched: then its last remittance is left to tick.
            last = period.confirmation_ids.sorted("id")[-1:]
            period.action_unconfirm(centre.env["account.bank.remittance"].browse(last.move_line_key))


def _create_period(centre, key, first):
    """A month whose balances come from the imported statements."""
    return centre.env["account.bank.reconciliation"].create({
        "journal_id": centre.journals[key].id,
        "date_from": first,
        "date_to": first + relativedelta(months=1, days=-1),
    })  # fmt: skip
