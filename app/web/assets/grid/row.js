/**
 * One row as the page knows it: what the server has stored, what the user sees, and what is wrong.
 * What still has to be saved is never recorded separately: it is the difference of the two, so undo
 * and a second edit need no bookkeeping.
 */

import { t } from "../common/messages.js";
import { isPending, withFound } from "./found.js";
import { isEmpty, isSameValue } from "./values.js";

let newRowCount = 0;

/** A row of the table, stored or new. */
export class Row {
  /** @param {{id?: string, version?: string, values?: object, states?: object}} [stored] */
  constructor(stored = null) {
    newRowCount += stored ? 0 : 1;
    this.id = stored?.id ?? `new:${newRowCount}`;
    this.version = stored?.version ?? null;
    this.base = stored ? { ...stored.values } : null;
    this.values = { ...stored?.values };
    this.states = { ...stored?.states };
    // What the server said of the values it has; they may come back by an undo.
    this.storedStates = { ...stored?.states };
    // What feeds gave, and the values it is said of: whatever is typed over one is nobody's gift.
    this.fed = stored?.fed ?? {};
    this.fedValues = this.base;
    // Open comments and supporting materials by field code; the empty code is the row itself.
    this.attached = stored?.attached ?? {};
    // Taken over from last year, and nobody has confirmed it.
    this.carried = Boolean(stored?.carried);
    // Of another department that has contributed the row: its name, and why it is not changed here.
    this.contributed = stored?.contributed ?? null;
    // Why its teacher, who stands for it, is asked instead of changing it here.
    this.closed = stored?.closed ?? null;
    // What the rules say of the row across rows, tables and years, by field code.
    this.found = null;
    // Text that was not taken as it was typed: by field code what it was and what it became.
    this.tidied = {};
    this.isDeleted = false;
    this.conflict = null;
    this.refused = null;
    this.lastPosition = null;
    // Id of the stored row that this one was before it was deleted; an undo asks for it again.
    this.formerId = null;
  }

  get isNew() {
    return this.base === null;
  }

  /** How many comments or materials there are at a cell, or (empty code) at the row itself. */
  attachedAt(kind, code) {
    return this.attached[kind]?.[code] ?? 0;
  }

  /** Whether anything supports the row or one of its cells. */
  get hasMaterials() {
    return Object.values(this.attached.materials ?? {}).some((count) => count > 0);
  }

  /** Whether somebody else answers for the row and changes it himself. */
  get isFixed() {
    return Boolean(this.closed ?? this.contributed?.why_fixed);
  }

  /** Fields whose shown value is not the stored one. */
  dirtyFields(fields) {
    if (this.isNew) return fields.filter((field) => !isEmpty(this.values[field.code]));
    return fields.filter(
      (field) => !isSameValue(field, this.values[field.code], this.base[field.code]),
    );
  }

  isDirtyAt(field) {
    if (this.isNew) return !isEmpty(this.values[field.code]);
    return !isSameValue(field, this.values[field.code], this.base[field.code]);
  }

  /** Where the value of the cell comes from, as long as it is the one that a feed gave. */
  fedText(field) {
    const text = this.fed[field.code];
    const isGiven = text && isSameValue(field, this.values[field.code], this.fedValues[field.code]);
    return isGiven ? text : null;
  }

  /** What became of the text that was typed into the cell, as long as that stands there. */
  tidiedAt(field) {
    const tidied = this.tidied[field.code];
    return tidied && isSameValue(field, this.values[field.code], tidied.after) ? tidied : null;
  }

  /** Key fields without a value: without them a row cannot be stored. */
  missingKeys(fields) {
    return fields.filter((field) => field.key && isEmpty(this.values[field.code]));
  }

  /**
   * The change that would make the server's row like this one; null when they agree.
   * @returns {{op: string, id: string, version: string|null, values: object}|null}
   */
  change(fields) {
    if (this.isDeleted) {
      return this.isNew ? null : { op: "delete", id: this.id, version: this.version, values: {} };
    }
    const dirty = this.dirtyFields(fields);
    if (dirty.length === 0) return null;
    const values = Object.fromEntries(
      dirty.map(({ code }) => [code, isEmpty(this.values[code]) ? null : this.values[code]]),
    );
    const op = this.isNew ? "insert" : "update";
    const change = { op, id: this.id, version: this.version, values };
    return this.isNew && this.formerId ? { ...change, restores: this.formerId } : change;
  }

  /** Take over what the server stored; what was typed after sending stays. */
  acceptStored(result, sentValues, fields) {
    const stored = { ...this.base, ...sentValues, ...result.values };
    for (const field of fields) {
      const isUntouched = isSameValue(field, this.values[field.code], sentValues[field.code]);
      const wasSent = field.code in sentValues;
      if ((wasSent && isUntouched) || (!wasSent && !this.isDirtyAt(field))) {
        this.values[field.code] = stored[field.code] ?? null;
      }
    }
    this.base = stored;
    this.tidied = { ...this.tidied, ...result.tidied };
    this.id = result.id ?? this.id;
    this.formerId = null;
    this.version = result.version ?? this.version;
    this.refused = null;
    this.conflict = null;
  }

  /** The row left the server's table: it is new again, should an undo bring it back. */
  becomeNew() {
    newRowCount += 1;
    this.formerId = this.id;
    this.id = `new:${newRowCount}`;
    this.base = null;
    this.version = null;
    this.refused = null;
    this.conflict = null;
  }

  /**
   * Mark what the server found, for the fields whose value it has judged.
   * @param {object[]} findings
   * @param {object} sentValues
   * @param {object[]} fields
   * @param {{isStored?: boolean}} [options] whether they are about what is stored now
   */
  showFindings(findings, sentValues, fields, { isStored = false } = {}) {
    const fallback = fields.find((field) => field.key)?.code ?? fields[0]?.code;
    const states = gatherStates(findings ?? [], fallback);
    if (isStored) this.storedStates = { ...states };
    for (const field of fields) {
      const sent = sentValues[field.code];
      // What the server has stored may be tidied: it is the value that was judged.
      const isJudged =
        !(field.code in sentValues) ||
        isSameValue(field, this.values[field.code], sent) ||
        (isStored && !this.isDirtyAt(field));
      if (isJudged) setState(this.states, field.code, states[field.code]);
    }
  }

  /** Every value is the stored one again: so is what is wrong with it. */
  forgetJudgement(fields) {
    if (!this.isNew && this.dirtyFields(fields).length === 0) this.states = { ...this.storedStates };
  }

  /** Codes of the fields at which anything may be said. */
  get markedCodes() {
    return new Set([...Object.keys(this.states), ...Object.keys(this.found ?? {})]);
  }

  get #isChanged() {
    if (this.isNew) return true;
    return Object.keys(this.values).some(
      (code) => String(this.values[code] ?? "") !== String(this.base[code] ?? ""),
    );
  }

  /** What to show at a cell: conflict before error before warning before unsaved. */
  cellState(field) {
    const conflict = this.conflict?.fields[field.code];
    if (conflict) return { severity: "conflict", conflict };
    const isUnsaved = this.isDirtyAt(field);
    const state = this.#stateWithFound(field, isUnsaved);
    if (state) return { ...state, isUnsaved };
    return isUnsaved ? { severity: "unsaved", isUnsaved } : null;
  }

  #stateWithFound({ code }, isDirty) {
    const [state, found] = [this.states[code], this.found?.[code]];
    return found ? withFound(state, found, { isDirty, isRowDirty: this.#isChanged }) : state;
  }
}

/** Everything that is said of a cell, the gravest first: [{severity, message}]. */
export function messagesOf(state) {
  if (state?.messages) return state.messages;
  return state?.message ? [{ severity: state.severity, message: state.message }] : [];
}

/** The texts of a cell, each once; what nobody has to look at any more begins with how it stands. */
export function textsOf(state) {
  const tell = (said) => {
    if (isPending(said)) return said.message;
    return t("standing_mark", { state: said.finding.state_label, message: said.message });
  };
  return [...new Set(messagesOf(state).map(tell))];
}

// As the server describes the cells of stored rows; what is about the row stands at `fallback`.
function gatherStates(findings, fallback) {
  const cells = {};
  const isError = ({ severity }) => Number(severity === "error");
  for (const finding of [...findings].sort((left, right) => isError(right) - isError(left))) {
    const { severity, message } = finding;
    (cells[finding.field ?? fallback] ??= []).push({ severity, message });
  }
  const stateOf = (said) => (said.length > 1 ? { ...said[0], messages: said } : said[0]);
  return Object.fromEntries(Object.entries(cells).map(([code, said]) => [code, stateOf(said)]));
}

function setState(states, code, state) {
  if (state) states[code] = state;
  else delete states[code];
}
