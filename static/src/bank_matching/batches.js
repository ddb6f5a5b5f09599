/** A text that the decisions of one run share, so that it can be taken back as a whole. */
export function newBatch() {
    return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;
}
