/**
 * What the rules say of a place, as the grid shows it at its cells: beside what is known of a row by
 * itself stand the findings of rules that look across rows, tables and years, each with what was
 * explained, ruled or waived.
 */

const openStates = new Set(["open", "rejected"]);

/** Whether somebody has to do something about a finding before the table is handed over. */
export function isOpen(finding) {
  return openStates.has(finding.state);
}

/** Whether a finding may be explained, by whoever may explain at all; errors are mended. */
export function isExplainable({ severity, state }) {
  return severity === "warning" && ["open", "rejected", "explained", "waiting"].includes(state);
}

/** Whether a message of a cell still waits for somebody; what no finding belongs to always does. */
export function isPending({ finding }) {
  return !finding || isOpen(finding);
}

function rank(said) {
  if (!isPending(said)) return 2;
  return said.severity === "error" ? 0 : 1;
}

/**
 * The state of a cell together with its findings.
 * @param {object|undefined} state what is known of the row by itself
 * @param {object[]|undefined} found the place's findings at the cell
 * @param {{isDirty: boolean, isRowDirty: boolean}} change whether the value, or any of the row, is
 *   not the one that the findings are about
 * @returns {object|undefined} `severity` "settled" where nothing waits; `standing` tells how the
 *   first such finding stands
 */
export function withFound(state, found, { isDirty, isRowDirty }) {
  if (!found?.length) return state;
  const said = state?.messages ?? (state?.message ? [{ severity: state.severity, message: state.message }] : []);
  const byMessage = new Map(found.map((finding) => [finding.message, finding]));
  const known = new Set(said.map(({ message }) => message));
  const further = found.filter((finding) => {
    const isStale = finding.is_across ? isDirty : isRowDirty;
    return !isStale && !known.has(finding.message);
  });
  const messages = [
    ...said.map((each) => ({ ...each, finding: byMessage.get(each.message) })),
    ...further.map((finding) => ({ severity: finding.severity, message: finding.message, finding })),
  ].sort((left, right) => rank(left) - rank(right));
  if (messages.length === 0) return state;
  const [first] = messages;
  if (isPending(first)) {
    const standing = first.finding?.state === "rejected" ? "rejected" : null;
    return { severity: first.severity, message: first.message, messages, standing };
  }
  return { severity: "settled", message: first.message, messages, standing: first.finding.state };
}

/** The findings of one table, period and department by row and field. */
export class PlaceFindings {
  /** @param {string|undefined} fallback code of the field where what is about a row is shown */
  constructor(fallback) {
    this.fallback = fallback;
    this.forgetAll();
  }

  forgetAll() {
    this.answer = null;
    this.flat = null;
    this.byRow = new Map();
  }

  /** Whether the server has told what there is. */
  get isKnown() {
    return this.answer !== null;
  }

  /** All findings that still stand as they were told. */
  get all() {
    this.flat ??= [
      ...this.ofTable,
      ...[...this.byRow.values()].flatMap((cells) => Object.values(cells).flat()),
    ];
    return this.flat;
  }

  /** What is said of the table as a whole. */
  get ofTable() {
    return (this.answer?.findings ?? []).filter(({ row_id: id }) => !id);
  }

  /** The findings of the same rule that wait for an explanation. */
  alike({ rule }) {
    return this.all.filter((each) => each.rule === rule && each.severity === "warning" && isOpen(each));
  }

  /**
   * Take over an answer.
   * @param {{findings: object[]}} answer
   * @returns {Set<string>} ids of the rows that others are said of than before
   */
  take(answer) {
    const former = this.byRow;
    this.answer = answer;
    this.flat = null;
    this.byRow = new Map();
    for (const finding of answer.findings) {
      if (!finding.row_id) continue;
      if (!this.byRow.has(finding.row_id)) this.byRow.set(finding.row_id, {});
      const cells = this.byRow.get(finding.row_id);
      (cells[finding.field ?? this.fallback] ??= []).push(finding);
    }
    const ids = new Set([...former.keys(), ...this.byRow.keys()]);
    return new Set([...ids].filter((id) => !isAlike(former.get(id), this.byRow.get(id))));
  }

  /** Let a row know what is said of it. */
  tell(row) {
    row.found = this.byRow.get(row.id) ?? null;
  }

  /**
   * A row was stored: what is said of it by itself has come with the answer, and what was said of a
   * value that it has no more does not hold.
   * @param {object} row
   * @param {{op: string, id: string, values: object}} change
   */
  onStored(row, { op, id, values }) {
    const cells = this.byRow.get(id);
    if (!cells) return;
    this.flat = null;
    const kept = {};
    for (const [code, findings] of Object.entries(cells)) {
      if (op === "delete" || code in values) continue;
      const across = findings.filter((finding) => finding.is_across);
      if (across.length > 0) kept[code] = across;
    }
    if (Object.keys(kept).length > 0) this.byRow.set(id, kept);
    else this.byRow.delete(id);
    this.tell(row);
  }
}

function isAlike(left, right) {
  if (!left || !right) return left === right;
  const namesOf = (cells) =>
    Object.values(cells)
      .flat()
      .map(({ mark, state, message, explanation }) => [mark, state, message, explanation?.at, explanation?.ruled_at].join("|"))
      .sort()
      .join("\n");
  return namesOf(left) === namesOf(right);
}
