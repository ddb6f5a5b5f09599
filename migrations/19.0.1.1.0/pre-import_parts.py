"""The parts of large files that are being imported keep what is to be created in a column of another type."""


def migrate(cr, version):
    """Forget them: the dialog that is open reads its files again.

    :param cr: the cursor of the update
    :param version: str, the version that is installed
    """
    cr.execute("DELETE FROM account_bank_statement_import_batch")
    cr.execute("UPDATE account_bank_statement_import SET is_batched = FALSE")
