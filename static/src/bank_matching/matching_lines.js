import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatMonetary } from "@web/views/fields/formatters";
import { useDebounced } from "@web/core/utils/timing";
import { useService } from "@web/core/utils/hooks";
import { formatConfidence, isLikely } from "@account_reconciliation/confidence";
import { KeepLast } from "@web/core/utils/concurrency";
import { Component, onMounted, onWillUpdateProps, status, useEffect, useRef, useState } from "@odoo/owl";
import { SelectedLines } from "./selected_lines";
import { useSentences } from "./sentences";

const MODEL = "account.bank.statement.line";
const LOAD_MILLISECONDS = 150;

/** The rows of the list, each with its best suggestion and an OK that accepts it without opening the transaction. */
export class MatchingLines extends Component {
    static template = "account_reconciliation.MatchingLines";
    static props = {
        lines: Array, loadCount: Number, lineId: Number, tab: String, tabNames: Object, currencyId: Number,
        selected: SelectedLines, onOpen: Function, onSelect: Function, onBooking: Function, onAccepted: Function, onStale: Function, slots: Object,
    };

    setup() {
        this.notification = useService("notification");
        this.attempt = useSentences();
        this.keepLast = new KeepLast();
        this.listRef = useRef("list");
        this.selected = useState(this.props.selected);
        this.state = useState({ suggestions: {}, accepting: {} });
        this.loadSoon = useDebounced(() => this.loadSuggestions(), LOAD_MILLISECONDS);
        onMounted(() => this.loadSoon());
        onWillUpdateProps((next) => {
            if (next.loadCount !== this.props.loadCount) {
                this.loadSoon();
            }
        });
        useEffect(
            () => {
                this.listRef.el.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
            },
            () => [this.props.lineId, this.props.lines]
        );
    }

    /** What the transactions of the page may be: it comes after the list, which does not wait for it. */
    async loadSuggestions() {
        if (status(this) === "destroyed") {
            return;
        }
        const ids = this.props.lines.filter((line) => line.status === "unmatched").map((line) => line.id);
        const call = () => this.env.services.orm.silent.call(MODEL, "get_best_suggestions", [ids]);
        const result = ids.length && (await this.attempt(() => this.keepLast.add(call())));
        if (result && status(this) !== "destroyed") {
            const found = Object.fromEntries(result.value.map((suggestion) => [suggestion.id, suggestion]));
            this.state.suggestions = Object.fromEntries(ids.map((id) => [id, found[id] || null]));
        }
    }

    suggestionOf(line) {
        return this.state.suggestions[line.id];
    }

    isLikely(suggestion) {
        return isLikely(suggestion.confidence) && !suggestion.rival;
    }

    selectLabel(line) {
        return _t("Select “%s”", line.label);
    }

    okLabel(line) {
        return _t("OK: %(names)s for “%(label)s”", { names: this.suggestionOf(line).names.join(", "), label: line.label });
    }

    suggestionTitle(suggestion) {
        return [...suggestion.reasons, suggestion.rival && _t("It may also be %s", suggestion.rival)].filter(Boolean).join("\n");
    }

    share(value) {
        return formatConfidence(value, 0);
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.props.currencyId });
    }

    date(value) {
        return formatDate(deserializeDate(value));
    }

    statusIcon(name) {
        return {
            unmatched: "fa-circle-o", matched: "fa-check-circle", manual: "fa-hand-o-right", ignored: "fa-eye-slash",
        }[name];
    }

    /** Accept what a row shows, without opening it. The result is handled even if the page has been left meanwhile. */
    async accept(line) {
        const suggestion = this.suggestionOf(line);
        if (!suggestion || this.state.accepting[line.id] || line.status !== "unmatched") {
            return;
        }
        this.state.accepting[line.id] = true;
        const { records, amounts, settle, names } = suggestion;
        const booking = this.attempt(() =>
            this.env.services.orm.call(MODEL, "accept_match", [[line.id], records, amounts, settle])
        );
        this.props.onBooking(line.id, booking, false);
        const result = await booking;
        delete this.state.accepting[line.id];
        if (!result) {
            return;
        }
        if (result.value.state === "stale") {
            this.notification.add(result.value.message, { type: "warning" });
            return this.props.onStale();
        }
        await this.props.onAccepted(line.id, _t("Matched with %s", names.join(", ")));
    }
}
