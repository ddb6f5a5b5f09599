"""Who pays what: money allocated to what is owed, first to last, exactly.

*How it works.* Lay the sources (money) end to end on a line, as long as their amounts, and the targets (what is owed)
on a second line beneath it. Wherever a source lies over a target, the length of the overlap is what that source pays
of that target. One pass, no state, no rounding: the same operation matches payments with documents and a payment with
the items of one document.

*Pro rata* is the other way to lay money on targets: ``share`` gives each target its part of every source, in proportion
to what it still lacks. Parts are cut to the smallest amount of the currency, and the odd ones go to the largest
remainders, ties in the order given. So they add up to the source exactly and never pass a target; and since a source
leaves the proportions as they were, several small ones give what one large one gives, within one smallest amount each.

*Negative items* (a discount line) give money back. The source that settles the document takes them in full; before
that, money goes to positive items alone.

*Cost.* ``allocate`` is linear. The same as queries, for a million documents at once: ``waterfall_sql.py``.
"""

from collections.abc import Hashable, Iterable
from decimal import Decimal

Amounts = Iterable[tuple[Hashable, Decimal]]


def allocate(sources: Amounts, targets: Amounts) -> list[tuple[Hashable, Hashable, Decimal]]:
    """Allocate sources to targets, both in the order given.

    :param sources: ``(key, amount)``, amounts at least 0 in one currency
    :param targets: ``(key, amount)``, amounts at least 0 in the same currency
    :return: ``(source key, target key, amount)`` with amount above 0, in the order of allocation

    >>> owed = [("swim", Decimal(75)), ("judo", Decimal(75)), ("pass", Decimal(20))]
    >>> allocate([("cash", Decimal(100))], owed)
    [('cash', 'swim', Decimal('75')), ('cash', 'judo', Decimal('25'))]
    """
    result = []
    owed = iter([target for target in targets if target[1] > 0])
    target_key, missing = next(owed, (None, Decimal(0)))
    for source_key, available in sources:
        while available > 0 and missing > 0:
            amount = min(available, missing)
            result.append((source_key, target_key, amount))
            available -= amount
            missing -= amount
            if not missing:
                target_key, missing = next(owed, (None, Decimal(0)))
    return result


def share(sources: Amounts, targets: Amounts, step: Decimal) -> list[tuple[Hashable, Hashable, Decimal]]:
    """Share each source among all targets, in proportion to what each still lacks.

    :param sources: ``(key, amount)``, amounts at least 0 in one currency
    :param targets: ``(key, amount)``, amounts at least 0 in the same currency
    :param step: the smallest amount of the currency; all amounts are multiples of it
    :return: ``(source key, target key, amount)`` with amount above 0, sources and targets in the order given

    >>> owed = [("swim", Decimal(75)), ("judo", Decimal(75)), ("pass", Decimal(20))]
    >>> [(target, str(amount)) for _source, target, amount in share([("cash", Decimal(100))], owed, Decimal("0.01"))]
    [('swim', '44.12'), ('judo', '44.12'), ('pass', '11.76')]
    """
    result = []
    lacking = {key: amount for key, amount in targets if amount > 0}
    for source_key, available in sources:
        whole = sum(lacking.values(), Decimal(0))
        available = min(available, whole)
        if available <= 0:
            continue
        parts, remainders = {}, {}
        for key, missing in lacking.items():
            steps, remainders[key] = divmod(available * missing, whole * step)
            parts[key] = steps * step
        odd = available - sum(parts.values(), Decimal(0))
        for key in sorted(lacking, key=lambda key: -remainders[key]):
            extra = max(min(step, odd), Decimal(0))
            parts[key] += extra
            odd -= extra
        for key, amount in parts.items():
            lacking[key] -= amount
            if amount:
                result.append((source_key, key, amount))
    return result


def allocate_to_items(
    sources: Amounts, items: Amounts, step: Decimal | None = None
) -> list[tuple[Hashable, Hashable, Decimal]]:
    """Allocate money to the open amounts of one document's items, negative items included.

    :param sources: ``(key, amount)``, amounts at least 0
    :param items: ``(key, open amount)`` in the order to pay; negative for an item that gives money back
    :param step: None for one item after the other; the smallest amount of the currency to pay all pro rata
    :return: ``(source key, item key, amount)``; a negative item is taken whole by the source that settles the document
    """
    sources, items = list(sources), list(items)
    back = [(key, amount) for key, amount in items if amount < 0]
    given_back = -sum((amount for _key, amount in back), Decimal(0))
    due = sum((amount for _key, amount in items), Decimal(0))
    settler, allocated, adjusted = None, Decimal(0), []
    for key, amount in sources:
        if settler is None and amount > 0 and allocated + amount >= due:
            settler = key
            adjusted.append((key, amount + given_back))
        else:
            adjusted.append((key, amount))
        allocated += amount
    result = allocate(adjusted, items) if step is None else share(adjusted, items, step)
    if settler is not None:
        result += [(settler, key, amount) for key, amount in back]
    return result
