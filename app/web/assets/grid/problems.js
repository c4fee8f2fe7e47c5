/**
 * What to say and to offer when saving or loading fails as a whole.
 */

import { t } from "../common/messages.js";

function describe(problem, app) {
  const count = app.queue.countUnsaved();
  // Why the table is locked stands in the lock notice already.
  if (problem.kind === "locked") return t("locked_unsaved", { count });
  if (count === 0 || problem.kind === "session" || problem.kind === "offline") return problem.message;
  return `${problem.message}${t("kept_in_browser")}`;
}

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
  return { text: describe(problem, app), actions: actionsByKind[problem.kind] ?? [retry] };
}
