import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { formatMonetary } from "@web/views/fields/formatters";
import { getCurrency } from "@web/core/currency";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { formatConfidence, isLikely } from "@account_reconciliation/confidence";
import { BookingPanel } from "./booking_panel";
import { BookingRows, canAdjust } from "./booking_rows";
import { DocumentSearch } from "./document_search";
import { MatchedTransaction } from "./matched_transaction";
import { MatchingFiles } from "./matching_files";
import { PresetButtons } from "./preset_buttons";
import { ReasonDialog } from "./reason_dialog";
import { TransactionDecisions } from "./transaction_decisions";
import { TransactionFacts } from "./transaction_facts";
import { TransactionSuggestions } from "./transaction_suggestions";
import { useKeys } from "./use_keys";
import { useSentences } from "./sentences";

const MODEL = "account.bank.statement.line";
const SUGGESTIONS = 8;

/** One bank transaction: what it may be, and everything that can be done with it. Made anew for each transaction. */
export class BankTransaction extends Component {
    static template = "account_reconciliation.BankTransaction";
    static components = {
        BookingPanel, DocumentSearch, MatchedTransaction, MatchingFiles, PresetButtons, TransactionDecisions,
        TransactionFacts, TransactionSuggestions,
    };
    static props = {
        line: Object, journal: Object, accounts: Array, hasAnalytic: Boolean, presets: Array, entityTypes: Object,
        booking: Promise, onBooking: Function, onRefused: Function, onDone: Function, onPresetsChange: Function, onRepeat: Function, onUndoBatch: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.attempt = useSentences();
        this.state = useState({ details: null, suggestions: null, isBusy: false, staleCount: 0, focusKey: "" });
        const { line, journal } = this.props;
        this.rows = useState(new BookingRows(Math.abs(line.amount), (getCurrency(journal.currency_id)?.digits || [69, 2])[1]));
        useKeys({
            Enter: () => (this.rows.length ? this.book() : this.acceptBest()),
            Escape: () => this.rows.clear(),
            a: () => this.addLine("account"),
            d: () => this.bookDifference(),
            t: () => this.addTransfer(),
            i: () => this.ignore(),
            u: () => this.undo(),
            q: () => this.askColleague(),
        });
        this.isGone = false;
        this.hasGivenWay = false;
        onWillDestroy(() => (this.isGone = true));
        onWillStart(() => {
            this.load(); // shown as it arrives; the list doesn't wait for it
        });
    }

    get lineId() {
        return this.props.line.id;
    }

    get line() {
        return this.state.details || this.props.line;
    }

    get isOpen() {
        return ["unmatched", "ignored"].includes(this.line.status);
    }

    get presets() {
        const direction = this.line.amount < 0 ? "out" : "in";
        return this.props.presets.filter((preset) => !preset.direction || preset.direction === direction);
    }

    money(amount, currencyId = this.state.details.currency_id) {
        return formatMonetary(amount, { currencyId });
    }

    date(value) {
        return formatDate(deserializeDate(value));
    }

    // -- loading -------------------------------------------------------------------------------------------

    call(method, ...args) {
        return this.orm.call(MODEL, method, [[this.lineId], ...args]);
    }

    /** What changes something is answered for even where another transaction is shown by then: the list must know. */
    change(method, ...args) {
        return this.env.services.orm.call(MODEL, method, [[this.lineId], ...args]);
    }

    async load() {
        const isOpen = ["unmatched", "ignored"].includes(this.props.line.status);
        await Promise.all([
            this.loadInto("details", () => this.call("get_bank_matching_details")),
            isOpen && this.loadInto("suggestions", () => this.suggestOnceBooked()),
        ]);
    }

    async loadInto(name, call) {
        const result = await this.attempt(call);
        if (result && !this.isGone) {
            this.state[name] = result.value;
        }
    }

    /** Asked after the transaction before has been booked: what it has just paid is not suggested again. */
    async suggestOnceBooked() {
        await this.props.booking;
        return this.isGone ? [] : this.call("get_match_suggestions", SUGGESTIONS);
    }

    // One thing at a time: a second press of a key while the first is booked does nothing.
    async work(call, refused) {
        if (this.state.isBusy || !this.state.details) {
            return null;
        }
        this.state.isBusy = true;
        try {
            return await this.attempt(call, refused);
        } finally {
            this.state.isBusy = false;
        }
    }

    // -- matching ------------------------------------------------------------------------------------------

    async match(records, amounts, settle, names) {
        if (this.state.isBusy || !this.state.details) {
            return;
        }
        const booking = this.work(() => this.change("accept_match", records, amounts, settle));
        // What has been entered here would be lost if the booking were refused: it stays until then.
        this.hasGivenWay = this.props.onBooking(this.lineId, booking, !this.rows.length);
        let result = null;
        try {
            result = await booking;
        } finally {
            if (!result && this.hasGivenWay) {
                this.props.onRefused(this.lineId);
            }
        }
        return this.finish(result, _t("Matched with %s", names));
    }

    /** Tell what became of a booking; where somebody else was faster, show what there is now. */
    async finish(result, done, canRepeat = false) {
        if (!result) {
            return;
        }
        const { state, message, suggestions } = result.value;
        if (state === "stale") {
            this.notification.add(message, { type: "warning" });
            if (this.hasGivenWay) {
                return this.props.onRefused(this.lineId);
            }
            if (this.isGone) {
                return;
            }
            const details = await this.attempt(() => this.call("get_bank_matching_details"));
            if (details && ["matched", "manual"].includes(details.value.status)) {
                return this.props.onDone(this.lineId, _t("It is matched already; the list is up to date now."), { canUndo: false });
            }
            this.state.suggestions = suggestions;
            this.rows.clear();
            this.state.staleCount++;
            return;
        }
        await this.props.onDone(this.lineId, message ? `${done}. ${message}` : done, { canRepeat });
    }

    accept({ records, amounts, settle, names }) {
        return this.match(records, amounts, settle, names.join(", "));
    }

    /** One key for what is likely; a guess is accepted by its own number, so that nobody types past it. */
    acceptBest() {
        const best = this.isOpen && this.state.suggestions?.[0];
        if (!best) {
            return;
        }
        if (!isLikely(best.confidence)) {
            return this.notification.add(
                _t("The best suggestion is only %s sure. Press 1 to accept it anyway.", formatConfidence(best.confidence)),
                { type: "info" }
            );
        }
        return this.accept(best);
    }

    async reject({ records }) {
        const result = await this.work(async () => {
            await this.call("reject_suggestion", records);
            return this.call("get_match_suggestions", SUGGESTIONS);
        });
        if (result) {
            this.state.suggestions = result.value;
            this.notification.add(_t("Rejected. It ranks lower from now on for transactions like this one."), {
                type: "info",
            });
        }
    }

    // -- the booking ---------------------------------------------------------------------------------------

    addLine(kind, values) {
        if (this.isOpen && this.state.details) {
            this.state.focusKey = this.rows.add(kind, { partnerId: this.state.details.partner_id || false, ...values });
        }
    }

    addTransfer() {
        const { accounts } = this.props;
        const alone = this.rows.length === 1 && this.rows.rows[0].kind === "transfer";
        if (alone) {
            this.rows.clear();
        } else {
            this.addLine("transfer", { journalId: accounts.length === 1 && accounts[0].id });
        }
    }

    /** The best suggestion's document, or those that are chosen, in full; the difference goes to another line. */
    bookDifference(suggestion = this.state.suggestions?.[0]) {
        if (!this.isOpen || !this.state.details) {
            return;
        }
        if (!this.rows.length) {
            if (!suggestion || !canAdjust(suggestion)) {
                return;
            }
            this.rows.adjust(suggestion);
        }
        this.rows.payInFull();
        if (!this.rows.restRow) {
            this.addLine("account");
        }
    }

    async book() {
        const { rows } = this;
        if (!rows.canBook || !this.isOpen || this.state.isBusy) {
            return;
        }
        const booking = this.work(() => this.change("book_lines", rows.toLines(), rows.isSettled && rows.canSettle));
        this.props.onBooking(this.lineId, booking, false);
        const result = await booking;
        const names = rows.documents.length ? _t("Matched with %s", rows.names) : _t("Booked: %s", this.line.label);
        return this.finish(result, names, rows.rows.every((row) => row.kind === "account"));
    }

    // -- transfer, ignoring, undoing -----------------------------------------------------------------------

    matchTransfer(other, presetId) {
        const records = [[MODEL, other.id]];
        if (presetId) {
            records.push(["account.reconcile.model", presetId]);
        }
        return this.match(records, null, false, `${other.journal} ${this.date(other.date)}`);
    }

    ignore() {
        if (this.line.status !== "unmatched" || !this.state.details) {
            return;
        }
        this.dialog.add(ReasonDialog, {
            confirm: async (reason) => {
                if (await this.work(() => this.change("action_ignore", reason))) {
                    await this.props.onDone(this.lineId, _t("Ignored: %s", reason));
                }
            },
        });
    }

    undo() {
        if (this.line.status === "unmatched") {
            return;
        }
        if (this.line.status === "ignored") {
            return this.takeBack("action_unignore");
        }
        const isTransfer = this.line.entity_type === "internal_transfer";
        this.dialog.add(ConfirmationDialog, {
            title: _t("Undo the match"),
            body: isTransfer
                ? _t("Undo this match? The other side of the transfer is undone with it.")
                : _t("Undo this match? What the transaction paid is open again."),
            confirmLabel: _t("Undo the match"),
            confirm: () => this.takeBack("action_unmatch"),
            cancel: () => {},
        });
    }

    async takeBack(method) {
        if (await this.work(() => this.change(method))) {
            await this.props.onDone(this.lineId, _t("Undone: it waits to be matched again."), { canUndo: false });
        }
    }

    // -- beside it -----------------------------------------------------------------------------------------

    /** The documents whose files are shown: what is chosen, else the best suggestion. */
    get fileRecords() {
        const chosen = this.rows.documents.map((row) => row.record);
        const records = chosen.length ? chosen : this.state.suggestions?.[0]?.records || [];
        return records.filter(([model]) => ["account.move", "account.move.line", "account.payment"].includes(model));
    }

    async askColleague() {
        const result = await this.attempt(() => this.call("action_ask_colleague"));
        if (result) {
            await this.action.doAction(result.value, { onClose: () => this.load() });
        }
    }

    // -- looking -------------------------------------------------------------------------------------------

    openRecord([model, id]) {
        if (model === "account.move.line") {
            return this.orm.read(model, [id], ["move_id"]).then(([row]) => this.openRecord(["account.move", row.move_id[0]]));
        }
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: model, res_id: id, views: [[false, "form"]],
        });
    }
}
