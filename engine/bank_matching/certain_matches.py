"""From scored suggestions to the matches that are certain: no item is used twice, nothing is guessed."""

from .scoring import probabilities

# How many bits the best suggestion must be ahead of all others: 2**6 = 64 times as likely.
GAP = 6.0
# What in a label names one document.
NAMING = frozenset(["reference_exact", "reference_inside"])
# A similar name may be somebody else's: it is certain only with a number beside it.
NEAR_NAMES = frozenset(["owner_close", "owner_similar", "owner_other_word"])
NUMBERS = NAMING | {"reference_end_to_end", "reference_number", "reference_typo", "reference_truncated"}


def certain_matches(suggestions, threshold):
    """Choose what is certain among the suggestions of many transactions, in rounds.

    In each round every transaction whose best suggestion is whole, passes the threshold and is far ahead of its rivals
    makes a claim. A claim that is the only one for its items is granted. Where several transactions claim the same,
    none of them gets it, also in later rounds: a person decides. Granted items are then removed from the suggestions of
    the others, which share the probability again, until a round grants nothing. The order of the transactions changes
    nothing.

    :param suggestions: dict transaction id -> list of ``Suggestion``, all of them
    :param threshold: float, least probability
    :return: dict transaction id -> (``Suggestion``, list of rival ``Suggestion``)
    """
    left = {key: list(found) for key, found in suggestions.items() if found}
    granted, contested = {}, set()
    while True:
        claims = {}
        for key, found in left.items():
            best, rivals = _best(key, found, threshold)
            if best is not None and not best.claims & contested:
                claims[key] = best, rivals
        claimants = {}
        for key, (best, _rivals) in claims.items():
            for claim in best.claims:
                claimants.setdefault(claim, set()).add(key)
        named = _named(left, claims)
        fresh = {}
        for key, (best, rivals) in claims.items():
            others = set().union(*(claimants[claim] for claim in best.claims)) - {key}
            if not _names(best) and any(named.get(claim, set()) - best.partners for claim in best.claims):
                # Another transaction names what this one only fits, and pays another amount.
                continue
            agreeing = _partners(key, best, claims)
            if agreeing != best.partners - {key}:
                # The other side of a transfer, or the other part, would rather be something else.
                continue
            others -= agreeing
            if others:
                contested |= best.claims
            else:
                fresh[key] = best, rivals
        fresh = {key: pair for key, pair in fresh.items() if not pair[0].claims & contested}
        if not fresh:
            return granted
        granted.update(fresh)
        used = frozenset().union(*(best.claims for best, _rivals in fresh.values()))
        used |= {("transaction", key) for key in fresh}
        for key in fresh:
            del left[key]
        for key, found in left.items():
            free = [one for one in found if not one.claims & used]
            if len(free) != len(found):
                left[key] = free


def _names(suggestion):
    """Whether the label names what is suggested."""
    return any(why.kind in NAMING for why in suggestion.reasons)


def _named(left, claims):
    """Give what transactions name of which they pay another amount: dict claim -> set of transaction ids."""
    named = {}
    for key, found in left.items():
        if key not in claims and found and not found[0].is_whole and _names(found[0]):
            for claim in found[0].claims:
                named.setdefault(claim, set()).add(key)
    return named


def _best(key, found, threshold):
    """Give the certain suggestion of a transaction and its rivals, or (None, [])."""
    if not found:
        return None, []
    shares = probabilities([one.score for one in found], none=found[0].none)
    order = sorted(range(len(found)), key=lambda i: (-found[i].score, found[i].records))
    best = found[order[0]]._replace(probability=shares[order[0]])
    rivals = [found[i] for i in order[1:]]
    if not best.is_whole or best.is_for_person or best.note == "several_solutions" or shares[order[0]] < threshold:
        return None, []
    if rivals and best.score - rivals[0].score < GAP:
        return None, []
    kinds = {why.kind for why in best.reasons}
    if not kinds.isdisjoint(NEAR_NAMES) and kinds.isdisjoint(NUMBERS):
        return None, []
    return best, rivals


def _partners(key, best, claims):
    """Give those of the other transactions that belong to a suggestion which make the same claim."""
    return {
        other
        for other in best.partners
        if other != key and other in claims and claims[other][0].claims == best.claims
        and claims[other][0].partners == best.partners
    }  # fmt: skip
