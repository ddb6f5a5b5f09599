"""A check of companies like Odoo's ``check_company``, which treats the branches of one company as one."""

from odoo.exceptions import ValidationError


def check_same_root(records, *names):
    """Refuse what is of another company than its record; branches of one company are one.

    :param records: records with ``company_id``
    :param names: of many2one fields to records with ``company_id``
    :raise ValidationError: naming both
    """
    # Only companies are read, of records that the user may have no access to.
    for record in records.sudo():
        for other in (record[name] for name in names):
            if other.company_id and other.company_id.root_id != record.company_id.root_id:
                raise ValidationError(
                    record.env._(
                        "“%(other)s” is of another company than “%(record)s”. Choose one of the same company, or of "
                        "one of its branches.",
                        other=other.display_name,
                        record=record.display_name,
                    )
                )
