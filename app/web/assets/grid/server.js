/**
 * What the grid asks the server: pages of rows, how many there are, and what becomes of changes.
 */

import { RequestProblem, requestJson } from "../common/http.js";

/** The addresses of one table, with the period and department whose rows are shown. */
export class Server {
  /**
   * @param {Object<string, string>} addresses by name, such as `rowsUrl`
   * @param {{period: string, department: string}} scope
   */
  constructor(addresses, scope) {
    this.addresses = addresses;
    this.scope = scope;
    /** Called with what people call the rows that an answer names. */
    this.onLabels = () => {};
  }

  /** One of the addresses with the place, further parameters and a path behind it. */
  address(name, parameters = {}, path = "") {
    const url = new URL(this.addresses[name] + path, window.location.href);
    for (const [key, value] of Object.entries({ ...this.scope, ...parameters })) {
      if (value) url.searchParams.set(key, value);
    }
    return url.href;
  }

  /** Write changes; the same key says that they are sent once more. */
  write(changes, key) {
    return this.#change({ changes }, { "Idempotency-Key": key });
  }

  /** What would become of changes: the server judges and takes everything back. */
  tryOut(changes) {
    return this.#change({ dry_run: true, changes });
  }

  // The place of rows that are written stands in the body alone.
  #change(asked, headers = {}) {
    const body = { ...this.scope, partial: true, ...asked };
    return this.#ask(this.addresses.changesUrl, { method: "POST", body, headers });
  }

  page(query) {
    return this.#ask(this.address("rowsUrl", query));
  }

  /** A count that fails leaves what is known: at least so many. */
  async count(query) {
    try {
      return await requestJson(this.address("countUrl", query));
    } catch (problem) {
      if (!(problem instanceof RequestProblem)) throw problem;
      return { count: { value: 0, exact: false } };
    }
  }

  async #ask(address, options) {
    const answer = await requestJson(address, options);
    this.onLabels(answer.labels);
    return answer;
  }
}
