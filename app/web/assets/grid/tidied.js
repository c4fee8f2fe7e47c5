/**
 * Text that was not taken as it was typed: full-width signs, words that mean nothing, spaces. It is
 * said beside the cell, and of what has just been saved also in a notice.
 */

import { notify } from "../common/dialog.js";
import { t } from "../common/messages.js";
import { isEmpty } from "./values.js";

/** What became of the text that was typed into a cell; null where it stands there as typed. */
export function tidiedText(row, field) {
  const tidied = row.tidiedAt(field);
  if (!tidied) return null;
  return t(isEmpty(tidied.after) ? "cell_tidied_empty" : "cell_tidied", tidied);
}

/** Say once what was tidied of rows that have just been saved. */
export function tellTidied({ allFields, store }, saved) {
  const text = tidiedNotice(saved, allFields, (row) => store.positionOf(row));
  if (text) notify(text, { seconds: 12 });
}

/**
 * What to say of a batch that was saved; null where everything was taken as typed.
 * @param {object[]} saved rows
 * @param {object[]} fields
 * @param {function(object): number} positionOf
 */
export function tidiedNotice(saved, fields, positionOf) {
  const cells = saved.flatMap((row) =>
    row.isDeleted ? [] : fields.filter((field) => row.tidiedAt(field) && !row.toldTidied?.has(field.code)).map((field) => ({ row, field })),
  );
  for (const { row, field } of cells) (row.toldTidied ??= new Set()).add(field.code);
  if (cells.length === 0) return null;
  const [{ row, field }] = cells;
  const place = { row: positionOf(row) + 1, field: field.label, text: tidiedText(row, field) };
  return t(cells.length === 1 ? "tidied_one" : "tidied_several", { count: cells.length, ...place });
}
