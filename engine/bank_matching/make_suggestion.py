"""Puts a suggestion together from its parts, and decides whether a person has to confirm it."""

from . import reasons as about
from . import scoring
from .model import Suggestion


def make_suggestion(
    transaction, entity_type, records, amounts, prior, reasons, is_whole, note, claims,
    is_for_person=False, is_settled=False,
):  # fmt: skip
    """Put a suggestion together.

    :param prior: key of ``WEIGHTS``
    :param reasons: list of ``Reason``; that somebody rejected it is added
    :return: ``Suggestion`` without its probability
    """
    reasons = [*reasons, *about.rejected_reasons(transaction, records)]
    reasons.sort(key=lambda found: (-abs(found.weight), found.kind))
    kinds = {found.kind for found in reasons}
    # A reason that fits two account owners equally does not say which of them it is.
    is_for_person = is_for_person or (not about.SHARED.isdisjoint(kinds) and "reference_exact" not in kinds)
    # A label that names one document beside the amount of another is for a person; so is what somebody has rejected.
    # A payment has its own number, and is for the document that the label names.
    is_for_person = (
        is_for_person
        or not kinds.isdisjoint(("rejected", "planned_waiting"))
        or (entity_type != "payment" and "reference_other" in kinds)
    )
    score = scoring.score(prior, reasons)
    return Suggestion(
        entity_type, tuple(records), tuple(amounts), 0.0, tuple(reasons), is_whole, note, score, frozenset(claims),
        is_for_person, is_settled,
    )  # fmt: skip


def claims_of(*items):
    """Give what items would use up: all of their open lines."""
    return [("line", line_id) for item in items for line_id in item.line_ids]
