"""Writing the rows of bank transactions, numbered as Odoo numbers their entries."""

import re
from bisect import bisect_right
from calendar import monthrange
from collections import Counter

from odoo import api, models
from odoo.tools import SQL

from ...engine.bank_import import entry_rows_sql
from ...engine.bank_import.entry_rows import FOLLOWER, ITEM, LINE, MESSAGE, MOVE, TABLES, own_values
from ...engine.common import rows_sql
from ..common.sql import count_grown_tables, looks_empty

# So many are written first where the tables look empty: else all of them would be read for each key of the others.
FIRST_ENTRIES = 200


class AccountBulkImport(models.AbstractModel):
    _inherit = "account.bulk.import"

    @api.model
    def _write(self, journal, vals_list, kinds, amounts, partner_values, patterns, statement_ids):
        """Write the rows, in runs of days: an entry's number follows the entries that are there already."""
        ids = {table: self._next_ids(table, kinds, patterns) for table in TABLES}
        all_facts = []
        for values, kind, one, statement_id in zip(vals_list, kinds, amounts, statement_ids, strict=True):
            pattern = patterns[kind]
            facts = self._facts(values, one, partner_values)
            facts.move_id, facts.line_id, facts.statement_id = next(ids[MOVE]), next(ids[LINE]), statement_id
            facts.item_ids = tuple(next(ids[ITEM]) for _row in pattern.rows[ITEM])
            facts.follower_ids = tuple(next(ids[FOLLOWER]) for _row in pattern.rows[FOLLOWER])
            facts.message_ids = tuple(next(ids[MESSAGE]) for _row in pattern.rows[MESSAGE])
            all_facts.append(facts)
        # ``account.move._compute_name``
        places = sorted(
            range(len(vals_list)),
            key=lambda place: (vals_list[place]["date"], vals_list[place].get("ref") or "", all_facts[place].move_id),
        )
        days = list(dict.fromkeys(vals_list[place]["date"] for place in places))
        first_days = self._first_days(journal, days)
        runs = {}
        for place in places:
            runs.setdefault(first_days[vals_list[place]["date"]], []).append(place)
        for day, of_run in runs.items():
            self._write_run(journal, day, [
                (all_facts[place], vals_list[place], patterns[kinds[place]]) for place in of_run
            ])  # fmt: skip
        self.env.invalidate_all(flush=False)
        lines = self.env["account.bank.statement.line"].browse([facts.line_id for facts in all_facts])
        moves = self.env["account.move"].browse([facts.move_id for facts in all_facts])
        items = self.env["account.move.line"].browse([item_id for facts in all_facts for item_id in facts.item_ids])
        for records in (lines, moves, items):
            records.check_access("create")
        moves._track_discard()
        return lines

    @api.model
    def _next_ids(self, table, kinds, patterns):
        counts = Counter(kinds)
        count = sum(len(patterns[kind].rows[table]) * number for kind, number in counts.items())
        return iter([row[0] for row in self.env.execute_query(rows_sql.reserve_ids(table, count))])

    @api.model
    def _first_days(self, journal, days):
        """For each day the first one of its run: the days of a month whose entries go on with one another's numbers.

        Odoo looks at the last entry up to an entry's day for the form of its number. Within a month that is one of the
        run's own, unless there was another between them.

        :param days: list of date, ascending
        :return: dict
        """
        query = SQL(
            """
            SELECT DISTINCT date FROM account_move
             WHERE journal_id = %s AND date BETWEEN %s AND %s AND name IS NOT NULL AND name NOT IN ('/', '')
            """,
            journal.id,
            days[0],
            days[-1],
        )
        taken = sorted(day for (day,) in self.env.execute_query(query))
        company = journal.company_id.sudo()  # its fiscal year, whatever of it the user may see
        month = int(company.fiscalyear_last_month)
        found, last = {}, None
        for day in days:
            goes_on = (
                last
                and (last.year, last.month) == (day.year, day.month)
                and bisect_right(taken, last) == bisect_right(taken, day)
                # A fiscal year that ends within a month begins other numbers there.
                and (day.month != month or company.fiscalyear_last_day >= monthrange(day.year, day.month)[1])
            )
            found[day] = found[last] if goes_on else day
            last = day
        return found

    @api.model
    def _write_run(self, journal, day, entries):
        """Number the entries of a run of days and write them.

        :param day: the first day
        :param entries: list of (:class:`Facts`, values, :class:`Pattern`), in the order of their numbers
        """
        moves = self.env["account.move"]
        pattern_move = entries[0][2].rows[MOVE][0]
        probe = moves.new({
            "move_type": "entry", "journal_id": journal.id, "company_id": pattern_move["company_id"], "date": day,
        })  # fmt: skip
        form, parts = probe._get_next_sequence_format()
        number = parts.pop("seq")
        cache = moves._get_sequence_cache()
        key = (form.format(**parts, seq=0), journal)
        # ``sequence.mixin._compute_split_sequence``
        regex = re.compile(probe._make_regex_non_capturing(probe._sequence_fixed_regex.replace(r"?P<seq>", "")))
        if key not in cache:
            # The first number is reserved as Odoo does it: a concurrent transaction waits for it, or has it already.
            facts, *_rest = entries[0]
            self._insert(entries[:1])
            first = moves.browse(facts.move_id)
            name = first._locked_increment(form, {**parts, "seq": number})
            _set_number(facts, name, regex)
            self.env.execute_query(
                entry_rows_sql.number_entry(facts.move_id, name, facts.sequence_prefix, facts.sequence_number)
            )
            moves.invalidate_model(flush=False)
            first._constrains_date_sequence()
            entries = entries[1:]
        for facts, *_rest in entries:
            cache[key] += 1
            _set_number(facts, form.format(**parts, seq=cache[key]), regex)
        self._insert(entries)

    @api.model
    def _insert(self, entries):
        """Write the rows of entries."""
        if len(entries) > FIRST_ENTRIES and looks_empty(self.env.cr, LINE):
            self._insert_at_once(entries[:FIRST_ENTRIES])
            count_grown_tables(self.env.cr)
            entries = entries[FIRST_ENTRIES:]
        if entries:
            self._insert_at_once(entries)

    @api.model
    def _insert_at_once(self, entries):
        """Write the rows of entries by one statement."""
        of_patterns = {}
        for facts, values, pattern in entries:
            own = own_values(facts, values, pattern.rows[LINE][0]["sequence"])
            of_patterns.setdefault(id(pattern), (pattern, []))[1].append(own)
        self.env.cr.execute(entry_rows_sql.insert_entries(list(of_patterns.values())))


def _set_number(facts, name, regex):
    found = regex.match(name)
    facts.name, facts.sequence_prefix = name, name[: found.start(1)]
    facts.sequence_number = int(found.group(1) or 0)
