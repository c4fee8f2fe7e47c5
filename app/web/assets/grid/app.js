/**
 * Puts the parts of the entry grid together: rows, saving, the visible grid, and the page around it.
 */

import { notify } from "../common/dialog.js";
import { requestJson } from "../common/http.js";
import { t } from "../common/messages.js";
import { ChangeQueue } from "./change_queue.js";
import { showAttached } from "./columns.js";
import { attachCompanions, companionActions, makeCompanions } from "./companions.js";
import { changedText } from "./conflict.js";
import { openBulkEdit } from "./bulk_edit_dialog.js";
import { Deletions, deleteSelected } from "./deletion.js";
import { openConflicts } from "./conflict_dialog.js";
import { DetailPanel } from "./detail_panel.js";
import { ExportDialog } from "./export_dialog.js";
import { Displaced } from "./displaced.js";
import { DraftKeeper } from "./draft_keeper.js";
import { DraftOffer } from "./draft_offer.js";
import { FillHandle } from "./fill_handle.js";
import { FindBar } from "./find_bar.js";
import { showHelp } from "./help.js";
import { listenToKeys } from "./keyboard.js";
import { DraftDatabase, DraftStorage, draftKey } from "../common/draft_storage.js";
import { Picker } from "./picker.js";
import { describeProblem } from "./problems.js";
import { Reading } from "./reading.js";
import { settleReference } from "./reference_keys.js";
import { RowStore } from "./row_store.js";
import { Saver } from "./saver.js";
import { Selection } from "./selection.js";
import { Server } from "./server.js";
import { Sheet } from "./sheet.js";
import { goToStart } from "./start_cell.js";
import { findMarks, nextMark, showErrorBar, showSaveState, showSummary } from "./status.js";
import { TableGrid } from "./table_grid.js";
import { listenToClipboard } from "./clipboard_events.js";
import { listenToToolbar, showToolbarState } from "./toolbar.js";
import { tellTidied } from "./tidied.js";
import { TypingHint } from "./typing_hint.js";
import { offerUndo } from "./undo_offer.js";
import { UndoStack } from "./undo_stack.js";

const scrollDelay = 60;
// The server has answered everything, whatever it said.
const settledStates = new Set(["saved", "refused", "kept"]);

/** The entry grid of one table, period and department. */
export class GridApp {
  /** @param {HTMLElement} container element with the addresses in its data attributes */
  constructor(container) {
    this.container = container;
    this.addresses = container.dataset;
    this.scope = { period: container.dataset.period, department: container.dataset.department };
    this.server = new Server(this.addresses, this.scope);
    this.elements = {
      status: document.getElementById("save-status"),
      errorBar: document.getElementById("error-bar"),
      summary: document.getElementById("grid-summary"),
      empty: document.getElementById("grid-empty"),
      lock: document.getElementById("lock-notice"),
    };
    this.problem = null;
    this.offer = new DraftOffer(this);
  }

  /** One of the container's addresses with the place, further parameters and a path behind it. */
  address(name, parameters = {}, path = "") {
    return this.server.address(name, parameters, path);
  }

  /** Fetch the description and the first rows, then show the grid. */
  async start() {
    const spec = await requestJson(this.address("specUrl"));
    this.#makeParts(spec);
    await this.reading.begin();
    this.#makeScreen();
    await goToStart(this).catch((problem) => this.#showProblem(problem));
    await this.offer.begin();
    this.#showMarks();
  }

  #makeParts(spec) {
    this.picker = new Picker(this.addresses.pickUrl, this.scope);
    this.server.onLabels = (labels) => this.picker.learn(labels);
    this.queue = new ChangeQueue({ fields: spec.fields });
    this.history = new UndoStack();
    this.deletions = new Deletions((count) => offerUndo(this, t("rows_deleted", { count })));
    this.saver = new Saver({
      queue: this.queue,
      post: (changes, key) => this.server.write(changes, key),
      onState: (state) => this.#onSaveState(state),
      onSettled: (outcome) => this.#onSettled(outcome),
    });
    this.store = new RowStore({
      fetchPage: (query) => this.server.page(query),
      fetchCount: this.addresses.countUrl ? (query) => this.server.count(query) : null,
      onCounted: () => {
        this.view?.redraw();
        this.#showEverything();
      },
      beforeLoad: () => this.saver.flush(),
      onLoaded: (positions) => this.#onLoaded(positions),
    });
    this.sheet = new Sheet({
      spec,
      store: this.store,
      queue: this.queue,
      history: this.history,
      onChange: (change) => this.#onChange(change),
      onTidied: (rows) => {
        this.view.refreshRows(rows);
        tellTidied(this.sheet, rows);
      },
    });
    const { user = "", table } = this.addresses;
    this.keeper = new DraftKeeper({
      drafts: new DraftStorage(window.localStorage, new DraftDatabase()),
      key: draftKey({ user, table, ...this.scope }),
      queue: this.queue,
      waiting: () => this.offer.packed,
      onFailed: () => notify(t("drafts_too_large"), { seconds: 15 }),
    });
    this.displaced = new Displaced(this);
    this.reading = new Reading(this, spec);
    makeCompanions(this, spec);
  }

  #makeScreen() {
    this.view = new TableGrid(this.container, this.sheet, this.picker, this.reading.layout);
    this.view.onTyped = (row, field, value) => {
      this.offer.onTyped(row, field);
      settleReference(this, row, field, value);
    };
    this.grid = this.view.slick;
    this.selection = new Selection(this.grid, () => this.#onSelection(), () => this.store.length);
    this.findBar = new FindBar(this);
    this.detail = new DetailPanel(document.getElementById("detail-panel"), {
      sheet: this.sheet,
      picker: this.picker,
      rowsUrl: this.addresses.besideUrl,
      onResolve: (row, keepMine) => this.resolve(row, keepMine),
      onFilter: (field, value) => this.reading.filterLike(field, value),
      focusGrid: () => this.grid.focus(),
      scope: this.scope,
      findings: this.sheet.findings,
      readsWhole: "readsWhole" in this.container.dataset,
      onAttached: (row, kind, counts) => {
        row.attached = { ...row.attached, [kind]: counts };
        this.view?.refreshRows([row]);
        this.#markActiveCell(row);
      },
    });
    this.actions = this.#makeActions();
    this.leaveGrid = () => this.view.leave();
    this.fillHandle = new FillHandle(this);
    this.typingHint = new TypingHint({
      container: this.container,
      sheet: this.sheet,
      editor: () => this.view.busyEditor(),
      tryOut: (changes) => this.server.tryOut(changes),
    });
    listenToKeys(this);
    listenToToolbar(this);
    listenToClipboard(this);
    this.#listenToGrid();
    this.#listenToPage();
    this.view.redraw();
    this.reading.attach();
    attachCompanions(this);
    this.#showEverything();
    const mayWrite = this.sheet.canEdit || this.sheet.canAdd;
    showSaveState(this.elements.status, { state: mayWrite ? "ready" : "read_only" });
  }

  #listenToGrid() {
    let timer = null;
    this.grid.onViewportChanged.subscribe(() => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => this.#loadVisible(), scrollDelay);
    });
    this.grid.onActiveCellChanged.subscribe(() => this.#onActiveCell());
    this.grid.onSort.subscribe((event, { sortCol, sortAsc }) => this.reading.sort(sortCol, sortAsc));
  }

  #listenToPage() {
    window.addEventListener("beforeunload", (event) => {
      this.view.commit();
      if (this.queue.countUnsaved() > 0) event.preventDefault();
    });
    window.addEventListener("online", () => this.saver.flush());
    // Coming back from the log-in page in another tab.
    window.addEventListener("focus", () => {
      if (this.problem?.kind === "session") this.saver.saveNow();
    });
  }

  #makeActions() {
    return {
      ...this.reading.actions,
      ...companionActions(this),
      "add-row": () => this.#addRow(),
      "delete-rows": () => deleteSelected(this),
      undo: () => this.#takeBack("undo"),
      redo: () => this.#takeBack("redo"),
      "next-error": () => this.#goToNextMark(),
      "save-now": () => {
        this.view.commit();
        return this.saver.saveNow();
      },
      find: () => this.findBar.open(),
      "find-replace": () => this.findBar.open({ isReplacing: true }),
      "bulk-edit": () => openBulkEdit(this),
      "toggle-detail": () => this.detail.toggle(),
      export: () => new ExportDialog(this).open(),
      help: showHelp,
    };
  }

  async #loadVisible() {
    const { top, bottom } = this.grid.getViewport();
    try {
      await this.store.ensure(top - 20, bottom + 20);
    } catch (problem) {
      this.#showProblem(problem);
    }
  }

  #onLoaded(positions) {
    this.sheet?.findings?.onLoaded(positions.map((position) => this.store.at(position)));
    if (!this.view) return;
    this.view.drawLoaded(positions);
    this.#showEverything();
  }

  #onChange({ rows, isReshaped }) {
    if (isReshaped) this.view.redraw();
    else this.view.refreshRows(rows);
    this.keeper.keep();
    this.saver.schedule();
    this.#showEverything();
  }

  #onSettled({ batch, saved, refused, conflicts }) {
    this.displaced.note(batch, saved);
    this.offer.onSettled(batch, saved);
    this.sheet.findings?.onSettled(batch, saved);
    for (const row of refused) this.sheet.putBack(row);
    if (saved.length > 0) this.reading.onRowsChanged();
    tellTidied(this.sheet, saved);
    this.sheet.lastYear?.onSaved(saved);
    this.view.refreshRows([...saved, ...refused, ...conflicts]);
    const refusedDeletion = refused.find((row) => row.refused?.op === "delete");
    if (refusedDeletion) {
      const { findings, changed } = refusedDeletion.refused;
      const reason = findings[0]?.message ?? `${changedText(changed)}${t("look_again")}`;
      notify(t("delete_refused", { reason }), { seconds: 15 });
    }
    this.deletions.settle();
    this.#showEverything();
  }

  #onSaveState(change) {
    showSaveState(this.elements.status, change);
    this.keeper.keep();
    if (change.problem) this.#showProblem(change.problem);
    else if (settledStates.has(change.state)) this.problem = null;
    if (change.problem?.kind === "locked") this.#lock(change.problem.message);
    this.#showMarks();
  }

  #showProblem(problem) {
    this.problem = { kind: problem.kind, ...describeProblem(problem, this) };
    this.#showMarks();
  }

  #lock(reason) {
    this.sheet.isLocked = true;
    this.sheet.lockReason = reason;
    this.view.redraw();
    this.#showEverything();
  }

  /** What an earlier visit left was put back or given up. */
  onDraftsAnswered() {
    this.#showMarks();
  }

  #onActiveCell() {
    const active = this.grid.getActiveCell();
    const row = active ? this.sheet.at(active.row) : null;
    if (this.lastRow && this.lastRow !== row) this.sheet.markMissingKeys(this.lastRow);
    this.lastRow = row;
    this.#showDetail();
    this.#showMarks();
  }

  #onSelection() {
    showSummary(this.elements.summary, this.sheet, this.selection?.block());
    this.fillHandle?.place();
  }

  #markActiveCell(row) {
    const active = this.grid.getActiveCell();
    const field = active && this.sheet.fields[active.cell - 1];
    if (!field || this.sheet.at(active.row) !== row) return;
    showAttached(this.grid.getActiveCellNode(), this.sheet, row, field);
  }

  #showDetail() {
    const active = this.grid.getActiveCell();
    const field = active && this.sheet.fields[active.cell - 1];
    this.detail.show(active && this.sheet.at(active.row), field, active?.row);
  }

  #showEverything() {
    if (!this.detail) return;
    this.#showDetail();
    this.#showMarks();
    this.#onSelection();
    showToolbarState(this);
    this.sheet.lastYear?.update();
  }

  #showMarks() {
    if (!this.view) return;
    const told = { problem: this.problem, offer: this.offer.line };
    const goToNext = () => this.#goToNextMark();
    const deeds = { goToNext, decide: () => openConflicts(this), active: this.grid.getActiveCell() };
    showErrorBar(this.elements.errorBar, findMarks(this.sheet), told, deeds, this.sheet.isCorrectable);
  }

  #addRow() {
    if (!this.sheet.canAdd) return;
    this.view.goTo(this.store.length, 1);
  }

  #takeBack(direction) {
    this.view.commit();
    const count = this.sheet[direction]();
    if (!count) return;
    const { row, field } = this.sheet.skipped[0];
    const place = { count, row: this.store.positionOf(row) + 1, field: field.label };
    notify(t("undo_skipped_first", place), { seconds: 15 });
  }

  #goToNextMark() {
    const next = nextMark(this.sheet, this.grid.getActiveCell());
    if (next?.finding) this.sheet.findings.goTo(next.finding);
    else if (next) this.view.goTo(next.position, next.cell);
    else if (!this.sheet.findings?.openRest()) notify(t("no_marks"));
  }

  /** What the rules say of the place, or what came back of it, has become known or is known anew. */
  showFindings() {
    this.#showDetail();
    this.#showMarks();
    this.#markActiveCell(this.sheet.at(this.grid.getActiveCell()?.row));
  }

  /** Decide a conflict: for the whole row, or field by field (code → whether mine stays). */
  resolve(row, keepMine) {
    this.queue.resolve(row, keepMine);
    this.view.refreshRows([row]);
    this.saver.schedule();
    this.#showEverything();
  }

  /**
   * Show other rows or another order; refused while something could not be saved.
   * @returns {Promise<string|null>} why not, null when they are shown
   */
  async reload(query) {
    this.view.commit();
    await this.saver.flush();
    if (this.queue.countUnsaved() > 0) return t("save_first");
    try {
      await this.store.reload(query);
    } catch (problem) {
      if (problem.isPassing || problem.kind === "session") this.#showProblem(problem);
      return problem.message;
    }
    this.history.clear();
    this.displaced.clear();
    this.grid.resetActiveCell();
    this.grid.scrollRowToTop(0);
    this.view.redraw();
    this.#showEverything();
    return null;
  }
}
