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
import { BankBalances } from "@account_reconciliation/bank_balances/bank_balances";
import { KeepLast } from "@web/core/utils/concurrency";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onMounted, onWillDestroy, onWillStart, status, useRef, useState } from "@odoo/owl";
import { BankTransaction } from "./bank_transaction";
import { KeysDialog } from "./keys_dialog";
import { MatchingLines } from "./matching_lines";
import { PresetDialog } from "./preset_dialog";
import { RunningBooking } from "./running_booking";
import { SelectedBar } from "./selected_bar";
import { SelectedLines } from "./selected_lines";
import { initialPlace, TABS, writePlace } from "./matching_place";
import { useKeys } from "./use_keys";
import { useLastMatch } from "./use_last_match";
import { useManyLines } from "./use_many_lines";
import { useSentences } from "./sentences";

const PAGE = 80;

export class BankMatching extends Component {
    static template = "account_reconciliation.BankMatching";
    static components = {
        BankBalances, BankTransaction, DateTimeInput, Dropdown, DropdownItem, Layout, MatchingLines, Pager,
        RecordSelector, SelectedBar,
    };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.attempt = useSentences();
        this.keepLast = new KeepLast();
        this.searchRef = useRef("search");
        this.pageSize = PAGE;
        this.place = useState(initialPlace(this.props));
        this.state = useState({ overview: null, lines: [], loadCount: 0, isLineShown: false, isBalancesShown: false });
        this.selected = useState(new SelectedLines());
        this.booking = new RunningBooking();
        this.lastMatch = useLastMatch((lineId) => this.onUndone(lineId));
        this.many = useManyLines({
            selectedIds: () => this.selected.ids,
            findIds: () => this.callJournal("get_bank_matching_ids", this.filters),
            isFiltered: () => this.isFiltered,
            overview: () => this.state.overview,
            onBatch: (batch, message) => this.onBatch(batch, message),
            onClose: () => this.reload(),
        });
        this.tabNames = {
            unmatched: _t("Unmatched"), matched: _t("Auto-matched"), manual: _t("Manually matched"), ignored: _t("Ignored"),
            all: _t("All"),
        };
        this.searchSoon = useDebounced((term) => this.filter({ search: term }), 300);
        useSetupAction({ getLocalState: () => ({ place: { ...this.place } }) });
        useKeys({
            j: () => this.move(1), ArrowDown: () => this.move(1),
            k: () => this.move(-1), ArrowUp: () => this.move(-1),
            ArrowRight: () => this.moveTab(1), ArrowLeft: () => this.moveTab(-1),
            f: () => this.searchRef.el?.focus(),
            c: () => this.many.matchCertain(),
            b: () => this.many.acceptMany(),
            z: () => this.undoLast(),
            " ": () => this.current && this.selected.toggle(this.current),
            "?": () => this.dialog.add(KeysDialog),
        });
        this.orders = [
            ["date_desc", _t("Newest first")], ["date", _t("Oldest first")], ["amount_desc", _t("Largest in first")],
            ["amount", _t("Largest out first")], ["label", _t("By label")],
        ];
        this.directions = [["", _t("In and out")], ["in", _t("Money in")], ["out", _t("Money out")]];
        this.followMatching();
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
        const { search, date_from, date_to, statement, direction, question } = this.place;
        return { search, date_from, date_to, statement_id: statement, direction, has_question: Boolean(question) };
    }

    get isFiltered() {
        return Object.values(this.filters).some(Boolean);
    }

    get current() {
        return this.state.lines.find((line) => line.id === this.place.line);
    }

    /** Where a transfer can go. */
    get otherAccounts() {
        const { journal, journals } = this.state.overview;
        return journals.filter((one) => one.id !== journal.id && one.company_id === journal.company_id);
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

    dateValue(name) {
        return this.place[name] ? deserializeDate(this.place[name]) : false;
    }

    // -- loading -------------------------------------------------------------------------------------------

    callJournal(method, ...args) {
        return this.orm.call("account.journal", method, [this.place.journal ? [this.place.journal] : [], ...args]);
    }

    async load() {
        const result = await this.attempt(() => this.keepLast.add(this.fetch()));
        if (result) {
            const { overview, lines, offset } = result.value;
            Object.assign(this.state, { overview, lines, loadCount: this.state.loadCount + 1 });
            this.place.journal = overview.journal ? overview.journal.id : 0;
            this.place.offset = offset;
            if (!lines.some((line) => line.id === this.place.line)) {
                this.place.line = lines.length ? lines[0].id : 0;
            }
        } else if (!this.state.overview) {
            // The user has no access to what the URL asks for: the screen opens as without it.
            Object.assign(this.place, {
                journal: 0, search: "", date_from: "", date_to: "", direction: "", order: "", question: 0, statement: 0, offset: 0,
            });
            Object.assign(this.state, await this.fetch());
            this.place.journal = this.state.overview.journal?.id || 0;
            this.place.line = this.state.lines[0]?.id || 0;
        }
    }

    async fetch() {
        let { tab, offset, journal } = this.place;
        const page = (id) => this.orm.call("account.journal", "get_bank_matching_page", [
            [id], tab, this.filters, PAGE, offset, this.place.order || "date_desc",
        ]);
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

    /**
     * Imports and the background job send what they did, so that counts and list stay current. Messages while the page
     * opens wait until it is loaded: loading again would replace the first load, which would never end.
     */
    followMatching() {
        const bus = useService("bus_service");
        const listen = (counts) => this.onMatched(counts);
        this.isLate = false;
        bus.subscribe("account_reconciliation.bank_matching", listen);
        onMounted(() => this.isLate && this.load());
        onWillDestroy(() => bus.unsubscribe("account_reconciliation.bank_matching", listen));
    }

    onMatched({ journal_id, imported, matched, unmatched }) {
        if (journal_id !== this.place.journal) {
            return;
        }
        const message = imported
            ? _t("%(imported)s imported, %(matched)s matched, %(unmatched)s wait.", { imported, matched, unmatched })
            : _t("%s matched automatically.", matched);
        this.notification.add(message, { type: "info" });
        this.isLate = status(this) !== "mounted";
        return this.isLate || this.load();
    }

    // -- navigation ----------------------------------------------------------------------------------------

    /** Select a line; where there is room for one thing only, show it instead of the list. */
    open(lineId) {
        this.state.isLineShown = true;
        this.select(lineId);
    }

    select(lineId) {
        this.place.line = lineId;
        writePlace(this.props.updateActionState, this.place);
    }

    async go(changes, isStep) {
        this.selected.clear();
        Object.assign(this.place, { offset: 0, line: 0 }, changes);
        await this.load();
        writePlace(this.props.updateActionState, this.place, isStep);
    }

    filter(changes) {
        return this.go(changes, false);
    }

    clearFilters() {
        return this.filter({ search: "", date_from: "", date_to: "", direction: "", question: 0, statement: 0 });
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

    nextTo(lineId) {
        const { lines } = this.state;
        const number = lines.findIndex((line) => line.id === lineId);
        return lines[number + 1] || lines[number - 1];
    }

    /**
     * What is being booked counts as the last match.
     *
     * @param {boolean} givesWay whether the next transaction shows meanwhile
     * @returns {boolean} whether it does: there may be no other
     */
    onBooking(lineId, booking, givesWay) {
        const next = givesWay && this.nextTo(lineId);
        this.booking.start(booking, next?.id || 0);
        this.place.line = next?.id || this.place.line;
        return Boolean(next);
    }

    /** Back to what could not be booked, as it is now, unless the user has selected another transaction meanwhile. */
    async onRefused(lineId) {
        if (status(this) === "destroyed") {
            return;
        }
        await this.load();
        if (this.place.line === this.booking.nextId && this.state.lines.some((line) => line.id === lineId)) {
            this.place.line = lineId;
        }
        writePlace(this.props.updateActionState, this.place);
    }

    /** Where what is being booked is refused, nothing older is undone instead. */
    async undoLast() {
        if ((await this.booking.isBooked) && status(this) !== "destroyed") {
            await this.lastMatch.undo();
        }
    }

    /** The next transaction shows at once; figures follow. */
    async onDone(lineId, message, { canUndo = true, canRepeat = false } = {}) {
        if (status(this) === "destroyed") {
            return; // booked all the same
        }
        const next = this.nextTo(lineId);
        if (this.place.tab !== "all") {
            this.state.lines = this.state.lines.filter((line) => line.id !== lineId);
        }
        if (!next) {
            this.state.isLineShown = false;
        }
        if (this.place.line === lineId) {
            // A user who has selected another transaction meanwhile stays there.
            this.place.line = next ? next.id : 0;
        }
        this.selected.remove(lineId);
        const repeat = { name: _t("Always do this"), onClick: () => this.openPreset(lineId) };
        this.lastMatch.notify(message, canUndo ? { lineId } : null, canRepeat ? [repeat] : []);
        await this.load();
        writePlace(this.props.updateActionState, this.place);
    }

    /** A preset from a booking. */
    async openPreset(lineId) {
        const result = await this.attempt(() => this.orm.call("account.bank.statement.line", "propose_preset", [[lineId]]));
        if (!result) {
            return;
        }
        this.lastMatch.closeMessage();
        this.dialog.add(PresetDialog, {
            lineId, proposal: result.value, currencyId: this.state.overview.journal.currency_id,
            onCreated: async ({ name }) => {
                this.notification.add(_t("The preset “%s” is suggested from now on.", name), { type: "success" });
                await this.load();
            },
        });
    }

    onUndone(lineId) {
        return this.go({ line: lineId || this.place.line, offset: this.place.offset, tab: "unmatched" }, false);
    }

    /** One undo for all that was done together. */
    onBatch(batch, message) {
        this.lastMatch.notify(message, { batch });
    }

    async reload() {
        this.selected.clear();
        await this.load();
        writePlace(this.props.updateActionState, this.place);
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
