/** Notices of a deed that offer to take it back. */

import { notify } from "../common/dialog.js";
import { t } from "../common/messages.js";

/**
 * Tell of the latest command and offer to take it back, as long as it is the latest.
 * @param {object} app the grid's app
 * @param {string} text
 * @param {Array<{label: string, run: function}>} [others] more that may be done about it
 */
export function offerUndo({ actions, history }, text, others = []) {
  const undo = { label: t("undo"), run: () => actions.undo() };
  history.offer(notify(text, { actions: [undo, ...others], seconds: 15 }));
}
