import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";
import { useService } from "@web/core/utils/hooks";
import { Component } from "@odoo/owl";
import { newBatch } from "./batches";
import { ManyDialog } from "./many_dialog";
import { ReasonDialog } from "./reason_dialog";
import { useSentences } from "./sentences";

const MODEL = "account.bank.statement.line";
// Many are changed in slices, each committed by itself.
const SLICE = 50;

/** What is selected in the list: its sums, and what is done to all of it at once. */
export class SelectedBar extends Component {
    static template = "account_reconciliation.SelectedBar";
    static props = {
        lines: Array, journal: Object, accounts: Array, presets: Array, onAccept: Function, onBatch: Function,
        onChanged: Function, onClear: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.attempt = useSentences();
    }

    get ids() {
        return this.props.lines.map((line) => line.id);
    }

    /** Money in and money out apart, never netted. */
    sum(sign) {
        const amount = this.props.lines.reduce((sum, line) => sum + (line.amount * sign > 0 ? line.amount : 0), 0);
        return formatMonetary(amount, { currencyId: this.props.journal.currency_id });
    }

    ignore() {
        const ids = this.ids;
        this.dialog.add(ReasonDialog, {
            confirm: async (reason) => {
                if (await this.attempt(() => this.call("action_ignore", ids, reason))) {
                    this.notification.add(_t("%s ignored", ids.length), { type: "success" });
                    await this.props.onChanged();
                }
            },
        });
    }

    ask(mode) {
        const ids = this.ids;
        const { journal, presets, accounts } = this.props;
        this.dialog.add(ManyDialog, {
            mode, count: ids.length, journal, presets, accounts,
            confirm: ({ line, partnerId }) => (line ? this.book(ids, line) : this.assignPartner(ids, partnerId)),
        });
    }

    // Handled even if the selection has changed meanwhile.
    call(method, ids, ...args) {
        return this.env.services.orm.call(MODEL, method, [ids, ...args]);
    }

    async assignPartner(ids, partnerId) {
        if (await this.attempt(() => this.call("assign_partner", ids, partnerId))) {
            this.notification.add(_t("The partner of %s transactions is set.", ids.length), { type: "success" });
            await this.props.onChanged();
        }
    }

    async book(ids, line) {
        const batch = newBatch();
        let accepted = 0;
        const messages = new Set();
        for (let start = 0; start < ids.length; start += SLICE) {
            const slice = ids.slice(start, start + SLICE);
            const result = await this.attempt(() => this.call("book_each", slice, [line], batch));
            if (!result) {
                break;
            }
            accepted += result.value.accepted;
            result.value.messages.forEach((message) => messages.add(message));
        }
        for (const message of messages) {
            this.notification.add(message, { type: "warning" });
        }
        if (accepted) {
            this.props.onBatch(batch, _t("%s booked", accepted));
        }
        await this.props.onChanged();
    }
}
