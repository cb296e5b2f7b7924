/** What is printed. */

import type { Transport } from "./http.ts";

/** The printed form of a booking. */
export class TicketPdf {
  readonly reference: string;
  readonly pages: number;

  constructor(reference: string, pages: number) {
    this.reference = reference;
    this.pages = pages;
  }

  /** The name under which a kiosk stores it. */
  get fileName(): string {
    return `${this.reference.toLowerCase()}-${this.pages}.pdf`;
  }
}

/** Have the service print a booking. */
export async function print(transport: Transport, reference: string): Promise<TicketPdf> {
  const answer = (await transport.send("POST", "/prints", {}, { reference })) as { pages: number };
  return new TicketPdf(reference, answer.pages);
}
