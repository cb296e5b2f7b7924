import assert from "node:assert/strict";
import { test } from "node:test";

import { httpTransport, ServiceError } from "../src/http.ts";

test("a query leaves out what is undefined", async () => {
  const seen: string[] = [];
  const transport = httpTransport("https://api.ferryline.example", async (url) => {
    seen.push(url);
    return Response.json({ ok: true });
  });
  await transport.send("GET", "/sailings", { crossing: "ROS-TRE", day: undefined });
  assert.deepEqual(seen, ["https://api.ferryline.example/sailings?crossing=ROS-TRE"]);
});

test("a refusal becomes an error with its status", async () => {
  const transport = httpTransport("https://api.ferryline.example", async () => new Response("", { status: 409 }));
  await assert.rejects(transport.send("POST", "/bookings"), (error: unknown) => {
    return error instanceof ServiceError && error.status === 409;
  });
});
