import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillStart, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { useSentences } from "./sentences";

const UPLOAD = "/web/binary/upload_attachment";

/** Files beside a transaction: its own, and those of the documents that it may pay; one of them is shown. */
export class MatchingFiles extends Component {
    static template = "account_reconciliation.MatchingFiles";
    static props = { lineId: Number, moveId: Number, records: Array };

    setup() {
        this.orm = useService("orm");
        this.http = useService("http");
        this.notification = useService("notification");
        this.attempt = useSentences();
        this.inputRef = useRef("input");
        this.state = useState({ files: [], shownId: 0, isOver: false, isUploading: false });
        onWillStart(() => {
            this.load(this.props); // shown as it arrives
        });
        onWillUpdateProps((next) => {
            if (String(next.records) !== String(this.props.records)) {
                this.load(next);
            }
        });
    }

    async load({ lineId, records }) {
        const result = await this.attempt(() =>
            this.orm.silent.call("account.bank.statement.line", "get_matching_files", [[lineId], records])
        );
        if (result) {
            this.state.files = result.value;
        }
    }

    get shown() {
        return this.state.files.find((file) => file.id === this.state.shownId);
    }

    get isImage() {
        return this.shown.mimetype.startsWith("image/");
    }

    get isPdf() {
        return this.shown.mimetype === "application/pdf";
    }

    get source() {
        const content = `/web/content/${this.shown.id}`;
        if (this.isPdf) {
            return `/web/static/lib/pdfjs/web/viewer.html?file=${encodeURIComponent(content)}#pagemode=none`;
        }
        return this.isImage ? `/web/image/${this.shown.id}` : `${content}?download=true`;
    }

    title(file) {
        return file.of ? _t("%(name)s of %(document)s", { name: file.name, document: file.of }) : file.name;
    }

    toggle(file) {
        this.state.shownId = this.state.shownId === file.id ? 0 : file.id;
    }

    onDrop(ev) {
        this.state.isOver = false;
        return this.upload([...ev.dataTransfer.files]);
    }

    async upload(files) {
        if (!files.length || this.state.isUploading) {
            return;
        }
        this.state.isUploading = true;
        try {
            const answer = await this.http.post(
                UPLOAD, { csrf_token: odoo.csrf_token, model: "account.move", id: this.props.moveId, ufile: files }, "text"
            );
            const failed = JSON.parse(answer).find((one) => one.error);
            if (failed) {
                this.notification.add(failed.error, { type: "danger" });
            }
        } finally {
            this.state.isUploading = false;
        }
        await this.load(this.props);
    }
}
