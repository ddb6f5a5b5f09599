import { RPCError } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";

const SENTENCES = /^odoo\.exceptions\.(UserError|ValidationError|AccessError|MissingError|LockError)$/;

/**
 * Call the server; where it refuses with a sentence, show that and go on, so that nothing on the screen is lost.
 *
 * @returns {(call: () => Promise, refused?: Function) => Promise<{value: any} | null>} null where it was refused
 */
export function useSentences() {
    const notification = useService("notification");
    return async (call, refused = () => {}) => {
        try {
            return { value: await call() };
        } catch (error) {
            if (!(error instanceof RPCError) || !SENTENCES.test(error.exceptionName)) {
                throw error;
            }
            notification.add(error.data.message, { type: "danger", sticky: true });
            refused();
            return null;
        }
    };
}
