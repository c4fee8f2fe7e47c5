/**
 * What the rules say of the whole table, in the grid: asked for again and again, shown at the cells,
 * counted in the bar, listed in the panel, explained beside the cell.
 */

import { sendExplanation } from "../beside/explaining.js";
import { hasUnsent } from "../beside/finding_card.js";
import { notify, openDialog } from "../common/dialog.js";
import { requestJson } from "../common/http.js";
import { make } from "../common/dom.js";
import { t } from "../common/messages.js";
import { FindingsPanel } from "./findings_panel.js";
import { FindingWatch } from "./finding_watch.js";
import { PlaceFindings, isOpen } from "./found.js";

/** The findings of the grid's place. */
export class Findings {
  /** @param {object} app @param {object[]} fields of the table */
  constructor(app, fields) {
    this.app = app;
    this.fields = fields;
    this.place = new PlaceFindings((fields.find(({ key }) => key) ?? fields[0])?.code);
    this.watch = new FindingWatch({
      ask: (signal) => requestJson(app.address("findingsUrl"), { signal }),
      onAnswer: (answer) => this.#onAnswer(answer),
      onProblem: (problem) => this.#onProblem(problem),
    });
    this.elsewhere = null;
    this.actions = { findings: () => this.panel?.toggle() };
  }

  /** Bind to the page, once the grid is on it, and ask for the first time. */
  attach() {
    this.button = document.querySelector('[data-action="findings"]');
    this.panel = new FindingsPanel(document.getElementById("findings-panel"), {
      place: this.place,
      fields: this.fields,
      cardOptions: () => this.cardOptions,
      goTo: (finding) => this.goTo(finding),
      focusGrid: () => this.app.grid.focus(),
      askAgain: () => this.watch.askNow(),
    });
    window.addEventListener("pagehide", () => this.watch.stop());
    window.addEventListener("pageshow", () => this.watch.resume());
    window.addEventListener("beforeunload", (event) => {
      if (hasUnsent()) event.preventDefault();
    });
    document.querySelector("[data-finish]")?.addEventListener("click", (event) => this.#onFinish(event));
    this.showCount();
    this.watch.askNow();
  }

  /** What cards of findings are made with. */
  get cardOptions() {
    const { answer } = this.place;
    return {
      whyNotExplain: answer?.why_not_explain ?? null,
      longest: answer?.longest_explanation ?? Infinity,
      rulePages: answer?.rule_pages ?? [],
      alike: (finding) => this.place.alike(finding),
      explain: (findings, text) => this.#explain(findings, text),
    };
  }

  /** Rows came: they learn what is said of them. */
  onLoaded(rows) {
    this.elsewhere = null;
    for (const row of rows) if (row) this.place.tell(row);
  }

  /** A batch was answered. */
  onSettled({ rows, changes }, saved) {
    const stored = new Set(saved);
    rows.forEach((row, index) => {
      if (stored.has(row)) this.place.onStored(row, changes[index]);
    });
    if (saved.length === 0) return;
    this.elsewhere = null;
    this.watch.schedule();
  }

  #onAnswer(answer) {
    const changed = this.place.take(answer);
    this.elsewhere = null;
    this.panel.problem = "";
    const { app } = this;
    const rows = app.store.loadedRows();
    for (const row of rows) this.place.tell(row);
    app.view.refreshStates(rows.filter(({ id }) => changed.has(id)));
    this.#show();
  }

  #onProblem(problem) {
    this.panel.problem = problem.message;
    this.#show();
  }

  #show() {
    this.app.showFindings();
    this.panel.draw();
    this.showCount();
  }

  /** The number beside the bar: what is open. */
  showCount() {
    if (!this.button) return;
    const count = this.place.all.filter(isOpen).length;
    this.button.querySelector("[data-count]").textContent = this.place.isKnown ? String(count) : "";
    this.button.title = t(this.place.isKnown ? "findings_button" : "findings_asking", { count });
  }

  /**
   * Open findings that no shown cell tells: of rows that are not loaded, of hidden columns, and of the
   * table as a whole.
   * @returns {object[]}
   */
  unseen() {
    if (this.elsewhere) return this.elsewhere;
    const { store, sheet } = this.app;
    const loaded = new Set(store.loadedRows().map(({ id }) => id));
    const shown = new Set(sheet.fields.map(({ code }) => code));
    this.elsewhere = this.place.all.filter((finding) => {
      if (!isOpen(finding)) return false;
      return !loaded.has(finding.row_id) || !shown.has(finding.field ?? this.place.fallback);
    });
    return this.elsewhere;
  }

  /** Open the list for what no scrolling leads to; answers whether there is any. */
  openRest() {
    const isAny = this.unseen().length > 0;
    if (isAny) this.panel.open("open");
    return isAny;
  }

  /** Where an unseen finding would stand, undefined where no scrolling leads there. */
  markOf(finding) {
    const { store, sheet } = this.app;
    const index = sheet.fields.findIndex(({ code }) => code === (finding.field ?? this.place.fallback));
    const { q, filter, sort } = store.query;
    if (!finding.row_id || index < 0 || q || filter || sort) return undefined;
    return { finding, position: finding.row - 1, cell: index + 1, state: { severity: finding.severity } };
  }

  /** Show the cell of a finding: its rows are loaded, and filters that hide it are taken away. */
  async goTo(finding) {
    const { app } = this;
    let position = await this.#positionOf(finding);
    if (position < 0) {
      const reason = await app.reading.show({ filter: null, q: "", sort: "" });
      if (reason !== null) {
        notify(reason);
        return;
      }
      position = await this.#positionOf(finding);
    }
    if (position < 0) {
      notify(t("finding_row_gone"));
      this.watch.schedule();
      return;
    }
    const code = finding.field ?? this.place.fallback;
    const index = app.sheet.fields.findIndex((field) => field.code === code);
    if (index < 0) notify(t("finding_column_hidden", { field: this.panel.labels.get(code) ?? code }));
    app.view.goTo(position, Math.max(index, 0) + 1);
  }

  async #positionOf({ row_id: id, row }) {
    const { store } = this.app;
    const find = () => store.rows.findIndex((each) => each?.id === id);
    const { q, filter, sort } = store.query;
    if (find() < 0 && !q && !filter && !sort) {
      // New rows and deletions of this page have moved the others a little.
      await store.ensure(row - 2, row).catch(() => {});
    }
    return find();
  }

  async #explain(findings, text) {
    const { app } = this;
    const most = this.place.answer?.most_at_once;
    const reason = await sendExplanation(app.addresses.explanationsUrl, app.scope, findings, text, most);
    if (reason === null) notify(t("finding_sent", { count: findings.length }));
    await this.watch.askNow();
    return reason;
  }

  // The step itself is on the submission's page; what would refuse it is told here, where it is mended.
  async #onFinish(event) {
    event.preventDefault();
    const { href } = event.currentTarget;
    this.app.view.commit();
    await this.app.saver.flush();
    await this.watch.askNow();
    const open = this.place.all.filter(isOpen);
    const count = (severity) => open.filter((each) => each.severity === severity).length;
    const [errors, warnings] = [count("error"), count("warning")];
    if (errors + warnings === 0 || this.panel.problem) {
      window.location.assign(href);
      return;
    }
    const lead = (name, key, number) =>
      make("button", { type: "submit", value: name, class: "btn btn-primary", text: t(key, { count: number }) });
    const dialog = openDialog(
      t("finish_blocked"),
      [
        errors > 0 ? make("p", { text: t("finish_errors", { count: errors }) }) : null,
        warnings > 0 ? make("p", { text: t("finish_warnings", { count: warnings }) }) : null,
      ].filter(Boolean),
      [
        make("button", { type: "submit", value: "go", class: "btn", text: t("finish_go_on") }),
        warnings > 0 ? lead("warnings", "finish_see_warnings", warnings) : null,
        errors > 0 ? lead("errors", "finish_see_errors", errors) : null,
      ].filter(Boolean),
    );
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "go") window.location.assign(href);
      else if (dialog.returnValue) this.panel.open(dialog.returnValue);
    }, { once: true });
  }
}
