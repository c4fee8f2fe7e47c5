/**
 * A section beside a row: a heading that folds, remembered for the next time, and a body that is
 * made at once or fetched. What is fetched comes after the reader has stayed a moment, so that
 * walking through cells asks the server nothing; while it is on the way the section keeps its
 * height, so that nothing jumps.
 */

import { fill, make } from "../common/dom.js";
import { t } from "../common/messages.js";
import { keepFocus } from "./finding_card.js";

const patience = 200;
const storedAs = "statedata:section:";

function remembered(name, usual) {
  try {
    const kept = window.localStorage.getItem(storedAs + name);
    return kept === null ? usual : kept === "open";
  } catch {
    return usual;
  }
}

function remember(name, isOpen) {
  try {
    window.localStorage.setItem(storedAs + name, isOpen ? "open" : "closed");
  } catch {
    // A browser that keeps nothing opens the section as usual.
  }
}

/**
 * What a section is made of.
 * @typedef {object} SectionRecord
 * @property {string} name under which the browser remembers whether it is open
 * @property {string} title key of its heading
 * @property {boolean} [isFolded] closed until somebody opens it
 * @property {function(object): boolean} [applies] whether there is anything of it at the place
 * @property {function(object): string} keyOf another text where there is something else to show
 * @property {function(object): string} [sourceOf] another text where something else is fetched
 * @property {function(object, AbortSignal): Promise<object>} [load] fetches what it shows
 * @property {function(object, object, Section): Node|null} make its body; null leaves it out
 * @property {function(object, object|null): number} [count] a number beside the heading
 */

/** One section of a list. */
export class Section {
  /** @param {SectionRecord} record */
  constructor(record) {
    this.record = record;
    this.counter = make("span", { class: "section-count" });
    this.body = make("div", { class: "section-body" });
    this.element = make("details", { class: "side-section", hidden: true }, [
      make("summary", {}, [make("span", { text: t(record.title) }), this.counter]),
      this.body,
    ]);
    this.element.dataset.section = record.name;
    this.element.open = remembered(record.name, !record.isFolded);
    this.element.addEventListener("toggle", () => this.#onToggle());
    this.about = null;
    this.shown = null;
    this.source = null;
    this.data = null;
  }

  /** Show what belongs to a place; nothing happens where that stands there already. */
  show(about) {
    this.about = about;
    if (!about || this.record.applies?.(about) === false) {
      this.#forget();
      this.element.hidden = true;
      return;
    }
    const source = this.record.load ? this.record.sourceOf(about) : null;
    if (source !== this.source) {
      this.#forget();
      this.source = source;
    }
    this.#draw();
    if (this.record.load && !this.data && !this.hasFailed) this.#await();
  }

  /**
   * Fetch once more what is known of a place after a deed there; until then what is known stays.
   * Whoever looks at another place by now keeps seeing that.
   */
  async refresh(about = this.about) {
    const isThere = this.source !== null && this.record.sourceOf(about) === this.source;
    if (isThere) await this.#fetch();
    else await this.#learn(about);
  }

  /** Let the marks of a place follow although the section shows another one. */
  async #learn(about) {
    try {
      await this.record.load(about);
    } catch (problem) {
      if (!problem.kind) throw problem;
    }
  }

  /** Draw the body anew from what is known. */
  redraw() {
    this.shown = null;
    this.#draw();
  }

  #forget() {
    window.clearTimeout(this.timer);
    this.asking?.abort();
    this.asking = null;
    this.hasFailed = false;
    this.data = null;
    this.source = null;
    this.shown = null;
  }

  #onToggle() {
    remember(this.record.name, this.element.open);
    if (this.about && !this.element.hidden) this.show(this.about);
  }

  #await() {
    if (!this.element.open) {
      this.element.hidden = false;
      return;
    }
    if (this.asking) return;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#fetch(), patience);
  }

  async #fetch() {
    window.clearTimeout(this.timer);
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    this.hasFailed = false;
    try {
      this.data = await this.record.load(this.about, asking.signal);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      if (!problem.kind) throw problem;
      this.#tell(problem);
      return;
    } finally {
      if (this.asking === asking) this.asking = null;
    }
    if (!asking.signal.aborted) this.redraw();
  }

  #draw() {
    if (this.record.load && !this.data) {
      this.#waitInPlace();
      return;
    }
    this.#showCount();
    const key = this.record.keyOf(this.about);
    if (key === this.shown) return;
    const content = this.record.make(this.about, this.data, this);
    this.shown = key;
    this.element.hidden = content === null;
    this.body.style.minHeight = "";
    this.body.removeAttribute("aria-busy");
    if (content) keepFocus(() => fill(this.body, content));
  }

  #waitInPlace() {
    if (this.shown === "") return;
    this.shown = "";
    this.#showCount();
    this.element.hidden = false;
    if (this.body.offsetHeight) this.body.style.minHeight = `${this.body.offsetHeight}px`;
    this.body.setAttribute("aria-busy", "true");
    fill(this.body, make("p", { class: "text-secondary section-note", text: t("section_loading") }));
  }

  #tell({ kind, message }) {
    const again = { type: "button", class: "btn btn-sm", text: t("try_again") };
    this.hasFailed = true;
    this.body.removeAttribute("aria-busy");
    fill(
      this.body,
      make("p", { class: "section-note", role: "alert", text: message }),
      kind === "forbidden" ? null : make("button", { ...again, onclick: () => this.#fetch() }),
    );
  }

  #showCount() {
    const count = this.record.count?.(this.about, this.data) ?? 0;
    this.counter.textContent = count ? String(count) : "";
  }
}
