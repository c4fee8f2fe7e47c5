/**
 * Choosing a file, matching its columns, the trial run, and the import itself. The trial writes
 * nothing; the import sends the same file again with the trial's digest, so what was seen is what
 * is written.
 */

import { fill, make } from "../common/dom.js";
import { requestJson } from "../common/http.js";
import { t } from "../common/messages.js";
import { followJob, JobProblem, showJob } from "./job.js";
import { makeMapping } from "./mapping.js";
import { pastedFile } from "./pasted.js";
import { makeResult } from "./result.js";
import { markStep } from "./steps.js";
import { upload } from "./upload.js";

/** The import page of one table. */
export class ImportPage {
  /** @param {HTMLElement} container with data-imports-url, data-period, data-department, ... */
  constructor(container) {
    this.container = container;
    this.addresses = container.dataset;
    this.input = container.querySelector("#import-file");
    this.drop = container.querySelector("#import-drop");
    this.progress = container.querySelector("#import-progress");
    this.result = container.querySelector("#import-result");
    this.columns = container.querySelector("#import-columns");
    this.steps = container.querySelector("#import-steps");
    this.mapping = null;
    this.file = null;
    this.fields = [];
    // The key of the job that carried out what is shown; null where it was answered at once.
    this.job = null;
  }

  start() {
    this.input.addEventListener("change", () => this.#choose(this.input.files[0]));
    for (const name of ["dragenter", "dragover"]) {
      this.drop.addEventListener(name, (event) => {
        event.preventDefault();
        this.drop.classList.add("is-over");
      });
    }
    for (const name of ["dragleave", "drop"]) {
      this.drop.addEventListener(name, (event) => {
        event.preventDefault();
        this.drop.classList.remove("is-over");
      });
    }
    this.drop.addEventListener("drop", (event) => this.#choose(event.dataTransfer.files[0]));
    document.addEventListener("paste", (event) => {
      const file = pastedFile(event, t("pasted_name"));
      if (file) this.#choose(file);
    });
    this.container.addEventListener("change", (event) => {
      if (event.target.name === "mode" && this.file) this.#tryOut();
    });
    const job = new URL(window.location.href).searchParams.get("job");
    if (job) this.#showFormer(job);
    // Chosen before this was listening, or kept by the browser when the page was loaded again.
    else this.#choose(this.input.files[0]);
  }

  #choose(file) {
    if (!file) return;
    this.file = file;
    this.mapping = null;
    fill(this.columns);
    this.#tryOut();
  }

  #mode() {
    return this.container.querySelector('[name="mode"]:checked, select[name="mode"]')?.value ?? "upsert";
  }

  #address(parameters) {
    const url = new URL(this.addresses.importsUrl, window.location.href);
    for (const [key, value] of Object.entries(parameters)) url.searchParams.set(key, value);
    return url.href;
  }

  #tryOut() {
    const send = () => this.#send({ dry_run: 1, mode: this.#mode() }, {});
    return this.#run(send, (outcome) => this.#showTrial(outcome));
  }

  // What a job found while nobody waited for it on this page.
  #showFormer(job) {
    const show = (outcome) => (outcome.written ? this.#showDone(outcome) : this.#showTrial(outcome));
    return this.#run(async () => ({ job }), show);
  }

  #showTrial(outcome) {
    this.#showColumns(outcome);
    markStep(this.steps, "check");
    fill(this.result, makeResult(outcome, { fields: this.fields, onConfirm: (how) => this.#import(outcome, how) }));
  }

  #showDone(outcome) {
    const { tableUrl: address, changesUrl: changes } = this.addresses;
    fill(this.columns);
    markStep(this.steps, "done");
    fill(this.result, makeResult(outcome, { fields: this.fields, isDone: true, address, changes }));
  }

  // Only the good rows where some were refused, by the user's own choice. The file of a job is on
  // the server still; any other is sent again.
  #import({ digest }, { partial }) {
    const parameters = { dry_run: 0, mode: this.#mode(), ...(partial ? { partial: 1 } : {}) };
    const confirmed = this.job;
    const send = confirmed
      ? () => requestJson(`${this.#jobAddress(confirmed)}/confirm`, { method: "POST", body: { partial } })
      : () => this.#send(parameters, { digest });
    return this.#run(send, (outcome) => this.#showDone(outcome));
  }

  #send(parameters, extra) {
    return upload(this.#address(parameters), this.#form(extra), (share) =>
      this.#showProgress(share, t(share < 1 ? "uploading" : "checking")),
    );
  }

  #jobAddress(key) {
    return new URL(key, new URL(this.addresses.jobsUrl, window.location.href)).href;
  }

  // What the server made of the columns, to look at and to change.
  #showColumns({ layout, labels }, isOpen = false) {
    if (!layout?.sheets) return;
    const onMap = (mapping) => {
      // Without the file at hand, as for the result of a former job, it has to be chosen once more.
      if (!this.file) return this.input.click();
      this.mapping = mapping;
      return this.#tryOut();
    };
    fill(this.columns, makeMapping(layout, labels ?? {}, { isOpen, onMap }));
  }

  async #run(send, show) {
    if (this.isRunning) return;
    this.isRunning = true;
    this.container.setAttribute("aria-busy", "true");
    fill(this.result);
    try {
      const outcome = await this.#outcomeOf(await send());
      await this.#learnFields();
      show(outcome);
      this.result.querySelector("h2")?.focus();
    } catch (problem) {
      if (!problem.kind) throw problem;
      this.#showProblem(problem);
    } finally {
      this.isRunning = false;
      this.container.removeAttribute("aria-busy");
      this.progress.hidden = true;
      // The same file may be chosen again after it was corrected.
      this.input.value = "";
    }
  }

  // Labels for the columns, and for the codes in them.
  async #learnFields() {
    const { specUrl, period, department } = this.addresses;
    if (this.fields.length > 0 || !specUrl) return;
    const url = new URL(specUrl, window.location.href);
    for (const [key, value] of Object.entries({ period, department })) {
      if (value) url.searchParams.set(key, value);
    }
    this.fields = (await requestJson(url.href)).fields;
  }

  #form(extra) {
    const form = new FormData();
    form.append("file", this.file, this.file.name);
    form.append("period", this.addresses.period ?? "");
    form.append("department", this.addresses.department ?? "");
    if (this.mapping) form.append("mapping", JSON.stringify(this.mapping));
    for (const [name, value] of Object.entries(extra)) form.append(name, value);
    return form;
  }

  // A small file is answered at once, a large one becomes a job.
  async #outcomeOf(answer) {
    this.job = answer.job ?? null;
    if (this.job === null) return answer;
    const address = this.#jobAddress(this.job);
    const told = showJob(this.progress, { address, listUrl: this.addresses.jobListUrl, warning: answer.warning });
    const outcome = await followJob(address, told);
    if (outcome.misfit) throw new JobProblem(outcome);
    return outcome;
  }

  #showProgress(share, text) {
    this.progress.hidden = false;
    const percent = Math.round(share * 100);
    fill(
      this.progress,
      make("progress", { max: "100", value: String(percent), "aria-label": text }),
      make("span", { text }),
    );
  }

  #showProblem(problem) {
    const { layout } = problem.body ?? {};
    markStep(this.steps, layout ? "columns" : "file");
    // What is wrong with the columns is told beside them.
    if (layout && layout.columns.length + layout.sheets.length > 1) {
      this.#showColumns(problem.body, true);
      fill(this.result);
      this.columns.querySelector("summary").focus();
      return;
    }
    const findings = (problem.body?.findings ?? []).map(({ message }) => message);
    const told = [...findings, ...(problem.body?.details ?? [])];
    const lines = told.map((text) => make("li", { text }));
    fill(
      this.result,
      make("div", { class: "alert alert-danger", role: "alert" }, [
        make("h2", { class: "alert-title", tabindex: "-1", text: problem.message }),
        lines.length > 0 ? make("ul", { class: "mb-0" }, lines) : null,
      ]),
    );
  }
}
