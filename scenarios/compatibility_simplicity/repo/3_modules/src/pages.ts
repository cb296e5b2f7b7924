/** Long lists, which the service hands out page by page. */

import type { Transport } from "./http.ts";

/** A part of a long list, with the mark of the next one. */
export interface Page<T> {
  rows: T[];
  next?: string | undefined;
}

/** The page of a list such as "/bookings" that begins at a mark. */
export async function page<T>(transport: Transport, list: string, mark?: string): Promise<Page<T>> {
  const answer = (await transport.send("GET", list, { mark })) as { list: T[]; next?: string };
  return { rows: answer.list, next: answer.next };
}

/** Everything in a list, one page after the other. */
export async function* everything<T>(transport: Transport, list: string): AsyncGenerator<T> {
  let mark: string | undefined;
  do {
    const part: Page<T> = await page<T>(transport, list, mark);
    yield* part.rows;
    mark = part.next;
  } while (mark !== undefined);
}
