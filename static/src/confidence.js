import { formatShare } from "./percent";

// From here on a suggestion's button is the main one, and Enter accepts it.
const LIKELY = 0.75;

export function isLikely(confidence) {
    return confidence >= LIKELY;
}

/** Rounded down: 99.97 % isn't a certainty. */
export function formatConfidence(confidence, digits = 1) {
    const factor = 10 ** (digits + 2);
    return formatShare(Math.floor(confidence * factor) / factor, digits);
}
