import { _t } from "@web/core/l10n/translation";
import { deserializeDate, deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { KeepLast } from "@web/core/utils/concurrency";
import { Layout } from "@web/search/layout";
import { Pager } from "@web/core/pager/pager";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { formatMonetary } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { useDebounced } from "@web/core/utils/timing";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { isZeroAmount } from "@account_reconciliation/money";
import { KeysDialog } from "../bank_matching/keys_dialog";
import { useKeys } from "../bank_matching/use_keys";
import { useSentences } from "../bank_matching/sentences";
import { ledgerKeys } from "./ledger_keys";
import { LedgerSelection } from "./ledger_selection";
import { LedgerSuggestions } from "./ledger_suggestions";
import { LedgerSelectionBar } from "./ledger_selection_bar";
import { useLastReconciliation } from "./use_last_reconciliation";

const MODEL = "account.ledger.account";
const PAGE = 40;
const NO_PAGE = { groups: [], has_more: false, group_count: 0, line_count: null, debit: 0, credit: 0 };

// The open lines of one account in groups: chosen, compared, reconciled.
export class LedgerAccount extends Component {
    static template = "account_reconciliation.LedgerAccount";
    static components = { Layout, LedgerSelectionBar, LedgerSuggestions, Pager, RecordSelector };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.attempt = useSentences();
        this.keepLast = new KeepLast();
        this.keepTotals = new KeepLast();
        this.totals = {};
        this.tableRef = useRef("table");
        this.searchRef = useRef("search");
        this.pageSize = PAGE;
        this.accountId = this.props.action.context.active_id;
        const { place = {} } = this.props.state || {};
        this.place = useState({ groupBy: "partner", search: "", offset: 0, line: 0, ...place });
        this.state = useState({ overview: null, page: null, loadCount: 0, isBusy: false });
        this.selection = useState(new LedgerSelection());
        this.lastReconciliation = useLastReconciliation(() => this.state.overview, () => this.load());
        this.searchSoon = useDebounced((search) => this.go({ search }), 300);
        useSetupAction({ getLocalState: () => ({ place: { ...this.place } }) });
        useKeys({
            j: () => this.move(1), ArrowDown: () => this.move(1),
            k: () => this.move(-1), ArrowUp: () => this.move(-1),
            f: () => this.searchRef.el?.focus(),
            g: () => this.nextGrouping(),
            " ": () => this.current && this.toggle(this.current),
            z: () => this.lastReconciliation.undo(),
            "?": () => this.openKeys(),
        });
        useEffect(
            () => {
                // Only where keys have moved: a page that opens starts with its head.
                if (this.isMoved) {
                    this.tableRef.el?.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
                }
            },
            () => [this.place.line]
        );
        onWillStart(async () => {
            this.state.overview = await this.call("get_overview");
            this.env.config.setDisplayName(this.state.overview.name);
            await this.load();
        });
    }

    call(method, ...args) {
        return this.orm.call(MODEL, method, [[this.accountId], ...args]);
    }

    get display() {
        return { controlPanel: {} };
    }

    // -- what is shown -------------------------------------------------------------------------------------

    get lines() {
        return this.state.page.groups.flatMap((group) => group.lines);
    }

    get current() {
        return this.lines.find((line) => line.id === this.place.line);
    }

    /** How many groups there are; until they are counted, one more than are shown where more follow. */
    get groupCount() {
        const { groups, has_more, group_count } = this.state.page;
        return Math.max(group_count, this.place.offset + groups.length + (has_more ? 1 : 0));
    }

    isZero(amount) {
        return isZeroAmount(amount, this.state.overview.currency_id);
    }

    money(amount, currencyId = this.state.overview.currency_id) {
        return formatMonetary(amount, { currencyId });
    }

    date(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }

    foreign(line) {
        return line.currency_id !== this.state.overview.currency_id ? this.money(line.amount_currency, line.currency_id) : "";
    }

    lineLabel(line) {
        return _t("Select %(entry)s of %(date)s", { entry: line.move, date: this.date(line.date) });
    }

    groupLabel(group) {
        return _t("Select all shown lines of %s", group.name);
    }

    moreText(group) {
        return _t("Show %s more", group.count - group.lines.length);
    }

    get seenText() {
        const { seen } = this.state.overview;
        return seen
            ? _t("Last looked at by %(who)s, %(when)s", { who: seen.user, when: formatDateTime(deserializeDateTime(seen.date)) })
            : "";
    }

    // -- loading -------------------------------------------------------------------------------------------

    async load() {
        const { groupBy, search, offset } = this.place;
        const result = await this.attempt(() =>
            this.keepLast.add(this.call("get_groups", groupBy, { search }, PAGE, offset, false))
        );
        if (result && offset && !result.value.groups.length) {
            // What was on this page is reconciled.
            this.place.offset = Math.max(0, offset - PAGE);
            return this.load();
        }
        if (result) {
            // Until they are counted again, the figures of the page before are shown.
            this.state.page = { ...NO_PAGE, ...this.totals, ...result.value };
            const known = new Set(this.lines.map((line) => line.id));
            if (!known.has(this.place.line)) {
                this.place.line = this.lines[0]?.id || 0;
            }
        } else {
            this.state.page ||= { ...NO_PAGE };
        }
        this.state.loadCount++;
        this.loadTotals();
    }

    /** They come after the lines, which do not wait for them. */
    async loadTotals() {
        const { groupBy, search } = this.place;
        const result = await this.attempt(() =>
            this.keepTotals.add(
                this.env.services.orm.silent.call(MODEL, "get_totals", [[this.accountId], groupBy, { search }])
            )
        );
        if (groupBy !== this.place.groupBy || search !== this.place.search) {
            return; // of the groups before
        }
        this.totals = result ? result.value : { line_count: 0 };
        Object.assign(this.state.page, this.totals);
    }

    async go(changes) {
        if (!("offset" in changes)) {
            // Other groups: how many is not known yet.
            this.totals.group_count = 0;
        }
        Object.assign(this.place, { offset: 0 }, changes);
        await this.load();
    }

    groupBy(groupBy) {
        return this.go({ groupBy });
    }

    nextGrouping() {
        const keys = this.state.overview.groupings.map(([key]) => key);
        return this.groupBy(keys[(keys.indexOf(this.place.groupBy) + 1) % keys.length]);
    }

    async showMore(group) {
        const { groupBy, search } = this.place;
        const result = await this.attempt(() =>
            this.call("get_group_lines", groupBy, group.key || "", { search }, group.lines.length)
        );
        if (result) {
            group.lines.push(...result.value);
        }
    }

    onSearchKeydown(ev) {
        if (["Escape", "Enter"].includes(ev.key)) {
            ev.preventDefault();
            ev.stopPropagation();
            ev.target.blur();
        }
    }

    move(step) {
        const number = this.lines.findIndex((line) => line.id === this.place.line) + step;
        if (this.lines[number]) {
            this.isMoved = true;
            this.place.line = this.lines[number].id;
        }
    }

    toggle(line) {
        this.place.line = line.id;
        this.selection.toggle(line);
    }

    // -- reconciling ---------------------------------------------------------------------------------------

    reconcile(lineIds) {
        return this.run("reconcile_lines", lineIds, "manual");
    }

    accept(suggestion) {
        return this.run("reconcile_lines", suggestion.lines.map((line) => line.id), "suggestion");
    }

    bookDifference(lineIds, { accountId, label, taxIds, day }) {
        return this.run("book_difference", lineIds, accountId, label, taxIds, day);
    }

    /** Do it, say what was done, offer to undo it. */
    async run(method, ...args) {
        if (this.state.isBusy) {
            return false;
        }
        this.state.isBusy = true;
        const result = await this.attempt(() => this.call(method, ...args), () => this.load());
        this.state.isBusy = false;
        if (!result) {
            return false;
        }
        this.selection.clear();
        this.lastReconciliation.tell(result.value);
        await this.load();
        return true;
    }

    // -- elsewhere -----------------------------------------------------------------------------------------

    async assign(userId) {
        const result = await this.attempt(() => this.call("assign", userId || null));
        if (result) {
            this.state.overview.user = userId ? [userId, ""] : false;
        }
    }

    openEntry(line) {
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: "account.move", res_id: line.move_id, views: [[false, "form"]],
        });
    }

    async open(method) {
        return this.action.doAction(await this.call(method));
    }

    /** The rules or proofs of this account; a new one is of it. */
    openOf(name) {
        return this.action.doAction(`account_reconciliation.${name}`, {
            additionalContext: {
                default_account_id: this.accountId, search_default_account_id: this.accountId,
            },
        });
    }

    openKeys() {
        this.dialog.add(KeysDialog, { groups: ledgerKeys() });
    }
}

registry.category("actions").add("account_reconciliation.ledger_account", LedgerAccount);
