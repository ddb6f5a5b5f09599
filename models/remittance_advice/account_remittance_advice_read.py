"""Reading remittance advice: a pasted text, a file, a mail."""

from contextlib import suppress

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ...engine import remittance_advice as readers
from ...engine.bank_matching.bank_text import compact
from ...statement_formats import StatementFormatError
from ...statement_formats.text import fold, squeeze, storable
from ..common import kinds
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call
from ..common.statement_timeout import explain_timeout

TEXT_MAX = 500
# So many attachments of one mail are read.
ATTACHMENTS_MAX = 10


class AccountRemittanceAdvice(models.Model):
    _inherit = "account.remittance.advice"

    @api.model
    @remote_call(filename=kinds.text, partner=kinds.record("res.partner"))
    @explain_timeout
    def import_advice(self, filename, content, partner=None):
        """Read a remittance advice, find its documents, and keep the file with it. Books nothing.

        A file about several payments becomes an advice for each.

        :param filename: the file's name (str), for messages
        :param content: the file (bytes), or the same in base64 (str) as remote calls send it
        :param partner: res.partner who pays, or its id; None to find out
        :return: the account.remittance.advice records
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: what is wrong with the file
        """
        require(self.env, BANK)
        filename = str(filename or "")
        content = self.env["account.journal"]._decode_statement_file(content)
        records = self.browse()
        for advice in self._parse_advices(filename, content):
            record = self._own_write().create(self._advice_values(advice) | {
                "name": storable(advice.reference or filename or self.env._("Pasted text"))[:TEXT_MAX],
                "partner_id": partner.id if partner else False,
            }).with_env(self.env)  # fmt: skip
            self.env["ir.attachment"].create({
                "name": storable(filename)[:TEXT_MAX] or self.env._("Pasted text.txt"),
                "raw": content,
                "res_model": self._name,
                "res_id": record.id,
            })  # fmt: skip
            record._place(advice)
            records += record
        records._trigger_matching()
        return records

    def _parse_advices(self, filename, content):
        """Read a file.

        :return: list of ``Advice``
        :raise UserError: with the reader's sentence
        """
        try:
            return readers.parse(filename, content)
        except StatementFormatError as error:
            raise UserError(self._in_words(error.sentence)) from error

    def _in_words(self, sentence):
        """Put a ``Sentence`` of the readers into the user's language."""
        return sentence.translated(self.env._)

    def _advice_values(self, advice):
        """Values of a record for what was read.

        :param advice: ``Advice``
        """
        code = advice.currency.upper()
        # Amounts in a currency that is not used here are none of the company's currency.
        currencies = self.env["res.currency"].with_context(active_test=False)
        currency = currencies.search([("name", "=", code)], limit=1) if code else None
        currency = currency or self.env.company.currency_id
        values = {
            "format": advice.format,
            "currency_id": currency.id,
            "reference": storable(advice.reference)[:TEXT_MAX],
            "payer_name": storable(advice.payer_name)[:TEXT_MAX],
            "payer_account": storable(advice.payer_account)[:TEXT_MAX],
            "payer_email": storable(advice.payer_email)[:TEXT_MAX],
            "amount_stated": float(advice.total or 0),
            "warnings": "\n".join(self._in_words(warning) for warning in advice.warnings),
            "line_ids": [Command.create(self._line_values(line)) for line in advice.lines],
        }
        if advice.payment_date:
            values["payment_date"] = advice.payment_date
        return values

    def _line_values(self, line):
        return {
            "sequence": line.row,
            "document_number": storable(line.number)[:TEXT_MAX],
            "other_numbers": [storable(number)[:TEXT_MAX] for number in line.other_numbers[:5]],
            "amount": float(line.amount or 0),
            "is_whole": line.amount is None,
            "is_amount_unsure": line.is_unsure,
            "deduction": float(line.deduction),
            "reason": storable(line.reason)[:TEXT_MAX],
            "item_text": storable(line.item)[:TEXT_MAX],
            "item_number": storable(line.item_number)[:TEXT_MAX],
            "reason_code": line.reason_code or ("other" if line.deduction and line.reason else False),
        }

    def _place(self, advice):
        """Find the documents, and by them the direction and the currency where the advice does not state them.

        :param advice: ``Advice``
        """
        if self._is_our_own(advice):
            self.direction = "out"
        self._find_documents()
        currency = self.line_ids.move_id.currency_id
        if not advice.currency and len(currency) == 1 and currency != self.currency_id:
            own = self._own_write()
            own.write({"currency_id": currency.id, "amount_stated": float(advice.total or 0)})
            # The amounts may have been rounded to the digits of the other currency.
            for line, read in zip(own.line_ids.sorted("id"), advice.lines, strict=True):
                values = {"deduction": float(read.deduction), "is_amount_unsure": line.is_amount_unsure}
                line.write(values if read.amount is None else values | {"amount": float(read.amount)})

    def _is_our_own(self, advice):
        """Whether the company itself is the payer: by its bank account or name, or since all numbers are of bills."""
        partner = self.company_id.sudo().partner_id
        if self.payer_account and compact(self.payer_account) in map(compact, partner.bank_ids.mapped("acc_number")):
            return True
        if self.payer_name and fold(squeeze(self.payer_name)) == fold(squeeze(partner.name or "")):
            return True
        lines = self.line_ids.filtered("document_number")
        named = self._named_documents(lines)
        bills = named.filtered(lambda move: move.is_purchase_document(include_receipts=True))
        keys = set().union(*map(self._keys, bills))
        return bool(lines) and bills == named and all(compact(line.document_number) in keys for line in lines)

    def _trigger_matching(self):
        """Have what is certain matched soon."""
        if any(self.company_id.mapped("bank_match_automatic")):
            # The scheduled action works with its own rights; it is only started earlier.
            self.env.ref("account_reconciliation.cron_auto_match").sudo()._trigger()

    # -- by mail ---------------------------------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail to the alias becomes an advice; what it holds is read once the message is stored."""
        mail = kinds.mapping(self.env, "msg_dict", msg_dict)
        given = kinds.mapping(self.env, "custom_values", custom_values)
        company = kinds.record("res.company")(self.env, "company_id", given.get("company_id")) or self.env.company
        values = {
            "name": storable(str(mail.get("subject") or "") or self.env._("Mail without a subject"))[:TEXT_MAX],
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "payment_date": company._today(),
            "payer_email": storable(email_normalize(str(mail.get("email_from") or "")) or "")[:TEXT_MAX],
            "is_from_mail": True,
        }
        return super(AccountRemittanceAdvice, self.with_company(company)._own_write()).message_new(
            mail, custom_values=values
        )

    def _message_post_after_hook(self, message, msg_values):
        """Read the mail that an advice was made of."""
        result = super()._message_post_after_hook(message, msg_values)
        if message.message_type == "email" and self.is_from_mail and self.state == "new" and not self.line_ids:
            self._read_mail(message)
        return result

    def _read_mail(self, message):
        """Read the attachments of a mail that are advices, else its text; why none is, is kept for a person.

        The first payment is read into this advice; each further one becomes an advice of its own.

        :param message: mail.message
        """
        found, errors = self._advices_of_mail(message)
        if not found:
            # No request but a mail waits for this: what is wrong is shown to a user who reviews.
            self._own_write().error = "\n".join(errors)
            return
        advices = self.with_company(self.company_id)
        given = {"company_id": self.company_id.id, "payment_date": self.payment_date, "payer_email": self.payer_email}
        records = self
        for number, (advice, attachment) in enumerate(found):
            values = advices._advice_values(advice) | {
                "error": False,
                # Who wrote what was read: a later mail of somebody else proves nothing.
                "mail_address": email_normalize(message.email_from or "") or False,
            }
            if not values["payer_email"]:
                del values["payer_email"]
            if not number:
                self._own_write().write(values)
                advices._place(advice)
                continue
            name = ", ".join(filter(None, (self.name, advice.reference or attachment.name)))
            further = advices._own_write().create(
                given | values | {"name": storable(name)[:TEXT_MAX], "is_from_mail": True}
            )
            attachment.copy({"res_model": self._name, "res_id": further.id})
            further = further.with_env(advices.env)
            further._place(advice)
            records += further
        records._trigger_matching()

    def _advices_of_mail(self, message):
        """Read a mail.

        :param message: mail.message
        :return: (list of (``Advice``, the ir.attachment that it is in), list of why something is none)
        """
        found, errors = [], []
        for attachment in message.attachment_ids.sorted("id")[:ATTACHMENTS_MAX]:
            if (attachment.mimetype or "").startswith(("image/", "audio/", "video/")):
                continue
            try:
                read = readers.parse(attachment.name, attachment.raw or b"")
            except StatementFormatError as error:
                errors.append(self._in_words(error.sentence))
                continue
            found += [(advice, attachment) for advice in read]
        # One advice is often attached in two formats, and its documents with it.
        keys = [frozenset((line.number, line.amount) for line in advice.lines) for advice, _attachment in found]
        found = [
            one
            for place, one in enumerate(found)
            if keys[place] not in keys[:place] and not any(keys[place] < other for other in keys)
        ]
        if not found:
            try:
                read = readers.parse("", f"<html><body>{message.body or ''}</body></html>".encode())
                found = [(advice, message.attachment_ids.browse()) for advice in read]
            except StatementFormatError as error:
                errors.append(self._in_words(error.sentence))
        return found[: readers.ADVICES_MAX], errors

    # -- whose it is -----------------------------------------------------------------------------------------

    def _find_payer(self):
        """The account owner who has the payer's bank account, e-mail address or name, where it is one for certain.

        :return: res.partner
        """
        partners = self.env["res.partner"]
        allowed = [("company_id", "in", (False, *self.company_id.parent_ids.ids))]
        account = "".join(char for char in self.payer_account or "" if char.isalnum()).upper()
        email = email_normalize(self.payer_email or "")
        found = partners
        if account:
            banks = self.env["res.partner.bank"].search(
                [("partner_id", "any", allowed), ("sanitized_acc_number", "=", account)], limit=10
            )
            found = self._usable_payers(banks.partner_id.commercial_partner_id)
        for condition in (("email_normalized", "=", email), ("name", "=ilike", self.payer_name)):
            if len(found) != 1 and condition[2]:
                found = self._usable_payers(partners.search([*allowed, condition], limit=10).commercial_partner_id)
        found -= self.company_id.sudo().partner_id.commercial_partner_id
        return found if len(found) == 1 else partners

    def _day_range(self):
        """The days on which the money of this advice may reach the bank."""
        with suppress(OverflowError):
            return (
                fields.Date.subtract(self.payment_date, days=10),
                fields.Date.add(self.payment_date, days=60),
            )
        return self.payment_date, self.payment_date
