/**
 * The stored light or dark theme, applied before the page is drawn so that nothing flashes.
 * Load it in the head without `defer`; the switch itself is part of the shell.
 */

import { applyStoredTheme } from "./shell/theme.js";

applyStoredTheme();
