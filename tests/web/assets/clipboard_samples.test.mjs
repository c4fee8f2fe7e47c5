import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { parseBlock } from "../../../app/web/assets/grid/clipboard.js";
import { parsePasted } from "../../../app/web/assets/grid/values.js";
import * as known from "./fields.mjs";

// What has HTML beside it is read by a browser: test_clipboard_samples.py.
const samples = JSON.parse(readFileSync(new URL("./clipboard_samples.json", import.meta.url), "utf8"));
const share = { code: "share", label: "占比", type: "number", unit: "%" };

for (const { source, about, text, html, cells } of samples) {
  if (cells && !html) test(`${source}: ${about}`, () => assert.deepEqual(parseBlock(text), cells));
}

for (const { field, about, text, value } of samples.filter((sample) => sample.field)) {
  test(`${field}: ${about}`, () => assert.equal(parsePasted({ ...known, share }[field], text), value));
}
