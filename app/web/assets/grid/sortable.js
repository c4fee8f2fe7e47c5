/**
 * Dragging of headings: SlickGrid looks for its helper in the window and nowhere else. Import this
 * before a grid is made.
 */

import Sortable from "sortablejs";

window.Sortable = Sortable;
