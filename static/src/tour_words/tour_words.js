import { patch } from "@web/core/utils/patch";
import { TourPointer } from "@web_tour/js/tour_pointer/tour_pointer";
import { tourState } from "@web_tour/js/tour_state";

// Odoo's pointer says its sentence only to those who point at it. A guided tour of reconciliation says it at once.
patch(TourPointer.prototype, {
    get isOpen() {
        const isOurs = tourState.getCurrentTour()?.startsWith("account_reconciliation_");
        return super.isOpen || Boolean(isOurs && this.content);
    },
});
