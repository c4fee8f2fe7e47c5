/**
 * Where unsaved work of a grid is kept in this browser. What is small stands in localStorage, which
 * is written at once, even while the page closes; what is large goes to IndexedDB, which has room
 * for it, and leaves a note in localStorage.
 */

const prefix = "statedata.grid|";
const databaseName = "statedata";
const storeName = "drafts";
/** More characters than these go to IndexedDB: localStorage takes some five million for all pages. */
export const mostInStorage = 1_000_000;
const longestNote = 300;

/** Key of the drafts of one person in one table. */
export function draftKey({ user, table, period, department }) {
  return [`${prefix}${user}`, table, period, department].join("|");
}

/** Drafts in IndexedDB by key; without one in the browser every call fails. */
export class DraftDatabase {
  constructor(factory = globalThis.indexedDB) {
    this.factory = factory;
  }

  #open() {
    this.opening ??= new Promise((resolve, reject) => {
      const request = this.factory.open(databaseName, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(storeName);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return this.opening;
  }

  async #run(mode, act) {
    const database = await this.#open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(storeName, mode);
      const request = act(transaction.objectStore(storeName));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  put(key, packed) {
    return this.#run("readwrite", (store) => store.put(packed, key));
  }

  get(key) {
    return this.#run("readonly", (store) => store.get(key));
  }

  remove(key) {
    return this.#run("readwrite", (store) => store.delete(key));
  }
}

/** Keeps packed drafts ({savedAt, rows}) wherever there is room. */
export class DraftStorage {
  /** @param {Storage} storage @param {object} database with put, get and remove */
  constructor(storage, database) {
    this.storage = storage;
    this.database = database;
  }

  /** Keep the drafts, or forget them when they hold no row; answers whether that worked. */
  async write(key, packed) {
    try {
      const isLarge = this.#isInDatabase(key);
      if (packed.rows.length === 0) this.storage.removeItem(key);
      else {
        const text = JSON.stringify(packed);
        if (text.length > mostInStorage) return await this.#writeLarge(key, packed);
        this.storage.setItem(key, text);
      }
      if (isLarge) await this.database.remove(key);
      return true;
    } catch {
      return false; // Full or forbidden storage must not stop anybody from typing.
    }
  }

  async #writeLarge(key, packed) {
    // First the rows, then the note that they are there.
    await this.database.put(key, packed);
    const note = { savedAt: packed.savedAt, count: packed.rows.length, isInDatabase: true };
    this.storage.setItem(key, JSON.stringify(note));
    return true;
  }

  // What cannot be read is as good as nothing.
  #note(key) {
    try {
      return JSON.parse(this.storage.getItem(key));
    } catch {
      return null;
    }
  }

  #isInDatabase(key) {
    const text = this.storage.getItem(key);
    return Boolean(text && text.length <= longestNote && this.#note(key)?.isInDatabase);
  }

  /** What an earlier visit left, or null. */
  async read(key) {
    try {
      const note = this.#note(key);
      const packed = note?.isInDatabase ? await this.database.get(key) : note;
      return packed?.rows?.length > 0 ? packed : null;
    } catch {
      return null;
    }
  }

  #keysOf(user) {
    const wanted = `${prefix}${user}|`;
    const keys = Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index));
    return keys.filter((key) => key.startsWith(wanted));
  }

  /** How many rows of a person are kept here and not saved. */
  countRows(user) {
    const counts = this.#keysOf(user).map((key) => {
      const note = this.#note(key);
      return note?.isInDatabase ? note.count : (note?.rows?.length ?? 0);
    });
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Forget everything of a person. */
  async forget(user) {
    for (const key of this.#keysOf(user)) {
      if (this.#isInDatabase(key)) await this.database.remove(key);
      this.storage.removeItem(key);
    }
  }
}
