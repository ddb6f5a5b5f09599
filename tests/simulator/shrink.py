"""Delta debugging: of a failing sequence, the few steps that it still fails with in the same way."""


def shrink(steps, fails):
    """Leave out of a sequence whatever it fails without.

    :param steps: list of steps that fails
    :param fails: tells of a list of steps whether it fails in the same way
    :return: list of steps, of which none can be left out

    >>> shrink(list(range(20)), lambda kept: 3 in kept and 17 in kept)
    [3, 17]
    """
    parts = 2
    while len(steps) >= 2:
        size = -(-len(steps) // parts)
        for start in range(0, len(steps), size):
            kept = steps[:start] + steps[start + size :]
            if kept and fails(kept):
                steps, parts = kept, max(parts - 1, 2)
                break
        else:
            if size == 1:
                return steps
            parts = min(len(steps), parts * 2)
    return steps
