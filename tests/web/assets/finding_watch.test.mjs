import assert from "node:assert/strict";
import { test } from "node:test";

import { FindingWatch } from "../../../app/web/assets/grid/finding_watch.js";

function setUp({ takes = 10 } = {}) {
  const set = { timers: [], asked: [], answers: [], problems: [], clock: 0 };
  const timers = {
    set: (run, delay) => set.timers.push({ run, delay }) && set.timers.at(-1),
    clear: (timer) => {
      set.timers = set.timers.filter((each) => each !== timer);
    },
    now: () => set.clock,
  };
  set.watch = new FindingWatch({
    ask: (signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(Object.assign(new Error(), { name: "AbortError" })));
        set.asked.push({
          signal,
          answer(answer) {
            set.clock += takes;
            resolve(answer);
          },
          fail: reject,
        });
      }),
    onAnswer: (answer) => set.answers.push(answer),
    onProblem: (problem) => set.problems.push(problem),
    timers,
  });
  return set;
}

test("several savings in a row ask once, when it is quiet", () => {
  const set = setUp();
  for (let number = 0; number < 3; number += 1) set.watch.schedule();
  assert.equal(set.timers.length, 1);
  assert.equal(set.timers[0].delay, 2000);
  assert.equal(set.asked.length, 0);
});

test("a newer question ends the one before, whose answer is not heard", async () => {
  const set = setUp();
  const first = set.watch.askNow();
  const second = set.watch.askNow();
  assert.equal(set.asked[0].signal.aborted, true);
  set.asked[1].answer({ findings: [] });
  await Promise.all([first, second]);
  assert.equal(set.answers.length, 1);
});

test("saving while it is asked makes the question old", async () => {
  const set = setUp();
  const first = set.watch.askNow();
  set.watch.schedule();
  assert.equal(set.asked[0].signal.aborted, true);
  await first;
  assert.deepEqual([set.answers.length, set.problems.length, set.timers.length], [0, 0, 1]);
});

test("a table that takes the server long is asked less often", async () => {
  const set = setUp({ takes: 3000 });
  const asking = set.watch.askNow();
  set.asked[0].answer({ findings: [] });
  await asking;
  set.watch.schedule();
  assert.equal(set.timers[0].delay, 15000);
});

test("a failure is told, and what was known stays", async () => {
  const set = setUp();
  const asking = set.watch.askNow();
  set.asked[0].fail({ kind: "server", message: "服务器出错" });
  await asking;
  assert.equal(set.problems.length, 1);
  assert.equal(set.answers.length, 0);
});

test("leaving the page ends everything, coming back begins it again", async () => {
  const set = setUp();
  const asking = set.watch.askNow();
  set.watch.stop();
  await asking;
  set.watch.schedule();
  assert.deepEqual([set.asked[0].signal.aborted, set.timers.length], [true, 0]);
  set.watch.resume();
  assert.equal(set.timers.length, 1);
});
