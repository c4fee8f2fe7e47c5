/**
 * The entry grid page. Load it with `defer` after the shell; it needs `#grid` on the page.
 */

import { fill, make } from "./common/dom.js";
import { t } from "./common/messages.js";
import { GridApp } from "./grid/app.js";
import { foldOnSmallScreens } from "./grid/detail_panel.js";
import { fitToWindow } from "./grid/page_height.js";

const container = document.getElementById("grid");

if (container) {
  fitToWindow(document.querySelector(".entry-page"));
  // Before the grid measures the room it has.
  foldOnSmallScreens(document.getElementById("detail-panel"));
  const app = new GridApp(container);
  app.start().catch((problem) => {
    const text = problem.kind ? problem.message : t("grid_failed");
    fill(container, make("p", { class: "grid-failed", role: "alert", text }));
    if (!problem.kind) throw problem;
  });
}
