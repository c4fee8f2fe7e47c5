/**
 * Asks what the rules say of the place: when the table is opened, and whenever saving has been quiet
 * for a while. One question is under way at a time; a newer one ends the one before, and leaving the
 * page ends all. A table that takes the server long is asked less often.
 */

const quietDelay = 2000;
// Of the time that passes, judging takes at most one part in so many.
const restShare = 5;

/** Keeps what is known of a place as new as is reasonable. */
export class FindingWatch {
  /**
   * @param {object} options
   * @param {function(AbortSignal): Promise<object>} options.ask
   * @param {function(object): void} options.onAnswer
   * @param {function(object): void} options.onProblem told a RequestProblem; what was known stays
   * @param {{set: function, clear: function, now: function}} [options.timers]
   */
  constructor({ ask, onAnswer, onProblem, timers = browserTimers }) {
    Object.assign(this, { ask, onAnswer, onProblem, timers });
    this.timer = null;
    this.asking = null;
    this.took = 0;
    this.isStopped = false;
  }

  /** Something was saved: what is known is old, ask once it is quiet. */
  schedule() {
    this.#cancel();
    if (this.isStopped) return;
    const delay = Math.max(quietDelay, this.took * restShare);
    this.timer = this.timers.set(() => this.askNow(), delay);
  }

  /** Ask at once; answers when it is known, or has failed. */
  async askNow() {
    this.#cancel();
    if (this.isStopped) return;
    const asking = new AbortController();
    this.asking = asking;
    const begun = this.timers.now();
    try {
      const answer = await this.ask(asking.signal);
      if (this.asking !== asking) return;
      this.took = this.timers.now() - begun;
      this.onAnswer(answer);
    } catch (problem) {
      if (problem.name === "AbortError" || this.asking !== asking) return;
      if (!problem.kind) throw problem;
      this.onProblem(problem);
    } finally {
      if (this.asking === asking) this.asking = null;
    }
  }

  /** The page is left. */
  stop() {
    this.isStopped = true;
    this.#cancel();
  }

  /** The page came back from the browser's history. */
  resume() {
    if (!this.isStopped) return;
    this.isStopped = false;
    this.schedule();
  }

  #cancel() {
    this.timers.clear(this.timer);
    this.timer = null;
    this.asking?.abort();
    this.asking = null;
  }
}

const browserTimers = {
  set: (run, delay) => window.setTimeout(run, delay),
  clear: (timer) => window.clearTimeout(timer),
  now: () => performance.now(),
};
