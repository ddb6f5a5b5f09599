"""Retries after a conflict with a concurrent transaction, with increasing waits."""

import random
import time

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

TRIES = 8


def back_off(attempt):
    """Wait before trying again: longer each time, at most about 2 s, and not in step with others."""
    time.sleep(min(2.0, 0.05 * 2**attempt) * random.uniform(0.5, 1.0))


def retry_on_conflict(cr, work):
    """Do work, and repeat it after a conflict with a concurrent transaction, rolled back to the last commit.

    :param cr: the cursor, whose transaction is the caller's to roll back
    :param work: called without arguments
    :return: what it returns
    :raise psycopg2.Error: the error of the last of ``TRIES``
    """
    for attempt in range(TRIES - 1):
        try:
            return work()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            cr.rollback()
            back_off(attempt)
    return work()
