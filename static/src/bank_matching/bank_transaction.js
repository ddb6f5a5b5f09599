import { _t } from "@web/core/l10n/translation";
import { deserializeDate, deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { formatMonetary } from "@web/views/fields/formatters";
import { useService } from "@web/core/utils/hooks";
import { formatShare } from "@account_reconciliation/percent";
import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { ChosenDocuments } from "./chosen_documents";
import { ReasonDialog } from "./reason_dialog";
import { onSearchKeydown } from "./search_keys";
import { TransferSides } from "./transfer_sides";
import { useKeys } from "./use_keys";
import { useSentences } from "./sentences";

const MODEL = "account.bank.statement.line";
const SUGGESTIONS = 8;
const PRESETS_SHOWN = 9;
const LIKELY = 0.5;
const UNLIKELY = 0.01;

/** One bank transaction: what it may be, and everything that can be done with it. Made anew for each transaction. */
export class BankTransaction extends Component {
    static template = "account_reconciliation.BankTransaction";
    static components = { ChosenDocuments, TransferSides };
    static props = { line: Object, presets: Array, entityTypes: Object, onDone: Function, onPresetsChange: Function };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.attempt = useSentences();
        this.searchRef = useRef("search");
        this.state = useState({
            details: null, suggestions: null, expanded: { 0: true }, raw: null, isBusy: false, isTransfer: false,
            allPresets: false, isAll: false, term: "", targets: null, chosen: [], presetId: 0, isSettled: false,
        });
        const keys = {
            Enter: () => (this.state.chosen.length ? this.matchChosen() : this.acceptBest()),
            x: () => this.reject(0),
            s: () => this.searchRef.el?.focus(),
            t: () => this.toggleTransfer(),
            i: () => this.ignore(),
            u: () => this.undo(),
            o: () => this.openMatched(),
            r: () => this.toggleRaw(),
            w: () => this.toggleReasons(0),
        };
        for (let number = 1; number <= 9; number++) {
            keys[number] = () => this.accept(number - 1);
            keys[`shift+${number}`] = () => this.usePreset(this.presets[number - 1]);
        }
        useKeys(keys);
        this.notes = {
            partial: _t("pays a part"),
            overpaid: _t("the rest stays as a deposit"),
            several_solutions: _t("other combinations add up as well"),
            discount: _t("with the early payment discount"),
            foreign: _t("at the rate of the day"),
            fee: _t("a fee may be missing"),
        };
        useEffect(
            (isSearching) => {
                if (isSearching) {
                    this.searchRef.el?.scrollIntoView({ block: "nearest" });
                }
            },
            () => [Boolean(this.state.targets)]
        );
        this.isGone = false;
        onWillUnmount(() => (this.isGone = true));
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

    get facts() {
        const { details } = this.state;
        const names = [
            // The bank's own spelling, where it isn't what stands above.
            [_t("Counterparty"), [details.partner_name === details.counterparty ? "" : details.partner_name]],
            [_t("Account"), [details.account_number]],
            [_t("Reference"), [details.reference, details.structured_reference]],
            [_t("Mandate"), [details.mandate]],
            [_t("Returned"), [details.return_reason]],
            [_t("Charges"), [details.charges && this.money(details.charges)]],
            [_t("Kind"), [details.transaction_type]],
            [_t("Statement"), [details.statement]],
        ];
        return names
            .map(([name, values]) => ({ name, value: values.filter(Boolean).join(" · ") }))
            .filter((fact) => fact.value);
    }

    /** The likely ones; the best is shown however unlikely it is. */
    get suggestionsShown() {
        const { suggestions, isAll } = this.state;
        return suggestions.filter((one, number) => isAll || !number || one.confidence >= UNLIKELY);
    }

    get presets() {
        const direction = this.line.amount < 0 ? "out" : "in";
        return this.props.presets.filter((preset) => !preset.direction || preset.direction === direction);
    }

    newPreset() {
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: "account.reconcile.model", name: _t("New preset"), target: "new",
            views: [[false, "form"]],
        }, { onClose: this.props.onPresetsChange });
    }

    get presetsShown() {
        return this.state.allPresets ? this.presets : this.presets.slice(0, PRESETS_SHOWN);
    }

    money(amount, currencyId = this.state.details.currency_id) {
        return formatMonetary(amount, { currencyId });
    }

    date(value) {
        return formatDate(deserializeDate(value));
    }

    moment(value) {
        return formatDateTime(deserializeDateTime(value));
    }

    percent(value) {
        // 99.97 % isn't rounded to a certainty.
        return formatShare(Math.floor(value * 1000) / 1000, 1);
    }

    /** The reasons that stand above the decisions already. */
    isExplanation(decision) {
        return decision.reasons.join("\n") === this.state.details.explanation;
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
        const result = await this.attempt(() =>
            Promise.all([this.call("get_bank_matching_details"), isOpen ? this.call("get_match_suggestions", SUGGESTIONS) : []])
        );
        if (result && !this.isGone) {
            [this.state.details, this.state.suggestions] = result.value;
        }
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
        const result = await this.work(() => this.change("accept_match", records, amounts, settle));
        if (!result) {
            return;
        }
        const { state, message, suggestions } = result.value;
        if (state === "stale") {
            this.notification.add(message, { type: "warning" });
            if (this.isGone) {
                return;
            }
            const details = await this.attempt(() => this.call("get_bank_matching_details"));
            if (details && ["matched", "manual"].includes(details.value.status)) {
                return this.props.onDone(this.lineId, _t("It is matched already; the list is up to date now."), false);
            }
            Object.assign(this.state, { suggestions, chosen: [] });
            if (this.state.targets) {
                await this.search();
            }
            return;
        }
        await this.props.onDone(this.lineId, _t("Matched with %s", names));
    }

    accept(number) {
        const found = this.isOpen && this.state.suggestions && this.suggestionsShown[number];
        return found && this.match(found.records, found.amounts, found.settle, found.names.join(", "));
    }

    /** One key for what is likely; a guess is accepted by its own number, so that nobody types past it. */
    acceptBest() {
        const best = this.isOpen && this.state.suggestions?.[0];
        if (!best) {
            return;
        }
        if (!this.isLikely(best)) {
            return this.notification.add(
                _t("The best suggestion is only %s sure. Press 1 to accept it anyway.", this.percent(best.confidence)),
                { type: "info" }
            );
        }
        return this.accept(0);
    }

    confidenceTitle(suggestion) {
        return _t("Confidence %s", this.percent(suggestion.confidence));
    }

    /** How much one reason counts, for who points at it. */
    weightTitle(suggestion, index) {
        const weight = suggestion.weights[index];
        return weight ? _t("Weight %s bits: above zero speaks for it, below zero against it", weight.toFixed(1)) : "";
    }

    acceptTitle(suggestion, index) {
        return !index && this.isLikely(suggestion) ? _t("Accept (Enter)") : _t("Accept (%s)", index + 1);
    }

    isLikely(suggestion) {
        return suggestion.confidence >= LIKELY;
    }

    async reject(number) {
        const found = this.isOpen && this.state.suggestions && this.suggestionsShown[number];
        if (!found) {
            return;
        }
        const result = await this.work(async () => {
            await this.call("reject_suggestion", found.records);
            return this.call("get_match_suggestions", SUGGESTIONS);
        });
        if (result) {
            this.state.suggestions = result.value;
            this.notification.add(_t("Rejected. It ranks lower from now on for transactions like this one."), {
                type: "info",
            });
        }
    }

    usePreset(preset) {
        if (!preset || !this.isOpen) {
            return;
        }
        if (this.state.chosen.length) {
            this.state.presetId = this.state.presetId === preset.id ? 0 : preset.id;
            return;
        }
        return this.match([["account.reconcile.model", preset.id]], null, false, preset.name);
    }

    toggleReasons(number) {
        this.state.expanded[number] = !this.state.expanded[number];
    }

    // -- any document --------------------------------------------------------------------------------------

    async search() {
        const result = await this.attempt(() => this.call("search_match_targets", this.state.term, 30));
        if (result && !this.isGone) {
            this.state.targets = result.value.map((row) => ({ ...row, key: row.record.join() }));
        }
    }

    onSearchKeydown(ev) {
        onSearchKeydown(ev, () => this.search(), () => {
            ev.target.blur();
            this.state.targets = null;
        });
    }

    isChosen(key) {
        return this.state.chosen.some((row) => row.key === key);
    }

    /** Tick or untick a document: it takes what is open, at most what is left. */
    choose(row) {
        if (this.isChosen(row.key)) {
            this.state.chosen = this.state.chosen.filter((one) => one.key !== row.key);
            return;
        }
        const left = Math.max(0, Math.abs(this.line.amount) - this.state.chosen.reduce((sum, one) => sum + one.amount, 0));
        const taken = row.open > 0 ? Math.min(row.open, left) : row.open;
        this.state.chosen.push({
            key: row.key, record: row.record, name: row.name, partner: row.partner, open: row.open, amount: taken,
            isForeign: this.isForeign(row.currency_id),
        });
    }

    isForeign(currencyId) {
        return ![this.line.currency_id, this.line.foreign_currency_id].includes(currencyId);
    }

    /** Take a suggestion apart: leave something out, change an amount, add a fee. */
    adjust(suggestion) {
        this.state.chosen = suggestion.records.map((record, number) => ({
            key: record.join(), record, name: suggestion.names[number], partner: "", open: 0,
            amount: suggestion.amounts[number], isForeign: suggestion.settle,
        }));
        this.state.isSettled = suggestion.settle;
    }

    canAdjust(suggestion) {
        // A payment is taken back whole.
        return suggestion.entity_type !== "return" && suggestion.records.every(([model]) => !["account.reconcile.model", "account.settlement", MODEL].includes(model));
    }

    matchChosen() {
        const { chosen, presetId, isSettled } = this.state;
        if (!chosen.length || !this.isOpen) {
            return;
        }
        const digits = 10 ** 6;
        const taken = chosen.reduce((sum, row) => sum + Math.round(row.amount * digits), 0);
        const rest = (Math.round(Math.abs(this.line.amount) * digits) - taken) / digits;
        const records = chosen.map((row) => row.record);
        const amounts = chosen.map((row) => row.amount);
        const names = chosen.map((row) => row.name);
        if (presetId && rest) {
            records.push(["account.reconcile.model", presetId]);
            amounts.push(rest);
            names.push(this.props.presets.find((preset) => preset.id === presetId).name);
        }
        // Ticked for the one document that was chosen first; beside others it isn't even shown.
        return this.match(records, amounts, isSettled && chosen.length === 1, names.join(", "));
    }

    // -- transfer, ignoring, undoing -----------------------------------------------------------------------

    toggleTransfer() {
        this.state.isTransfer = this.isOpen && !this.state.isTransfer;
    }

    matchTransfer(other, presetId) {
        const records = [[MODEL, other.id]];
        if (presetId) {
            records.push(["account.reconcile.model", presetId]);
        }
        return this.match(records, null, false, `${other.journal} ${this.date(other.date)}`);
    }

    ignore() {
        if (this.line.status !== "unmatched") {
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
                ? _t("Take this match back? The other side of the transfer is taken back with it.")
                : _t("Take this match back? What the transaction paid is open again."),
            confirmLabel: _t("Undo the match"),
            confirm: () => this.takeBack("action_unmatch"),
            cancel: () => {},
        });
    }

    async takeBack(method) {
        if (await this.work(() => this.change(method))) {
            await this.props.onDone(this.lineId, _t("Taken back: it waits to be matched again."), false);
        }
    }

    // -- looking -------------------------------------------------------------------------------------------

    async openMatched() {
        if (!this.isOpen) {
            await this.action.doAction(await this.call("action_open_matched"));
        }
    }

    openRecord([model, id]) {
        if (model === "account.move.line") {
            return this.orm.read(model, [id], ["move_id"]).then(([row]) => this.openRecord(["account.move", row.move_id[0]]));
        }
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: model, res_id: id, views: [[false, "form"]],
        });
    }

    openTransaction() {
        return this.openRecord([MODEL, this.lineId]);
    }

    async toggleRaw() {
        if (this.state.raw !== null) {
            this.state.raw = null;
            return;
        }
        const result = await this.attempt(() => this.orm.read(MODEL, [this.lineId], ["raw_text"]));
        if (result) {
            this.state.raw = result.value[0].raw_text || _t("The bank's file is not kept for this transaction.");
        }
    }
}
