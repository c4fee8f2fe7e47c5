/**
 * Sends what the queue holds: a moment after the last key, at once when much has gathered or the
 * user asks. One batch is under way at a time. A batch whose answer was lost is sent again under
 * the same key, so that the server can tell a repetition from a second insertion.
 */

import { RequestProblem } from "../common/http.js";

const idleDelay = 1500;
const manyCells = 200;
const firstRetryDelay = 5000;
const longestRetryDelay = 60000;

/** Saves in the background. */
export class Saver {
  /**
   * @param {object} options
   * @param {object} options.queue
   * @param {function(object[], string): Promise<object>} options.post sends changes with an
   *   idempotency key, answers {results}
   * @param {function(object): void} options.onState told {state, problem?, unsaved,
   *   unsavedRows, keptRows}: cells and rows that are not stored, and rows whose deletion was refused last
   * @param {function(object): void} options.onSettled told {saved, refused, conflicts}
   * @param {{set: function, clear: function}} [options.timers]
   */
  constructor({ queue, post, onState, onSettled, timers = browserTimers }) {
    this.queue = queue;
    this.post = post;
    this.onState = onState;
    this.onSettled = onSettled;
    this.timers = timers;
    this.timer = null;
    this.running = null;
    this.lost = null;
    this.keptRows = 0;
    this.retryDelay = firstRetryDelay;
    this.isStopped = false;
  }

  /** Something changed: save soon. */
  schedule() {
    const unsaved = this.queue.countUnsaved();
    if (!this.running) this.#tell(unsaved > 0 ? "unsaved" : "saved", { isQuiet: true });
    if (this.isStopped || !this.queue.hasReadyRows()) return;
    this.#wait(unsaved >= manyCells ? 0 : idleDelay);
  }

  /** Save now; also tries again what was refused or stopped. */
  async saveNow() {
    this.isStopped = false;
    this.queue.retryRefused();
    await this.flush();
  }

  /** Send everything that can be sent and wait for the answers. */
  async flush() {
    this.timers.clear(this.timer);
    this.running ??= this.#sendAll().finally(() => {
      this.running = null;
    });
    await this.running;
  }

  async #sendAll() {
    let isFirst = true;
    this.keptRows = 0;
    while (!this.isStopped) {
      const batch = this.lost ?? this.#nextBatch();
      if (!batch) {
        if (!isFirst) this.#tell(this.#outcome());
        return;
      }
      isFirst = false;
      this.#tell("saving");
      if (!(await this.#sendBatch(batch))) return;
    }
  }

  #outcome() {
    if (this.queue.countUnsaved() > 0) return "refused";
    return this.keptRows > 0 ? "kept" : "saved";
  }

  #nextBatch() {
    const batch = this.queue.takeBatch();
    return batch && { ...batch, key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` };
  }

  async #sendBatch(batch) {
    this.lost = batch;
    try {
      const answer = await this.post(batch.changes, batch.key);
      this.lost = null;
      this.retryDelay = firstRetryDelay;
      this.#settle(batch, answer.results ?? []);
      return true;
    } catch (error) {
      if (!(error instanceof RequestProblem)) throw error;
      return this.#handleProblem(batch, error);
    }
  }

  #settle(batch, results) {
    const outcome = this.queue.settle(batch, results);
    this.keptRows += outcome.refused.filter(({ refused }) => refused.op === "delete").length;
    this.onSettled({ batch, ...outcome });
  }

  #handleProblem(batch, problem) {
    if (problem.body.results) {
      this.lost = null;
      this.#settle(batch, problem.body.results);
      return true;
    }
    if (problem.isPassing) {
      this.#tell("waiting", { problem });
      this.#wait(this.retryDelay);
      this.retryDelay = Math.min(this.retryDelay * 2, longestRetryDelay);
      return false;
    }
    // The server has judged and written nothing: the same request would fail again.
    this.lost = null;
    this.isStopped = true;
    this.#tell("stopped", { problem });
    return false;
  }

  #wait(delay) {
    this.timers.clear(this.timer);
    this.timer = this.timers.set(() => this.flush(), delay);
  }

  #tell(state, details = {}) {
    const { keptRows } = this;
    const unsavedRows = this.queue.countUnsavedRows();
    this.onState({ state, unsaved: this.queue.countUnsaved(), unsavedRows, keptRows, ...details });
  }
}

const browserTimers = {
  set: (run, delay) => window.setTimeout(run, delay),
  clear: (timer) => window.clearTimeout(timer),
};
