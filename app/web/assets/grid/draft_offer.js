/**
 * What an earlier visit left unsaved and nobody has answered yet: it is offered until it is put back,
 * given up, or saved otherwise.
 */

import { t } from "../common/messages.js";
import { restoreDrafts, withoutSaved } from "./local_drafts.js";

/** The waiting drafts of one grid and the line that offers them. */
export class DraftOffer {
  /** @param {object} app with sheet, store, queue and keeper; `app.onDraftsAnswered` shows the change */
  constructor(app) {
    this.app = app;
    this.packed = null;
  }

  /** Look for drafts in this browser and offer them to whoever may write. */
  async begin() {
    const { keeper, sheet } = this.app;
    const packed = await keeper.drafts.read(keeper.key);
    if (sheet.canEdit || sheet.canAdd) this.packed = packed;
  }

  /** The line of the bar: {text, actions}; null where nothing waits. */
  get line() {
    if (!this.packed) return null;
    const { packed } = this;
    const time = new Date(packed.savedAt).toLocaleString("zh-CN");
    return {
      text: t("drafts_found", { count: packed.rows.length, time }),
      actions: [
        { label: t("restore"), run: () => this.#answer(() => restoreDrafts(packed, this.app)) },
        { label: t("discard"), run: () => this.#answer(() => {}) },
      ],
    };
  }

  /** A batch was answered: of what waits, that goes which has been saved since. */
  onSettled({ rows, changes }, saved) {
    if (!this.packed) return;
    const stored = new Set(saved);
    const pairs = rows.map((row, index) => ({ row, change: changes[index] }));
    this.#forget(pairs.filter(({ row }) => stored.has(row)));
  }

  /** Somebody typed into a cell, if only what is stored there: that is the newer value. */
  onTyped(row, { code }) {
    if (!this.packed || row.isNew) return;
    this.#forget([{ row, change: { op: "update", id: row.id, values: { [code]: row.values[code] } } }]);
    this.app.onDraftsAnswered();
  }

  #forget(pairs) {
    this.packed = withoutSaved(this.packed, pairs, this.app.sheet.allFields);
    this.app.keeper.keep();
  }

  #answer(run) {
    this.packed = null;
    run();
    this.app.keeper.keep();
    this.app.onDraftsAnswered();
  }
}
