"""From scored suggestions to the matches that are certain: no item is used twice, nothing is guessed."""

from dataclasses import replace

from .scoring import probabilities

# How many bits the best must be ahead of whatever else the transaction could be: 2**6 = 64 times as likely.
GAP = 6.0


def certain_matches(suggestions, threshold):
    """Choose for a whole batch what is certain, in rounds.

    In each round every transaction whose best suggestion is whole, passes the threshold and is far ahead of its rivals
    makes a claim. A claim that no other claim of the round contests is granted; contested ones are granted to nobody,
    ever: what two transactions claim with equal right is for a person. What was granted is then off the table for the
    others, whose remaining suggestions share the probability anew, until a round grants nothing. The order of the
    transactions changes nothing.

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
        fresh = {}
        for key, (best, rivals) in claims.items():
            others = set().union(*(claimants[claim] for claim in best.claims)) - {key}
            if best.entity_type == "internal_transfer":
                others -= _partners(key, best, claims)
                if not _partners(key, best, claims):
                    # The other side would rather be something else.
                    continue
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


def _best(key, found, threshold):
    """Give the certain suggestion of a transaction and its rivals, or (None, [])."""
    if not found:
        return None, []
    shares = probabilities([one.score for one in found], none=found[0].none)
    order = sorted(range(len(found)), key=lambda i: (-found[i].score, found[i].records))
    best = replace(found[order[0]], probability=shares[order[0]])
    rivals = [found[i] for i in order[1:]]
    if not best.is_whole or best.is_for_person or best.note == "several_solutions" or shares[order[0]] < threshold:
        return None, []
    if rivals and best.score - rivals[0].score < GAP:
        return None, []
    return best, rivals


def _partners(key, best, claims):
    """Give the other side of a transfer, where it makes the same claim."""
    return {
        other
        for model, other in best.records
        if other != key and other in claims and claims[other][0].claims == best.claims
    }
