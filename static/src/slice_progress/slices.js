import { onWillUnmount, useState } from "@odoo/owl";

/**
 * A job that is worked through slice by slice. Every slice is one committed call, so the bar shows what is kept, Stop
 * works after the current slice, and a closed dialog or browser leaves whole slices behind.
 *
 * `run(work)` calls `work` until it returns that nothing is left to do. `runThrough(list, size, work)` gives it one part
 * of a list after the other, until it returns that a part could not be done.
 *
 * @returns {Object} `done` and `total` (counts), `isStopping`, `isGone` (its component is closed), `run`, `runThrough`,
 *     `stop`
 */
export function useSlices() {
    const slices = useState({
        done: 0,
        total: 0,
        isStopping: false,
        isGone: false,

        async run(work) {
            let isMore = true;
            while (isMore && !slices.isStopping && !slices.isGone) {
                isMore = await work();
            }
        },

        async runThrough(list, size, work) {
            Object.assign(slices, { done: 0, total: list.length });
            await slices.run(async () => {
                const part = list.slice(slices.done, slices.done + size);
                const isDone = part.length > 0 && (await work(part));
                slices.done += isDone ? part.length : 0;
                return isDone;
            });
        },

        stop() {
            slices.isStopping = true;
        },
    });
    onWillUnmount(() => {
        slices.isGone = true;
    });
    return slices;
}
