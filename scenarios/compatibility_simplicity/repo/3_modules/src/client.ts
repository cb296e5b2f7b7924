/** The client and its options. */

import { httpTransport, type Fetch, type Transport } from "./http.ts";

/** What a client needs to know. */
export interface ClientOptions {
  apiHost: string;
  fetch?: Fetch;
}

/** Make the transport that the other modules take. */
export function connect(options: ClientOptions): Transport {
  return httpTransport(options.apiHost, options.fetch ?? fetch);
}
