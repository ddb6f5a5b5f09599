"""The end of a decision log gets a row each time that decisions are added; so far one row a journal was changed."""


def migrate(cr, version):
    """Drop the constraint by which a journal had one row; the rows stay, each the end of its log.

    :param cr: the cursor of the update
    :param version: str, the version that is installed
    """
    cr.execute(
        "ALTER TABLE IF EXISTS account_bank_match_chain DROP CONSTRAINT IF EXISTS account_bank_match_chain_journal_uniq"
    )
