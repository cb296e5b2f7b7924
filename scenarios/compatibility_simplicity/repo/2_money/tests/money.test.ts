import assert from "node:assert/strict";
import { test } from "node:test";

import { show, sum } from "../src/money.ts";

test("amounts of one currency add up", () => {
  const amounts = [1250, 2900].map((minor) => ({ minor, currency: "EUR" }));
  assert.deepEqual(sum(amounts), { minor: 4150, currency: "EUR" });
  assert.equal(show(sum(amounts)), "41.50 EUR");
});

test("amounts of two currencies do not", () => {
  const amounts = ["EUR", "SEK"].map((currency) => ({ minor: 100, currency }));
  assert.throws(() => sum(amounts), RangeError);
});
