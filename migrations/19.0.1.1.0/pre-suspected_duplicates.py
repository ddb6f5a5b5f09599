"""The preview's rows of suspected duplicates are a model with another name; the table under the old name goes."""


def migrate(cr, version):
    """Drop the table, which holds nothing but previews of imports that were going on.

    :param cr: the cursor of the update
    :param version: str, the version that is installed
    """
    cr.execute("DROP TABLE IF EXISTS account_bank_statement_import_lookalike")
