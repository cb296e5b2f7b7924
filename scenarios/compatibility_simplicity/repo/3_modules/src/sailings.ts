/** Which ships sail when. */

import type { Transport } from "./http.ts";

export interface Sailing {
  id: string;
  crossing: string;
  departs: Date;
}

/** The sailings of a crossing on a day such as "2025-06-21", earliest first. */
export async function fetchTimetable(transport: Transport, crossing: string, day: string): Promise<Sailing[]> {
  const answer = (await transport.send("GET", "/sailings", { crossing, day })) as { id: string; at: string }[];
  return answer
    .map(({ id, at }) => ({ id, crossing, departs: new Date(at) }))
    .sort((one, other) => one.departs.getTime() - other.departs.getTime());
}
