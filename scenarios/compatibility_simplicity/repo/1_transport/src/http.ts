/** Requests to the service, and what can go wrong with them. */

export type Query = Record<string, string | number | undefined>;

/** What the client calls to reach the service; the global `fetch` is one. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The service refused a request or could not be understood. */
export class ServiceError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "ServiceError";
    this.status = status;
  }
}

/** How modules reach the service. */
export interface Transport {
  send(method: string, path: string, query?: Query, body?: unknown): Promise<unknown>;
}

/** A transport over `fetch`. */
export function httpTransport(root: string, fetch: Fetch): Transport {
  return {
    async send(method, path, query = {}, body) {
      const url = new URL(path, root);
      for (const [name, value] of Object.entries(query)) {
        if (value !== undefined) url.searchParams.set(name, String(value));
      }
      const init: RequestInit = { method, headers: { "Content-Type": "application/json" } };
      if (body !== undefined) init.body = JSON.stringify(body);
      const answer = await fetch(url.href, init);
      if (!answer.ok) throw new ServiceError(answer.status, `${method} ${path} was refused`);
      return answer.status === 204 ? undefined : answer.json();
    },
  };
}
