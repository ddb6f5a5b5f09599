/** What is being booked while another transaction may be on screen already. */
export class RunningBooking {
    constructor() {
        this.isBooked = Promise.resolve(true);
        this.nextId = 0;
    }

    /**
     * @param {Promise<Object | null>} booking its answer; null where it was refused
     * @param {number} nextId the transaction that is shown meanwhile; 0 where it is the same
     */
    start(booking, nextId) {
        const isBooked = booking.then((result) => result?.value.state === "done", () => false);
        this.isBooked = isBooked;
        this.nextId = nextId || this.nextId;
        isBooked.then(() => {
            if (this.isBooked === isBooked) {
                this.isBooked = Promise.resolve(true);
            }
        });
    }
}
