/**
 * Every page: theme, menus, forms, small server-rendered updates.
 * Load it with `defer`: it expects a parsed page.
 */

import Collapse from "bootstrap/js/src/collapse.js";
import Dropdown from "bootstrap/js/src/dropdown.js";
import Modal from "bootstrap/js/src/modal.js";
import Offcanvas from "bootstrap/js/src/offcanvas.js";
import Tab from "bootstrap/js/src/tab.js";
import htmx from "htmx.org";

import { keepForms } from "./shell/drafts.js";
import { guardForms } from "./shell/forms.js";
import { bridgeLegacyPlugins } from "./shell/legacy_bridge.js";
import { guardLogout } from "./shell/logout.js";
import { showOutcomes } from "./shell/outcomes.js";
import { protectRequests } from "./shell/security.js";
import { listenToThemeToggle } from "./shell/theme.js";
import { countTicks } from "./shell/ticks.js";

const components = { Collapse, Dropdown, Modal, Offcanvas, Tab };

// Framework pages and htmx attributes look for these names.
window.bootstrap = components;
window.htmx = htmx;

listenToThemeToggle();
protectRequests(htmx);
guardLogout();
guardForms();
showOutcomes();
bridgeLegacyPlugins(components);
keepForms();
countTicks();
// Of a long menu the present page's entry may lie below the fold.
document.querySelector("#menu [aria-current=page]")?.scrollIntoView({ block: "nearest" });
