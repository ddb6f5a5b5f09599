"""Snapshots that prove figures: sealed by a SHA-256, and kept as a PDF."""

import logging
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every

from .remote_calls import remote_call
from .sql import lock_rows

_logger = logging.getLogger(__name__)

# With more rows, the PDF takes longer than a user should wait, so the scheduled action makes it; the figures are sealed
# at once.
PRINTED_AT_ONCE_MAX = 1000
# wkhtmltopdf takes very long over one table of thousands of rows, not over many tables.
PRINTED_TABLE_ROWS = 150

PAPER = {
    "data-report-margin-top": 12,
    "data-report-margin-bottom": 12,
    "data-report-header-spacing": 0,
    "data-report-dpi": 96,
}


class ReconciliationSealedMixin(models.AbstractModel):
    """Figures at one moment, sealed by a SHA-256, and their PDF.

    A model that inherits it has ``line_ids``, and gives ``_fingerprint``, ``_render_html`` and ``_attachment_owner``.
    """

    _name = "reconciliation.sealed.mixin"
    _inherit = ["reconciliation.kept.mixin"]
    _description = "Sealed figures"

    _written_once = frozenset({"sha256", "attachment_id"})

    taken_by = fields.Char("Taken by", readonly=True)
    create_date = fields.Datetime("Taken on", readonly=True)
    sha256 = fields.Char("SHA-256 of the figures", readonly=True)
    is_intact = fields.Boolean(
        "Verified", compute="_compute_is_intact", help="The figures, computed again now, give the same SHA-256."
    )
    attachment_id = fields.Many2one("ir.attachment", "PDF", readonly=True, ondelete="restrict", index="btree_not_null")

    @api.depends("sha256")
    def _compute_is_intact(self):
        for snapshot in self:
            snapshot.is_intact = bool(snapshot.sha256) and snapshot.sha256 == snapshot._fingerprint()

    def _fingerprint(self):
        """The SHA-256 of all that the PDF prints."""
        raise NotImplementedError

    def _render_html(self):
        """The page that is printed."""
        raise NotImplementedError

    @api.model
    def _printed_tables(self, lines):
        """Split rows among the tables that print them.

        :param lines: records, in the order in which they are printed
        :return: list of records
        """
        return list(split_every(PRINTED_TABLE_ROWS, lines.ids, lines.browse))

    def _attachment_owner(self):
        """The record with which the PDF is kept, maybe none."""
        raise NotImplementedError

    def _seal(self):
        """Store the SHA-256, once."""
        for snapshot in self.filtered(lambda one: not one.sha256):
            snapshot.sha256 = snapshot._fingerprint()

    def _print_soon(self):
        """Make the PDF: at once where it is short, else within the minute, by the scheduled action."""
        short = self.filtered(lambda one: len(one.line_ids) <= PRINTED_AT_ONCE_MAX)
        short._print()
        if self - short:
            # The scheduled action works with its own rights; it is only started earlier.
            self.env.ref("account_reconciliation.cron_print_snapshots").sudo()._trigger()

    @api.model
    def _cron_print(self):
        """Print the snapshots, of whatever model, that have no PDF yet. Commits after each; one that can't be printed
        holds up no other."""
        sealed = sorted(self.env.registry["reconciliation.sealed.mixin"]._inherit_children)
        # Its own methods set a snapshot's PDF, once, whoever the scheduled action runs as.
        domain = [("attachment_id", "=", False), ("sha256", "!=", False)]
        waiting = [one for name in sealed for one in self.env[name].sudo().search(domain, order="id")]
        self.env["ir.cron"]._commit_progress(remaining=len(waiting))
        for snapshot in waiting:
            try:
                with self.env.cr.savepoint():
                    lock_rows(snapshot)
                    snapshot.with_company(snapshot.company_id)._print()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                _logger.info("The PDF of %s is being made by somebody who opens it.", snapshot.name)
            except UserError:
                _logger.exception("The PDF of %s could not be made.", snapshot.name)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _print(self):
        """Make the PDF, in the language of the user who took the figures, and keep it with what it proves."""
        for snapshot in self.filtered(lambda one: not one.attachment_id):
            reader = snapshot.create_uid
            printed = snapshot.with_context(lang=reader.lang, tz=reader.tz)
            snapshot.attachment_id = printed._store(printed._render())

    def _store(self, pdf):
        """Store the PDF whole or not at all.

        :param pdf: bytes
        :return: the ir.attachment
        :raise UserError: where there is no room for it
        """
        attachments = self.env["ir.attachment"]
        checksum = attachments._compute_checksum(pdf)
        path = Path(attachments._full_path(f"{checksum[:2]}/{checksum}"))
        was_there = path.exists()
        owner = self._attachment_owner()
        try:
            return attachments.create({
                "name": f"{self.name}, {self.id}.pdf".replace("/", "-"),
                "raw": pdf,
                "mimetype": "application/pdf",
                "res_model": owner._name,
                "res_id": owner.id,
            })  # fmt: skip
        except OSError as error:
            # A part of the file would stay in the filestore, and be used as the whole file the next time.
            if not was_there:
                path.unlink(missing_ok=True)
            raise UserError(
                self.env._(
                    "A file of %(size)s kB can't be stored: %(why)s. Nothing was changed. Let your administrator make "
                    "room where Odoo keeps its attachments, then try again.",
                    size=len(pdf) // 1024 + 1,
                    why=error.strerror,
                )
            ) from error

    def _render(self):
        """Render the snapshot's PDF; the page needs neither the web server nor its style sheets."""
        return self.env["ir.actions.report"]._run_wkhtmltopdf([self._render_html()], specific_paperformat_args=PAPER)

    @remote_call(one=True)
    def action_open(self):
        """Open the PDF; one that the scheduled action hasn't made yet is made now."""
        self.check_access("read")
        self.sudo()._print()  # a snapshot's own method sets its PDF, once; whoever may read it may have it printed
        return {"type": "ir.actions.act_url", "url": f"/web/content/{self.attachment_id.id}", "target": "new"}
