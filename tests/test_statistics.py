from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ..models.common import sql


@tagged("post_install", "-at_install")
class TestStatistics(TransactionCase):
    def counted(self):
        """How many rows PostgreSQL believes that the table has."""
        with patch.object(sql, "GROWING", ("growing",)):
            sql.for_slice(self.env.cr)
        self.env.cr.execute("SELECT reltuples::int FROM pg_class WHERE oid = 'growing'::regclass")
        return self.env.cr.fetchone()[0]

    def fill(self, first, last):
        rows = "INSERT INTO growing SELECT n, repeat('x', 100) FROM generate_series(%s, %s) AS n"
        self.env.cr.execute(rows, (first, last))

    def test_a_table_that_has_doubled_is_counted_before_a_slice(self):
        """Or foreign keys are checked by plans that were made for a table with hardly a row."""
        self.env.cr.execute("CREATE TEMP TABLE growing (id int, text varchar) ON COMMIT DROP")
        self.fill(1, 10)
        self.env.cr.execute("ANALYZE growing")
        self.assertEqual(self.counted(), 10)
        self.fill(11, 20)
        self.assertEqual(self.counted(), 10, "A table of one page is never worth it")
        self.fill(21, 2000)
        self.assertEqual(self.counted(), 2000)
        self.fill(2001, 3000)
        self.assertEqual(self.counted(), 2000)
        self.fill(3001, 6000)
        self.assertEqual(self.counted(), 6000)

    def test_the_tables_are_there(self):
        """A name that is none would stop every large batch."""
        sql.for_slice(self.env.cr)
