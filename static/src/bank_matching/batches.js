/** A text that the decisions of one run share, so that the run can be undone as a whole. */
export function newBatch() {
    return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;
}
