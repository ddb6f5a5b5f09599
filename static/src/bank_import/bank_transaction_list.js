import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { fileUploadListView } from "@account/views/file_upload_list/file_upload_list_view";
import { FileUploadListRenderer } from "@account/views/file_upload_list/file_upload_list_renderer";

// Odoo's list that takes dropped files; the model says what they are.
export class BankTransactionListRenderer extends FileUploadListRenderer {
    setup() {
        super.setup();
        this.dropZoneTitle = _t("Drop bank statements here");
        this.dropZoneDescription = _t("You see a preview before anything is imported.");
    }
}

registry.category("views").add("bank_transaction_list", {
    ...fileUploadListView,
    Renderer: BankTransactionListRenderer,
});
