"""The operating account, month by month: one that is closed, with its snapshot, and one that is being ticked off."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo.fields import Domain

BALANCE_START = 12500.0
BANK_FEE = 4.95
CHEQUES_WAIT_DAYS = 6


def reconcile_months(centre):
    """The month before the last one is closed; the last one is open, half of it ticked."""
    this_month = centre.today.replace(day=1)
    closed = _create_period(centre, this_month - relativedelta(months=2), balance_start=BALANCE_START)
    if closed.get_totals()["matched_count"]:
        closed.action_confirm_matched()
    else:
        # No bank statement was imported: ticked by the paper one, on which the last days' money isn't yet.
        _confirm_until(closed, closed.date_to - timedelta(days=CHEQUES_WAIT_DAYS))
        closed.balance_end = closed.balance_start + closed.total_reconciled
    closed.action_close(None if closed.is_balanced else "What remains is being looked into with the bank.")

    current = _create_period(centre, this_month - relativedelta(months=1))
    if current.get_totals()["matched_count"]:
        current.action_confirm_matched()
    else:
        _confirm_until(current, current.date_to)
        # The bank took its fee, which nobody has booked.
        current.balance_end = current.balance_start + current.total_reconciled - BANK_FEE
        current.action_unconfirm_all()
        _confirm_until(current, current.date_from + timedelta(days=15))


def _create_period(centre, first, **values):
    periods = centre.env["account.bank.reconciliation"]
    return periods.create({
        "journal_id": centre.journals["operating"].id,
        "date_from": first,
        "date_to": first + relativedelta(months=1, days=-1),
        **values,
    })  # fmt: skip


def _confirm_until(period, last_day):
    remittances = period.env["account.bank.remittance"]
    period.action_confirm(remittances.search(period._unconfirmed_domain() & Domain("date", "<=", last_day)))
