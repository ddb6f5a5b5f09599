"""What the tests of importing bank statements share: bank accounts, made-up files, an import and its preview."""

from pathlib import Path

from odoo.exceptions import UserError

from .reconciliation import ReconciliationCommon

FOLDER = Path(__file__).parent.parent / "statements"
BANK_NUMBER = "000123456789"


def ofx(lines, account=BANK_NUMBER, currency="USD", closing=None):
    """One account of an OFX file; a line is (day of April 2026, amount, name) or with the bank's own reference."""
    rows = []
    for day, amount, name, *reference in lines:
        identity = f"<FITID>{reference[0]}" if reference else ""
        rows.append(f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>202604{day:02}<TRNAMT>{amount}{identity}<NAME>{name}</STMTTRN>")
    balance = f"<LEDGERBAL><BALAMT>{closing}<DTASOF>20260430</LEDGERBAL>" if closing is not None else ""
    return (
        f"<STMTTRNRS><STMTRS><CURDEF>{currency}<BANKACCTFROM><BANKID>1<ACCTID>{account}<ACCTTYPE>CHECKING"
        f"</BANKACCTFROM><BANKTRANLIST><DTSTART>20260401<DTEND>20260430{''.join(rows)}</BANKTRANLIST>{balance}"
        f"</STMTRS></STMTTRNRS>"
    )


def ofx_file(*accounts):
    head = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1>"
    return (head + "".join(accounts) + "</BANKMSGSRSV1></OFX>").encode()


def mt940(lines, start, end, account=BANK_NUMBER, number="1"):
    """An MT940 statement; a line is (day of April 2026, amount with sign, text)."""

    def mark(amount):
        return ("C" if amount >= 0 else "D"), f"{abs(amount):.2f}".replace(".", ",")

    rows = []
    for day, amount, text in lines:
        sign, digits = mark(amount)
        rows.append(f":61:2604{day:02}04{day:02}{sign}{digits}NTRFNONREF\r\n:86:{text}")
    opening, closing = mark(start), mark(end)
    return "\r\n".join([
        ":20:STMT", f":25:{account}", f":28C:{number}/1", f":60F:{opening[0]}260401USD{opening[1]}", *rows,
        f":62F:{closing[0]}260430USD{closing[1]}", "-", "",
    ]).encode()  # fmt: skip


class BankImportCommon(ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.number(cls.bank, BANK_NUMBER)
        cls.second = cls.bank.copy({"name": "Savings", "code": "SAV"})
        cls.number(cls.second, "55502")
        euro = cls.setup_other_currency("EUR")
        cls.euro_bank = cls.bank.copy({"name": "Euro", "code": "EUB", "currency_id": euro.id})
        cls.number(cls.euro_bank, "DE89 3704 0044 0532 0130 00")
        cls.lines = cls.env["account.bank.statement.line"]
        cls.accountant = cls.user_with("bank.accountant", "account_reconciliation.group_accountant")

    @classmethod
    def number(cls, journal, number):
        journal.bank_account_id = cls.env["res.partner.bank"].create({
            "acc_number": number, "partner_id": cls.company.partner_id.id,
        })  # fmt: skip

    def bring(self, content, journal=None, name="april"):
        journal = self.bank if journal is None else journal
        return journal.with_user(self.accountant).import_bank_statement(name, content)

    def transactions(self, journal=None):
        lines = self.lines.search([("journal_id", "=", (journal or self.bank).id)], order="internal_index")
        return [(line.date.day, line.amount, line.payment_ref) for line in lines]

    def count(self):
        self.env.flush_all()
        models = ("account.bank.statement", "account.bank.statement.line", "account.move", "account.move.line")
        return [self.env[model].search_count([]) for model in models]

    def refused(self, words, content, journal=None):
        """A sentence with these words, and the database as it was."""
        was = self.count()
        with self.assertRaisesRegex(UserError, words) as caught:
            self.bring(content, journal)
        self.env.invalidate_all()
        self.assertEqual(self.count(), was)
        return str(caught.exception)

    def wizard(self, *contents, journal=None):
        env = self.env(user=self.accountant)
        attachments = env["ir.attachment"].create([
            {"name": f"file {number}", "raw": content} for number, content in enumerate(contents)
        ])  # fmt: skip
        journal = self.bank if journal is None else journal
        action = journal.with_env(env)._preview_statement_files(attachments.ids)
        return env[action["res_model"]].browse(action["res_id"])
