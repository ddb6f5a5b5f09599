"""Accounts to reconcile: entries on clearing accounts, what accountants do with them, and what must hold of it.

What the page, the list and the proofs say is compared with figures from Odoo's raw tables (``open_at``).
"""

from decimal import Decimal

from odoo import Command

from .accounts import AccountsWorld
from .book import ZERO
from .faces import differences
from .operations import BANK, DELETE, Choices, operation
from .operations_around import _face, _undone

ACCOUNTS = AccountsWorld.name
AMOUNTS = (10, 20, 33.33, 66.67, 99.99, 0.01, 150)
PAGE, RULE, PROOF = "account.ledger.account", "account.ledger.rule", "account.ledger.proof"
RECONCILIATION = "account.ledger.reconciliation"


# -- what there is -----------------------------------------------------------------------------------------------------


def posted_lines(ledger, company_id, account_id):
    return [
        line
        for line in ledger.line.values()
        if (line.account_id, line.company_id) == (account_id, company_id)
        and ledger.move[line.move_id].state == "posted"
    ]


def open_lines(ledger, company_id, account_id):
    """What is open on an account, by the partials of its lines."""
    return [line for line in posted_lines(ledger, company_id, account_id) if any(ledger.left(line))]


def open_at(ledger, company_id, account_id, day):
    """``{line id: what was open of it in company currency at the end of a day}``, from entries and partials alone."""
    lines = {line.id: line for line in posted_lines(ledger, company_id, account_id) if line.date <= day}
    result = {}
    for line in lines.values():
        left = line.balance
        foreign = line.amount_currency
        for partial in ledger.partials_of.get(line.id, ()):
            is_debit = partial.debit_move_id == line.id
            if {partial.debit_move_id, partial.credit_move_id} <= set(lines):
                left -= partial.amount if is_debit else -partial.amount
                foreign -= partial.debit_amount_currency if is_debit else -partial.credit_amount_currency
        if left or foreign:
            result[line.id] = left
    return result


def _account(work):
    return work.pick.any(work.company.clearing)


def _page(work, account_id):
    return work.env[PAGE].browse(account_id)


def _chosen(work, account_id, at_most=4, one_currency=False):
    """Some open lines, mostly of both sides."""
    lines = open_lines(work.ledger, work.company.id, account_id)
    if one_currency and lines:
        currency_id = work.pick.one(lines).currency_id
        lines = [line for line in lines if line.currency_id == currency_id]
    return work.pick.some(lines, at_most) if lines else []


def _check_done(work, lines, name):
    """Lines that were reconciled in full are so by Odoo's own figures."""
    done = work.state.reading()
    left = {line.id: done.left(done.line[line.id]) for line in lines}
    said = {
        line.id: (done.line[line.id].amount_residual_currency, done.line[line.id].amount_residual) for line in lines
    }
    work.state.expect(said == left, "I3", f"{name}: Odoo says that {said} is open, the partials leave {left}")
    return {key: amounts for key, amounts in left.items() if any(amounts)}


# -- what people do ----------------------------------------------------------------------------------------------------


@operation(8, world=ACCOUNTS)
def clearing_entry(work):
    """A sale, a payout, a fee or a wage on a clearing account."""
    pick, company = work.pick, work.company
    currency_id = work.currency(0.75)
    amount = float(work.round(Decimal(str(pick.any(AMOUNTS))), currency_id)) or 1.0
    amount *= pick.any([1, -1])
    number = pick.random.randint(1, 6)
    line = {
        "name": pick.any([f"Sale PO-100{number}", f"PO-100{number} payout", "Fee", False]),
        "partner_id": pick.any([*work.world.clients, *work.world.vendors, False]), "currency_id": currency_id,
    }  # fmt: skip
    other = pick.any([*company.expenses, *company.codes])
    move = work.admin["account.move"].create({
        "journal_id": company.journal_of["general"], "date": work.day(75), "ref": pick.any([f"R-{number}", False]),
        "line_ids": [
            Command.create({**line, "account_id": _account(work), "amount_currency": amount}),
            Command.create({**line, "account_id": other, "amount_currency": -amount}),
        ],
    })  # fmt: skip
    move.action_post()
    return Choices()


@operation(6, needs=BANK, world=ACCOUNTS)
def reconcile_lines(work):
    account_id = _account(work)
    lines = _chosen(work, account_id)
    if not lines:
        return None
    _page(work, account_id).reconcile_lines([line.id for line in lines])
    _check_done(work, lines, "reconcile_lines")
    return Choices()


@operation(5, needs=BANK, world=ACCOUNTS)
def accept_account_suggestion(work):
    """Whatever is suggested can be accepted; nothing stays open of lines that add up to zero."""
    account_id = _account(work)
    if not open_lines(work.ledger, work.company.id, account_id):
        return None
    page = _page(work, account_id)
    found = page.get_suggestions(10)
    if not found:
        return None
    one = found[work.pick.random.randrange(len(found))]
    rows = [work.ledger.line[line["id"]] for line in one["lines"]]
    total = sum((row.amount_residual_currency for row in rows), ZERO)
    work.state.expect(total == ZERO, "suggestion", f"what is suggested does not add up: {one}")
    page.reconcile_lines([row.id for row in rows], "suggestion")
    left = _check_done(work, rows, "accept_account_suggestion")
    work.state.expect(not left, "suggestion", f"accepted is {one}, open stays {left}")
    return Choices()


@operation(5, needs=BANK, world=ACCOUNTS)
def book_account_difference(work):
    """Write the difference off, with a tax or without, or put the lines on another account."""
    pick, account_id = work.pick, _account(work)
    lines = _chosen(work, account_id, 3, one_currency=not pick.chance(0.1))
    if not lines:
        return None
    company = work.company
    others = [one for one in company.clearing if one != account_id]
    target = pick.any([company.writeoff, company.writeoff, *others])
    taxes = [company.purchase_taxes[0]] if pick.chance(0.2) and target == company.writeoff else []
    page = _page(work, account_id)
    page.book_difference([line.id for line in lines], target, "simulated", taxes, work.day(30))
    left = _check_done(work, lines, "book_account_difference")
    work.state.expect(not left, "difference", f"{lines} were to be reconciled in full, open stays {left}")
    return Choices()


def _rule(work, account_id):
    """A rule of an account, as it comes."""
    pick = work.pick
    takes = pick.weighted({"pair": 3, "group": 1})
    conditions = {
        name: pick.chance(0.4) for name in ("same_partner", "same_reference", "same_order", "same_word")
    }  # fmt: skip
    values = {"takes": takes, "days_max": pick.any([0, 3, 40]), **conditions}
    if not any(conditions.values()):
        values["same_word"] = True
    if takes == "pair" and pick.chance(0.4):
        values |= {"amount_within": 50, "difference_account_id": work.company.writeoff}
    if pick.chance(0.2):
        values["label_contains"] = "po-100"
    return work.env[RULE].create({"name": "simulated", "account_id": account_id, **values})


@operation(4, needs=BANK, world=ACCOUNTS)
def run_account_rule(work):
    """I5: a rule takes what it shows; a second run changes nothing."""
    account_id = _account(work)
    rule = _rule(work, account_id)
    # What can't be reconciled, for example on a locked day, is shown but left alone, and tried again each time.
    shown = rule.preview
    rule.action_run()
    text, done = rule.run_text, work.state.reading()
    work.state.expect(
        shown.startswith("Nothing") == ("nothing to reconcile" in text and "left alone" not in text),
        "preview", f"shown was {shown!r}, done was {text!r}",
    )  # fmt: skip
    rule.action_run()
    changed = work.state.reading().same_as(done)
    work.state.expect(not changed, "I5", f"a second run of a rule changed {changed}: {rule.run_text}")
    return Choices()


@operation(1.5, needs=BANK, world=ACCOUNTS)
def run_account_rule_as_odoo_does(work):
    """I7: what a rule leaves is what Odoo's own method leaves for the same pairs."""
    account_id = _account(work)
    with _undone(work):
        rule = _rule(work, account_id)
        rule.write({"amount_within": 0, "difference_account_id": False})
        pairs = rule._plan().pairs
        rule.action_run()
        in_bulk = _face(work, work.state.reading())
    if not pairs:
        return None
    lines = work.admin["account.move.line"]
    lines._reconcile_pairs(
        [{"debit": lines.browse(one), "credit": lines.browse(other), "amount": amount} for one, other, amount in pairs]
    )
    differ = differences(in_bulk, _face(work, work.state.reading()))
    work.state.expect(not differ, "I7", f"a rule and Odoo's own method differ: {differ}")
    return Choices()


@operation(4, needs=BANK, world=ACCOUNTS)
def undo_account_reconciliation(work):
    """Of any earlier step; what something was built upon stays."""
    domain = [("company_id", "=", work.company.id), ("state", "!=", "undone")]
    found = work.admin[RECONCILIATION].search(domain, order="id")
    if not found:
        return None
    work.needs_too.add(DELETE)
    one = work.env[RECONCILIATION].browse(found[work.pick.random.randrange(len(found))].id)
    one.action_undo()
    partials = set(one.partial_keys or ())
    done = work.state.reading()
    if one.state == "undone":
        work.state.expect(not partials & set(done.partial), "undo", f"{one} is undone, but some of {partials} stay")
    return Choices()


DO_AND_UNDO = {
    "reconcile_lines": 3,
    "accept_account_suggestion": 2,
    "book_account_difference": 3,
    "run_account_rule": 2,
}


@operation(4, needs=BANK, world=ACCOUNTS)
def do_and_undo_on_account(work):
    """I6: what is reconciled on an account and undone leaves the ledger as it was, field by field."""
    work.needs_too.add(DELETE)
    before = _face(work, work.ledger)
    reconciliations = work.env[RECONCILIATION]
    last = reconciliations.search([], order="id desc", limit=1).id or 0
    if globals()[work.pick.weighted(DO_AND_UNDO)](work) is None:
        return None
    made = reconciliations.search([("id", ">", last)])
    if made:
        made.action_undo()
        work.state.expect(set(made.mapped("state")) == {"undone"}, "I6", f"not undone: {made.mapped('message')}")
    differ = differences(before, _face(work, work.state.reading()), only=before)
    work.state.expect(not differ, "I6", f"what was reconciled on an account could not be undone: {differ}")
    return Choices()


# -- proofs and closing checklists -------------------------------------------------------------------------------------


def _proofs(work, *states):
    domain = [("company_id", "=", work.company.id), ("state", "in", states)]
    return work.env[PROOF].browse(work.admin[PROOF].search(domain, order="id").ids)


@operation(3, needs=BANK, world=ACCOUNTS)
def prepare_proof(work):
    """The open lines explain the balance of any day, whatever was reconciled since."""
    proofs = _proofs(work, "draft")
    day, account_id = work.day(60), _account(work)
    known = work.admin[PROOF].search(
        [("account_id", "=", account_id), ("company_id", "=", work.company.id), ("date", "=", day)]
    )
    if proofs and work.pick.chance(0.4):
        proof = proofs[work.pick.random.randrange(len(proofs))]
    elif known:
        return None
    else:
        proof = work.env[PROOF].create({"account_id": account_id, "date": day, "company_id": work.company.id})
    _check_proof(work, proof)
    proof.action_prepare()
    return Choices()


def _check_proof(work, proof):
    proof.invalidate_recordset()
    expected = open_at(work.ledger, work.company.id, proof.account_id.id, proof.date)
    found = {row[0]: Decimal(str(row[7])) for row in proof._open_rows()}
    work.state.expect(found == expected, "proof", f"open on {proof.date} were {expected}, the proof says {found}")
    work.state.expect(not proof.unexplained, "proof", f"{proof.unexplained} of {proof.balance} is unexplained")


@operation(3, needs=BANK, world=ACCOUNTS)
def review_proof(work):
    proofs = _proofs(work, "prepared")
    if not proofs:
        return None
    proof = proofs[work.pick.random.randrange(len(proofs))]
    own = proof.prepared_uid == work.env.user
    proof.action_review()
    work.state.expect(not own, "proof", "whoever has prepared a proof has reviewed it")
    work.state.expect(proof.snapshot_ids[-1:].is_intact, "proof", "the snapshot is not what was sealed")
    return Choices()


@operation(1.5, needs=BANK, world=ACCOUNTS)
def reopen_proof(work):
    proofs = _proofs(work, "prepared", "reviewed")
    if not proofs:
        return None
    proofs[work.pick.random.randrange(len(proofs))].action_reopen("simulated")
    return Choices()


@operation(2, needs=BANK, world=ACCOUNTS)
def closing_checklist(work):
    """Made, refreshed, signed line by line; an account's line is done where its proof is reviewed and still holds."""
    closings = work.admin["account.closing"].search([("company_id", "=", work.company.id)], order="id")
    if closings and work.pick.chance(0.7):
        closing = work.env["account.closing"].browse(closings[work.pick.random.randrange(len(closings))].id)
        closing.action_refresh()
    else:
        day = work.day(60)
        if day in closings.mapped("date"):
            return None
        closing = work.env["account.closing"].create({"company_id": work.company.id, "date": day})
    lines = closing.line_ids
    line = lines[work.pick.random.randrange(len(lines))]
    if work.pick.chance(0.3):
        line.note = "simulated"
        line.action_accept()
        line.invalidate_recordset()
        work.state.expect(line.is_done, "closing", f"{line.display_name} is accepted, but not done: {line.status}")
    accounts = {line.account_id.id for line in lines if line.kind == "account"}
    for account_id in work.company.clearing:
        is_open = bool(open_at(work.ledger, work.company.id, account_id, closing.date))
        work.state.expect(
            not is_open or account_id in accounts, "closing", f"account {account_id} was open on {closing.date}"
        )
    return Choices()


# -- what must hold ----------------------------------------------------------------------------------------------------


@operation(5, needs=BANK, world=ACCOUNTS)
def look_at_accounts(work):
    """The list and the page count what Odoo's tables hold; a reviewed proof tells of changes, and of nothing else."""
    ledger, company, env = work.ledger, work.company, work.env
    env[PAGE].invalidate_model()
    listed = {row.id: (row.line_count, Decimal(str(row.balance))) for row in env[PAGE].search([])}
    for account_id in company.clearing:
        lines = open_lines(ledger, company.id, account_id)
        balance = sum((ledger.left(line)[1] for line in lines), ZERO)
        expected = (len(lines), balance) if lines else None
        found = listed.get(account_id)
        work.state.expect(found == expected, "list", f"open are {expected} of {account_id}, listed {found}")
        _check_page(work, account_id, lines)
    for proof in _proofs(work, "reviewed"):
        snapshot = {row.key: Decimal(str(row.amount)) for row in proof.snapshot_ids[-1:].line_ids}
        now = open_at(ledger, company.id, proof.account_id.id, proof.date)
        named = proof.get_discrepancies()
        if snapshot != now:
            work.state.expect(named, "proof", f"{proof.display_name} has changed from {snapshot} to {now}, silently")
        work.state.expect(proof.snapshot_ids[-1:].is_intact, "proof", "a sealed snapshot is not intact")
    return Choices()


def _check_page(work, account_id, lines):
    """The groups of the page hold each open line once, by whatever they are grouped."""
    page, currency = _page(work, account_id), work.env["res.currency"].browse(work.company.currency_id)
    group_by = work.pick.any(["partner", "reference", "order", "product"])
    found = page.get_groups(group_by, {}, 200)
    shown = [line["id"] for group in found["groups"] for line in group["lines"]]
    for group in found["groups"]:
        if group["count"] > len(group["lines"]):
            more = page.get_group_lines(group_by, group["key"] or "", {}, len(group["lines"]))
            shown += [line["id"] for line in more]
    work.state.expect(
        sorted(shown) == sorted(line.id for line in lines), "page", f"open are {lines}, shown by {group_by} {shown}"
    )
    debit = sum((line.amount_residual for line in lines if line.amount_residual > 0), ZERO)
    work.state.expect(
        (found["line_count"], currency.compare_amounts(found["debit"], float(debit))) == (len(lines), 0),
        "page", f"open are {len(lines)} lines of {debit}, counted {found['line_count']} of {found['debit']}",
    )  # fmt: skip
