"""A made-up ledger with a bank statement whose truth is known, for measuring how bank transactions are matched.

Deterministic: the same seed gives the same ledger. Pure Python, no database: ``matching_database.py`` writes it.

What a label looks like, how often a reference is missing, cut off or wrong, how often people pay parts or several
documents at once, follows what one finds in statements of small organisations: see the shares in ``Generator.SHARES``.
*Matchable* is a line of which a person with the same data could say for sure what it is: the document's full reference
and its amount; or a payer who is known (bank account, or a whole name that only one account owner bears) and an amount
that only one of the payer's open documents has, with nothing in the label that says otherwise; or all the references of
several documents that add up; or the two sides of a transfer that name the company or each other's account.
"""

import random
from datetime import timedelta
from decimal import Decimal

from matching_situations import Situations
from matching_world import (
    FIRST,
    FORM,
    KIND,
    LAST,
    PREFIXES,
    PRICES,
    SHOPS,
    START,
    TRADE,
    Document,
    Ledger,
    Line,
    Owner,
    Payment,
)


class Generator(Situations):
    """Makes one ledger.

    :param seed: int
    :param size: int, about how many bank transactions
    """

    SHARES = (
        ("invoice", 0.40), ("bill", 0.15), ("combined", 0.05), ("partial", 0.04), ("overpaid", 0.01), ("fee", 0.02),
        ("registered", 0.08), ("settlement", 0.015), ("settlement_fee", 0.01), ("transfer", 0.025), ("expense", 0.11),
        ("foreign", 0.015), ("foreign_rate", 0.01), ("refund", 0.015), ("discount", 0.02), ("two_dates", 0.015),
        ("nothing_open", 0.02), ("paid_twice", 0.01), ("wrong_reference", 0.02),
    )  # fmt: skip

    def __init__(self, seed, size):
        self.random = random.Random(seed)
        self.size = size
        self.ledger = Ledger([], [], [], [])
        self.counters = {"INV": 0, "BILL": 0, "RINV": 0}
        # Lines with a payer -> whether the label holds all of the references.
        self.referenced = {}
        self.judges = []
        self.refund_days = []

    def make(self):
        """Give the ``Ledger``."""
        self._owners()
        self._families()
        names, shares = zip(*self.SHARES, *self.SITUATIONS, strict=True)
        for scenario in self.random.choices(names, shares, k=self.size):
            getattr(self, f"_{scenario}")()
        self._leftovers()
        self._judge()
        self.random.shuffle(self.ledger.lines)
        return self.ledger

    # -- who and what -------------------------------------------------------------------------------------------------

    def _owners(self):
        r, names = self.random, set()
        for number in range(max(self.size // 3, 20)):
            is_vendor = r.random() < 0.25
            while True:
                if is_vendor or r.random() < 0.3:
                    name = f"{r.choice(TRADE)} {r.choice(KIND)} {r.choice(FORM)}".strip()
                else:
                    # Twelve surnames are common in the place, so that families share them.
                    last = r.choice(LAST[:12] if r.random() < 0.4 else LAST)
                    name = f"{r.choice(FIRST)} {last}"
                    if name in names:
                        name = f"{r.choice(FIRST)} {r.choice(FIRST)} {last}"
                if name not in names:
                    break
            names.add(name)
            account = f"DE{r.randrange(10, 99)}{r.randrange(10**17, 10**18)}"
            known = r.random() < (0.7 if is_vendor else 0.3)
            self.ledger.owners.append(Owner(number, name, is_vendor, account, known))

    def _owner(self, is_vendor=False):
        return self.random.choice([owner for owner in self.ledger.owners if owner.is_vendor == is_vendor])

    def _amount(self):
        r = self.random
        return (
            r.choice(PRICES) * r.choice((1, 1, 1, 2)) if r.random() < 0.5 else Decimal(r.randrange(1500, 250000)) / 100
        )

    def _document(self, owner=None, kind="invoice", is_open=True, amount=None, currency="USD", day=None):
        r = self.random
        owner = owner or self._owner(kind == "bill")
        day = day or START + timedelta(r.randrange(0, 130))
        amount = amount or self._amount()
        prefix = {"invoice": "INV", "bill": "BILL", "credit": "RINV"}[kind]
        self.counters[prefix] += r.choice((1, 1, 1, 2))
        count = self.counters[prefix]
        name = f"{prefix}/2026/{count:05d}"
        ref = payment_reference = ""
        if kind == "bill":
            name = f"BILL/2026/{day.month:02d}/{count:04d}"
            number = r.randrange(100, 99999)
            ref = r.choice((f"{owner.name[:3].upper()}-{number}", f"2026-{number:05d}", f"F{number:06d}",
                            f"RE {number}", f"{number + 100000}"))  # fmt: skip
            payment_reference = ref
        elif kind == "invoice":
            payment_reference = self._structured(count) if r.random() < 0.15 else name
        due = day + timedelta(r.choice((0, 14, 30, 30)))
        sign = 1 if kind == "invoice" else -1
        document = Document(len(self.ledger.documents), owner, name, ref, payment_reference, sign * amount, currency,
                            day, [(sign * amount, due)], kind, is_open)  # fmt: skip
        self.ledger.documents.append(document)
        owner.documents.append(document)
        return document

    def _structured(self, count):
        if self.random.random() < 0.5:
            body = f"{count:010d}"
            return f"+++{body[:3]}/{body[3:7]}/{body[7:]}{int(body) % 97 or 97:02d}+++"
        text = f"{20260000 + count}"
        check = 98 - int(f"{text}271500") % 97
        return f"RF{check:02d} {text[:4]} {text[4:]}"

    # -- what banks make of it ----------------------------------------------------------------------------------------

    def _spoken(self, document):
        """How somebody writes a document's reference: (text, whether it is all there)."""
        r = self.random
        reference = document.payment_reference or document.ref or document.name
        way = r.choices(("as it is", "no separators", "spaces", "number", "cut", "swapped", "none"),
                        (0.44, 0.08, 0.07, 0.10, 0.03, 0.03, 0.25))[0]  # fmt: skip
        if way == "as it is":
            return r.choice(("", "invoice ", "Payment ", "Inv. ", "your ref ")) + reference, True
        if way == "no separators":
            return "".join(filter(str.isalnum, reference)), True
        if way == "spaces":
            return reference.replace("/", " ").replace("-", " "), True
        if way == "number":
            return r.choice(("invoice ", "no ", "#")) + "".join(filter(str.isdigit, reference))[-5:].lstrip("0"), False
        if way == "cut":
            return reference[: max(6, len(reference) - r.randrange(1, 4))], False
        if way == "swapped":
            digits = [
                i
                for i in range(len(reference) - 1)
                if reference[i : i + 2].isdigit() and reference[i] != reference[i + 1]
            ]
            if digits:
                i = r.choice(digits)
                return reference[:i] + reference[i + 1] + reference[i] + reference[i + 2 :], False
        return r.choice(("", "thank you", "monthly payment", "fees")), False

    def _named(self, owner):
        """How the bank writes a payer: (text, whether it is the whole name)."""
        r = self.random
        words = owner.name.split()
        way = r.choices(("whole", "upper", "turned", "cut", "last", "other"), (0.25, 0.40, 0.20, 0.06, 0.05, 0.04))[0]
        if way == "whole":
            return owner.name, True
        if way == "upper":
            return owner.name.upper(), True
        if way == "turned":
            return " ".join([*words[1:], words[0]]).upper(), True
        if way == "cut":
            return owner.name.upper()[:12], len(owner.name) <= 12
        if way == "last":
            return words[-1].upper() if not owner.is_vendor else words[0].upper(), False
        # Somebody else pays: half of the time a person who has an account too.
        if r.random() < 0.5:
            return self._owner(owner.is_vendor).name.upper(), False
        return f"{r.choice(FIRST)} {r.choice(LAST)}".upper(), False

    def _line(self, scenario, amount, day, truth, owner=None, text="", is_whole=True, has_reference=False,
              journal="bank", original=(), label=None):  # fmt: skip
        """One line; notes what a person could know of it, to be judged when the whole ledger is there."""
        r = self.random
        name, account, is_name_whole = "", "", False
        if owner:
            written, is_name_whole = self._named(owner)
            if r.random() < 0.65:
                name = written
            elif r.random() < 0.75:
                text = f"{written} {text}".strip() if r.random() < 0.5 else f"{text} {written}".strip()
            else:
                is_name_whole = False
            if r.random() < 0.5 and is_name_whole:
                account = owner.account
        if label is None:
            label = f"{r.choice(PREFIXES)}{text}".strip() or "Payment"
            if r.random() < 0.4:
                label = label.upper()
            if r.random() < 0.06 and len(label) > 34:
                if has_reference and text.upper() not in label[:34].upper():
                    has_reference = False
                label = label[:34]
        line = Line(len(self.ledger.lines), journal, day, amount, label, name, account, scenario, truth, is_whole)
        line.original = original
        line.owner = owner
        line.is_matchable = bool(is_whole and truth)
        if owner and truth:
            known_by_account = bool(account and owner.is_account_known)
            line.is_matchable &= bool(has_reference or known_by_account or is_name_whole)
            if not has_reference:
                line.is_matchable &= known_by_account or self._is_rare_name(owner)
            self.referenced[line] = has_reference
        self.ledger.lines.append(line)
        return line

    def _is_rare_name(self, owner):
        return self._bearers(owner.name) == 1

    def _judge(self):
        """Without a reference a line is only sure where one open thing of the payer, and one line, has the amount."""
        by_owner = {}
        for line in self.ledger.lines:
            if line.owner:
                by_owner.setdefault((line.owner, line.amount), []).append(line)
        transfers = [line for line in self.ledger.lines if line.scenario == "transfer"]
        for line in transfers:
            near = [other for other in transfers if other.journal != line.journal and other.amount == -line.amount
                    and abs((other.day - line.day).days) <= 10]  # fmt: skip
            line.is_matchable &= len(near) == 1
        for line, has_reference in self.referenced.items():
            if has_reference:
                continue
            amounts = [document.amount for document in line.owner.documents if document.is_open]
            amounts += [payment.amount for payment in self.ledger.payments if payment.owner is line.owner]
            if len(line.truth) == 1:
                line.is_matchable &= amounts.count(line.truth[0].amount) == 1
            elif line.scenario == "combined":
                # Several documents without their numbers: only where the payer had nothing else open.
                line.is_matchable &= len(amounts) == len(line.truth)
            line.is_matchable &= len(by_owner[line.owner, line.amount]) == 1
        for line, judge in self.judges:
            line.is_matchable &= judge()

    def _paid(self, document, slack=12):
        due = document.parts[0][1]
        return max(document.day, due + timedelta(self.random.choice((-10, -5, -3, -1, 0, 0, 1, 2, 4, slack))))

    # -- what happens -------------------------------------------------------------------------------------------------

    def _invoice(self):
        document = self._document()
        text, has_reference = self._spoken(document)
        self._line("invoice", document.amount, self._paid(document), [document], document.owner, text,
                   has_reference=has_reference)  # fmt: skip

    def _bill(self):
        document = self._document(kind="bill")
        text, has_reference = self._spoken(document)
        self._line("bill", document.amount, self._paid(document, 3), [document], document.owner, text,
                   has_reference=has_reference)  # fmt: skip

    def _combined(self):
        r = self.random
        owner = self._owner(r.random() < 0.4)
        kind = "bill" if owner.is_vendor else "invoice"
        documents = [self._document(owner, kind) for _ in range(r.choice((2, 2, 2, 3, 3, 4)))]
        is_listed = r.random() < 0.6
        text = r.choice((" ", ", ", "+")).join(d.ref or d.name for d in documents) if is_listed else ""
        day = max(self._paid(document) for document in documents)
        self._line("combined", sum(d.amount for d in documents), day, documents, owner, text, has_reference=is_listed)

    def _partial(self):
        document = self._document()
        text, _has = self._spoken(document)
        amount = (document.amount * self.random.choice((Decimal("0.5"), Decimal("0.3"), Decimal("0.62")))).quantize(
            Decimal("0.01")
        )
        self._line("partial", amount, self._paid(document), [document], document.owner, text, is_whole=False)

    def _overpaid(self):
        document = self._document()
        text, _has = self._spoken(document)
        self._line("overpaid", document.amount + self.random.choice((1, 5, 10, 50)), self._paid(document), [document],
                   document.owner, text,
                   is_whole=False)  # fmt: skip

    def _fee(self):
        document = self._document(amount=Decimal(self.random.randrange(60000, 900000)) / 100)
        text, _has = self._spoken(document)
        fee = self.random.choice((10, 12, 15, Decimal("4.50")))
        self._line("fee", document.amount - fee, self._paid(document), [document], document.owner, text,
                   is_whole=False)  # fmt: skip

    def _payment(self, method="manual", day=None, amount=None):
        document = self._document(is_open=False, amount=amount)
        payment = Payment(len(self.ledger.payments), document.owner, document.amount, day or self._paid(document),
                          document.name, method)  # fmt: skip
        self.ledger.payments.append(payment)
        return payment, document

    def _registered(self):
        payment, document = self._payment()
        text, has_reference = self._spoken(document)
        if document.payment_reference != document.name and has_reference:
            # The payment bears the document's name, not its structured reference.
            has_reference = False
        self._line("registered", payment.amount, payment.day + timedelta(self.random.randrange(0, 4)), [payment],
                   payment.owner, text, has_reference=has_reference)  # fmt: skip

    def _settlement(self, fee=False):
        r = self.random
        day = START + timedelta(len([p for p in self.ledger.payments if p.method == "card"]) % 120 + r.randrange(0, 5))
        days = {p.day for p in self.ledger.payments if p.method == "card"}
        while day in days or any(abs((day - other).days) < 1 for other in days):
            day += timedelta(1)
        payments = [self._payment("card", day)[0] for _ in range(r.randrange(3, 15))]
        total = sum(payment.amount for payment in payments)
        if fee:
            total = (total * Decimal("0.971") - Decimal("0.30")).quantize(Decimal("0.01"))
        label = (
            r.choice(("STRIPE PAYOUT ", "MERCHANT SETTLEMENT ", "WORLDLINE CARD ", "BATCH DEPOSIT ")) + f"{day:%d%m%y}"
        )
        scenario = "settlement_fee" if fee else "settlement"
        self._line(scenario, total, day + timedelta(r.randrange(1, 3)), payments, label=label, is_whole=not fee)

    def _settlement_fee(self):
        self._settlement(True)

    def _transfer(self):
        r = self.random
        amount = Decimal(r.choice((500, 1000, 2000, 2500, 5000, 10000))) if r.random() < 0.6 else self._amount() * 10
        day = START + timedelta(r.randrange(0, 150))
        fee = r.choice((Decimal(5), Decimal("12.50"))) if r.random() < 0.1 else 0
        speaks = r.choice(
            (
                "Transfer to savings",
                "INTERNAL TRANSFER",
                "TRF OWN ACCOUNT",
                "VIREMENT INTERNE",
                "online banking",
                "900312",
            )
        )
        is_spoken = speaks not in ("online banking", "900312")
        out = self._line("transfer", -amount, day, [], label=speaks, journal="bank", is_whole=not fee)
        later = day + timedelta(r.choice((0, 0, 1, 2, 4)))
        into = self._line("transfer", amount - fee, later, [out], journal="savings",
                          label=speaks if r.random() < 0.7 else "DEPOSIT", is_whole=not fee)  # fmt: skip
        out.truth = [into]
        if r.random() < 0.3:
            out.account, is_spoken = "SAVINGS", True
        if r.random() < 0.3:
            into.name, is_spoken = "RECREATION CENTRE BENCH", True
        out.is_matchable = into.is_matchable = is_spoken and not fee

    def _expense(self):
        r = self.random
        amount = self._amount() if r.random() < 0.3 else Decimal(r.randrange(200, 60000)) / 100
        shop = r.choice(SHOPS)
        label = f"{r.choice(('', 'CARD 4412 ', 'POS '))}{shop} {r.randrange(1, 9999)}"
        sign = 1 if shop.startswith("INTEREST") else -1
        self._line("expense", sign * amount, START + timedelta(r.randrange(0, 150)), [], label=label)

    def _foreign(self):
        document = self._document(currency="EUR")
        text, has_reference = self._spoken(document)
        rate = Decimal(self.random.randrange(1150, 1250)) / 1000
        self._line("foreign", (document.amount * rate).quantize(Decimal("0.01")), self._paid(document), [document],
                   document.owner, text, has_reference=has_reference, original=("EUR", document.amount))  # fmt: skip

    def _foreign_rate(self):
        document = self._document(currency="EUR")
        text, _has = self._spoken(document)
        rate = Decimal(self.random.randrange(1180, 1220)) / 1000
        self._line("foreign_rate", (document.amount * rate).quantize(Decimal("0.01")), self._paid(document), [document],
                   document.owner, text,
                   is_whole=False)  # fmt: skip

    def _refund(self):
        document = self._document(kind="credit")
        text, has_reference = self._spoken(document)
        self._line("refund", document.amount, self._paid(document, 3), [document], document.owner, f"Refund {text}",
                   has_reference=has_reference)  # fmt: skip

    def _discount(self):
        document = self._document(amount=Decimal(self.random.randrange(20000, 900000)) / 100)
        document.discount = (document.amount * Decimal("0.98")).quantize(Decimal("0.01"))
        document.discount_day = document.day + timedelta(10)
        document.parts = [(document.amount, document.day + timedelta(30))]
        text, has_reference = self._spoken(document)
        self._line("discount", document.discount, document.day + timedelta(self.random.randrange(2, 10)), [document],
                   document.owner, text, has_reference=has_reference)  # fmt: skip

    def _two_dates(self):
        document = self._document()
        first = (document.amount * Decimal("0.3")).quantize(Decimal("0.01"))
        document.parts = [(first, document.day), (document.amount - first, document.day + timedelta(30))]
        text, has_reference = self._spoken(document)
        self._line("two_dates", document.amount, self._paid(document), [document], document.owner, text,
                   has_reference=has_reference)  # fmt: skip

    def _nothing_open(self):
        """A deposit: the payer is known, perhaps has other things open, but nothing of this amount on purpose."""
        self._line("nothing_open", self._amount(), START + timedelta(self.random.randrange(0, 150)), [], self._owner(),
                   self.random.choice(("deposit", "payment", "", "for June")))  # fmt: skip

    def _paid_twice(self):
        document = self._document(is_open=False)
        self._line(
            "paid_twice", document.amount, self._paid(document) + timedelta(5), [], document.owner, document.name
        )

    def _wrong_reference(self):
        """The label names another document, of this payer or of somebody else; a person would ask."""
        document, r = self._document(), self.random
        other = r.choice([d for d in self.ledger.documents if d.kind == "invoice" and d is not document] or [document])
        line = self._line(
            "wrong_reference", document.amount, self._paid(document), [document], document.owner, other.name
        )
        line.is_matchable = False
        self.referenced.pop(line, None)

    def _leftovers(self):
        """What is open and not paid yet, and what was paid long ago."""
        for _ in range(self.size // 3):
            self._document(kind=self.random.choice(("invoice", "invoice", "invoice", "bill")))
        for _ in range(self.size // 2):
            self._document(kind=self.random.choice(("invoice", "bill")), is_open=False)


def make_ledger(seed, size):
    """Make the ledger of a seed.

    :param size: int, about how many bank transactions
    :return: ``Ledger``
    """
    return Generator(seed, size).make()
