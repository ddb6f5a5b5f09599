"""Which of several open items add up to an amount: bounded search, exact in cents."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Combinations:
    """What a search found.

    :param solutions: tuple of tuples of positions, each in ascending order
    :param is_complete: the search looked at everything, so these are all of the solutions (or the wanted number)
    """

    solutions: tuple
    is_complete: bool


def subset_sums(target, amounts, size_max=12, solutions_max=2, budget=4000):
    """Find subsets of two or more amounts that add up to a target.

    Positive and negative amounts may be mixed (a credit note is netted against invoices). Positions are tried in the
    order given, so that of equal ones the first (oldest) is taken; equal amounts at different positions are different
    solutions, because they are different documents.

    How it works: depth first over the amounts with the largest magnitude first; a branch is left where even all of
    the remaining amounts can't reach the target any more. Costs at most ``budget`` steps.

    :param target: int, in the currency's smallest unit
    :param amounts: list of int, none of them zero
    :param size_max: int, most amounts in one subset
    :param solutions_max: int, stop after so many
    :param budget: int, most steps
    :return: ``Combinations``
    """
    order = sorted(range(len(amounts)), key=lambda position: (-abs(amounts[position]), position))
    high, low = [0] * (len(order) + 1), [0] * (len(order) + 1)
    for index in range(len(order) - 1, -1, -1):
        amount = amounts[order[index]]
        high[index] = high[index + 1] + max(amount, 0)
        low[index] = low[index + 1] + min(amount, 0)
    solutions, steps = [], 0
    stack = [(0, target, (), False)]
    while stack:
        steps += 1
        if steps > budget:
            return Combinations(tuple(solutions), False)
        index, missing, chosen, is_new = stack.pop()
        if is_new and missing == 0 and len(chosen) >= 2:
            solutions.append(tuple(sorted(chosen)))
            if len(solutions) >= solutions_max:
                return Combinations(tuple(solutions), True)
        if index == len(order) or len(chosen) >= size_max or not low[index] <= missing <= high[index]:
            continue
        stack.append((index + 1, missing, chosen, False))
        stack.append((index + 1, missing - amounts[order[index]], (*chosen, order[index]), True))
    return Combinations(tuple(solutions), True)
