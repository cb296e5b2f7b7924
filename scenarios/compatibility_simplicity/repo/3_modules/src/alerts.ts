/** What happens to a sailing. */

type Listener = (sailing: string, minutes: number) => void;

/** What a listener can wait for. */
export type Alert = "boatLate" | "cancelled";

/** Tells listeners what the service reports. */
export class Alerts {
  readonly #listeners = new Map<Alert, Listener[]>();

  /** Have `listener` called at every alert of a kind. */
  on(alert: Alert, listener: Listener): this {
    this.#listeners.set(alert, [...(this.#listeners.get(alert) ?? []), listener]);
    return this;
  }

  /** Take a report of the service: minutes are how late a ship is, negative when it does not sail at all. */
  report(sailing: string, minutes: number): void {
    const alert = minutes < 0 ? "cancelled" : "boatLate";
    for (const listener of this.#listeners.get(alert) ?? []) listener(sailing, minutes);
  }
}
