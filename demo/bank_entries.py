"""The entries of the demo company's bank accounts, as a bank writes them: upper case, no accents, names cut off."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from ..statement_formats import Line
from ..statement_formats.text import fold
from .registrations import Sale, _create_invoices, prepare_line

NAME_LETTERS_MAX = 20
CARD_DAYS = 2
# The returned payment is among the transactions that wait to be matched, not among those to be imported.
RETURN_DAYS_BEFORE_NEWEST = 3
OLD_RETURN_DAYS_BEFORE_NEWEST = 60
PAYOUT_DAYS_BEFORE_NEWEST = 2
DEPOSIT_DAYS_BEFORE_NEWEST = 5
DEPOSIT = Decimal("150.00")
DEPOSIT_FAMILY = 11
# What a client leaves out of a payment; the policy for differences covers it.
LEFT_OUT = Decimal("0.45")
NOT_INVOICED = Decimal("25.00")
SHOP_FEE, SHOP_FEE_FIXED = Decimal("0.029"), Decimal("0.30")
CARD_FEE = Decimal("0.021")
# position of the family, days ago, item: two of one family, and two equal ones.
EXTRA_SALES = ((14, 15, "camp_week"), (14, 14, "judo_child"), (17, 13, "swim_2"), (21, 13, "swim_2"))


class Ledger:
    """Collects the entries of the bank accounts, each at most up to today."""

    def __init__(self, centre):
        self.centre = centre
        self.entries = {"operating": [], "trust": []}

    def add(self, journal, date, amount, label, **values):
        """Note an entry; one that the bank will only have after today is left out.

        :param journal: ``operating`` or ``trust``
        :param date: when the bank books it
        :param amount: signed, in company currency, Decimal or float
        :param label: what the bank writes
        :param values: further fields of ``Line``
        """
        if date > self.centre.today:
            return
        amount = Decimal(str(amount)).quantize(Decimal("0.01"))
        direction = "RCDT" if amount >= 0 else "ICDT"
        self.entries[journal].append(
            Line(
                date=date,
                value_date=date,
                amount=amount,
                currency=self.centre.company.currency_id.name,
                label=label,
                **{"transaction_code": f"PMNT-{direction}-OTHR", **values},
            )
        )


def collect(centre, first_newest):
    """Collect the entries of both bank accounts.

    :param centre: the :class:`~.recreation_centre.Centre`
    :param first_newest: first day of the newest month, whose statement is not imported
    :return: dict by journal (``operating``, ``trust``) of lists of ``Line``, oldest first
    """
    ledger = Ledger(centre)
    _add_registered_payments(ledger)
    _add_every_month(ledger)
    _add_clients(ledger, first_newest)
    _add_refunds(ledger)
    _add_returned_payment(
        ledger, first_newest - timedelta(days=OLD_RETURN_DAYS_BEFORE_NEWEST), "RETURNED CHEQUE PAYMENT STOPPED"
    )
    _add_returned_payment(ledger, first_newest - timedelta(days=RETURN_DAYS_BEFORE_NEWEST), "RETURNED ITEM NSF")
    _add_deposit(ledger, first_newest - timedelta(days=DEPOSIT_DAYS_BEFORE_NEWEST))
    _add_vendors(ledger)
    result = {}
    for journal, lines in ledger.entries.items():
        lines.sort(key=lambda line: (line.date, line.amount, line.label))
        letter = journal[0].upper()
        result[journal] = [_referenced(line, f"{letter}{number:06}") for number, line in enumerate(lines, start=1)]
    return result


def _referenced(line, reference):
    values = {name: getattr(line, name) for name in line.__slots__}
    return Line(**{**values, "bank_reference": reference})


def bank_name(name):
    """Write a name as the bank does: ``MARIE-CLAUDE TREMBLA``."""
    return fold(name).upper()[:NAME_LETTERS_MAX].rstrip()


def _original(record, amount, sign=1):
    """The fields of a line that was paid in another currency than the account's."""
    currency = record.currency_id
    if currency == record.company_id.currency_id:
        return {}
    amount = sign * Decimal(str(amount)).quantize(Decimal("0.01"))
    return {"original_amount": amount, "original_currency": currency.name}


def _add_registered_payments(ledger):
    """Payments that are in the ledger: card sales settled in one sum a day, cheques days later, transfers at once."""
    centre = ledger.centre
    draw = centre.random("bank")
    payments = centre.env["account.payment"].search(
        [
            ("company_id", "=", centre.company.id),
            ("journal_id", "in", (centre.journals["operating"] | centre.journals["trust"]).ids),
            ("state", "in", ("in_process", "paid")),
            ("confirmation_state", "!=", "rejected"),
        ],
        order="date, id",
    )  # fmt: skip
    methods = {line: name for (_direction, name), line in centre.methods.items()}
    settlements = defaultdict(Decimal)
    for place, payment in enumerate(payments, start=1):
        journal = "trust" if payment.journal_id == centre.journals["trust"] else "operating"
        method = methods[payment.payment_method_line_id]
        amount = Decimal(str(payment.amount_company_currency_signed))
        name = bank_name(payment.partner_id.name)
        number = f"{200 + place:06}"
        # Drawn for every payment: what one of them is moves nothing of the others.
        days = draw.randint(1, 6)
        if method == "card":
            settlements[payment.date + timedelta(days=CARD_DAYS)] += amount
        elif method == "cheque":
            label = f"DEPOSIT CHQ {number}" if amount > 0 else f"CHEQUE {number}"
            ledger.add(journal, payment.date + timedelta(days=days), amount, label, check_number=number)
        else:
            kind = {"echeck": "ECHECK"}.get(method, "E-TRANSFER" if amount > 0 else "BILL PAYMENT")
            # In the files of the savings account the name has a field of its own.
            who = name if journal == "operating" else ""
            ledger.add(
                journal,
                payment.date + timedelta(days=days % 2),
                amount,
                " ".join(filter(None, (kind, who, payment.memo))),
                counterparty_name=name,
                reference=payment.memo or "",
                **_original(payment, payment.amount, 1 if amount >= 0 else -1),
            )
    for date, amount in settlements.items():
        sold = date - timedelta(days=CARD_DAYS)
        ledger.add("operating", date, amount, f"CARD SETTLEMENT {sold:%Y%m%d} MERCHANT 448120")
    fees = defaultdict(Decimal)
    for date, amount in settlements.items():
        fees[date + relativedelta(day=31)] += amount * CARD_FEE
    for date, amount in fees.items():
        ledger.add("operating", date, -amount, "MERCHANT FEES CARD 448120", transaction_code="PMNT-MDOP-CHRG")


def _add_every_month(ledger):
    """What comes every month without a bill: fees, telephone, interest, and money put aside."""
    centre = ledger.centre
    draw = centre.random("bank months")
    month = centre.date_start.replace(day=1)
    while month <= centre.today:
        interest = draw.randint(1900, 2600)
        if month >= centre.date_start:
            ledger.add("operating", month + timedelta(days=6), "-89.95", "PAD NORTHLINE TELECOM 5550100",
                       counterparty_name="NORTHLINE TELECOM")  # fmt: skip
            transfer = month + timedelta(days=14)
            ledger.add("operating", transfer, "-1500.00", "TRANSFER TO SAVINGS 1002011")
            # Weekends pass between both accounts.
            ledger.add("trust", transfer + timedelta(days=1), "1500.00", "TRANSFER FROM OPERATING 1002003")
        last = month + relativedelta(day=31)
        ledger.add("operating", last, "-18.50", "MONTHLY ACCOUNT FEE", transaction_code="ACMT-MDOP-CHRG")
        ledger.add("trust", last, Decimal(interest).scaleb(-2), "INTEREST", transaction_code="ACMT-MCOP-INTR")
        month += relativedelta(months=1)
    for days, label, amount in (
        (140, "CASH DEPOSIT BRANCH 0331", "215.00"),
        (75, "CASH DEPOSIT BRANCH 0331", "340.00"),
        (8, "CASH DEPOSIT BRANCH 0331", "180.00"),
        (5, "E-TRANSFER J SMITH", "62.00"),
        (3, "CITY OF SAINT-LAMBERT PERMIT", "-120.00"),
    ):
        ledger.add("operating", centre.days_ago(days), amount, label)


def _add_clients(ledger, first_newest):
    """Clients who pay an invoice by transfer, and nobody has registered it."""
    centre = ledger.centre
    unpaid = [
        sale
        for sale in sorted(centre.sales, key=lambda sale: (sale.date, sale.move.id))
        if sale.outcome == "open" and sale.move.payment_state == "not_paid"
    ]  # fmt: skip
    own = [sale for sale in unpaid if not sale.currency]
    # In the older months: with the reference, so that there is something to match from the first day on.
    for sale in own[:3]:
        _pay(ledger, sale, min(sale.date + timedelta(days=12), first_newest - timedelta(days=1)))
    # One of them less some cents; two in the online shop, whose processor pays them out together.
    _pay(ledger, own[3], min(own[3].date + timedelta(days=12), first_newest - timedelta(days=1)), more=-LEFT_OUT)
    _add_payout(ledger, own[4:6], first_newest - timedelta(days=PAYOUT_DAYS_BEFORE_NEWEST))
    newest = own[6:]
    cases = (
        {"days": 13},
        {"days": 12},
        {"days": 11, "memo": ""},
        {"days": 10, "memo": "Registration"},
        {"days": 9, "share": Decimal("0.5")},
        {"days": 7, "more": Decimal("25.00")},
        {"days": 6, "memo": "wrong number", "swap": True},
    )
    for sale, case in zip(newest, cases, strict=False):
        values = dict(case)
        _pay(ledger, sale, centre.days_ago(values.pop("days")), **values)
    for sale in [sale for sale in unpaid if sale.currency][:1]:
        company_amount = abs(Decimal(str(sale.move.amount_residual_signed)))
        _pay(ledger, sale, centre.days_ago(4), amount=company_amount, **_original(sale.move, sale.move.amount_residual))
        ledger.add("operating", centre.days_ago(4), "-15.00", "INCOMING WIRE FEE", transaction_code="PMNT-RCDT-CHRG")

    # One transfer for two invoices of a family; two families that owe the same, and neither says who pays.
    sales = []
    for position, days, key in EXTRA_SALES:
        owner, members = centre.families[position]
        line = prepare_line(centre, key, members[0].name.partition(" ")[0])
        sales.append(Sale(partner=owner, date=centre.days_ago(days), lines=[line], outcome="bank"))
    _create_invoices(centre, sales)
    together = [sale for sale in sales if sale.owner == centre.families[EXTRA_SALES[0][0]][0]]
    name = bank_name(together[0].owner.name)
    numbers = " ".join(sale.move.name for sale in together)
    ledger.add(
        "operating",
        centre.days_ago(6),
        sum(Decimal(str(sale.move.amount_total)) for sale in together),
        f"E-TRANSFER {name} {numbers}",
        counterparty_name=name,
    )
    for sale in sales:
        if sale not in together:
            ledger.add("operating", centre.days_ago(2), sale.move.amount_total, "E-TRANSFER DEPOSIT")


def _pay(ledger, sale, date, amount=None, share=1, more=0, memo=None, swap=False, **values):
    """Note the transfer by which a client pays an invoice.

    :param share: of what is open
    :param more: paid beyond it
    :param memo: what the client wrote; None for the invoice's number
    :param swap: whether two digits of the number were swapped
    """
    name = bank_name(sale.owner.name)
    amount = Decimal(str(sale.move.amount_residual)) * share + more if amount is None else amount
    number = sale.move.name
    if swap:
        memo = number[:-2] + number[:-3:-1]
    memo = number if memo is None else memo
    ledger.add(
        "operating",
        date,
        amount,
        f"E-TRANSFER {name} {memo}".strip(),
        counterparty_name=name,
        reference=memo if "/" in memo else "",
        **values,
    )


def _add_returned_payment(ledger, date, words):
    """The bank returns a transfer or cheque that was applied to an invoice."""
    centre = ledger.centre
    methods = [centre.methods["inbound", name] for name in ("cheque", "transfer")]
    payments = centre.env["account.payment"].search([
        ("company_id", "=", centre.company.id), ("journal_id", "=", centre.journals["operating"].id),
        ("payment_method_line_id", "in", [method.id for method in methods]), ("payment_type", "=", "inbound"),
        ("date", "<=", date - timedelta(days=10)), ("is_reconciled", "=", True), ("memo", "!=", False),
        ("currency_id", "=", centre.company.currency_id.id), ("confirmation_state", "=", False),
    ], order="date desc, id desc", limit=1)  # fmt: skip
    name = bank_name(payments.partner_id.name)
    ledger.add(
        "operating",
        date,
        -Decimal(str(payments.amount)),
        f"{words} {name} {payments.memo}",
        counterparty_name=name,
    )


def _add_deposit(ledger, date):
    """A client pays ahead of any invoice, and the bank is the first to know."""
    centre = ledger.centre
    centre.depositor = centre.families[DEPOSIT_FAMILY][0]
    name = bank_name(centre.depositor.name)
    ledger.add("operating", date, DEPOSIT, f"E-TRANSFER {name} SUMMER CAMP", counterparty_name=name)


def _add_payout(ledger, sales, date):
    """The processor of the centre's online shop pays out what it took for these sales, and for an order that nobody has
    invoiced, less its fees."""
    centre = ledger.centre
    taken = [(sale.move, Decimal(str(sale.move.amount_residual))) for sale in sales]
    net = Decimal(0)
    for move, amount in [*taken, (centre.env["account.move"], NOT_INVOICED)]:
        fee = (amount * SHOP_FEE + SHOP_FEE_FIXED).quantize(Decimal("0.01"))
        centre.shop_entries.append((move, amount, fee))
        net += amount - fee
    centre.payout = (f"po_{date:%Y%m%d}", date)
    ledger.add("operating", date, net, f"STRIPE TRANSFER {centre.payout[0]}", counterparty_name="STRIPE")


def _add_refunds(ledger):
    """A refund that the bank has already paid out, of a credit note that nobody has registered it for."""
    centre = ledger.centre
    refunds = centre.env["account.payment"].search([
        ("company_id", "=", centre.company.id), ("payment_type", "=", "outbound"), ("partner_type", "=", "customer"),
    ])  # fmt: skip
    credits_open = centre.env["account.move"].search(
        [
            ("company_id", "=", centre.company.id),
            ("move_type", "=", "out_refund"),
            ("payment_state", "=", "not_paid"),
            ("commercial_partner_id", "not in", refunds.partner_id.commercial_partner_id.ids),
        ],
        order="invoice_date, id",
    )  # fmt: skip
    for credit in credits_open[:2]:
        name = bank_name(credit.commercial_partner_id.name)
        date = max(centre.days_ago(6), credit.invoice_date)
        ledger.add("operating", date, -credit.amount_residual, f"E-TRANSFER SENT {name} {credit.name}",
                   counterparty_name=name)  # fmt: skip


def _add_vendors(ledger):
    """Bills that were paid from the bank's own site, one of them in another currency."""
    centre = ledger.centre
    bills = centre.env["account.move"].search(
        [
            ("company_id", "=", centre.company.id),
            ("move_type", "=", "in_invoice"),
            ("payment_state", "=", "not_paid"),
            ("ref", "!=", False),
        ],
        order="invoice_date, id",
    )  # fmt: skip
    paid_by_cheque = centre.env["account.payment"].search([("company_id", "=", centre.company.id)]).mapped("memo")
    waiting = bills.filtered(lambda bill: f"Bill {bill.ref}" not in paid_by_cheque)
    centre.billed_at_bank = waiting[:3]
    for bill, days in zip(waiting, (45, 12, 7), strict=False):
        name = bank_name(bill.partner_id.name)
        amount = -abs(Decimal(str(bill.amount_residual_signed)))
        ledger.add(
            "operating",
            max(centre.days_ago(days), bill.invoice_date),
            amount,
            f"BILL PAYMENT {name} {bill.ref}",
            counterparty_name=name,
            reference=bill.ref,
            **_original(bill, bill.amount_residual, -1),
        )
