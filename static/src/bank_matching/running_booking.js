/** What is being booked while the next transaction is on screen already. */
export class RunningBooking {
    constructor() {
        this.isBooked = Promise.resolve(true);
        this.nextId = 0;
    }

    /**
     * @param {Promise<Object | null>} booking its answer; null where it was refused
     * @param {number} nextId the transaction that is shown meanwhile
     */
    start(booking, nextId) {
        this.isBooked = booking.then((result) => result?.value.state === "done");
        this.nextId = nextId;
    }

    end() {
        this.isBooked = Promise.resolve(true);
    }
}
