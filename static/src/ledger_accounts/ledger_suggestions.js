import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { KeepLast } from "@web/core/utils/concurrency";
import { formatMonetary } from "@web/views/fields/formatters";
import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { isLikely } from "@account_reconciliation/confidence";
import { formatShare } from "@account_reconciliation/percent";
import { useKeys } from "../bank_matching/use_keys";
import { useSentences } from "../bank_matching/sentences";

const SUGGESTIONS = 20;

/** What belongs together among the open lines of an account, as far as it seems. */
export class LedgerSuggestions extends Component {
    static template = "account_reconciliation.LedgerSuggestions";
    static props = {
        accountId: Number, search: String, loadCount: Number, isBusy: Boolean, onAccept: Function, onSelect: Function,
    };

    setup() {
        this.attempt = useSentences();
        this.keepLast = new KeepLast();
        this.share = formatShare;
        this.state = useState({ suggestions: null });
        useKeys(
            Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => [number, () => this.acceptNumber(number)]))
        );
        onWillStart(() => {
            this.load(this.props); // shown as they arrive; the lines don't wait for them
        });
        onWillUpdateProps((next) => {
            if (next.loadCount !== this.props.loadCount) {
                this.load(next);
            }
        });
    }

    async load({ accountId, search }) {
        const result = await this.attempt(() =>
            this.keepLast.add(
                this.env.services.orm.silent.call("account.ledger.account", "get_suggestions", [
                    [accountId], SUGGESTIONS, { search },
                ])
            )
        );
        if (result) {
            this.state.suggestions = result.value;
        }
    }

    isLikely(suggestion) {
        return isLikely(suggestion.confidence);
    }

    money(amount, currencyId) {
        return formatMonetary(amount, { currencyId });
    }

    date(value) {
        return formatDate(deserializeDate(value));
    }

    acceptNumber(number) {
        const suggestion = this.state.suggestions?.[number - 1];
        return suggestion && this.props.onAccept(suggestion);
    }
}
