"""A second bookkeeping: what each item is worth, what each partial pays of which item, which status follows.

It is given what Odoo decided (entries, partials) and derives by itself what has to become of it.
"""

from collections import namedtuple
from decimal import Decimal

from .ledger import OWED
from .worth import Worth, is_item, worth_of

INBOUND = ("out_invoice", "out_receipt", "in_refund")
DOCUMENTS = (*INBOUND, "in_invoice", "in_receipt", "out_refund")
ZERO = Decimal(0)

# ``allocation_key``: items that share money: those of a document, or one line of an entry. ``order``: its place on it.
# ``worth``: net and total, see :class:`worth.Worth`.
Item = namedtuple("Item", "line_id move_id allocation_key total order worth")


class Broken(AssertionError):
    """An invariant that doesn't hold: its name, and what was found."""

    def __init__(self, rule, text):
        super().__init__(f"{rule}: {text}")
        self.rule = rule


def allocate(amount, open_amounts):
    """What a payment pays of items, first to last; it takes what gives money back only where it settles them all.

    :param open_amounts: list of (key, open amount), in order
    :return: ``{key: amount}``
    """
    if amount == sum(left for _key, left in open_amounts):
        return {key: left for key, left in open_amounts if left}
    result = {}
    for key, left in open_amounts:
        part = min(amount, max(left, ZERO))
        if part:
            result[key] = part
            amount -= part
    if amount:
        raise Broken("I2", f"{amount} more is paid than is open of {[key for key, _left in open_amounts]}")
    return result


class Book:
    """What must be applied to what.

    ``currency_of``: ``{company id: currency id}``; ``taxes``: :class:`worth.Taxes`;
    ``items``: ``{line id: Item}``; ``applied``: ``{(partial id, line id of the paid side): {item line id: amount}}``;
    ``returned``: ``{return id: {(line id of the paid side, line id of the money): {item line id: amount}}}``, what a
    returned payment had paid
    """

    def __init__(self, roundings, exchange_journals, currency_of, taxes):
        self.roundings, self.exchange_journals = roundings, exchange_journals
        self.currency_of, self.taxes = currency_of, taxes
        self.items, self.applied = {}, {}
        self.of_move, self.of_allocation_key = {}, {}
        self.returned, self._again = {}, {}

    def fork(self):
        other = Book(self.roundings, self.exchange_journals, self.currency_of, self.taxes)
        other.items, other.of_move = dict(self.items), dict(self.of_move)
        other.of_allocation_key = dict(self.of_allocation_key)
        other.applied = {key: dict(split) for key, split in self.applied.items()}
        other.returned = dict(self.returned)
        return other

    # -- items ----------------------------------------------------------------------------------------------

    def items_by_hand(self, ledger, move):
        """The items that a posted entry has, from its lines."""
        lines = ledger.lines_of[move.id]
        if move.move_type in DOCUMENTS and any(map(is_item, lines)):
            return self._document_items(move, lines)
        if move.move_type == "entry" and (
            ledger.money_behind(move)
            or move.tax_cash_basis_rec_id
            or move.tax_cash_basis_origin_move_id
            or move.journal_id in self.exchange_journals
        ):
            return {}
        result = {}
        for line in lines:
            if line.account_type in OWED and line.amount_currency and line.balance:
                amount, balance = abs(line.amount_currency), abs(line.balance)
                worth = Worth(amount, amount, balance, balance)
                result[line.id] = Item(
                    line.id, move.id, ("line", line.id), amount, (line.sequence, line.id), worth
                )  # fmt: skip
        return result

    def _document_items(self, move, lines):
        direction = 1 if move.move_type in INBOUND else -1
        own = self.currency_of[move.company_id]
        steps = self.roundings[move.currency_id], None if move.currency_id == own else self.roundings[own]
        worth = worth_of(lines, direction, steps, self.taxes)
        if worth is None:
            raise Broken("I13", f"the lines of {move} don't add up to what is owed: {lines}")
        return {
            line.id: Item(line.id, move.id, ("move", move.id), worth[line.id].total, (line.sequence, line.id),
                          worth[line.id])
            for line in lines if line.id in worth
        }  # fmt: skip

    # -- following what happens -----------------------------------------------------------------------------

    def follow(self, before, after, choices):
        """Take a step along with Odoo.

        :param before, after: the :class:`Ledger` before and after it
        :param choices: :class:`operations.Choices`
        """
        self._follow_returns(before, after)
        for move_id in sorted(self._touched(before, after) | choices.remade):
            self._follow_entry(before, after, move_id, choices)
        for key in [key for key in self.applied if key[0] not in after.partial]:
            del self.applied[key]
        sides = [
            (partial, own, other, amount)
            for partial in after.partial.values()
            for own, other, amount in self.sides(after, partial)
        ]
        rechosen = set()
        for partial, own, other, _amount in sides:
            key = (partial.id, own.id)
            is_chosen = self._chosen_split(choices, own, other) is not None
            if is_chosen and (key not in self.applied or (own.move_id, other.id) in choices.splits):
                rechosen.add(key)
                self.applied.pop(key, None)
        self._take_as_chosen(after, choices, [side for side in sides if (side[0].id, side[1].id) in rechosen])
        signed = {own.move_id for _partial, own, _other, _amount in sides if self.has_both_signs(after, own.move_id)}
        for partial, own, _other, amount in sides:
            if (partial.id, own.id) not in self.applied:
                again = [
                    split for split in self._again.get((own.id, other.id), ()) if self._is_open(split, amount)
                ]  # fmt: skip
                if again:
                    self.applied[partial.id, own.id] = dict(again[0])
                    self._forget_left()
                else:
                    self._apply(partial, own, amount, is_capped=own.move_id in signed)
        for move_id in signed:
            self._settle_both_signs(after, move_id, [side for side in sides if side[1].move_id == move_id])

    def _apply(self, partial, own, amount, is_capped=False):
        open_amounts = [(item.line_id, self.left(item)) for item in self.items_of(own)]
        if is_capped:
            amount = min(amount, sum((left for _key, left in open_amounts), ZERO))
        self.applied[partial.id, own.id] = allocate(amount, open_amounts)
        self._forget_left()

    # -- returned payments ----------------------------------------------------------------------------------

    def _follow_returns(self, before, after):
        """Keep what a returned payment had paid; where that is undone, it pays the same again."""
        self._again = {}
        gone = [before.partial[key] for key in after.changed["partial"] if key not in after.partial]
        made = [after.partial[key] for key in sorted(after.changed["partial"]) if key not in before.partial]
        for key in sorted(after.changed["returned"]):
            now = after.returned.get(key)
            if key not in before.returned:
                self.returned[key] = {}
                for pair, split in self._taken_back(before, now, gone).items():
                    self.returned[key][pair] = self._opened(after, pair, split, made, now.state == "undone")
            if not now or now.state == "undone":
                for pair, split in self.returned.pop(key, {}).items():
                    self._again.setdefault(pair, []).append(split)

    def _taken_back(self, before, returned, gone):
        """What the gone partials paid with the money that was returned: of one owner, account and currency."""
        result = {}
        money = before.line[returned.money_line_id]
        for partial in gone:
            for own, other, _amount in self.sides(before, partial):
                if all(
                    getattr(other, name) == getattr(money, name)
                    for name in ("move_id", "owner_id", "account_id", "currency_id")
                ):
                    split = result.setdefault((own.id, other.id), {})
                    for line_id, part in self.applied.get((partial.id, own.id), {}).items():
                        split[line_id] = split.get(line_id, ZERO) + part
        return result

    def _opened(self, after, pair, split, made, is_undone):
        """What is open again of what a payment had paid: where a part of it was returned, it goes on paying the first
        items, in listed order, by a new partial."""
        new = [
            amount
            for partial in made
            for own, other, amount in self.sides(after, partial)
            if (own.id, other.id) == pair
        ]
        left = new[0] if new and (not is_undone or len(new) > 1) else ZERO
        kept = {}
        items = [self.items[line_id] for line_id in split if line_id in self.items]
        for item in sorted(items, key=lambda item: item.order):
            kept[item.line_id] = min(max(split[item.line_id], ZERO), left)
            left -= kept[item.line_id]
        self._again.setdefault(pair, []).append({line_id: part for line_id, part in kept.items() if part})
        opened = {line_id: part - kept.get(line_id, ZERO) for line_id, part in split.items()}
        return {line_id: part for line_id, part in opened.items() if part}

    def _is_open(self, split, amount):
        """Whether all that had been paid is still open, and is paid."""
        return (
            bool(split)
            and sum(split.values(), ZERO) == amount
            and all(
                line_id in self.items and abs(part) <= abs(self.left(self.items[line_id]))
                for line_id, part in split.items()
            )
        )

    # -- due lines of both signs ----------------------------------------------------------------------------

    def has_both_signs(self, ledger, move_id):
        """Whether a fixed first amount above the total has left due lines of both signs."""
        signs = {line.balance > 0 for line in ledger.lines_of[move_id] if line.display_type == "payment_term"}
        return len(signs) > 1

    def is_lowering(self, ledger, line):
        """Whether a due line lowers what its document owes."""
        is_inbound = ledger.move[line.move_id].move_type in INBOUND
        return line.display_type == "payment_term" and (line.amount_currency > 0) != is_inbound

    def _settle_both_signs(self, ledger, move_id, sides):
        """The items have open what the sum of the due lines has, at most all: else the oldest partials pay anew."""
        total = sum((item.total for item in self.of_move[move_id].values()), ZERO)
        paid = sum((amount for _partial, _own, _other, amount in sides), ZERO)
        for line in ledger.lines_of[move_id]:
            if self.is_lowering(ledger, line):
                for partial in ledger.partials_of.get(line.id, ()):
                    is_debit = partial.debit_move_id == line.id
                    other = ledger.line[partial.credit_move_id if is_debit else partial.debit_move_id]
                    if other.move_id != move_id:
                        paid -= partial.debit_amount_currency if is_debit else partial.credit_amount_currency
        wanted = min(max(paid, ZERO), total)
        if sum((self.reconciled(line_id) for line_id in self.of_move[move_id]), ZERO) == wanted:
            return
        for partial, own, _other, _amount in sides:
            self.applied.pop((partial.id, own.id), None)
        self._forget_left()
        for partial, own, _other, amount in sorted(sides, key=lambda side: side[0].id):
            self._apply(partial, own, min(amount, wanted), is_capped=True)
            wanted -= min(amount, wanted)

    def _touched(self, before, after):
        moves = set(after.changed["move"])
        for line_id in after.changed["line"]:
            for ledger in (before, after):
                if line_id in ledger.line:
                    moves.add(ledger.line[line_id].move_id)
        return moves

    def _follow_entry(self, before, after, move_id, choices):
        move = after.move.get(move_id)
        old = self.of_move.get(move_id, {})
        new = self.items_by_hand(after, move) if move and move.state == "posted" else {}
        was_posted = move_id in before.move and before.move[move_id].state == "posted"
        # An item that gets another ledger code keeps its worth, also where its tax is booked on the old one.
        is_same = [item._replace(total=ZERO, worth=None) for item in new.values()] == [
            item._replace(total=ZERO, worth=None) for item in old.values()
        ]
        if was_posted and is_same and move_id not in choices.remade and not self._worth_changed(before, after, move_id):
            return
        for line_id in old:
            self.of_allocation_key.pop(self.items.pop(line_id).allocation_key, None)
        self.items.update(new)
        self.of_move[move_id] = new
        for item in sorted(new.values(), key=lambda item: item.order):
            self.of_allocation_key.setdefault(item.allocation_key, []).append(item)
        if not new:
            del self.of_move[move_id]
        own_lines = {line.id for ledger in (before, after) for line in ledger.lines_of.get(move_id, ())}
        for key in [key for key in self.applied if key[1] in own_lines]:
            del self.applied[key]
        self._forget_left()

    def _worth_changed(self, before, after, move_id):
        """Whether a line of an entry that stayed posted is worth something else: its items are made anew then."""
        return any(
            line.id in before.line
            and (line.amount_currency, line.balance, line.price_total)
            != (
                before.line[line.id].amount_currency,
                before.line[line.id].balance,
                before.line[line.id].price_total,
            )
            for line in after.lines_of.get(move_id, ())
            if line.id in after.changed["line"]
        )

    def sides(self, ledger, partial):
        """The sides of a partial that are documents: (own line, other line, amount in the document's currency).

        Two due lines of one document that are paired pay nothing of it, nor does what uses a line that lowers it.
        """
        debit, credit = ledger.line[partial.debit_move_id], ledger.line[partial.credit_move_id]
        for own, other, amount in (
            (debit, credit, partial.debit_amount_currency),
            (credit, debit, partial.credit_amount_currency),
        ):
            items = self.items_of(own) if amount > 0 and own.account_type in OWED else []
            is_own = items and items[0].allocation_key[0] == "move" and other.move_id == own.move_id
            if items and not is_own and not self.is_lowering(ledger, own):
                yield own, other, amount

    def items_of(self, line):
        """The items that money on a receivable or payable line is allocated to, in listed order."""
        return self.of_allocation_key.get(("line", line.id)) or self.of_allocation_key.get(("move", line.move_id)) or []

    # -- what somebody chose --------------------------------------------------------------------------------

    def _chosen_split(self, choices, own, other):
        """The split that the step chose for a document and its money, or None."""
        return choices.splits.get((own.move_id, other.id), choices.splits.get((own.move_id, None)))

    def _take_as_chosen(self, ledger, choices, sides):
        """Where somebody chose the items: together the partials of a document and its money pay what was chosen."""
        chosen, paid = {}, {}
        for partial, own, other, _amount in sides:
            split = {}
            for line in ledger.applied_of.get(partial.id, ()):
                if line.counterpart_line_id == other.id:
                    split[line.move_line_id] = split.get(line.move_line_id, ZERO) + line.amount_currency
            self.applied[partial.id, own.id] = split
            key = (own.move_id, other.id) if (own.move_id, other.id) in choices.splits else (own.move_id, None)
            chosen[key] = self._chosen_split(choices, own, other)
            total = paid.setdefault(key, {})
            for line_id, amount in split.items():
                total[line_id] = total.get(line_id, ZERO) + amount
        self._forget_left()
        for key, split in chosen.items():
            if self.has_both_signs(ledger, key[0]):
                continue  # what another document uses of it comes first
            wanted = {line_id: amount for line_id, amount in split.items() if amount}
            if {line_id: amount for line_id, amount in paid[key].items() if amount} != wanted:
                raise Broken("I1", f"document {key[0]}: {wanted} was chosen, {paid[key]} is applied")

    # -- balances -------------------------------------------------------------------------------------------

    _left = None

    def _forget_left(self):
        self._left = None

    def reconciled(self, line_id):
        """How much is applied to an item."""
        if self._left is None:
            self._left = {}
            for split in self.applied.values():
                for key, amount in split.items():
                    self._left[key] = self._left.get(key, ZERO) + amount
            # The items of a document that is worth nothing settle each other.
            for items in self.of_allocation_key.values():
                if sum((item.total for item in items), ZERO) == 0:
                    self._left.update({item.line_id: item.total for item in items})
        return self._left.get(line_id, ZERO)

    def left(self, item):
        return item.total - self.reconciled(item.line_id)

    def planned(self, ledger):
        """What the planned payments plan for each item: ``{line id: amount}``."""
        result = {}
        for one in ledger.planned.values():
            if self.is_coming(one):
                for line in ledger.planned_lines_of.get(one.id, ()):
                    result[line.move_line_id] = result.get(line.move_line_id, ZERO) + line.amount
        return result

    def is_coming(self, planned):
        return not planned.payment_id and (
            planned.state in ("planned", "processing")
            or (planned.state == "failed" and bool(planned.next_attempt_date))
        )

    def status(self, ledger, move, planned):
        """The status of an entry, None where nothing of it can be reconciled."""
        lines = ledger.owed_lines(move.id)
        if not lines:
            return None
        if move.state != "posted":
            return "not_reconciled"
        left = [ledger.left(line) for line in lines]
        was = [(line.amount_currency, line.balance) for line in lines]
        if move.move_type in DOCUMENTS:
            # Of a document the sum of its due lines is owed.
            left, was = [tuple(map(sum, zip(*left, strict=True)))], [tuple(map(sum, zip(*was, strict=True)))]
            sign = 1 if move.move_type in INBOUND else -1
            if sign * left[0][0] < 0:
                return "full"
        if not any(amount for both in left for amount in both):
            return "full"
        items = self.of_move.get(move.id, {})
        covered = sum((planned.get(line_id, ZERO) for line_id in items), ZERO)
        if covered > 0 and covered >= sum((self.left(item) for item in items.values()), ZERO):
            return "planned"
        if covered > 0 or left != was:
            return "partial"
        return "not_reconciled"
