/**
 * Keeps the unsaved changes of a grid while they are unsaved: few of them at once, many of them a
 * moment later, because packing them takes its time.
 */

import { packDrafts, withWaiting } from "./local_drafts.js";

const fewRows = 300;
const packingDelay = 1000;

/** Writes drafts away behind the typing. */
export class DraftKeeper {
  /**
   * @param {object} options
   * @param {object} options.drafts where they are kept
   * @param {string} options.key
   * @param {object} options.queue
   * @param {function(): object|null} options.waiting drafts of an earlier visit that nobody has answered
   * @param {function(): void} options.onFailed told once when they cannot be kept
   * @param {{set: function, clear: function}} [options.timers]
   */
  constructor({ drafts, key, queue, waiting, onFailed, timers = browserTimers }) {
    Object.assign(this, { drafts, key, queue, waiting, onFailed, timers });
    this.timer = null;
  }

  /** Something changed. */
  keep() {
    this.timers.clear(this.timer);
    if (this.queue.rows.size <= fewRows) this.write();
    else this.timer = this.timers.set(() => this.write(), packingDelay);
  }

  async write() {
    const packed = withWaiting(packDrafts(this.queue, new Date()), this.waiting());
    const isKept = await this.drafts.write(this.key, packed);
    if (!isKept && packed.rows.length > 0 && !this.hasFailed) this.onFailed();
    this.hasFailed = !isKept;
  }
}

const browserTimers = {
  set: (run, delay) => window.setTimeout(run, delay),
  clear: (timer) => window.clearTimeout(timer),
};
