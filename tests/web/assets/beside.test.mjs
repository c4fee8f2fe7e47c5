// What stands beside a row: which entries, threads and materials a cell is concerned with.

import assert from "node:assert/strict";
import { test } from "node:test";

import { countOpen, inOrder } from "../../../app/web/assets/beside/comments.js";
import { entriesOf } from "../../../app/web/assets/beside/history.js";
import { countByField, isApplePicture, lacksMaterial, sizeText } from "../../../app/web/assets/beside/materials.js";

const entries = [
  { by: "李静", cells: [{ field: "name" }, { field: "post" }] },
  { by: "王强", cells: [{ field: "post" }] },
  { by: "赵敏", cells: [] },
];

test("a cell's history leaves out changes of other cells", () => {
  assert.deepEqual(
    entriesOf(entries, "name").map(({ by, cells }) => [by, cells.length]),
    [["李静", 1]],
  );
  assert.equal(entriesOf(entries, null).length, 3);
});

test("open threads of the cell come first, resolved ones last", () => {
  const threads = [
    { id: 1, field: "post", resolved: null },
    { id: 2, field: null, resolved: null },
    { id: 3, field: "name", resolved: { by: "李静" } },
    { id: 4, field: "name", resolved: null },
  ];

  assert.deepEqual(
    inOrder(threads, "name").map(({ id }) => id),
    [4, 2, 1, 3],
  );
  assert.equal(countOpen(threads, "name"), 1);
  assert.equal(countOpen(threads, null), 3);
});

test("a material is missing only where something is claimed", () => {
  const field = { code: "cert", material: "required" };

  assert.equal(lacksMaterial(field, "高级", 0), true);
  assert.equal(lacksMaterial(field, "高级", 1), false);
  for (const nothing of [null, undefined, "", false]) {
    assert.equal(lacksMaterial(field, nothing, 0), false);
  }
  assert.equal(lacksMaterial({ code: "cert" }, "高级", 0), false);
});

test("materials are counted by field, those of the row under the empty code", () => {
  assert.deepEqual(countByField([{ field: null }, { field: "cert" }, { field: "cert" }]), {
    "": 1,
    cert: 2,
  });
  assert.deepEqual([sizeText(10), sizeText(300000), sizeText(10 * 1024 * 1024)], ["1 KB", "293 KB", "10 MB"]);
});

test("a photograph in Apple's own format is known before it is sent", () => {
  assert.equal(isApplePicture({ type: "image/heic", name: "IMG_1.HEIC" }), true);
  assert.equal(isApplePicture({ type: "", name: "IMG_1.heif" }), true);
  assert.equal(isApplePicture({ type: "image/jpeg", name: "IMG_1.jpg" }), false);
});
