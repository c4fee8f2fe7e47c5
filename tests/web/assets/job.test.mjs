/** Waiting for a job: what is told meanwhile, how it ends, a network that is away for a moment. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { followJob, JobProblem } from "../../../app/web/assets/import/job.js";

const address = "http://here/api/v1/jobs/k";
const progress = { done: 1, total: 2, label: "1 of 2" };

/** Let the server answer with these, one after the other; an Error stands for no network. */
function answering(...answers) {
  globalThis.fetch = async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return new Response(JSON.stringify(answer), { headers: { "Content-Type": "application/json" } });
  };
}

beforeEach(() => {
  globalThis.pageTexts = {};
  globalThis.window = { setTimeout: (act) => act() };
});

test("the result of a job comes when it is done, progress before", async () => {
  answering({ state: "queued", progress }, { state: "running", progress }, { state: "done", result: { created: 3 } });
  const told = [];

  const result = await followJob(address, (each) => told.push(each.label));

  assert.deepEqual(result, { created: 3 });
  assert.deepEqual(told, ["1 of 2", "1 of 2"]);
});

test("a network that is away for a moment is waited for", async () => {
  answering(new TypeError("away"), { state: "done", result: { created: 1 } });

  assert.deepEqual(await followJob(address, () => {}), { created: 1 });
});

test("a job that came to nothing says why", async () => {
  answering({ state: "failed", result: { detail: "why", details: ["more"] } });

  await assert.rejects(followJob(address, () => {}), (problem) => {
    assert.ok(problem instanceof JobProblem);
    assert.deepEqual([problem.message, problem.kind, problem.body.details], ["why", "server", ["more"]]);
    return true;
  });
});
