import { user } from "@web/core/user";

/** Write a share (0 to 1) as the user's language does: 96%, 96 %. */
export function formatShare(share, digits = 0) {
    return new Intl.NumberFormat(user.lang, { style: "percent", maximumFractionDigits: digits }).format(share);
}
