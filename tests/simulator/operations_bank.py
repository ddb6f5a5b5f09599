"""The bank's side: transactions arrive, are matched by themselves or by people, ignored, undone."""

from decimal import Decimal

from .operations import BANK, Choices, operation

LABELS = ["/", "PAYMENT", "E-TRANSFER", "MONTHLY FEE", "DEPOSIT 123"]


def _targets(work, journal_id, direction):
    """What a transaction in this direction could be for: open documents and registered payments."""
    currency_id = work.company.banks[journal_id][2]
    documents = [
        move for move in work.open_invoices()
        if move.currency_id == currency_id
        and (move.move_type in ("out_invoice", "out_receipt", "in_refund")) == (direction > 0)
    ]  # fmt: skip
    payments = [
        one for one in work.payments("in_process")
        if one.journal_id == journal_id and one.currency_id == currency_id and not one.is_matched
        and (one.payment_type == "inbound") == (direction > 0)
    ]  # fmt: skip
    return documents + payments


def _amount_for(work, journal_id, direction):
    """An amount, a label and a name as the bank may send them, for something that is open or for nothing."""
    pick = work.pick
    target = pick.one(_targets(work, journal_id, direction)) if pick.chance(0.75) else None
    if not target:
        return direction * pick.any([12.5, 20, 100, 170]), pick.any(LABELS), ""
    amount = float(getattr(target, "amount_residual", None) or target.amount)
    if pick.chance(0.15):
        amount = round(amount * 0.98, 0) or amount
    move = target if hasattr(target, "move_type") else work.ledger.move[target.move_id]
    owner = work.admin["res.partner"].browse(move.commercial_partner_id)
    label = f"{move.name} {owner.name}" if pick.chance(0.7) else pick.any(LABELS)
    return direction * amount, label, owner.name if pick.chance(0.6) else ""


@operation(3)
def new_transaction(work):
    """A bank transaction is typed in; some as the two sides of a transfer."""
    pick = work.pick
    journal_id = pick.any(sorted(work.company.banks))
    direction = pick.any([1, 1, -1])
    amount, label, name = _amount_for(work, journal_id, direction)
    rows = [{"journal_id": journal_id, "amount": amount, "payment_ref": label, "partner_name": name}]
    if pick.chance(0.15):
        other = pick.any([key for key in sorted(work.company.banks) if key != journal_id])
        rows.append({"journal_id": other, "amount": -amount, "payment_ref": "TRANSFER", "partner_name": ""})
    day = work.day(40)
    for row in rows:
        # Nobody types more decimals than the account's currency has.
        row["amount"] = float(work.round(Decimal(str(row["amount"])), work.company.banks[row["journal_id"]][2]))
    work.env["account.bank.statement.line"].create([{**row, "date": day} for row in rows if row["amount"]])
    return Choices()


@operation(1)
def import_statement(work):
    """A file of the bank, often with lines that an earlier file had."""
    pick, world = work.pick, work.world
    journal_id = pick.any(sorted(work.company.banks))
    sent = work.state.sent.setdefault(journal_id, [])
    new = []
    for _number in range(pick.random.randint(0 if sent else 1, 3)):
        amount, label, name = _amount_for(work, journal_id, pick.any([1, 1, -1]))
        reference = f"R{len(sent) + len(new)}"
        new.append((work.day(30), f"{amount:.2f}", f"{reference} {name} {label}"[:32].strip(), reference))
    again = pick.some(sent, 3) if sent and pick.chance(0.6) else []
    lines = sorted(new + again, key=lambda line: line[0])
    rows = "".join(
        f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{day:%Y%m%d}<TRNAMT>{amount}<FITID>{reference}<NAME>{name}</STMTTRN>"
        for day, amount, name, reference in lines
    )
    journal = work.browse("account.journal", journal_id)
    currency = world.currencies[work.company.banks[journal_id][2]]
    content = (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:UTF-8\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>"
        f"<CURDEF>{currency}<BANKACCTFROM><BANKID>1<ACCTID>{journal.sudo().bank_account_id.acc_number}"
        f"<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST>{rows}</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode()
    count = lambda: work.admin["account.bank.statement.line"].search_count([("journal_id", "=", journal_id)])  # noqa: E731
    before = count()
    journal.import_bank_statement("simulated.ofx", content)
    wanted = new + [line for line in again if not _is_there(work, journal_id, line)]
    alike = [line for line in wanted if _has_suspected_duplicate(work, journal_id, line)]
    brought = count() - before
    work.state.expect(
        len(wanted) - len(alike) <= brought <= len(wanted), "I8", f"{wanted} of {lines} brought {brought} transactions"
    )
    if pick.chance(0.3):
        before = count()
        journal.import_bank_statement("simulated again.ofx", content)
        work.state.expect(count() == before, "I8", "importing the same file again brought transactions")
    sent += new
    return Choices()


def _is_there(work, journal_id, line):
    """Whether an imported line was there when the step began: somebody may have deleted it."""
    return any(
        one.journal_id == journal_id and one.unique_import_id and one.payment_ref.startswith(f"{line[3]} ")
        for one in work.ledger.transaction.values()
    )


def _has_suspected_duplicate(work, journal_id, line):
    """Whether a transaction of the same day and amount is there, which the import may take for the same."""
    return any(
        one.journal_id == journal_id and (work.ledger.move[one.move_id].date, one.amount) == (line[0], Decimal(line[1]))
        for one in work.ledger.transaction.values()
    )


@operation(2, needs=BANK)
def auto_match(work):
    if not work.transactions("unmatched"):
        return None
    work.browse("account.bank.statement.line", *work.transactions()).auto_match()
    return Choices(by_itself=True)


@operation(5, needs=BANK)
def match_by_hand(work):
    """A suggestion, or what somebody finds by looking."""
    pick = work.pick
    one = pick.one(work.transactions("unmatched", "ignored"))
    if not one:
        return None
    line = work.browse("account.bank.statement.line", one)
    suggestions = line.get_match_suggestions(5) if pick.chance(0.5) else []
    if suggestions and pick.chance(0.9):
        row = suggestions[0] if pick.chance(0.7) else pick.any(suggestions)
        amounts = row["amounts"] if row["entity_type"] != "internal_transfer" else None
        line.accept_match(row["records"], amounts, row["settle"])
        return Choices()
    targets = pick.some(_targets(work, one.journal_id, 1 if one.amount > 0 else -1), 2)
    records = [
        ("account.move" if hasattr(target, "move_type") else "account.payment", target.id) for target in targets
    ]  # fmt: skip
    if not records or pick.chance(0.2):
        records.append(("account.reconcile.model", work.company.presets[0]))
    line.match_with(records)
    return Choices()


@operation(2, needs=BANK)
def match_expense(work):
    waiting = work.transactions("unmatched", "ignored")
    if not waiting:
        return None
    chosen = work.pick.some(waiting, 2)
    preset = work.browse("account.reconcile.model", work.company.presets[0])
    work.browse("account.bank.statement.line", *chosen).match_expense(preset)
    return Choices()


@operation(1.5, needs=BANK)
def match_transfer(work):
    waiting = work.transactions("unmatched")
    currency = {key: description[2] for key, description in work.company.banks.items()}
    pairs = [
        (out, into) for out in waiting for into in waiting
        if out.amount < 0 < into.amount and out.journal_id != into.journal_id
        and (currency[out.journal_id] != currency[into.journal_id] or out.amount == -into.amount)
    ]  # fmt: skip
    if not pairs:
        return None
    out, into = pairs[work.pick.random.randrange(len(pairs))]
    work.browse("account.bank.statement.line", out).match_transfer(
        work.browse("account.bank.statement.line", into)
    )  # fmt: skip
    return Choices()


@operation(1, needs=BANK)
def accept_suggestions(work):
    waiting = work.transactions("unmatched")
    if not waiting:
        return None
    work.browse("account.bank.statement.line", *waiting).accept_suggestions(0.8)
    return Choices()


@operation(4, needs=BANK)
def ignore(work):
    one = work.pick.one(work.transactions("unmatched"))
    if not one:
        return None
    work.browse("account.bank.statement.line", one).action_ignore("simulated")
    return Choices(ignored={one.id})


@operation(3, needs=BANK)
def unignore(work):
    one = work.pick.one(work.transactions("ignored"))
    if not one:
        return None
    work.browse("account.bank.statement.line", one).action_unignore()
    return Choices(unignored={one.id})


@operation(4, needs=BANK, takes_back=BANK)
def unmatch(work):
    one = work.pick.one(work.transactions("matched", "manual"))
    if not one:
        return None
    work.browse("account.bank.statement.line", one).action_unmatch()
    return Choices()


@operation(0.5)
def delete_transaction(work):
    one = work.pick.one(work.transactions())
    if not one:
        return None
    work.browse("account.bank.statement.line", one).unlink()
    return Choices()


@operation(0.7)
def correct_transaction(work):
    """The amount, the date or the label of an unmatched transaction was typed wrong."""
    pick = work.pick
    one = pick.one(work.transactions("unmatched"))
    if not one:
        return None
    values = pick.any([
        {"amount": float(one.amount) + pick.any([1, -1])}, {"date": work.day(40)},
        {"payment_ref": f"{one.payment_ref} corrected"},
    ])  # fmt: skip
    work.browse("account.bank.statement.line", one).write(values)
    return Choices()


@operation(0.8, needs=BANK)
def bank_transfer(work):
    """“Bank transfer”: two payments over the transfer account."""
    pick, company = work.pick, work.company
    source, destination = pick.random.sample(sorted(company.banks), 2)
    work.env["account.bank.transfer"].create({
        "company_id": company.id, "journal_id": source, "destination_journal_id": destination,
        "amount": float(pick.any([50, 120.5, Decimal("10000")])), "date": work.day(30),
    }).action_transfer()  # fmt: skip
    return Choices()


@operation(0.5, needs=BANK)
def bank_adjustment(work):
    pick, company = work.pick, work.company
    journal_id = pick.any(sorted(company.banks))
    work.env["account.bank.adjustment"].create({
        "bank_journal_id": journal_id, "journal_id": company.journal_of["general"], "date": work.day(40),
        "line_ids": [(0, 0, {"account_id": company.writeoff, "amount": pick.any([-3, 7.5]), "name": "adjusted"})],
    }).action_post()  # fmt: skip
    return Choices()
