"""Many users at once: eight processes on the same few accounts, and what is left of it.

``script/prove contend MINUTES`` is the long version.
"""

import json
import os
import re
from collections import Counter, defaultdict

from odoo.tests import tagged

from .common.process_case import ProcessCase

SECONDS = float(os.environ.get("CONTEND_SECONDS", 30))
# What PostgreSQL says, and nobody else should have to read.
RAW = re.compile(r"violates|duplicate key|null value|constraint|psycopg|Traceback|SQL", re.IGNORECASE)


@tagged("post_install", "-at_install")
class TestContention(ProcessCase):
    SCRIPT = "contention.py"
    NEEDS = "payment_demo"
    seconds = SECONDS + 300

    def count(self, query, *args):
        return self.query(f"SELECT ({query}) AS count", *args)[0]["count"]

    def work(self):
        """Have them work, and ask the invariants of what is committed again and again.

        :return: the operations, and how often the invariants were asked
        """
        self.begin_step(f"work {SECONDS} seconds, eight at once")
        asked = 0
        while not self.is_step_over(1):
            self.assertInvariants()
            asked += 1
        self.assertEqual(self.end_step(), "0")
        return [json.loads(line) for line in self.log.read_text().splitlines()], asked

    def assertNothingLost(self, operations):
        """What was reported to users as done is in the database, once, and nothing that was reported as refused."""
        done = defaultdict(list)
        for one in operations:
            if one["outcome"] == "done":
                done[one["kind"]].append(one["tag"])
        for kinds, table, column in (
            (("make payment", "register payment"), "account_payment", "memo"),
            (("invoice",), "account_move", "ref"),
        ):
            rows = self.query(f"SELECT {column} AS tag, state FROM {table} WHERE {column} LIKE 'op %%-'")
            tags = [row["tag"] for row in rows if kinds[0] != "invoice" or row["state"] != "draft"]
            reported = [tag for kind in kinds for tag in done[kind]]
            self.assertFalse(set(reported) - {row["tag"] for row in rows}, "reported as done, but not there")
            self.assertEqual(len(tags), len(set(tags)), "done twice")
            if table == "account_payment":
                self.assertEqual(sorted(tags), sorted(reported), "there, but not reported")
        logged = self.count("SELECT COUNT(*) FROM account_bank_match_decision WHERE action = 'manual'")
        self.assertGreaterEqual(logged, len(done["match"]), "matches without a decision")
        for title, kind in (("Reconciliation modified", "modify"), ("Reconciliation deleted", "delete")):
            noted = self.count("SELECT COUNT(*) FROM mail_message WHERE body LIKE %s", f"%{title}%")
            self.assertGreaterEqual(noted, len(done[kind]), f"notes: {title}")

    def report(self, operations, asked):
        """How many of each kind ended how, as a table."""
        outcomes, retries, again = defaultdict(Counter), Counter(), Counter()
        for one in operations:
            outcomes[one["kind"]][one["outcome"]] += 1
            retries.update(one["retries"])
            again[one["kind"]] += sum(one["retries"].values())
        rows = [f"{'':20}{'done':>8}{'refused':>9}{'retried':>9}{'gave up':>9}"]
        for kind, counts in sorted(outcomes.items()):
            rows.append(
                f"{kind:20}{counts['done']:>8}{counts['refused']:>9}{again[kind]:>9}{counts['gave up']:>9}"
            )  # fmt: skip
        total = sum(outcomes.values(), Counter())
        rows.append(f"{'all':20}{total['done']:>8}{total['refused']:>9}{sum(again.values()):>9}{total['gave up']:>9}")
        rows.append(f"retried because of: {dict(retries)}; invariants asked {asked} times while they worked")
        said = Counter(re.sub(r"[\d.,/]+", "#", one["said"])[:110] for one in operations if one["outcome"] == "refused")
        rows += [f"{number:5} x {text!r}" for text, number in said.most_common(40)]
        return "\n".join(rows)

    def test_eight_users_on_the_same_accounts(self):
        self.run_step("set up")
        self.assertInvariants()
        operations, asked = self.work()
        table = self.report(operations, asked)
        if "CONTEND_SECONDS" in os.environ:
            os.write(2, f"\n{SECONDS:.0f} seconds, 8 processes\n{table}\n".encode())
        broken = [one["said"] for one in operations if one["outcome"] == "broken"]
        self.assertFalse(broken, f"{len(broken)} tracebacks; the first: {broken[:1]}")
        # Where somebody else was first each of the five times that Odoo tries, nothing is changed; the table tells it.
        gave_up = [one for one in operations if one["outcome"] == "gave up"]
        self.assertLessEqual({one["said"] for one in gave_up}, {"SerializationFailure"}, table)
        # Nobody calls a scheduled action again: it must come through by itself.
        self.assertFalse([one for one in gave_up if one["kind"].startswith("at night")])
        raw = {one["said"] for one in operations if one["outcome"] == "refused" and RAW.search(one["said"])}
        self.assertFalse(raw, "not for a user's eyes")
        self.assertGreater(sum(one["outcome"] == "done" for one in operations), 8, table)
        tried = Counter(one["kind"] for one in operations)
        done = {one["kind"] for one in operations if one["outcome"] == "done"}
        # What is refused each time is not tried at all.
        self.assertFalse([kind for kind, count in tried.items() if count >= 10 and kind not in done], table)
        self.assertInvariants()
        self.assertNothingLost(operations)
        # I5: reconciling what is left is done once; a second run finds nothing to do. (The first night goes on with a
        # run that was cut off when they went home, which knows the accounts of its beginning.)
        self.run_step("settle")
        self.run_step("settle")
        self.assertInvariants()
        ledger = "SELECT COUNT(*) || ' ' || COALESCE(MAX(id), 0) FROM account_partial_reconcile"
        left = self.count(ledger)
        self.run_step("settle")
        self.assertEqual(self.count(ledger), left)
        self.log.write_text("")
        self.run_step("verify")
        self.assertEqual(json.loads(self.log.read_text())["said"], [])
