import { patch } from "@web/core/utils/patch";
import { TourPointer } from "@web_tour/js/tour_pointer/tour_pointer";
import { tourState } from "@web_tour/js/tour_state";

// Odoo's tour pointer shows its text on hover only. The guided tours of reconciliation show it at once.
patch(TourPointer.prototype, {
    get isOpen() {
        const isOurs = tourState.getCurrentTour()?.startsWith("account_reconciliation_");
        return super.isOpen || Boolean(isOurs && this.content);
    },
});
