import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";
import { useService } from "@web/core/utils/hooks";
import { Component, useState } from "@odoo/owl";
import { useKeys } from "./use_keys";
import { useSentences } from "./sentences";

/** What the bank told about a transaction, and its own text where that is asked for. */
export class TransactionFacts extends Component {
    static template = "account_reconciliation.TransactionFacts";
    static props = { lineId: Number, details: Object };

    setup() {
        this.orm = useService("orm");
        this.attempt = useSentences();
        this.state = useState({ raw: null });
        useKeys({ r: () => this.toggleRaw() });
    }

    get facts() {
        const { details } = this.props;
        const charges = details.charges && formatMonetary(details.charges, { currencyId: details.currency_id });
        const names = [
            // The bank's own spelling, where it isn't what is shown above.
            [_t("Counterparty"), [details.partner_name === details.counterparty ? "" : details.partner_name]],
            [_t("Account"), [details.account_number]],
            [_t("Reference"), [details.reference, details.structured_reference]],
            [_t("Mandate"), [details.mandate]],
            [_t("Returned"), [details.return_reason]],
            [_t("Charges"), [charges]],
            [_t("Kind"), [details.transaction_type]],
            [_t("Statement"), [details.statement]],
        ];
        return names
            .map(([name, values]) => ({ name, value: values.filter(Boolean).join(" · ") }))
            .filter((fact) => fact.value);
    }

    async toggleRaw() {
        if (this.state.raw !== null) {
            this.state.raw = null;
            return;
        }
        const result = await this.attempt(() =>
            this.orm.read("account.bank.statement.line", [this.props.lineId], ["raw_text"])
        );
        if (result) {
            this.state.raw = result.value[0].raw_text || _t("The bank's file is not kept for this transaction.");
        }
    }
}
