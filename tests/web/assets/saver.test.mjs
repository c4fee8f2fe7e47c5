import assert from "node:assert/strict";
import { test } from "node:test";

import { RequestProblem } from "../../../app/web/assets/common/http.js";
import { ChangeQueue } from "../../../app/web/assets/grid/change_queue.js";
import { Row } from "../../../app/web/assets/grid/row.js";
import { Saver } from "../../../app/web/assets/grid/saver.js";
import { fields } from "./fields.mjs";

function saverWith(post) {
  const queue = new ChangeQueue({ fields });
  const row = new Row({ id: "1", version: "1", values: { code: "A", name: "旧" } });
  const states = [];
  const waits = [];
  const timers = { set: (run, delay) => waits.push(delay), clear: () => {} };
  const onState = ({ state }) => states.push(state);
  const saver = new Saver({ queue, post, onState, onSettled: () => {}, timers });
  row.values.name = "新";
  queue.touch(row);
  return { saver, queue, row, states, waits };
}

const accept = async (changes) => ({
  results: changes.map(({ values }) => ({ ok: true, version: "2", values, findings: [] })),
});

test("saving waits a moment after the last change", () => {
  const { saver, waits, states } = saverWith(accept);
  saver.schedule();
  assert.deepEqual(waits, [1500]);
  assert.deepEqual(states, ["unsaved"]);
});

test("a saved batch ends as saved", async () => {
  const { saver, queue, states } = saverWith(accept);
  await saver.flush();
  assert.deepEqual(states, ["saving", "saved"]);
  assert.equal(queue.countUnsaved(), 0);
});

test("a lost answer is asked for again with the same key and the same changes", async () => {
  const sent = [];
  const post = async (changes, key) => {
    sent.push([JSON.stringify(changes), key]);
    if (sent.length === 1) throw new RequestProblem("offline", 0, null);
    return accept(changes);
  };
  const { saver, row, waits } = saverWith(post);
  await saver.flush();
  assert.deepEqual(waits, [5000]);
  row.values.name = "更新";
  await saver.flush();
  assert.deepEqual(sent[1], sent[0]);
  assert.match(sent[2][0], /更新/);
  assert.notEqual(sent[2][1], sent[0][1]);
});

test("a locked table stops the saving and keeps what was typed", async () => {
  let count = 0;
  const { saver, row, queue, states } = saverWith(async () => {
    count += 1;
    throw new RequestProblem("locked", 423, { detail: "已锁定" });
  });
  await saver.flush();
  saver.schedule();
  await saver.flush();
  assert.equal(count, 1);
  assert.ok(states.includes("stopped"));
  assert.equal(row.values.name, "新");
  assert.equal(queue.countUnsaved(), 1);
});

test("after a new login everything typed is saved", async () => {
  let isLoggedIn = false;
  const { saver, queue } = saverWith(async (changes) => {
    if (!isLoggedIn) throw new RequestProblem("session", 401, null);
    return accept(changes);
  });
  await saver.flush();
  isLoggedIn = true;
  await saver.saveNow();
  assert.equal(queue.countUnsaved(), 0);
});

test("a refused deletion ends neither as saved nor as something to save", async () => {
  const findings = [{ severity: "error", message: "仍被引用" }];
  const { saver, queue, row, states } = saverWith(async () => {
    throw new RequestProblem("invalid", 422, { results: [{ ok: false, findings }] });
  });
  row.values.name = "旧";
  row.isDeleted = true;
  await saver.flush();
  assert.deepEqual(states, ["saving", "kept"]);
  assert.equal(saver.keptRows, 1);
  assert.equal(queue.countUnsaved(), 0);
});
