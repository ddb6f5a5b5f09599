"""Finds who may have paid bank transactions: by what was learned, bank accounts, numbers, e-mail addresses, names."""

from collections import defaultdict
from itertools import pairwise
from math import log2

from ...engine.bank_matching import bank_text, names, scoring
from ...engine.bank_matching import payers_sql as sql
from ...engine.bank_matching.model import KnownPayer
from ...engine.bank_matching.scoring import counted, reason

OWNERS_MAX = 6
TRUSTED = 0.7
# Of a common word, as many pairs with the words beside it are looked up.
PAIRS_MAX = 8


class PayerFinder:
    """The payers' part of ``CandidateLoader``; each look-up is one query for all transactions."""

    # -- learned -----------------------------------------------------------------------------------------------

    def _recall(self, transactions):
        """Apply what was learned from users; give the expenses that follow from it."""
        keys = defaultdict(lambda: defaultdict(list))
        for transaction in transactions:
            keys["name"][bank_text.payer_key(transaction.name, transaction.label)].append(transaction)
            keys["account"][bank_text.compact(transaction.account_number)].append(transaction)
            keys["mandate"][bank_text.compact(transaction.mandate)].append(transaction)
            keys["label"][bank_text.label_pattern(transaction.label)].append(transaction)
        wanted = {key for by_key in keys.values() for key in by_key} - {""}
        facts = self.env["account.bank.match.memory"]._recall(
            [self.company.id], [transaction.id for transaction in transactions], sorted(wanted)
        )
        worth = [scoring.fade(fact.weight, fact.days_confirmed, scoring.CONFIRMATION_HALF_LIFE) for fact in facts]
        totals = defaultdict(float)
        for fact, weight in zip(facts, worth, strict=True):
            totals[fact.kind, fact.key] += weight
        expenses = defaultdict(list)
        for fact, weight in zip(facts, worth, strict=True):
            if fact.kind == "rejected":
                if transaction := self.transactions.get(fact.statement_line_id):
                    transaction.rejected[fact.records] = scoring.fade(
                        fact.rejections, fact.days_rejected, scoring.REJECTION_HALF_LIFE
                    )
                continue
            trust = scoring.learned_weight(fact.weight, fact.days_confirmed, fact.rejections, fact.days_rejected)
            # The same key may have been confirmed for several: they share it.
            share = min(weight / max(totals[fact.kind, fact.key], 1e-9), 1.0) if fact.confirmations else 1.0
            trust *= share
            for transaction in keys[fact.kind][fact.key]:
                if fact.kind == "label":
                    expenses[transaction.id].append((fact.preset_id, trust, fact.confirmations))
                elif fact.owner_id != self.company_owner_id:
                    self._know_learned(transaction, fact, trust, weight, share)
        return expenses

    def _know_learned(self, transaction, fact, trust, weight, share):
        """Note a payer that was learned from users: with full weight where it was confirmed by itself and belongs to
        one owner only.

        :param weight: what the confirmations are worth today
        :param share: 0..1, the owner's part of what the key was confirmed for
        """
        is_common = fact.kind == "name" and " " not in fact.key
        bits_max = scoring.learned_bits_max(weight, share, is_common)
        if trust < TRUSTED:
            bits_max = min(bits_max, scoring.LEARNED_BITS_LEAST)
        kind = "owner_mandate" if fact.kind == "mandate" else "owner_learned"
        is_sure = bits_max == scoring.BITS_MAX
        self._know(transaction, fact.owner_id, kind, trust, is_sure, bits_max, count=fact.confirmations)

    def _know(self, transaction, owner_id, kind, trust=1.0, is_sure=True, bits_max=scoring.BITS_MAX, **params):
        """Note who may be the payer of a transaction; of several reasons the strongest is kept.

        :param is_sure: names need not be looked at any more
        :param bits_max: most that it may weigh
        """
        known = transaction.known_payers.get(owner_id)
        if known is None or known.trust < trust:
            transaction.known_payers[owner_id] = KnownPayer(kind, trust, params, bits_max)
        if is_sure and trust >= TRUSTED:
            transaction.is_owner_known = True

    # -- what identifies somebody ------------------------------------------------------------------------------

    def _accounts(self, transactions):
        """Know payers by the field somebody filled in, by bank account, e-mail address, client number."""
        for transaction in transactions:
            if transaction.owner_id:
                self._know(transaction, transaction.owner_id, "owner_given", 1.01, owner=transaction.owner_name)
        own = set(self.own_accounts.values())
        lookups = (
            ("owner_account", sql.by_account_number, lambda one: {bank_text.compact(one.account_number)} - own),
            ("owner_email", sql.by_email, lambda one: set(bank_text.emails(f"{one.name} {one.label}"))),
            ("owner_number", sql.by_customer_number, lambda one: one.keys),
        )
        for kind, query, values_of in lookups:
            wanted = defaultdict(list)
            for transaction in transactions:
                for value in values_of(transaction) - {""}:
                    wanted[value].append(transaction)
            owners = defaultdict(dict)
            for value, owner_id, name in self._rows(query(sorted(wanted), self.shared_ids)) if wanted else ():
                if owner_id != self.company_owner_id:
                    owners[value][owner_id] = name
            for value, found in owners.items():
                for transaction in wanted[value]:
                    for owner_id, name in found.items():
                        self._know(transaction, owner_id, kind, 1.0, kind == "owner_account", owner=name, number=value,
                                   shared=len(found))  # fmt: skip

    # -- names -------------------------------------------------------------------------------------------------

    def _names(self, transactions):
        """Look up whose names, or names of whose members, are in the bank's fields, where nothing stronger says who
        the payer is."""
        unknown = [transaction for transaction in transactions if not transaction.is_owner_known]
        words = {}
        for transaction in unknown:
            texts = transaction.name, transaction.label
            words[transaction.id] = [bank_text.search_words(text) for text in texts]
        single = {word for found in words.values() for part in found for word in part}
        hits = self._search({word: bank_text.words_search(word) for word in single})
        # Of a word that many have, only those who have the one beside it as well.
        pairs = {}
        for found in words.values():
            for part in found:
                near = [pair for pair in pairwise(part) if any(len(hits[word]) >= sql.WORD_LIMIT for word in pair)]
                pairs |= {pair: bank_text.words_search(*pair) for pair in near[:PAIRS_MAX]}
        hits.update(self._search(pairs))
        for transaction in unknown:
            partners = {}
            for part in words[transaction.id]:
                for key in (*part, *pairwise(part)):
                    partners.update(hits.get(key, ()))
            self._weigh_names(transaction, partners)

    def _search(self, searches):
        """Look names up, each once for each loader: the same payers and words come again.

        :param searches: dict key -> search
        :return: dict key -> dict partner id -> (owner id, owner's name, name)
        """
        wanted = sorted(set(searches.values()) - self.searched.keys())
        self.searched.update((search, {}) for search in wanted)
        rows = self._rows(sql.by_words(wanted, self.shared_ids)) if wanted else ()
        for search, owner_id, owner_name, partner_id, name in rows:
            self.searched[search][partner_id] = owner_id, owner_name or "", name or ""
        return {key: self.searched[search] for key, search in searches.items()}

    def _weigh_names(self, transaction, partners):
        """Weigh the names that were found for a transaction.

        :param partners: dict partner id -> (owner id, owner's name, name)
        """
        by_field, by_label = {}, {}
        sought = ((transaction.name, by_field, True), (transaction.label, by_label, False))
        texts = [row for row in sought if row[0]]
        for owner_id, owner_name, name in partners.values():
            if owner_id == self.company_owner_id or not name:
                continue
            for text, fits, is_field in texts:
                fit = names.compare(text, name, is_field)
                if fit.kind and (owner_id not in fits or fits[owner_id][0].rank < fit.rank):
                    shown = name if name == owner_name or not owner_name else f"{name} ({owner_name})"
                    fits[owner_id] = fit, shown
        self._drop_parts(by_label)
        found = self._reasons_of_names(by_field, transaction.name) if transaction.name else {}
        in_label = self._reasons_of_names(by_label, transaction.label)
        if not transaction.name:
            found = in_label
        else:
            is_client = any(why.kind in ("owner_name", "owner_shared") for why in found.values())
            for owner_id, why in in_label.items():
                if why.kind not in ("owner_name", "owner_shared"):
                    continue
                known = found.get(owner_id)
                if known is not None and known.kind in ("owner_name", "owner_shared", "owner_cut"):
                    continue
                if why.kind == "owner_name":
                    kind = "owner_in_label_other" if is_client else "owner_in_label"
                    why = reason(kind, **why.params, payer=transaction.name)
                found[owner_id] = why
        ranked = sorted(found.items(), key=lambda pair: (-pair[1].weight, pair[0]))
        transaction.names.update(ranked[:OWNERS_MAX])

    def _drop_parts(self, fits):
        """Leave out names that are a part of a longer one that the label has whole: it is that one that is meant."""
        whole = [fit.words for fit, _name in fits.values() if fit.kind == names.WHOLE]
        for owner_id, (fit, _name) in list(fits.items()):
            if any(fit.words < words for words in whole):
                del fits[owner_id]

    def _reasons_of_names(self, fits, text):
        """Make reasons of fits; a name that several account owners have says that it is one of them.

        :param fits: dict owner id -> (``NameFit``, name)
        :return: dict owner id -> ``Reason``
        """
        best = {owner_id for owner_id, (fit, _name) in fits.items() if fit.kind == names.WHOLE}
        exact = {owner_id for owner_id in best if fits[owner_id][0].is_exact}
        if len(exact) < len(best) and any(fits[owner_id][0].has_form for owner_id in exact):
            # The text has one company's legal form; another of the same name without one is less.
            best = exact
        cut = {owner_id for owner_id, (fit, _name) in fits.items() if fit.kind == names.CUT}
        reasons = {}
        for owner_id, (fit, name) in fits.items():
            kind = fit.kind
            if kind == names.WHOLE and owner_id not in best:
                kind = names.CLOSE
            if kind in (names.WHOLE, names.CUT):
                namesakes = len(best | cut) if cut else len(best)
                if namesakes > 1:
                    bits = log2(scoring.WEIGHTS["owner_shared"].m * 32 / namesakes)
                    reasons[owner_id] = reason("owner_shared", bits, owner=name, namesakes=namesakes)
                elif kind == names.WHOLE:
                    reasons[owner_id] = reason(kind, owner=name, words=len(fit.words))
                else:
                    reasons[owner_id] = reason(kind, owner=name)
            else:
                reasons[owner_id] = reason(kind, owner=name, similarity=fit.score)
        return reasons

    # -- weighing ----------------------------------------------------------------------------------------------

    def _weigh_owners(self, transaction, items):
        """Turn what is known about payers into reasons, by how much of theirs is open."""
        counts = defaultdict(int)
        for item in items:
            if (item.amount > 0) == (transaction.amount > 0):
                counts[item.owner_id] += 1
        for owner_id, why in transaction.names.items():
            if why.kind in ("owner_name", "owner_cut", "owner_in_label"):
                words = why.params.get("words", 2)
                outside = scoring.NAMESAKES.get(words, scoring.NAMESAKES_MANY_WORDS)
                u = (max(counts[owner_id], 1) + outside) / scoring.ITEMS
                transaction.names[owner_id] = counted(why.kind, u, **why.params)
        for owner_id, known in transaction.known_payers.items():
            others = known.params.get("shared", 1) - 1
            if others:
                bits = log2(scoring.WEIGHTS["owner_shared_account"].m * 32 / (others + 1))
                params = {"owner": known.params["owner"], "others": others}
                transaction.owners[owner_id] = reason("owner_shared_account", bits, **params)
                continue
            u = max(counts[owner_id], 1) / scoring.ITEMS
            if known.kind == "owner_number":
                digits = sum(map(str.isdigit, known.params["number"]))
                u = max(u, 10.0**-digits * transaction.key_count)
            bits = min(log2(scoring.WEIGHTS[known.kind].m * min(known.trust, 1.0) / u), known.bits_max)
            named = transaction.names.get(owner_id)
            if named is None or named.weight < bits:
                transaction.owners[owner_id] = reason(known.kind, bits, **known.params)
            else:
                transaction.owners[owner_id] = named
