from odoo import api, models
from odoo.tools import split_every
from odoo.tools.misc import format_date

from ...engine.bank_matching import transactions_sql
from ...engine.bank_matching.certain_matches import certain_matches
from ...engine.bank_matching.joint_lines import join_lines, open_rests
from ...engine.bank_matching.suggestions import propose
from .candidate_loader import CandidateLoader
from .reason_sentences import SENTENCES

READ_BY_SQL = (
    "account.move.line",
    "account.move",
    "account.payment",
    "account.payment.term",
    "account.planned.payment",
    "account.bank.statement.line",
    "account.account",
    "res.partner",
    "res.partner.bank",
    "res.company",
)


class AccountBankMatcher(models.AbstractModel):
    """Finds suggestions for bank transactions, and those that are certain. Writes nothing.

    It reads past the record rules, by SQL, within the transactions' company and its branches: a user who calls it has
    checked that the user may match these transactions.
    """

    _name = "account.bank.matcher"
    _description = "Matching of bank transactions"

    @api.model
    def _suggest(self, lines, limit=10):
        """Suggest matches for bank transactions, each by itself.

        :param lines: account.bank.statement.line records; those already reconciled get no suggestion
        :param limit: int, most suggestions for one transaction
        :return: dict line id -> list of ``engine.bank_matching.model.Suggestion``, the likeliest first
        """
        found = self._propose_all(lines)
        return {line.id: found.get(line.id, [])[:limit] for line in lines}

    @api.model
    def _decide(self, lines):
        """Decide which bank transactions can be auto-matched; no record is used twice, whatever the order of the lines.

        Transactions outside ``lines`` that could be matched with the same records are taken into account, but aren't
        decided.

        :param lines: account.bank.statement.line records
        :return: list of (line, ``Suggestion``, list of rival ``Suggestion``) by date; a transfer is given once, by its
            outgoing side, where both sides are among the lines
        """
        decided = []
        for company, company_lines in lines.grouped("company_id").items():
            loader = self._loader(company)
            found = self._propose(loader, company_lines.ids)
            others = self._rivals(loader, company_lines, found)
            found.update(self._propose(loader, others))
            join_lines(found, loader.transactions, loader.digits)
            certain = certain_matches(found, company.bank_match_threshold)
            among = set(company_lines.ids)
            for line in company_lines:
                if line.id not in certain:
                    continue
                suggestion, rivals = certain[line.id]
                if suggestion.entity_type == "internal_transfer":
                    _model, other_id = suggestion.records[0]
                    if line.amount > 0 and other_id in among:
                        continue
                decided.append((line, suggestion, rivals[:3]))
        return sorted(decided, key=lambda row: (row[0].date, row[0].id))

    @api.model
    def _explain(self, suggestion):
        """Put each reason of a suggestion into words.

        :param suggestion: ``Suggestion``
        :return: list of str, one a reason, in their order
        """
        sentences = [self.env._(SENTENCES[found.kind]) for found in suggestion.reasons]
        return [
            sentence % self._readable(found.params)
            for sentence, found in zip(sentences, suggestion.reasons, strict=True)
        ]

    # -- how ---------------------------------------------------------------------------------------------------

    @api.model
    def _loader(self, company):
        """Create a loader. Pending changes are flushed first, because the loader reads by SQL."""
        for model in READ_BY_SQL:
            self.env[model].flush_model()
        return CandidateLoader(self.env, company)

    @api.model
    def _propose_all(self, lines):
        found = {}
        for company, company_lines in lines.grouped("company_id").items():
            found.update(self._propose(self._loader(company), company_lines.ids))
        return found

    @api.model
    def _propose(self, loader, line_ids):
        found = {}
        for ids in split_every(loader.CHUNK, sorted(line_ids), list):
            for transaction, candidates in loader.load(ids):
                found[transaction.id] = propose(transaction, candidates)
        return found

    @api.model
    def _rivals(self, loader, lines, found):
        """Find transactions outside the lines that may be matched with the same records: those of the same amount, the
        other side of a transfer, the rest of a document that one of the lines pays in part.

        :return: sorted ids
        """
        known = set(lines.ids)
        others = {
            number
            for suggestions in found.values()
            for suggestion in suggestions
            if suggestion.entity_type == "internal_transfer"
            for _kind, number in suggestion.claims
        }
        amounts = {loader.transactions[line_id].amount for line_id in found}
        amounts = sorted(amounts | open_rests(found, loader.transactions))
        if amounts and loader.journals:
            query = transactions_sql.rival_transactions(sorted(known), sorted(loader.journals), amounts)
            others.update(line_id for (line_id,) in loader._rows(query))
        return sorted(others - known)

    @api.model
    def _readable(self, params):
        """Write amounts with their currency, dates in the user's language."""
        currency = self.env["res.currency"].browse(params.get("currency_id"))
        readable = dict(params)
        for name in ("amount", "difference"):
            if name in params:
                readable[name] = currency.format(float(params[name])) if currency else str(params[name])
        if "days" in params:
            readable["days"] = abs(params["days"])
        if params.get("date"):
            readable["date"] = format_date(self.env, params["date"])
        return readable
