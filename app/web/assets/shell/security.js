/**
 * The request-forgery token for htmx requests and for links that post.
 */

import { forgeryToken } from "../common/http.js";

/** Give every htmx request the token; htmx itself may not evaluate text as code. */
export function protectRequests(htmx) {
  htmx.config.allowEval = false;
  htmx.config.includeIndicatorStyles = false;
  htmx.config.selfRequestsOnly = true;
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = forgeryToken();
  });
}
