"""What the bank saw of it all: statements of both bank accounts, the newest month left to be imported.

The entries come from the ledger: payments that were registered, as the bank writes them days later, and payments that
the bank alone knows of yet (:mod:`.bank_entries`). Older months are imported by the import itself; the files of the
newest lie with their journals, and a to-do on each journal asks the accountant to import them.
"""

from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from odoo.fields import Command

from ..statement_formats import Statement
from . import bank_entries, statement_files

# journal: (account number, opening balance as in the opening entry, writer of its files, their suffix)
ACCOUNTS = {
    "operating": ("0815300121002003", Decimal("18450.25"), statement_files.camt053, "xml"),
    "trust": ("0815300121002011", Decimal("12000.00"), statement_files.ofx, "ofx"),
}
# The newest month has at least so many days, even where the demo is made on the first of a month.
NEWEST_DAYS_MIN = 14


def first_newest(centre):
    """The first day of what is left to be imported: of this month, or in its first days of the one before."""
    return (centre.today - timedelta(days=NEWEST_DAYS_MIN)).replace(day=1)


def create_statements(centre):
    """Statements month by month: all but the newest imported."""
    newest = first_newest(centre)
    entries = bank_entries.collect(centre, newest)
    for key, (number, balance, writer, suffix) in ACCOUNTS.items():
        journal = centre.journals[key]
        journal.bank_account_id = centre.env["res.partner.bank"].create({
            "acc_number": number, "partner_id": centre.company.partner_id.id,
        })  # fmt: skip
        for statement in _statements(centre, journal, number, balance, entries[key], newest):
            name = f"Statement {statement.date_from:%B %Y}.{suffix}"
            if statement.date_from < newest:
                journal.import_bank_statement(name, writer(statement))
            else:
                _leave_to_import(centre, journal, name, writer(statement))


def _statements(centre, journal, number, balance, lines, newest):
    """Cut entries into statements: month by month, then all from the first day of the newest month on."""
    first = centre.date_start
    while first <= centre.today:
        last = min(first + relativedelta(day=31), centre.today)
        if first >= newest:
            last = centre.today
        own = tuple(line for line in lines if first <= line.date <= last)
        closing = balance + sum(line.amount for line in own)
        yield Statement(
            account_number=number,
            account_name=journal.name,
            currency=centre.company.currency_id.name,
            name=f"{journal.code} {first:%Y-%m}",
            date_from=first,
            date_to=last,
            balance_start=balance,
            balance_end=closing,
            lines=own,
        )
        first, balance = last + timedelta(days=1), closing


def _leave_to_import(centre, journal, name, content):
    """Put a file to its journal, and a to-do for the accountant on the journal's card."""
    attachment = centre.env["ir.attachment"].create({
        "name": name, "raw": content, "res_model": journal._name, "res_id": journal.id,
    })  # fmt: skip
    accountant = centre.env["res.users"].search([("login", "=", "accountant")], limit=1)
    activity = journal.with_context(mail_activity_quick_update=True).activity_schedule(
        "mail.mail_activity_data_todo",
        summary=f"Import {name}",
        note="The file is attached: download it, then press “Import” on the card of this bank account.",
        user_id=accountant.id,
        date_deadline=centre.today,
    )
    activity.attachment_ids = [Command.link(attachment.id)]
