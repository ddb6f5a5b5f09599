import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatMonetary } from "@web/views/fields/formatters";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { BookingRows } from "./booking_rows";
import { onSearchKeydown } from "./search_keys";
import { useKeys } from "./use_keys";
import { useSentences } from "./sentences";

const FOUND_MAX = 30;

/** Everything open that a transaction could pay: what is ticked becomes a line of its booking. */
export class DocumentSearch extends Component {
    static template = "account_reconciliation.DocumentSearch";
    static props = { line: Object, rows: BookingRows, entityTypes: Object, staleCount: Number };

    setup() {
        this.orm = useService("orm");
        this.attempt = useSentences();
        this.searchRef = useRef("search");
        this.rows = useState(this.props.rows);
        this.state = useState({ term: "", targets: null });
        useKeys({ s: () => this.searchRef.el?.focus() });
        useEffect(
            (isSearching) => {
                if (isSearching) {
                    this.searchRef.el?.scrollIntoView({ block: "nearest" });
                }
            },
            () => [Boolean(this.state.targets)]
        );
        onWillUpdateProps((next) => {
            // A colleague has booked meanwhile: documents that were found may be paid.
            if (next.staleCount !== this.props.staleCount && this.state.targets) {
                this.search();
            }
        });
    }

    async search() {
        const { line } = this.props;
        const result = await this.attempt(() =>
            this.orm.call("account.bank.statement.line", "search_match_targets", [[line.id], this.state.term, FOUND_MAX])
        );
        if (result) {
            this.state.targets = result.value.map((row) => ({ ...row, key: row.record.join() }));
        }
    }

    onKeydown(ev) {
        onSearchKeydown(ev, () => this.search(), () => {
            ev.target.blur();
            this.state.targets = null;
        });
    }

    /** Tick or untick a document. */
    choose(target) {
        if (this.rows.has(target.key)) {
            this.rows.remove(target.key);
        } else {
            this.rows.addDocument(target, this.isForeign(target.currency_id));
        }
    }

    isForeign(currencyId) {
        const { currency_id, foreign_currency_id } = this.props.line;
        return ![currency_id, foreign_currency_id].includes(currencyId);
    }

    money(amount, currencyId = this.props.line.currency_id) {
        return formatMonetary(amount, { currencyId });
    }

    date(value) {
        return formatDate(deserializeDate(value));
    }
}
