"""Accounts with very many open lines: only the oldest are looked at first, and what is said of them holds of all."""

from unittest.mock import patch

from odoo.tests import tagged

from ..models.ledger_accounts import account_ledger_account_lines, account_ledger_account_suggestions
from .common.ledger_accounts import LedgerCommon


@tagged("post_install", "-at_install")
class TestLedgerWindows(LedgerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = [cls.family, cls.vendor, cls.env["res.partner"].create({"name": "Power and Light"}), None]
        for number in range(24):
            cls.entry(
                (-1) ** number * (10 + number % 5), f"line {number}", f"2026-0{1 + number % 3}-1{number % 7}",
                partner=partners[number % 4], ref=f"R-{number % 7}" if number % 5 else False,
            )  # fmt: skip
        bare = cls.entry(4, "nobody's", "2025-12-01")
        bare.move_id.line_ids.partner_id = False

    def page(self, windows, group_by, limit, offset):
        with patch.object(account_ledger_account_lines, "WINDOWS", windows):
            return self.ledger().get_groups(group_by, {}, limit, offset)

    def test_page_is_the_same_however_many_lines_are_looked_at_first(self):
        for group_by in ("partner", "reference", "order", "product", "product_order"):
            for limit, offset in ((1, 0), (2, 1), (3, 2), (40, 0), (40, 5)):
                with self.subTest(group_by=group_by, limit=limit, offset=offset):
                    whole = self.page((), group_by, limit, offset)
                    for windows in ((1,), (2, 5), (1000,), (3, 9, 1000)):
                        self.assertEqual(self.page(windows, group_by, limit, offset), whole)
                    self.assertEqual(whole["has_more"], whole["group_count"] > offset + len(whole["groups"]))

    def test_groups_come_in_the_order_of_their_oldest_lines(self):
        whole = self.page((), "reference", 40, 0)
        firsts = [(group["lines"][0]["date"], group["lines"][0]["id"]) for group in whole["groups"]]
        self.assertEqual(firsts, sorted(firsts))
        self.assertEqual(sum(group["count"] for group in whole["groups"]), 25)
        partners = self.page((2,), "partner", 40, 0)["groups"]
        self.assertEqual([group["key"] for group in partners][-1:], [False], "those without a partner come last")

    def test_totals_come_by_themselves(self):
        page = self.ledger()
        whole, bare = page.get_groups("partner"), page.get_groups("partner", with_totals=False)
        self.assertEqual({**bare, **page.get_totals("partner")}, whole)
        self.assertNotIn("line_count", bare)
        self.assertEqual(whole["line_count"], 25)

    def test_key_of_nobody(self):
        for key in ("x", "99999999999999999999", "²", "-1"):
            with self.subTest(key=key):
                self.assertEqual(self.ledger().get_group_lines("partner", key), [])

    def test_what_is_suggested_of_the_oldest_holds_of_all(self):
        """What looks complete among the oldest lines is not suggested where others like it are open."""
        debit, credit = self.entry(500, "a", "2025-01-01", ref="X-1"), self.entry(-500, "b", "2025-01-02", ref="X-1")
        other, fee = self.entry(321, "c", "2025-01-03", ref="Y-1"), self.entry(-321, "d", "2025-01-04", ref="Y-1")

        def suggested(lines_max):
            with patch.object(account_ledger_account_suggestions, "LINES_MAX", lines_max):
                found = self.ledger().get_suggestions(100)
            return {tuple(sorted(line["id"] for line in one["lines"])) for one in found}

        both = {tuple(sorted((debit.id, credit.id))), tuple(sorted((other.id, fee.id)))}
        self.assertLessEqual(both, suggested(1000))
        self.assertEqual(suggested(4), both)
        self.entry(7, "late", "2026-04-01", ref="X-1")
        self.entry(500, "late", "2026-04-01", ref="Z-1")
        self.assertEqual(suggested(4), {tuple(sorted((other.id, fee.id)))})

    def test_search_finds_the_same_however_many_lines_have_the_text(self):
        """Few lines are looked up once, many are searched in each statement: both give the same."""
        filters = {"search": "LINE 1"}
        for group_by in ("partner", "reference", "order"):
            with self.subTest(group_by=group_by):
                found = []
                for lines_max in (0, 1000):
                    with patch.object(account_ledger_account_lines, "FOUND_MAX", lines_max):
                        page = self.ledger().get_groups(group_by, filters)
                        key = page["groups"][0]["key"] or ""
                        more = self.ledger().get_group_lines(group_by, key, filters)
                        found.append((page, more, self.ledger().get_suggestions(20, filters)))
                self.assertEqual(found[0], found[1])
                self.assertEqual(found[0][0]["line_count"], 11)

    def test_page_of_few_groups_reads_all_lines_once(self):
        """No line has an order: what is looked at first is not enough, and one statement then gives the whole page."""
        page = self.ledger()
        with patch.object(type(page), "_describe", lambda _self, ids: [{"id": one} for one in ids]):
            page.get_groups("order", with_totals=False)
            self.env.flush_all()
            before = self.cr.sql_log_count
            page.get_groups("order", with_totals=False)
            # Three of Odoo's and the page's own, two for the oldest lines, one for the groups.
            self.assertLessEqual(self.cr.sql_log_count - before, 6)
