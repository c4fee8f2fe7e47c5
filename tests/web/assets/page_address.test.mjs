import assert from "node:assert/strict";
import { test } from "node:test";

import { followRows, readAddress, writeAddress } from "../../../app/web/assets/grid/page_address.js";

const page = "http://127.0.0.1/data/course/?period=2025-2026";
const wanted = { q: "数学 & 1", sort: "-credit", filter: { and: [["name", "=", "甲"]] }, saved: "7", waiting: true };

test("what is shown comes back from the address, and nothing else is lost", () => {
  const address = writeAddress(page, wanted);
  assert.deepEqual(readAddress(new URL(address).search), { ...wanted, isEmpty: false });
  assert.equal(writeAddress(address, { q: "", sort: "", filter: null, saved: null }), page);
});

test("an address that is no filter asks for none", () => {
  assert.equal(readAddress("?filter=%7Bnonsense").filter, null);
  assert.equal(readAddress("?period=2025-2026").isEmpty, true);
});

test("links to files ask for the rows that are shown", () => {
  const link = { href: "http://127.0.0.1/export.xlsx?period=1&q=old" };
  followRows([link], { q: "", sort: "-a", filter: "[1]" });
  assert.equal(link.href, "http://127.0.0.1/export.xlsx?period=1&sort=-a&filter=%5B1%5D");
});
