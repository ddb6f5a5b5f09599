"""Situations of the made-up ledgers that need more than one look: families, namesakes, sums, several lines, transfers.

Each method of ``Situations`` makes one bank transaction, or the few that belong together, with their truth. What is
*matchable* follows the same rule as in ``matching_ledger.py``; where that depends on the rest of the ledger, it is
judged when the whole ledger is there.
"""

from datetime import timedelta
from decimal import Decimal
from itertools import combinations

from matching_world import FIRST, FORM, KIND, LAST, START, TRADE, Member, Owner, Payment


class Situations:
    """Mixed into ``matching_ledger.Generator``."""

    SITUATIONS = (
        ("member_pays", 0.03), ("member_named", 0.02), ("email", 0.01), ("joint", 0.01), ("shared_name", 0.012),
        ("near_name", 0.02), ("cut_name", 0.015), ("two_lines", 0.025), ("sum_unnumbered", 0.02), ("list_cut", 0.01),
        ("payout_refund", 0.006), ("customer_number", 0.012), ("order_number", 0.01), ("cheque", 0.012),
        ("repeated_id", 0.012), ("other_year", 0.01), ("transfer_hint", 0.012),
    )  # fmt: skip

    def _families(self):
        """Families with members; of twelve surnames several families have the same."""
        r, names = self.random, {owner.name for owner in self.ledger.owners}
        self.families = []
        for _ in range(max(self.size // 12, 12)):
            last = r.choice(LAST[:12] if r.random() < 0.4 else LAST)
            name = f"{last} family" if r.random() < 0.4 else f"{r.choice(FIRST)} {last}"
            if name in names and not name.endswith("family"):
                name = f"{r.choice(FIRST)} {r.choice(FIRST)} {last}"
            owner = self._new_owner(name)
            for _child in range(r.randrange(1, 4)):
                surname = last if r.random() < 0.75 else r.choice(LAST)
                member = f"{r.choice(FIRST)} {surname}"
                if member in names:
                    member = f"{r.choice(FIRST)} {r.choice(FIRST)} {surname}"
                names.add(member)
                email = f"{member.lower().replace(' ', '.')}{len(names)}@example.com"
                email = email.encode("ascii", "ignore").decode()
                owner.members.append(Member(len(owner.members), owner, member, email))
            names.add(name)
            self.families.append(owner)

    def _new_owner(self, name, is_vendor=False):
        r = self.random
        account = f"DE{r.randrange(10, 99)}{r.randrange(10**17, 10**18)}"
        owner = Owner(len(self.ledger.owners), name, is_vendor, account, r.random() < 0.3)
        self.ledger.owners.append(owner)
        return owner

    # -- judged at the end ----------------------------------------------------------------------------------------

    def _bearers(self, name):
        """How many account owners have such a name, themselves or as the name of a member."""
        forms = {"FAMILY", *map(str.upper, FORM)}

        def bare(text):
            return sorted(word for word in text.upper().split() if word not in forms)

        # A bank that leaves the legal form out leaves it to nobody to say which of two companies is meant.
        has_form = any(word in forms for word in name.upper().split())
        key = (lambda text: sorted(text.upper().split())) if has_form and "FAMILY" not in name.upper() else bare
        return sum(
            any(key(one) == key(name) for one in (owner.name, *(member.name for member in owner.members)))
            for owner in self.ledger.owners
        )

    def _open_amounts(self, owner):
        amounts = [document.amount for document in owner.documents if document.is_open]
        return amounts + [payment.amount for payment in self.ledger.payments if payment.owner is owner]

    def _is_only_amount(self, line, owner):
        """Only one open thing of the owner has the amount, and only one line of the owner."""
        same = [one for one in self.ledger.lines if one.owner is owner and one.amount == line.amount]
        return self._open_amounts(owner).count(line.amount) == 1 and len(same) == 1

    def _later(self, line, owner, name=None):
        """Judge at the end: the amount is the only one of the owner's, and nobody else bears the name."""
        line.owner = owner

        def judge():
            return self._is_only_amount(line, owner) and (name is None or self._bearers(name) == 1)

        self.judges.append((line, judge))

    # -- families -------------------------------------------------------------------------------------------------

    def _family_document(self):
        owner = self.random.choice(self.families)
        member = self.random.choice(owner.members)
        document = self._document(owner)
        if self.random.random() < 0.6:
            document.member = member
        return owner, member, document

    def _put(self, scenario, amount, day, truth, label, name="", **values):
        values.setdefault("is_whole", True)
        line = self._line(scenario, amount, day, truth, label=label, **values)
        line.name = name
        return line

    def _member_pays(self):
        """The mother, who has a contact of her own, pays what is made out to the family or the child."""
        r = self.random
        owner, member, document = self._family_document()
        written = member.name.upper() if r.random() < 0.7 else " ".join(reversed(member.name.split(" ", 1))).upper()
        if r.random() < 0.6:
            line = self._put("member_pays", document.amount, self._paid(document), [document],
                             r.choice(("SEPA CREDIT", "E-TRANSFER", "monthly payment")), written)  # fmt: skip
        else:
            label = f"{r.choice(('E-TRANSFER FROM', 'VIR SEPA RECU /DE', 'DIRECT DEPOSIT'))} {written}"
            line = self._put("member_pays", document.amount, self._paid(document), [document], label)
        self._later(line, owner, member.name)

    def _member_named(self):
        """Somebody who isn't in the ledger pays, and the label names the child."""
        r = self.random
        owner, member, document = self._family_document()
        payer = f"{r.choice(FIRST)} {r.choice(FIRST)} {r.choice(LAST)}".upper()
        label = f"{r.choice(('judo', 'swimming', 'lessons', 'camp'))} {member.name}"
        line = self._put("member_named", document.amount, self._paid(document), [document],
                         label.upper() if r.random() < 0.5 else label, payer)  # fmt: skip
        self._later(line, owner, member.name)

    def _email(self):
        owner, member, document = self._family_document()
        label = f"E-TRANSFER {member.email.upper() if self.random.random() < 0.5 else member.email}"
        line = self._put("email", document.amount, self._paid(document), [document], label)
        self._later(line, owner)

    def _joint(self):
        """Two people with one account: the bank writes both."""
        r = self.random
        last = r.choice(LAST)
        owner = self._new_owner(f"{r.choice(FIRST)} {r.choice(FIRST)} {last}")
        first = owner.name.rsplit(" ", 1)[0]
        document = self._document(owner)
        other = r.choice(FIRST)
        written = r.choice((f"{first} & {other} {last}", f"{other} and {first} {last}")).upper()
        line = self._put("joint", document.amount, self._paid(document), [document], "Payment", written)
        line.is_matchable = False  # a careful person would like a second sign

    def _shared_name(self):
        """Two families with a member of the same name; one of them has the amount open. A person would ask."""
        owner, member, document = self._family_document()
        other = self.random.choice([one for one in self.families if one is not owner])
        other.members.append(Member(len(other.members), other, member.name, ""))
        line = self._put("shared_name", document.amount, self._paid(document), [document], "SEPA CREDIT",
                         member.name.upper())  # fmt: skip
        line.owner, line.is_matchable = owner, False

    def _near_name(self):
        """The payer's name differs by a word or a legal form from a client's who has the amount open: somebody else."""
        r = self.random
        base = f"{r.choice(TRADE)}{r.choice(TRADE).lower()} {r.choice(KIND)}"
        pairs = (
            (f"{base} {r.choice(TRADE)}", base), (base, f"{base} {r.choice(TRADE)}"), (f"{base} GmbH", f"{base} AG"),
            (f"{base} Ltd", f"{base} Inc"), (f"{r.choice(TRADE)} {base}", f"{r.choice(TRADE)} {base}"),
        )  # fmt: skip
        payer, client = r.choice(pairs)
        if payer == client:
            return
        is_vendor = r.random() < 0.5
        owner = self._new_owner(client, is_vendor)
        document = self._document(owner, "bill" if is_vendor else "invoice")
        if r.random() < 0.5:
            self._new_owner(payer, is_vendor)
        self._put("near_name", document.amount, self._paid(document), [], "Payment", payer.upper())

    def _cut_name(self):
        """The bank's field for names ends after 27, 32 or 35 characters."""
        r = self.random
        name = " ".join([*r.sample(TRADE, 3), r.choice(KIND), *r.sample(TRADE, 2), r.choice(KIND)])
        owner = self._new_owner(name)
        document = self._document(owner)
        width = r.choice((27, 32, 35))
        line = self._put("cut_name", document.amount, self._paid(document), [document], "Payment", name.upper()[:width])
        line.owner = owner

        def judge():
            bearers = sum(other.name.upper().startswith(line.name) for other in self.ledger.owners)
            return bearers == 1 and self._is_only_amount(line, owner)

        self.judges.append((line, judge))

    # -- sums and several lines -----------------------------------------------------------------------------------

    def _two_lines(self):
        """One document paid in two or three lines, with its number or without."""
        r = self.random
        owner = self._new_owner(f"{r.choice(FIRST)} {r.choice(FIRST)} {r.choice(LAST)}")
        document = self._document(owner, amount=Decimal(r.randrange(20000, 200000)) / 100)
        count = r.choice((2, 2, 2, 3))
        parts = [(document.amount / (count + 1)).quantize(Decimal("0.01")) + place for place in range(count - 1)]
        parts.append(document.amount - sum(parts))
        has_number = r.random() < 0.6
        day = self._paid(document)
        for place, part in enumerate(parts):
            label = f"{document.name} {place + 1}/{count}" if has_number else "Payment"
            line = self._put("two_lines", part, day + timedelta(r.choice((0, 1, 3)) * place), [document], label,
                             owner.name.upper())  # fmt: skip
            line.owner, line.is_matchable = owner, has_number

    def _sum_unnumbered(self):
        """Several of one owner's open documents in one sum, without numbers; not always all of them."""
        r = self.random
        owner = self._new_owner(f"{r.choice(FIRST)} {r.choice(FIRST)} {r.choice(LAST)}")
        count = r.choice((3, 4, 6, 10))
        documents = [self._document(owner, amount=Decimal(r.randrange(1500, 90000)) / 100) for _ in range(count)]
        chosen = documents if r.random() < 0.4 else sorted(documents, key=lambda one: one.day)[: max(2, count // 2)]
        day = max(self._paid(document) for document in chosen)
        total = sum(document.amount for document in chosen)
        line = self._put("sum_unnumbered", total, day, chosen, "Payment", owner.name.upper())
        line.owner = owner

        def judge():
            amounts = self._open_amounts(owner)
            ways = sum(
                sum(some) == total for size in range(1, len(amounts) + 1) for some in combinations(amounts, size)
            )
            return ways == 1 and self._bearers(owner.name) == 1

        self.judges.append((line, judge))

    def _list_cut(self):
        """A list of numbers that the bank's field cuts off: what it names whole is not all that is paid."""
        owner = self._owner()
        documents = [self._document(owner) for _ in range(4)]
        total = sum(document.amount for document in documents)
        label = ", ".join(document.name for document in documents)[:35]
        day = max(self._paid(document) for document in documents)
        line = self._put("list_cut", total, day, documents, label)
        line.owner, line.is_matchable = owner, False

    def _payout_refund(self):
        """A card payout with a refund in it."""
        r = self.random
        day = START + timedelta(130 + len(self.refund_days))
        self.refund_days.append(day)
        payments = [self._payment("card", day)[0] for _ in range(r.randrange(3, 8))]
        amount = -(payments[0].amount / 2).quantize(Decimal("0.01"))
        back = Payment(len(self.ledger.payments), self._owner(), amount, day, "refund", "card")
        self.ledger.payments.append(back)
        truth = [*payments, back]
        line = self._put("payout_refund", sum(one.amount for one in truth), day + timedelta(1), truth,
                         f"STRIPE PAYOUT {day:%d%m%y}")  # fmt: skip
        line.is_matchable = True

    # -- references -----------------------------------------------------------------------------------------------

    def _customer_number(self):
        r = self.random
        owner = self._owner()
        owner.reference = owner.reference or f"C{r.randrange(10000, 99999)}"
        document = self._document(owner)
        label = f"{r.choice(('Kd-Nr.', 'customer no', 'client'))} {owner.reference}"
        line = self._put("customer_number", document.amount, self._paid(document), [document], label)
        self._later(line, owner)

    def _order_number(self):
        document = self._document()
        document.order = f"S{30000 + document.number:05d}"
        self._put("order_number", document.amount, self._paid(document), [document], f"order {document.order}")

    def _cheque(self):
        """A cheque that was registered; or one whose number is by accident an invoice's."""
        r = self.random
        number = r.randrange(1000, 9999)
        if r.random() < 0.6:
            payment, _document = self._payment()
            payment.memo = f"Cheque {number}"
            line = self._put("cheque", payment.amount, payment.day + timedelta(2), [payment], f"CHEQUE {number}")
            line.owner = payment.owner
            line.is_matchable = False
        else:
            document = self._document()
            number = document.name.rpartition("/")[2]
            self._put("cheque", document.amount, self._paid(document), [], f"CHQ {number}", is_whole=False)

    def _repeated_id(self):
        """A payer whose end-to-end id is always the first invoice's; the text names the right one."""
        owner = self._owner()
        old = self._document(owner, is_open=False)
        document = self._document(owner)
        line = self._put("repeated_id", document.amount, self._paid(document), [document], f"Payment {document.name}")
        line.end_to_end, line.owner = old.name, owner

    def _other_year(self):
        """The number in another year's form: last year's prefix, or without the year."""
        document = self._document()
        number = document.name.rpartition("/")[2]
        written = self.random.choice((f"INV/2025/{number}", f"INV {number}", f"INV2026-{number.lstrip('0')}"))
        line = self._put("other_year", document.amount, self._paid(document), [document], written,
                         document.owner.name.upper())  # fmt: skip
        line.is_matchable = False
        line.owner = document.owner

    def _transfer_hint(self):
        """A transfer over a weekend whose sides name the company or each other's account in the text."""
        r = self.random
        amount = Decimal(r.randrange(50000, 900000)) / 100
        day = START + timedelta(7 * r.randrange(0, 20) + 4)
        out = self._put("transfer_hint", -amount, day, [], r.choice(("TO SAVINGS ACCOUNT", "REF 900312 TO SAVINGS")))
        into = self._put("transfer_hint", amount, day + timedelta(4), [out],
                         f"{r.choice(('CREDIT', 'DEPOSIT'))} RECREATION CENTRE BENCH", journal="savings")  # fmt: skip
        out.truth = [into]
        out.is_matchable = into.is_matchable = True
