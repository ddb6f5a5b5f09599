"""SQL that writes many rows at once, given as plain values."""

import json

from odoo.tools import SQL


def reserve_ids(table: str, count: int) -> SQL:
    """Take ids for rows to come, ascending.

    :return: a query of ids
    """
    return SQL("SELECT nextval(%s) FROM generate_series(1, %s)", f"{table}_id_seq", count)


def insert_rows(rows: dict) -> SQL:
    """Write rows of several tables by one statement, so that they may refer to each other whatever their order.

    :param rows: table -> list of (what rows have in common, list of the rows' own columns), each a dict column -> value
        as JSON has it; dates and times are texts, and amounts that must be exact; a row's own column
        counts, also where it is None; one that is in neither is empty
    """
    inserts = [
        SQL(
            "INSERT INTO %s %s",
            SQL.identifier(table),
            SQL(" UNION ALL ").join(
                SQL(
                    "SELECT row.* FROM jsonb_populate_recordset("
                    "jsonb_populate_record(NULL::%s, %s::jsonb), %s::jsonb) AS row",
                    SQL.identifier(table),
                    json.dumps(common),
                    json.dumps(own),
                )
                for common, own in groups
            ),
        )
        for table, groups in rows.items()
        if groups
    ]
    parts = [SQL("%s AS (%s)", SQL.identifier(f"part_{number}"), part) for number, part in enumerate(inserts[:-1])]
    return SQL("WITH %s %s", SQL(", ").join(parts), inserts[-1]) if parts else inserts[-1]
