/**
 * What is wrong with what is being typed into the form of a row, under its field: as far as the field
 * alone can tell, a moment after the last key and when the field is left. Nothing is sent for it.
 */

import { requestJson, RequestProblem } from "../common/http.js";
import { fill, icon, make } from "../common/dom.js";
import { checkValue } from "../grid/checks.js";
import { parseText } from "../grid/values.js";

const delay = 400;
const prefix = "field-";
// The browser's own inputs for days and lists for choices take nothing else.
const typedInto = "textarea, input[type=text]";

/** Watch the fields of a form whose `data-spec-url` describes them. */
export class TypedFaults {
  constructor(form) {
    this.form = form;
    this.timers = new Map();
    form.addEventListener("input", ({ target }) => this.#wait(target, delay));
    form.addEventListener("change", ({ target }) => this.#wait(target, 0));
  }

  #wait(input, time) {
    if (!input.matches(typedInto) || !input.name.startsWith(prefix)) return;
    window.clearTimeout(this.timers.get(input));
    this.timers.set(input, window.setTimeout(() => this.#tell(input), time));
  }

  // Asked for once, when somebody begins to type; without it the server tells after sending.
  async #fieldOf(input) {
    this.spec ??= requestJson(this.form.dataset.specUrl);
    try {
      const { fields } = await this.spec;
      return fields.find(({ code }) => prefix + code === input.name);
    } catch (problem) {
      if (!(problem instanceof RequestProblem)) throw problem;
      this.spec = null;
      return null;
    }
  }

  async #tell(input) {
    const field = await this.#fieldOf(input);
    if (!field || field.type === "reference") return;
    const fault = checkValue(field, parseText(field, input.value));
    const note = this.#noteOf(input);
    note.hidden = fault === null;
    if (fault) fill(note, icon("alert-circle"), make("span", { text: fault.message }));
    input.classList.toggle("is-invalid", fault !== null);
    input.setAttribute("aria-invalid", String(fault !== null));
  }

  // What the server said was about another text: it makes room.
  #noteOf(input) {
    const id = `${input.id}-typed`;
    for (const said of document.querySelectorAll(`#${CSS.escape(input.id)}-error > .is-error`)) said.hidden = true;
    const present = document.getElementById(id);
    if (present) return present;
    const note = make("div", { id, class: "field-message is-error", role: "status" });
    input.closest(".row-field").append(note);
    return note;
  }
}
