import { registry } from "@web/core/registry";
import { useFileUploader } from "@web/core/utils/files";
import { Many2ManyBinaryField, many2ManyBinaryField } from "@web/views/fields/many2many_binary/many2many_binary_field";
import { useState } from "@odoo/owl";

const UPLOAD = "/web/binary/upload_attachment";

/** The files of an import: they are chosen, or dropped where the dialog says so. */
export class StatementFiles extends Many2ManyBinaryField {
    static template = "account_reconciliation.StatementFiles";

    setup() {
        super.setup();
        this.uploadFiles = useFileUploader();
        this.state = useState({ isOver: false });
    }

    async onDrop(ev) {
        this.state.isOver = false;
        const files = [...ev.dataTransfer.files];
        const { resModel, resId } = this.props.record;
        const uploaded =
            files.length &&
            (await this.uploadFiles(UPLOAD, { csrf_token: odoo.csrf_token, ufile: files, model: resModel, id: resId || 0 }));
        if (uploaded) {
            await this.onFileUploaded(uploaded);
        }
    }
}

registry.category("fields").add("statement_files", {
    ...many2ManyBinaryField,
    component: StatementFiles,
    additionalClasses: ["o_field_many2many_binary"],
});
