/** Going to the cell that the page's address names. */

import { notify } from "../common/dialog.js";
import { t } from "../common/messages.js";

/**
 * The server has said where the row stands among all rows; nothing where the address names none.
 * @param {object} app the grid's app
 */
export async function goToStart({ addresses, sheet, store, view }) {
  const { startRow, startField } = addresses;
  if (startRow === undefined) return;
  if (startRow === "") {
    notify(t("row_gone"), { seconds: 15 });
    return;
  }
  const position = Number(startRow);
  const index = sheet.fields.findIndex((field) => field.code === startField);
  await store.counting;
  await store.ensure(position, position);
  view.goTo(position, Math.max(index, 0) + 1);
}
