/**
 * What is exported, how it is written, and how many rows there are, asked before a file is made.
 */

import { notify, openDialog } from "../common/dialog.js";
import { fill, make } from "../common/dom.js";
import { RequestProblem, requestJson } from "../common/http.js";
import { t } from "../common/messages.js";

const storageKey = "statedata:export";
const usual = { rows: "shown", columns: "shown", values: "labels", kind: "xlsx", identifiers: false };
const choices = {
  rows: ["shown", "place", "whole"],
  columns: ["shown", "all"],
  values: ["labels", "codes"],
  kind: ["xlsx", "csv", "csv_gb18030"],
};

/** What was chosen last time in this browser; whatever else is kept there counts for nothing. */
export function readChoice(storage) {
  let kept = {};
  try {
    kept = JSON.parse(storage.getItem(storageKey)) ?? {};
  } catch {
    // Storage that is closed or holds something else is as good as none.
  }
  const choice = { ...usual, identifiers: kept.identifiers === true };
  for (const [name, words] of Object.entries(choices)) {
    if (words.includes(kept[name])) choice[name] = kept[name];
  }
  return choice;
}

/** Keep a choice. Whether personal values leave whole is asked anew every time. */
export function keepChoice(storage, { rows, columns, values, kind, identifiers }) {
  try {
    storage.setItem(storageKey, JSON.stringify({ rows, columns, values, kind, identifiers }));
  } catch {
    // A browser that keeps nothing asks again.
  }
}

/** The parameters that choose rows; `query` is what the grid asks its rows with. */
export function rowParameters({ rows }, query) {
  if (rows === "shown") return query;
  return rows === "whole" ? { whole: 1 } : {};
}

/**
 * Ending and parameters of the file.
 * @param {object} choice
 * @param {object} query what the grid asks its rows with
 * @param {string[]} shown codes of the columns on screen
 * @returns {[string, object]}
 */
export function fileOf(choice, query, shown) {
  const parameters = { ...rowParameters(choice, query) };
  if (choice.columns === "shown") parameters.columns = shown.join(",");
  if (choice.values === "codes") parameters.codes = 1;
  if (choice.identifiers) parameters.identifiers = 1;
  if (choice.unmasked) Object.assign(parameters, { unmasked: 1, purpose: choice.purpose.trim() });
  if (choice.kind === "csv_gb18030") parameters.encoding = "gb18030";
  return [choice.kind === "xlsx" ? ".xlsx" : ".csv", parameters];
}

/** The same choice as parameters of a job that makes the file. */
export function jobOf(ending, parameters) {
  return { ...parameters, format: ending.slice(1) };
}

/** The dialog over a grid. */
export class ExportDialog {
  /** @param {object} app the grid's app */
  constructor(app) {
    this.app = app;
    this.query = app.reading.query();
    this.shown = app.reading.layout.shown.map(({ code }) => code);
    this.choice = { ...readChoice(window.localStorage), unmasked: false, purpose: "" };
    this.told = null;
  }

  /** Open it, with the number of rows as soon as it is known. */
  open() {
    this.count = make("p", { class: "export-count", role: "status" });
    this.personal = make("div", { class: "export-personal" });
    this.whole = this.#radio("rows", "whole");
    this.whole.hidden = true;
    this.button = make("button", { type: "submit", class: "btn btn-primary", text: t("export_now") });
    const cancel = make("button", { type: "submit", class: "btn", text: t("cancel"), formnovalidate: true });
    this.button.addEventListener("click", (event) => this.#export(event));
    this.later = make("button", { type: "submit", class: "btn", text: t("export_later"), hidden: true });
    this.later.addEventListener("click", (event) => this.#exportLater(event));
    const content = make("div", { class: "export-dialog" }, [
      this.#group("rows", [this.#radio("rows", "shown"), this.#radio("rows", "place"), this.whole], this.count),
      this.#group("columns", this.#radios("columns")),
      this.#group("values", this.#radios("values")),
      this.#group("kind", this.#radios("kind"), make("p", { class: "form-hint", text: t("export_zeros") })),
      this.#identifiers(),
      this.personal,
    ]);
    this.dialog = openDialog(t("export_title"), [content], [cancel, this.later, this.button]);
    return this.#ask();
  }

  #group(name, parts, ...more) {
    const legend = make("legend", { text: t(`export_${name}`) });
    return make("fieldset", {}, [legend, make("div", { class: "export-choices" }, parts), ...more]);
  }

  #radios(name) {
    return choices[name].map((value) => this.#radio(name, value));
  }

  #radio(name, value) {
    const input = make("input", {
      type: "radio",
      class: "form-check-input",
      name: `export-${name}`,
      value,
      checked: this.choice[name] === value,
      onchange: () => this.#choose(name, value),
    });
    const text = t(`export_${name}_${value}`, { count: this.shown.length });
    return make("label", { class: "form-check" }, [input, make("span", { class: "form-check-label", text })]);
  }

  #identifiers() {
    const input = make("input", {
      type: "checkbox",
      class: "form-check-input",
      checked: this.choice.identifiers,
      onchange: (event) => this.#choose("identifiers", event.target.checked),
    });
    const text = make("span", { class: "form-check-label", text: t("export_identifiers") });
    return make("label", { class: "form-check" }, [input, text]);
  }

  #choose(name, value) {
    this.choice[name] = value;
    if (name === "rows") this.#ask();
    else this.#show();
  }

  // An answer that comes late belongs to a choice that is no more.
  async #ask() {
    const asked = rowParameters(this.choice, this.query);
    this.asked = asked;
    this.told = null;
    this.#show();
    try {
      const told = await requestJson(this.app.address("exportUrl", asked));
      if (this.asked === asked) this.told = told;
    } catch (problem) {
      if (!(problem instanceof RequestProblem)) throw problem;
      if (this.asked === asked) this.told = { problem: problem.message };
    }
    this.#offerWhole();
    this.#showPersonal();
    this.#show();
  }

  // Who was offered all departments in another table may not have them here.
  #offerWhole() {
    if (!this.told || this.told.problem) return;
    this.whole.hidden = !this.told.whole;
    if (!this.told.whole && this.choice.rows === "whole") {
      this.dialog.querySelector('input[value="place"]').click();
    }
  }

  #show() {
    const { told } = this;
    const reason = told?.problem ?? (this.choice.kind === "xlsx" ? told?.xlsx : null);
    this.count.textContent = reason ?? (told ? countText(told.rows) : t("export_counting"));
    this.count.classList.toggle("text-danger", Boolean(reason));
    this.button.disabled = this.later.disabled = !told || Boolean(reason);
    this.later.hidden = !told?.background;
  }

  #showPersonal() {
    const { told } = this;
    this.choice.unmasked = false;
    if (!told?.personal?.length) return fill(this.personal);
    const fields = told.personal.join(t("list_separator"));
    const heading = make("p", { text: t("export_masked", { fields }) });
    if (told.unmasked) return fill(this.personal, heading, make("p", { class: "form-hint", text: told.unmasked }));
    return fill(this.personal, heading, ...this.#unmasking());
  }

  #unmasking() {
    const purpose = make("input", {
      class: "form-control",
      maxlength: 200,
      required: true,
      "aria-label": t("export_purpose"),
      placeholder: t("export_purpose"),
      oninput: (event) => {
        this.choice.purpose = event.target.value;
        event.target.setCustomValidity(event.target.value.trim() ? "" : t("export_purpose"));
      },
    });
    // What is hidden is not asked for: a required field would keep the form from being sent.
    purpose.hidden = purpose.disabled = true;
    const input = make("input", {
      type: "checkbox",
      class: "form-check-input",
      onchange: (event) => {
        this.choice.unmasked = event.target.checked;
        purpose.hidden = purpose.disabled = !event.target.checked;
        if (event.target.checked) purpose.focus();
      },
    });
    const text = make("span", { class: "form-check-label", text: t("export_unmasked") });
    return [make("label", { class: "form-check" }, [input, text]), purpose];
  }

  // Ending and parameters of the file, or null and an open dialog where something is missing.
  #chosen(event) {
    if (!event.target.form.reportValidity()) {
      event.preventDefault();
      return null;
    }
    keepChoice(window.localStorage, this.choice);
    return fileOf(this.choice, this.query, this.shown);
  }

  async #exportLater(event) {
    const chosen = this.#chosen(event);
    if (!chosen) return;
    const look = { label: t("export_later_look"), run: () => window.location.assign("/jobs/") };
    try {
      await requestJson(this.app.address("exportUrl", jobOf(...chosen), "s"), { method: "POST", body: {} });
      notify(t("export_later_begun"), { actions: [look], seconds: 15 });
    } catch (problem) {
      if (!(problem instanceof RequestProblem)) throw problem;
      notify(problem.message, { seconds: 15 });
    }
  }

  #export(event) {
    const chosen = this.#chosen(event);
    if (!chosen) return;
    const [ending, parameters] = chosen;
    const link = make("a", { href: this.app.address("exportUrl", parameters, ending), download: true });
    document.body.append(link);
    link.click();
    link.remove();
  }
}

function countText({ value, exact }) {
  return t(exact ? "export_count" : "export_count_about", { count: value });
}
