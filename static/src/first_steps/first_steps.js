import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillStart, useState } from "@odoo/owl";

const MODEL = "account.reconciliation.first.steps";

/** What is to be set first, each step done from here; for whoever configures accounting. */
export class FirstSteps extends Component {
    static template = "account_reconciliation.FirstSteps";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.tour = useService("tour_service");
        this.notification = useService("notification");
        this.state = useState({ steps: [], isHidden: true, mayConfigure: false, canShow: {} });
        onWillStart(() => this.load());
    }

    get doneCount() {
        return this.state.steps.filter((step) => step.is_done).length;
    }

    async load() {
        const found = await this.orm.call(MODEL, "get_first_steps");
        Object.assign(this.state, {
            mayConfigure: Boolean(found),
            steps: found?.steps ?? [],
            isHidden: found?.is_hidden ?? true,
            canShow: { billing: found?.has_documents, matching: found?.has_unmatched },
        });
    }

    async open(step) {
        const action = await this.orm.call(MODEL, "open_step", [step.id]);
        await this.action.doAction(action, { onClose: () => this.load() });
    }

    async setHidden(hidden) {
        await this.orm.call(MODEL, "hide_first_steps", [hidden]);
        await this.load();
    }

    /** A tour through empty screens would point at nothing. */
    showAround(name) {
        if (!this.state.canShow[name]) {
            const missing = {
                billing: _t("There is no account to show yet. Post an invoice first, then come back."),
                matching: _t("No bank transaction waits to be matched. Import a bank statement first, then come back."),
            };
            return this.notification.add(missing[name], { type: "info" });
        }
        return this.tour.startTour(`account_reconciliation_${name}_tour`, { mode: "manual" });
    }
}
