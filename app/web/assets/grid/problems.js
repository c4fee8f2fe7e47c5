/**
 * What to say and to offer when saving or loading fails as a whole.
 */

import { t } from "../common/messages.js";

/**
 * @param {object} problem a RequestProblem
 * @param {object} app
 * @returns {{text: string, actions: Array<{label: string, run: function}>}}
 */
export function describeProblem(problem, app) {
  const retry = { label: t("try_again"), run: () => app.saver.saveNow() };
  const reload = { label: t("reload_page"), run: () => window.location.reload() };
  const logIn = {
    label: t("log_in"),
    run: () => window.open(app.addresses.loginUrl ?? "/login/", "_blank", "noopener"),
  };
  const actionsByKind = {
    session: [logIn, retry],
    locked: [reload],
    missing: [reload],
  };
  const unsaved = app.queue.countUnsaved();
  const kept = unsaved > 0 && problem.kind !== "session" ? t("kept_in_browser") : "";
  return { text: `${problem.message}${kept}`, actions: actionsByKind[problem.kind] ?? [retry] };
}
