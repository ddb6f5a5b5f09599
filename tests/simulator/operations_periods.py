"""Bank reconciliations: opened, ticked, closed, reopened; and what people do behind their back."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from .operations import BANK, Choices, operation


def _record(work, period):
    return work.browse("account.bank.reconciliation", period)


def _free(work, period):
    """What the period could confirm, by its date."""
    taken = {one.move_line_id for one in work.ledger.confirmation.values()}
    moved = work.bank.movements(work.ledger, period.journal_id).values()
    return [one for one in moved if one.line_id not in taken and one.date <= period.date_to]


@operation(2, needs=BANK)
def open_period(work):
    """The next month of a bank account, or any free one."""
    journal_id = work.pick.any(sorted(work.company.banks))
    taken = {one.date_from for one in work.periods() if one.journal_id == journal_id}
    months = [day for day in (date(2026, month, 1) for month in range(1, 7)) if day not in taken]
    months = [day for day in months if day <= work.today]
    if not months:
        return None
    first = months[0] if work.pick.chance(0.8) else work.pick.any(months)
    work.env["account.bank.reconciliation"].create({
        "journal_id": journal_id, "date_from": first, "date_to": first + relativedelta(months=1, days=-1),
    })  # fmt: skip
    return Choices()


@operation(8, needs=BANK)
def confirm(work):
    period = work.pick.one(work.periods("open"))
    free = _free(work, period) if period else []
    if not free:
        return None
    chosen = [one.line_id for one in work.pick.ordered(free)[:3]]
    _record(work, period).action_confirm(chosen)
    return Choices()


@operation(4, needs=BANK)
def unconfirm(work):
    one = work.pick.one(
        one for period in work.periods("open") for one in work.ledger.confirmations_of.get(period.id, ())
    )
    if not one:
        return None
    _record(work, one.reconciliation_id).action_unconfirm([one.move_line_key])
    return Choices()


@operation(3, needs=BANK)
def confirm_many(work):
    period = work.pick.one(work.periods("open"))
    if not period:
        return None
    name = work.pick.weighted({"action_confirm_matched": 4, "action_confirm_all": 4, "action_unconfirm_all": 1})
    getattr(_record(work, period), name)()
    return Choices()


@operation(3, needs=BANK)
def change_period(work):
    """The closing balance is entered: what the bank says, often just what the books say."""
    period = work.pick.one(work.periods("open"))
    if not period:
        return None
    wanted = float(period.balance_end + period.remaining) if work.pick.chance(0.7) else 12.34
    values = {"balance_end": wanted}
    if work.pick.chance(0.1):
        values = {"date_to": period.date_to + timedelta(days=work.pick.any([-3, 3]))}
    _record(work, period).write(values)
    return Choices()


@operation(4, needs=BANK)
def close_period(work):
    period = work.pick.one(work.periods("open"))
    if not period or work.role == "bank clerk" and not period.is_balanced:
        return None
    _record(work, period).action_close(None if period.is_balanced else "simulated difference")
    return Choices()


@operation(3, needs=BANK)
def reopen_period(work):
    period = work.pick.one(work.periods("closed"))
    if not period:
        return None
    _record(work, period).action_reopen("simulated")
    return Choices()


@operation(0.5, needs=BANK)
def accept_changes(work):
    period = work.pick.one(work.periods("open"))
    if not period:
        return None
    _record(work, period).action_accept_changes()
    return Choices()


@operation(0.4, needs=BANK)
def snapshot(work):
    period = work.pick.one(work.periods())
    if not period:
        return None
    _record(work, period).action_snapshot()
    return Choices()


@operation(0.3, needs=BANK)
def delete_period(work):
    period = work.pick.one(work.periods())
    if not period:
        return None
    _record(work, period).unlink()
    return Choices()
