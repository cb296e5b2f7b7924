/** Places that are held. */

import type { Transport } from "./http.ts";

export interface Booking {
  reference: string;
  places: number;
}

/** The bookings of one agency. */
export class Bookings {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Give up the places of a booking. */
  async release(reference: string): Promise<void> {
    await this.#transport.send("DELETE", `/bookings/${encodeURIComponent(reference)}`);
  }

  /** Hold places on a sailing. */
  async grabSeats(sailing: string, places: number): Promise<Booking> {
    return (await this.#transport.send("POST", "/bookings", {}, { sailing, places })) as Booking;
  }
}
