"""The parts of large files that are being imported keep what is to be created in a column of another type."""


def migrate(cr, version):
    """Forget them: whoever imports the same file again goes on with it.

    :param cr: the cursor of the update
    :param version: str, the version that is installed
    """
    cr.execute("DELETE FROM account_bank_statement_import_batch")
