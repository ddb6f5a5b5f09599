import { _t } from "@web/core/l10n/translation";
import { deserializeDate, deserializeDateTime, formatDate, serializeDate } from "@web/core/l10n/dates";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { Layout } from "@web/search/layout";
import { Pager } from "@web/core/pager/pager";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { formatMonetary } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { useDebounced } from "@web/core/utils/timing";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { formatShare } from "@account_reconciliation/percent";
import { KeepLast } from "@web/core/utils/concurrency";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, status, useEffect, useRef, useState } from "@odoo/owl";
import { BankTransaction } from "./bank_transaction";
import { BulkDialog } from "./bulk_dialog";
import { KeysDialog } from "./keys_dialog";
import { initialPlace, TABS, writePlace } from "./matching_place";
import { useKeys } from "./use_keys";
import { useSentences } from "./sentences";

const PAGE = 80;
const UNDO_MILLISECONDS = 8000;

export class BankMatching extends Component {
    static template = "account_reconciliation.BankMatching";
    static components = { BankTransaction, DateTimeInput, Dropdown, DropdownItem, Layout, Pager, RecordSelector };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.attempt = useSentences();
        this.keepLast = new KeepLast();
        this.listRef = useRef("list");
        this.searchRef = useRef("search");
        this.pageSize = PAGE;
        this.place = useState(initialPlace(this.props));
        this.state = useState({ overview: null, lines: [] });
        this.lastMatch = null;
        this.tabNames = {
            unmatched: _t("Unmatched"), matched: _t("Matched"), manual: _t("Manually matched"), ignored: _t("Ignored"),
            all: _t("All"),
        };
        this.searchSoon = useDebounced((term) => this.filter({ search: term }), 300);
        useSetupAction({ getLocalState: () => ({ place: { ...this.place } }) });
        useKeys({
            j: () => this.move(1), ArrowDown: () => this.move(1),
            k: () => this.move(-1), ArrowUp: () => this.move(-1),
            ArrowRight: () => this.moveTab(1), ArrowLeft: () => this.moveTab(-1),
            f: () => this.searchRef.el?.focus(),
            c: () => this.matchCertain(),
            b: () => this.acceptMany(),
            z: () => this.undoLast(),
            "?": () => this.dialog.add(KeysDialog),
        });
        useEffect(
            () => {
                this.listRef.el?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
            },
            () => [this.place.line, this.state.lines]
        );
        onWillStart(async () => {
            await this.load();
            writePlace(this.props.updateActionState, this.place);
        });
    }

    // -- what is shown -------------------------------------------------------------------------------------

    get display() {
        return { controlPanel: {} };
    }

    get tabs() {
        const counts = Object.fromEntries(Object.entries(this.state.overview.statuses).map(([k, v]) => [k, v.count]));
        counts.all = Object.values(counts).reduce((sum, count) => sum + count, 0);
        return TABS.map((name) => ({ name, label: this.tabNames[name], count: counts[name] }));
    }

    get total() {
        return this.tabs.find((tab) => tab.name === this.place.tab).count;
    }

    get filters() {
        const { search, date_from, date_to, statement } = this.place;
        return { search, date_from, date_to, statement_id: statement };
    }

    get isFiltered() {
        return Object.values(this.filters).some(Boolean);
    }

    get current() {
        return this.state.lines.find((line) => line.id === this.place.line);
    }

    get percent() {
        // Rounded down: 100 % is said when nothing is left.
        return Math.floor(100 * this.state.overview.progress.share);
    }

    get shareMatched() {
        return _t("%(share)s of %(count)s matched", {
            share: formatShare(this.percent / 100),
            count: this.state.overview.progress.total,
        });
    }

    get isEmptyAccount() {
        return !this.isFiltered && this.tabs.every((tab) => !tab.count);
    }

    get lastImport() {
        const { last_import } = this.state.overview;
        return last_import ? formatDate(deserializeDateTime(last_import)) : "";
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.state.overview.journal.currency_id });
    }

    date(value) {
        return formatDate(deserializeDate(value));
    }

    dateValue(name) {
        return this.place[name] ? deserializeDate(this.place[name]) : false;
    }

    statusIcon(status) {
        return {
            unmatched: "fa-circle-o", matched: "fa-check-circle", manual: "fa-hand-o-right", ignored: "fa-eye-slash",
        }[status];
    }

    // -- loading -------------------------------------------------------------------------------------------

    callJournal(method, ...args) {
        return this.orm.call("account.journal", method, [this.place.journal ? [this.place.journal] : [], ...args]);
    }

    async load() {
        const result = await this.attempt(() => this.keepLast.add(this.fetch()));
        if (result) {
            const { overview, lines, offset } = result.value;
            Object.assign(this.state, { overview, lines });
            this.place.journal = overview.journal ? overview.journal.id : 0;
            this.place.offset = offset;
            if (!lines.some((line) => line.id === this.place.line)) {
                this.place.line = lines.length ? lines[0].id : 0;
            }
        } else if (!this.state.overview) {
            // What the URL asked for isn't for this user: the screen opens where it would by itself.
            Object.assign(this.place, { journal: 0, search: "", date_from: "", date_to: "", statement: 0, offset: 0 });
            Object.assign(this.state, await this.fetch());
            this.place.journal = this.state.overview.journal?.id || 0;
            this.place.line = this.state.lines[0]?.id || 0;
        }
    }

    async fetch() {
        let { tab, offset, journal } = this.place;
        const page = (id) => this.orm.call("account.journal", "get_bank_matching_page", [[id], tab, this.filters, PAGE, offset]);
        const overviewPromise = this.callJournal("get_bank_matching_overview", this.filters);
        let [overview, lines] = await Promise.all([overviewPromise, journal ? page(journal) : null]);
        if (!overview.journal) {
            return { overview, lines: [], offset: 0 };
        }
        const counts = Object.entries(overview.statuses).map(([name, { count }]) => (["all", name].includes(tab) ? count : 0));
        const lastPage = PAGE * Math.floor(Math.max(0, counts.reduce((sum, count) => sum + count, 0) - 1) / PAGE);
        if (!lines || offset > lastPage) {
            offset = Math.min(offset, lastPage);
            lines = await page(overview.journal.id);
        }
        return { overview, lines, offset };
    }

    // -- going about ---------------------------------------------------------------------------------------

    select(lineId) {
        this.place.line = lineId;
        writePlace(this.props.updateActionState, this.place);
    }

    async go(changes, isStep) {
        Object.assign(this.place, { offset: 0, line: 0 }, changes);
        await this.load();
        writePlace(this.props.updateActionState, this.place, isStep);
    }

    filter(changes) {
        return this.go(changes, false);
    }

    clearFilters() {
        return this.filter({ search: "", date_from: "", date_to: "", statement: 0 });
    }

    setDate(name, value) {
        return this.filter({ [name]: value ? serializeDate(value) : "" });
    }

    openTab(tab) {
        return this.go({ tab }, true);
    }

    moveTab(step) {
        const number = TABS.indexOf(this.place.tab) + step;
        return TABS[number] && this.openTab(TABS[number]);
    }

    openJournal(id) {
        return this.go({ journal: id, statement: 0 }, true);
    }

    async move(step) {
        const { lines } = this.state;
        const number = lines.findIndex((line) => line.id === this.place.line) + step;
        if (lines[number]) {
            this.select(lines[number].id);
        } else if (step > 0 && this.place.offset + PAGE < this.total) {
            await this.go({ offset: this.place.offset + PAGE }, false);
        } else if (step < 0 && this.place.offset) {
            await this.go({ offset: Math.max(0, this.place.offset - PAGE) }, false);
            this.select(this.state.lines.at(-1).id);
        }
    }

    onPagerUpdate({ offset }) {
        return this.go({ offset }, false);
    }

    onSearchKeydown(ev) {
        if (["Escape", "Enter"].includes(ev.key)) {
            ev.preventDefault();
            ev.stopPropagation();
            ev.target.blur();
        }
    }

    // -- after a transaction has changed -------------------------------------------------------------------

    /** The next transaction shows at once; figures follow. */
    async onDone(lineId, message, canUndo = true) {
        if (status(this) === "destroyed") {
            return; // booked all the same
        }
        const number = this.state.lines.findIndex((line) => line.id === lineId);
        const next = this.state.lines[number + 1] || this.state.lines[number - 1];
        if (this.place.tab !== "all") {
            this.state.lines = this.state.lines.filter((line) => line.id !== lineId);
        }
        if (this.place.line === lineId) {
            // Whoever has gone on meanwhile stays there.
            this.place.line = next ? next.id : 0;
        }
        this.closeNotification?.();
        this.lastMatch = canUndo ? lineId : null;
        const buttons = canUndo ? [{ name: _t("Undo"), primary: true, onClick: () => this.undoLast() }] : [];
        this.closeNotification = this.notification.add(message, {
            type: "success", buttons, autocloseDelay: UNDO_MILLISECONDS,
        });
        await this.load();
        writePlace(this.props.updateActionState, this.place);
    }

    async undoLast() {
        const lineId = this.lastMatch;
        if (!lineId) {
            return this.notification.add(_t("Nothing to undo: you have matched nothing since you opened this page."), {
                type: "info",
            });
        }
        this.closeNotification?.();
        this.lastMatch = null;
        if (await this.attempt(() => this.orm.call("account.bank.statement.line", "action_unmatch", [[lineId]]))) {
            this.notification.add(_t("Taken back: it waits to be matched again."), { type: "info" });
        }
        await this.go({ line: lineId, offset: this.place.offset, tab: "unmatched" }, false);
    }

    // -- many at once --------------------------------------------------------------------------------------

    async openBulk(mode) {
        const result = await this.attempt(() => this.callJournal("get_bank_matching_ids", this.filters));
        if (!result) {
            return;
        }
        if (!result.value.length) {
            return this.notification.add(_t("Nothing is unmatched here."), { type: "info" });
        }
        this.dialog.add(BulkDialog, {
            mode, lineIds: result.value, isFiltered: this.isFiltered,
        }, {
            onClose: async () => {
                await this.load();
                writePlace(this.props.updateActionState, this.place);
            },
        });
    }

    matchCertain() {
        return this.openBulk("certain");
    }

    acceptMany() {
        return this.openBulk("accept");
    }

    async importStatements() {
        return this.action.doAction("account_reconciliation.action_import_statements", {
            additionalContext: { default_journal_id: this.place.journal },
        });
    }

    openKeys() {
        this.dialog.add(KeysDialog);
    }
}

registry.category("actions").add("account_reconciliation.bank_matching", BankMatching);
