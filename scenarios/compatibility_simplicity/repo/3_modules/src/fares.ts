/** What places cost. */

import type { Transport } from "./http.ts";
import type { Money } from "./money.ts";

export interface FareRequest {
  sailing: string;
  pax: number;
}

/** What so many places on a sailing cost. */
export async function quote(transport: Transport, { sailing, pax }: FareRequest): Promise<Money> {
  if (!Number.isInteger(pax) || pax < 1) throw new RangeError("a fare is for one place or more");
  return (await transport.send("GET", "/fares", { sailing, places: pax })) as Money;
}
