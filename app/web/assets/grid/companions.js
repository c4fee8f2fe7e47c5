/** What the grid knows beside its rows, as far as the page has addresses for it. */

import { Findings } from "./findings.js";
import { LastYear } from "./last_year.js";
import { ReturnItems } from "./return_items.js";

/** Give the sheet last year's values, what the rules say, and what came back. */
export function makeCompanions(app, spec) {
  const { previousUrl, findingsUrl, returnedUrl } = app.addresses;
  // Tables of other systems have no year before.
  if (previousUrl) app.sheet.lastYear = new LastYear(app);
  if (findingsUrl) app.sheet.findings = new Findings(app, spec.fields);
  if (returnedUrl) app.sheet.returned = new ReturnItems(app);
}

/** Their actions by name. */
export function companionActions({ sheet }) {
  return { ...sheet.lastYear?.actions, ...sheet.findings?.actions, ...sheet.returned?.actions };
}

/** Let them ask the server, once the grid is on the page. */
export function attachCompanions({ sheet }) {
  sheet.findings?.attach();
  sheet.returned?.attach();
}
