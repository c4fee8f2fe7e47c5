/**
 * The import page: choose a file, see what it would do, confirm. Load it with `defer`; it needs
 * `#import` on the page.
 */

import { ImportPage } from "./import/page.js";

const container = document.getElementById("import");

if (container) new ImportPage(container).start();
