/**
 * The framework's style sheet without the rules that no page of ours can need: nine tenths of it.
 * `node tools/purge.mjs FROM TO`. Whatever word stands in a template, a script or the framework's
 * own scripts counts as used.
 */

import { writeFileSync } from "node:fs";

import { PurgeCSS } from "purgecss";

const [, , from, to] = process.argv;
const [{ css }] = await new PurgeCSS().purge({
  css: [from],
  content: [
    "app/web/**/*.html",
    "app/web/**/*.py",
    "app/web/assets/**/*.js",
    "node_modules/bootstrap/dist/js/bootstrap.esm.js",
    "node_modules/htmx.org/dist/htmx.js",
    "node_modules/slickgrid/dist/esm/index.mjs",
  ],
  // Put together while a page is made: flashes.html.
  safelist: ["alert-success", "alert-info", "alert-warning", "alert-danger"],
});
writeFileSync(to, css);
