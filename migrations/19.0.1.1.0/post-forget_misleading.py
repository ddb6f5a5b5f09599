"""What bank matching learned wrongly is forgotten: bank jargon, terms that several owners share, single first names."""

import logging

from odoo import SUPERUSER_ID, api

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    """Forget it, and say in the log of the update what was forgotten.

    :param cr: the cursor of the update
    :param version: str, the version that is installed
    """
    if not version:
        return
    forgotten = api.Environment(cr, SUPERUSER_ID, {})["account.bank.match.memory"]._forget_misleading()
    if forgotten:
        _logger.info("Bank matching forgot what it had learned wrongly: %s", "; ".join(forgotten))
