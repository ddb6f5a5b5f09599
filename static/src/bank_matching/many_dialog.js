import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { MultiRecordSelector } from "@web/core/record_selectors/multi_record_selector";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { Component, useState } from "@odoo/owl";
import { accountsOf, partnersOf, recentFirst, taxesOf } from "./record_choices";

/** Asks what is to be done to all that is selected: book it to an account or a preset, as a transfer, or whose it is. */
export class ManyDialog extends Component {
    static template = "account_reconciliation.ManyDialog";
    static components = { Dialog, MultiRecordSelector, RecordSelector };
    static props = {
        mode: { validate: (mode) => ["book", "transfer", "partner"].includes(mode) },
        count: Number, journal: Object, accounts: Array, presets: Array, confirm: Function, close: Function,
    };

    setup() {
        this.state = useState({ accountId: false, partnerId: false, taxIds: [], presetId: "", journalId: "", label: "" });
        if (this.props.accounts.length === 1) {
            this.state.journalId = String(this.props.accounts[0].id);
        }
    }

    get title() {
        return {
            book: _t("Book what is selected (%s)", this.props.count),
            transfer: _t("Book what is selected as internal transfers (%s)", this.props.count),
            partner: _t("Partner of what is selected (%s)", this.props.count),
        }[this.props.mode];
    }

    get accountDomain() {
        return accountsOf(this.props.journal.company_id);
    }

    get accountContext() {
        return recentFirst(this.props.journal.id);
    }

    get partnerDomain() {
        return partnersOf(this.props.journal.company_id);
    }

    get taxDomain() {
        return taxesOf(this.props.journal.company_id);
    }

    get isComplete() {
        const { accountId, presetId, journalId, partnerId } = this.state;
        return { book: accountId || presetId, transfer: journalId, partner: partnerId }[this.props.mode];
    }

    confirm() {
        const { accountId, partnerId, taxIds, presetId, journalId, label } = this.state;
        this.props.close();
        if (this.props.mode === "partner") {
            return this.props.confirm({ partnerId });
        }
        if (this.props.mode === "transfer") {
            return this.props.confirm({ line: { kind: "transfer", journal_id: Number(journalId) } });
        }
        return this.props.confirm({
            line: presetId
                ? { kind: "preset", preset_id: Number(presetId) }
                : { kind: "account", account_id: accountId, partner_id: partnerId, tax_ids: taxIds, label },
        });
    }
}
