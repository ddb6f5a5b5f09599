"""Gathers from the database, for many bank transactions at once, all that may belong to them."""

from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal

from ...engine.bank_matching import amounts_sql, bank_text, payments_sql, transactions_sql
from ...engine.bank_matching import candidates_sql as sql
from ...engine.bank_matching.model import Candidates, Transaction
from ...engine.bank_matching.open_items import open_item
from ...engine.bank_matching.transfers import RATE_DIFFERENCE_MAX, TRANSFER_FEE_FLAT
from ...engine.common.odoo_types import JOURNAL_TYPES, OWED_ACCOUNT_TYPES
from ..common.sql import without_jit
from .payer_finder import PayerFinder
from .payout_finder import PayoutFinder


class CandidateLoader(PayerFinder, PayoutFinder):
    """Candidates for the transactions of one company.

    How to use: ``load(line_ids)`` gives (``Transaction``, ``Candidates``) pairs; call it with at most ``CHUNK`` ids.
    What is open is read once and kept between calls, so a loader lives as long as one question.

    Costs about a dozen queries a call, however many transactions; each look-up goes by an index and has a limit. It
    reads by SQL, for the transactions' company and its branches only; who may ask is for the caller to check.
    """

    CHUNK = 1000

    def __init__(self, env, company):
        without_jit(env.cr)
        self.env = env
        self.company = company
        # A branch may be hidden from the user whose bank account pays its bills; only ids are read.
        self.company_ids = env["res.company"].sudo().search([("id", "child_of", company.id)]).ids
        # Whose partners and bank accounts may be meant: those of the companies above are shared with their branches.
        self.shared_ids = [*company.sudo().parent_ids.ids, *self.company_ids]
        accounts = self._rows(sql.open_accounts(self.company_ids))
        self.account_ids = [account_id for account_id, _kind in accounts]
        self.outstanding_ids = [i for i, kind in accounts if kind not in OWED_ACCOUNT_TYPES]
        # Names and numbers of the company's own accounts are needed to know a transfer; nothing of them is shown. Those
        # that are archived may still have transactions that wait.
        every = env["account.journal"].sudo().with_context(active_test=False)
        journals = every.search_fetch(
            [("company_id", "=", company.id), ("type", "in", JOURNAL_TYPES)], ["currency_id", "bank_account_id"]
        )
        self.journals = {journal.id: journal.currency_id or company.currency_id for journal in journals}
        self.own_accounts = {
            journal.id: bank_text.compact(journal.bank_account_id.acc_number)
            for journal in journals
            if journal.bank_account_id.acc_number
        }
        self.own_names = journals._names_in_bank_texts()
        self.company_name = company.sudo().name
        self.company_owner_id = company.sudo().partner_id.commercial_partner_id.id
        self.items, self.by_line, self.rates, self.transactions = {}, {}, {}, {}
        self.windows, self.searched, self.currency_ids = {}, {}, None

    def _rows(self, query):
        self.env.cr.execute(query)
        return self.env.cr.fetchall()

    def _dicts(self, query):
        self.env.cr.execute(query)
        return self.env.cr.dictfetchall()

    # -- one call ----------------------------------------------------------------------------------------------

    def load(self, line_ids):
        """Gather the candidates for some transactions.

        :param line_ids: ids of account.bank.statement.line; those that don't wait for a match are left out
        :return: list of (``Transaction``, ``Candidates``), by id
        """
        transactions = self._transactions(line_ids)
        if not transactions:
            return []
        expenses = self._recall(transactions)
        self._accounts(transactions)
        self._names(transactions)
        found = {transaction.id: {} for transaction in transactions}
        self._by_reference(transactions, found)
        self._by_amount(transactions, found)
        self._by_owner(transactions, found)
        payouts = self._payouts(transactions)
        self._read_items(
            {line_id: move_id for lines in found.values() for line_id, move_id in lines.items()}
            | {line_id: move_id for windows, _count in payouts.values() for _total, lines in windows
               for line_id, move_id, _is_inbound in lines}
        )  # fmt: skip
        self._by_cited_owner(transactions, found)
        transfers = self._transfers(transactions)
        pairs = []
        for transaction in transactions:
            items = {self.by_line[line_id] for line_id in found[transaction.id] if line_id in self.by_line}
            items = sorted((self.items[key] for key in items if self.items[key].amount), key=lambda item: item.record)
            self._weigh_owners(transaction, items)
            windows, count = payouts[transaction.id]
            candidates = Candidates(
                items=items,
                transfers=transfers.get(transaction.id, []),
                settlements=[
                    (total, [self.items[self.by_line[line_id]] for line_id, *_more in lines])
                    for total, lines in windows
                ],
                settlement_count=count,
                expenses=expenses.get(transaction.id, []),
                convert=self._convert,
                unit=self._unit,
                digits=self.digits(transaction),
                own_accounts=self.own_accounts,
                company_name=self.company_name,
                own_names=self.own_names,
            )
            pairs.append((transaction, candidates))
        return pairs

    def _transactions(self, line_ids):
        """Read the unmatched transactions, each once for each loader."""
        new = [line_id for line_id in line_ids if line_id not in self.transactions]
        for row in self._dicts(transactions_sql.transactions(new)) if new else ():
            self.transactions[row["id"]] = Transaction(
                id=row["id"],
                journal_id=row["journal_id"],
                company_id=row["company_id"],
                currency_id=row["currency_id"],
                amount=Decimal(row["amount"]),
                balance=Decimal(row["balance"] or 0),
                foreign_currency_id=row["foreign_currency_id"],
                foreign_amount=Decimal(row["amount_currency"] or 0),
                date=row["date"],
                label=row["payment_ref"] or "",
                name=row["partner_name"] or "",
                account_number=row["account_number"] or "",
                structured=row["structured_reference"] or "",
                owner_id=row["owner_id"] if row["owner_id"] != self.company_owner_id else None,
                owner_name=row["owner_name"] or "",
                transaction_type=row["transaction_type"] or "",
                texts=(row["ref"] or "",),
                end_to_end=row["end_to_end_id"] or "",
                mandate=row["mandate_id"] or "",
            )
        return [self.transactions[line_id] for line_id in sorted(line_ids) if line_id in self.transactions]

    # -- what is open ------------------------------------------------------------------------------------------

    def _by_reference(self, transactions, found):
        wanted = defaultdict(list)
        for transaction in transactions:
            for key in transaction.keys | transaction.end_keys:
                wanted[key].append(transaction)
        moves = defaultdict(list)
        query = sql.by_reference(list(wanted), self.company_ids)
        for key, move_id, _move_type in self._rows(query) if wanted else ():
            for transaction in wanted[key]:
                cited = transaction.cited if key in transaction.keys else transaction.cited_at_end
                cited.setdefault(key, set()).add(move_id)
                moves[move_id].append(transaction)
        for move_id, transaction in self._numbered(transactions):
            moves[move_id].append(transaction)
        query = sql.open_lines_of_moves(self.account_ids, self.company_ids, list(moves))
        for move_id, line_id in self._rows(query) if moves else ():
            for transaction in moves[move_id]:
                found[transaction.id][line_id] = move_id

    def _numbered(self, transactions):
        """Find the documents of the bare numbers in labels that name no document whole.

        :return: list of (move id, ``Transaction``)
        """
        wanted = defaultdict(list)
        for transaction in transactions:
            for number in transaction.document_numbers if not transaction.cited else ():
                wanted[number].append(transaction)
        rows = self._rows(sql.by_number(list(wanted), self.company_ids)) if wanted else ()
        return [(move_id, transaction) for number, move_id in rows for transaction in wanted[number]]

    def _by_amount(self, transactions, found):
        """Find what is open of exactly an amount; where nothing is, of nearly that amount."""
        wanted = defaultdict(list)
        for transaction in transactions:
            wanted[transaction.amount, transaction.currency_id].append(transaction)
            if transaction.foreign_currency_id:
                wanted[transaction.foreign_amount, transaction.foreign_currency_id].append(transaction)
        counts = self._of_amounts(amounts_sql.by_amount, wanted, found)
        near = {pair: list(sharing) for pair, sharing in wanted.items() if not counts[pair]}
        for pair, sharing in wanted.items():
            for transaction in sharing:
                transaction.amount_counts[pair] = counts[pair]
        for transaction in transactions:
            if not counts[transaction.amount, transaction.currency_id]:
                for pair in self._worth(transaction):
                    near.setdefault(pair, []).append(transaction)
        self._of_amounts(amounts_sql.near_amount, near, found)

    def _of_amounts(self, look_up, wanted, found):
        """Note what a look-up finds for amounts.

        :param wanted: dict (amount, currency id) -> list of ``Transaction``
        :return: ``Counter``, how many lines each amount has brought
        """
        counts = Counter()
        for amount, currency_id, line_id, move_id in (
            self._rows(look_up(self.account_ids, self.company_ids, *zip(*wanted, strict=True))) if wanted else ()
        ):
            pair = Decimal(amount), currency_id
            counts[pair] += 1
            for transaction in wanted[pair]:
                found[transaction.id][line_id] = move_id
        return counts

    def _worth(self, transaction):
        """Give what a transaction that names neither a client nor another currency's amount is worth in each of them.

        :return: list of (amount, currency id)
        """
        if transaction.is_client_named or transaction.foreign_currency_id:
            return []
        if self.currency_ids is None:
            self.currency_ids = [
                currency_id for (currency_id,) in self._rows(amounts_sql.open_currencies(self.account_ids))
            ]
        others = [currency_id for currency_id in self.currency_ids if currency_id != transaction.currency_id]
        rates = {currency_id: self._company_rate(currency_id, transaction.date) for currency_id in others}
        pairs = [(round(transaction.balance / rate, 2), currency_id) for currency_id, rate in rates.items() if rate]
        return [(amount, currency_id) for amount, currency_id in pairs if amount]

    def _by_owner(self, transactions, found):
        numbers, owners, amounts = [], [], []
        for transaction in transactions:
            for owner_id in dict.fromkeys([*sorted(transaction.known_payers), *transaction.names]):
                numbers.append(transaction.id)
                owners.append(owner_id)
                amounts.append(transaction.amount)
        if not numbers:
            return
        query = sql.by_owner(self.account_ids, self.company_ids, numbers, owners, amounts)
        for number, _owner_id, line_id, move_id in self._rows(query):
            found[number][line_id] = move_id

    def _by_cited_owner(self, transactions, found):
        """Find the registered payments of those whose open documents a label names, and what else of theirs is open."""
        numbers, owners, amounts, currencies, with_parts = [], [], [], [], []
        for transaction in transactions:
            cited = {move_id for move_ids in transaction.cited.values() for move_id in move_ids}
            items = {self.by_line[line_id] for line_id in found[transaction.id] if line_id in self.by_line}
            named = [item for item in map(self.items.get, items) if item.is_document and item.move_id in cited]
            sums = {(transaction.amount, transaction.currency_id)}
            if transaction.foreign_currency_id:
                sums.add((transaction.foreign_amount, transaction.foreign_currency_id))
            wanted = defaultdict(lambda sums=sums: set(sums))
            for item in named:
                if item.owner_id:
                    # A payment of one of several documents, or of one that is paid short, has the document's amount.
                    wanted[item.owner_id] |= {(one.amount, one.currency_id) for one in (item, *item.parts)}
            for owner_id, pairs in sorted(wanted.items()):
                for amount, currency_id in sorted(pairs):
                    numbers.append(transaction.id)
                    owners.append(owner_id)
                    amounts.append(amount)
                    currencies.append(currency_id)
                    # Several payments together may be what the bank shows.
                    with_parts.append((amount, currency_id) == (transaction.amount, transaction.currency_id))
        if not numbers:
            return
        lines = {}
        query = payments_sql.payments_of_owners(
            self.outstanding_ids, self.company_ids, numbers, owners, amounts, currencies, with_parts
        )
        for number, line_id, move_id in self._rows(query) if self.outstanding_ids else ():
            found[number][line_id] = lines[line_id] = move_id
        # A label that names several documents may pay more of the same owner, whose numbers were cut off by the bank.
        listing = [place for place, number in enumerate(numbers) if len(self.transactions[number].cited) > 1]
        if listing:
            asked = [[values[place] for place in listing] for values in (numbers, owners, amounts)]
            query = sql.by_owner(self.account_ids, self.company_ids, *asked)
            for number, _owner_id, line_id, move_id in self._rows(query):
                found[number][line_id] = lines[line_id] = move_id
        self._read_items(lines)

    def _read_items(self, lines):
        """Read open lines that aren't known yet, and make items of them.

        :param lines: dict line id -> move id
        """
        new = {line_id: move_id for line_id, move_id in lines.items() if line_id not in self.by_line}
        if not new:
            return
        query = sql.item_lines(self.account_ids, self.company_ids, sorted(set(new.values())), sorted(new))
        rows = self._dicts(query)
        kinds = defaultdict(set)
        for row in rows:
            kinds[row["move_id"]].add((row["account_id"], row["owner_id"], row["currency_id"]))
        grouped = defaultdict(list)
        for row in rows:
            # A document that is open on several accounts is paid line by line.
            is_whole = row["move_type"] != "entry" and len(kinds[row["move_id"]]) == 1
            grouped[("move", row["move_id"]) if is_whole else ("line", row["id"])].append(row)
        planned = defaultdict(list)
        documents = {row["move_id"] for row in rows if row["move_type"] != "entry"}
        for move_id, amount, day in self._rows(sql.planned_charges(sorted(documents))) if documents else ():
            planned[move_id].append((Decimal(amount), day))
        for key, rows in grouped.items():
            item = self.items[key] = open_item(rows, key[0] == "move")
            for one in (item, *item.parts):
                one.planned = tuple(planned[item.move_id])
            for row in rows:
                self.by_line[row["id"]] = key

    # -- own accounts ------------------------------------------------------------------------------------------

    def _transfers(self, transactions):
        """Find the other sides; what is read for them is known as transactions from then on."""
        rates = self._booked_rates(transactions)
        numbers, journals, lows, highs, dates = [], [], [], [], []
        for transaction in transactions:
            for journal_id, currency in self.journals.items():
                if journal_id == transaction.journal_id:
                    continue
                if currency.id == transaction.currency_id:
                    sought = [-transaction.amount]
                    margin = abs(transaction.amount) * RATE_DIFFERENCE_MAX + TRANSFER_FEE_FLAT
                elif journal_id in rates:
                    sought = [-transaction.balance / rate for rate in rates[journal_id]]
                    margin = max(map(abs, sought)) * RATE_DIFFERENCE_MAX
                else:
                    continue
                numbers.append(transaction.id)
                journals.append(journal_id)
                lows.append(min(sought) - margin)
                highs.append(max(sought) + margin)
                dates.append(transaction.date)
        if not numbers:
            return {}
        pairs = self._rows(transactions_sql.transfer_partners(numbers, journals, lows, highs, dates))
        self._transactions([other_id for _number, other_id in pairs])
        transfers = defaultdict(list)
        for number, other_id in pairs:
            transaction, other = self.transactions[number], self.transactions[other_id]
            is_same = transaction.currency_id == other.currency_id
            transfers[number].append((other, other.amount if is_same else other.balance * transaction.booked_rate))
        return transfers

    def _booked_rates(self, transactions):
        """At which rates the waiting transactions of bank accounts in other currencies were booked.

        :return: dict journal id -> (least, largest) of what one unit is in company currency
        """
        currencies = {transaction.currency_id for transaction in transactions}
        others = [journal_id for journal_id, currency in self.journals.items() if currencies - {currency.id}]
        if not others:
            return {}
        days = [transaction.date for transaction in transactions]
        near = timedelta(days=transactions_sql.TRANSFER_DAYS)
        rows = self._rows(transactions_sql.booked_rates(sorted(others), min(days) - near, max(days) + near))
        return {journal_id: (Decimal(least), Decimal(largest)) for journal_id, least, largest in rows}

    def _convert(self, transaction, currency_id, amount):
        """Convert an amount into the transaction's currency, as ``_in_transaction_currency`` does."""
        if currency_id == transaction.currency_id:
            return amount
        if currency_id == transaction.foreign_currency_id and transaction.foreign_amount:
            rate = abs(transaction.amount / transaction.foreign_amount)
        else:
            rate = self._company_rate(currency_id, transaction.date) * transaction.booked_rate
        return self.journals[transaction.journal_id]._exact(float(amount * rate))

    def digits(self, transaction):
        """Give the decimal places of a transaction's currency."""
        return self.journals[transaction.journal_id].decimal_places

    def _unit(self, currency_id):
        return Decimal(repr(self.env["res.currency"].browse(currency_id).rounding))

    def _company_rate(self, currency_id, day):
        """Give what one unit of a currency is worth in company currency on a day."""
        company_currency = self.company.currency_id
        if currency_id == company_currency.id:
            return Decimal(1)
        key = currency_id, day
        if key not in self.rates:
            # Those of a day are read together.
            currency = self.env["res.currency"].browse(currency_id).with_prefetch(self.currency_ids or [currency_id])
            rate = currency._get_conversion_rate(currency, company_currency, self.company, day)
            self.rates[key] = Decimal(repr(rate))
        return self.rates[key]
