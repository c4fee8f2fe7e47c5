import assert from "node:assert/strict";
import { test } from "node:test";

import { CollectedItems } from "../../../app/web/assets/common/collected_items.js";
import { isOpenItem, nextItem } from "../../../app/web/assets/grid/return_items.js";

class Memory {
  #kept = new Map();
  get length() {
    return this.#kept.size;
  }
  key(index) {
    return [...this.#kept.keys()][index] ?? null;
  }
  getItem(key) {
    return this.#kept.get(key) ?? null;
  }
  setItem(key, text) {
    this.#kept.set(key, text);
  }
  removeItem(key) {
    this.#kept.delete(key);
  }
}

const item = { row: "7", field: "title", place: "第 1 行 · 职称", reason: "不是有效的职称" };

test("what was opened again waits like what nobody has answered", () => {
  const open = ["open", "changed", "explained", "closed", "reopened"].filter((state) => isOpenItem({ state }));
  assert.deepEqual(open, ["open", "reopened"]);
});

test("the next item follows the last one and begins anew", () => {
  const items = [{ number: 2 }, { number: 5 }];
  assert.deepEqual([0, 2, 3, 5, 9].map((last) => nextItem(items, last).number), [2, 5, 5, 2, 2]);
  assert.equal(nextItem([], 3), null);
});

test("collected items are kept and taken out", () => {
  const collected = new CollectedItems("12", "3", new Memory());
  const other = { ...item, field: "" };
  collected.add(item);
  collected.add(other);
  collected.remove(item);
  assert.deepEqual(collected.all(), [other]);
});

test("what was collected for an earlier state goes along with no later one", () => {
  const memory = new Memory();
  new CollectedItems("12", "3", memory).add(item);
  new CollectedItems("120", "3", memory).add(item);
  assert.deepEqual(new CollectedItems("12", "4", memory).all(), []);
  assert.deepEqual(new CollectedItems("12", "3", memory).all(), []);
  assert.deepEqual(new CollectedItems("120", "3", memory).all(), [item]);
});

test("a browser that keeps nothing says so", () => {
  const full = new Memory();
  full.setItem = () => {
    throw new Error("full");
  };
  assert.equal(new CollectedItems("12", "3", full).add(item), false);
});
