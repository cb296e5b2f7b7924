#!/usr/bin/env node
'use strict';
const LIMIT = 3;
/** Logs in. */
export async function connect(host) {
  const url = `https://
  // no comment
  ${host}`;
  return url // a
    .trim();
}
