"""A plugin of pytest for tests in several processes (pytest-xdist): each has files of its own."""

import os
import shutil
import tempfile

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_filestore(load_registry):
    """Give each process files of its own, as it has a database of its own.

    pytest-odoo lets all use those of the database that theirs are copies of. There the clean-up of one removes what the
    others have written and not committed.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    from odoo.tools import config  # only where pytest-odoo has set Odoo up

    with tempfile.TemporaryDirectory(prefix="filestore-") as folder:
        shutil.copytree(config.filestore(None), folder, dirs_exist_ok=True)
        config.filestore.return_value = folder
        yield
