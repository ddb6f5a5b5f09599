"""Connected components: the groups that pairs form.

Odoo numbers what is matched with each other (*matching number*): lines are points, partials join two of them, and a
group is everything that can be reached. Here the same is found for many pairs in one pass (union-find), so its cost is
in effect linear, also for one chain of a hundred thousand payments and invoices.
"""

from collections.abc import Hashable, Iterable


def group(pairs: Iterable[tuple[Hashable, Hashable]]) -> dict[Hashable, Hashable]:
    """Find the group of each thing.

    :param pairs: two things that belong together
    :return: ``{thing: one thing of its group}``; the same input gives the same representatives

    >>> group([("payment", "invoice"), ("payment", "fees"), ("deposit", "camp")])
    {'payment': 'payment', 'invoice': 'payment', 'fees': 'payment', 'deposit': 'deposit', 'camp': 'deposit'}
    """
    parent = {}

    def root(thing):
        above = parent.setdefault(thing, thing)
        while above != thing:
            # Each step halves the path for the next search.
            parent[thing] = above = parent[above]
            thing, above = above, parent[above]
        return thing

    for one, other in pairs:
        parent[root(other)] = root(one)
    return {thing: root(thing) for thing in list(parent)}
