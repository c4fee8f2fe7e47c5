/**
 * Waiting for what the server does in the background, with a way to give it up.
 */

import { fill, make } from "../common/dom.js";
import { requestJson } from "../common/http.js";
import { t } from "../common/messages.js";

const pollDelay = 1000;

function wait() {
  return new Promise((resolve) => window.setTimeout(resolve, pollDelay));
}

/** A job came to nothing; `details` are further lines. Shown like a refused request. */
export class JobProblem extends Error {
  constructor(result) {
    super(result?.detail ?? t("import_failed"));
    this.kind = "server";
    const { details = [], layout, labels } = result ?? {};
    this.body = { details, layout, labels };
  }
}

/**
 * Wait until the job has ended. A network that is away for a moment is waited for.
 * @param {string} address of the job
 * @param {function(object): void} onProgress told `{done, total, label, ahead, cancelling}`
 * @returns {Promise<object>} its result
 * @throws {JobProblem|RequestProblem}
 */
export async function followJob(address, onProgress) {
  for (;;) {
    let job = null;
    try {
      job = await requestJson(address);
    } catch (problem) {
      if (!problem.isPassing) throw problem;
    }
    if (job?.state === "done") return job.result;
    if (job?.state === "failed" || job?.state === "cancelled") throw new JobProblem(job.result);
    if (job) onProgress(job.progress);
    await wait();
  }
}

/**
 * Shows how far a job is, that one may leave, and a button to give it up.
 * @param {HTMLElement} place
 * @param {{address: string, listUrl: string, warning?: string}} job
 * @returns {function(object): void} takes the progress
 */
export function showJob(place, { address, listUrl, warning }) {
  const bar = make("progress", { "aria-label": t("checking") });
  const text = make("span", { text: t("checking") });
  const button = make("button", { type: "button", class: "btn btn-sm", text: t("job_give_up") });
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await requestJson(`${address}/cancel`, { method: "POST", body: {} });
    } catch (problem) {
      if (!problem.kind) throw problem;
      text.textContent = problem.message;
      button.disabled = false;
    }
  });
  place.hidden = false;
  fill(
    place,
    bar,
    text,
    button,
    warning ? make("p", { class: "import-warning", text: warning }) : null,
    make("p", { class: "import-leave text-secondary" }, [
      `${t("job_may_leave")} `,
      make("a", { href: listUrl, text: t("job_list") }),
    ]),
  );
  return ({ done, total, label, cancelling }) => {
    // Without a value the bar moves to and fro: nobody knows yet how much there is.
    if (total > 0) {
      bar.max = total;
      bar.value = done;
    } else {
      bar.removeAttribute("value");
    }
    if (text.textContent !== label) text.textContent = label;
    if (cancelling) button.disabled = true;
  };
}
