// Commands of a handheld in the order in which they were made. Each is kept in this browser before
// it is sent, and until it is answered: a reload, a flat battery or a hole in the network loses
// none, and the key that each bears has the centre carry it out once. The first that is refused
// after waiting stops those behind it, until a person has decided.
const AGAIN_MS = 4_000;
const WITHIN_MS = 12_000; // a command without an answer by then is sent again, with its key
const NAME = "floor-commands";

export class Queue {
  /**
   * store: where commands are kept; send(command) → {state, answer?, say?} with state done,
   * refused, lost (no answer) or session (nobody is signed in); who: the person; onChange(queue).
   */
  constructor({ store, send, who, onChange = () => {}, onReplayed = () => {}, locks = navigator.locks }) {
    Object.assign(this, { store, send, who, onChange, onReplayed, locks });
    this.mine = [];
    this.others = 0;
    this.stopped = null; // the command that was refused, with its sentence
    this.signedOut = false;
    this.running = Promise.resolve();
  }

  get waiting() {
    return this.mine.length;
  }

  /** Read what an earlier page left; send it. */
  async open() {
    await this.#read();
    this.stopped = this.mine.find((each) => each.refused) ?? null;
    if (this.waiting) this.drain();
    this.onChange(this);
  }

  async #read() {
    const all = await this.store.all();
    this.mine = all.filter((each) => each.who === this.who);
    this.others = all.length - this.mine.length;
  }

  /**
   * Keep a command and send it. Returns {state: done | refused | kept, …}: refused ones are
   * forgotten, the person has just heard why; kept ones are sent later.
   */
  async push(command) {
    const kept = { ...command, who: this.who };
    kept.id = await this.store.add(kept);
    const isFirst = !this.mine.length;
    this.mine.push(kept);
    if (!isFirst) {
      this.onChange(this);
      this.drain();
      return { state: "kept" };
    }
    const result = await this.#alone(() => this.#attempt(kept));
    if (result.state === "done" || result.state === "refused") await this.#forget(kept);
    else this.#later(result);
    this.onChange(this);
    return result.state === "lost" || result.state === "session" ? { ...result, state: "kept", why: result.state } : result;
  }

  async #attempt(command) {
    this.attempting = true;
    try {
      return await this.send(command, WITHIN_MS);
    } catch {
      return { state: "lost" };
    } finally {
      this.attempting = false;
    }
  }

  #later({ state }) {
    this.signedOut = state === "session";
    clearTimeout(this.timer);
    if (!this.signedOut) this.timer = setTimeout(() => this.drain(), AGAIN_MS);
  }

  async #forget(command) {
    this.mine = this.mine.filter((each) => each.id !== command.id);
    await this.store.remove(command.id);
  }

  /** Send what waits, in order, until it is all sent, one is refused or the network is away. */
  drain() {
    this.running = this.running.then(() => this.#alone(() => this.#drain())).catch(() => {});
    return this.running;
  }

  async #drain() {
    let sent = 0;
    while (this.mine.length && !this.stopped) {
      const first = this.mine[0];
      const result = await this.#attempt(first);
      if (result.state === "refused") await this.#stop(first, result.say);
      else if (result.state === "done") { await this.#forget(first); sent += 1; }
      else { this.#later(result); break; }
      this.onChange(this);
    }
    this.onChange(this);
    if (sent || this.stopped) this.onReplayed({ sent, stopped: this.stopped });
  }

  async #stop(command, say) {
    Object.assign(command, { refused: say });
    await this.store.put(command);
    this.stopped = command;
  }

  /** Try the refused command again: what stood in its way may be put right. */
  again() {
    if (this.stopped) delete this.stopped.refused;
    this.stopped = null;
    return this.drain();
  }

  /** Leave the refused command out and go on with those behind it. */
  async leave() {
    if (this.stopped) await this.#forget(this.stopped);
    this.stopped = null;
    this.onChange(this);
    return this.drain();
  }

  /** Two pages of one device never send the same queue at once. */
  #alone(work) {
    return this.locks ? this.locks.request(NAME, work) : work();
  }
}

/** Where commands are kept: IndexedDB, else this browser's plain storage, else this page. */
export async function openStore({ indexed = globalThis.indexedDB, plain = globalThis.localStorage } = {}) {
  try {
    return new IndexedStore(await open(indexed));
  } catch {
    return new PlainStore(plain);
  }
}

function open(indexed) {
  return new Promise((resolve, reject) => {
    const asked = indexed.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("commands", { keyPath: "id", autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

class IndexedStore {
  constructor(db) {
    this.db = db;
  }

  #run(mode, ask) {
    return new Promise((resolve, reject) => {
      const turn = this.db.transaction("commands", mode);
      const asked = ask(turn.objectStore("commands"));
      turn.oncomplete = () => resolve(asked.result);
      turn.onerror = () => reject(turn.error);
      turn.onabort = () => reject(turn.error);
    });
  }

  all() { return this.#run("readonly", (store) => store.getAll()); }
  add(command) { return this.#run("readwrite", (store) => store.add(command)); }
  put(command) { return this.#run("readwrite", (store) => store.put(command)); }
  remove(id) { return this.#run("readwrite", (store) => store.delete(id)); }
}

export class PlainStore {
  constructor(plain) {
    this.plain = plain;
    this.kept = [];
  }

  #read() {
    try {
      return JSON.parse(this.plain.getItem(NAME)) ?? [];
    } catch {
      return this.kept;
    }
  }

  #write(commands) {
    this.kept = commands;
    try {
      this.plain.setItem(NAME, JSON.stringify(commands));
    } catch { /* full or forbidden: it holds until the page is left */ }
  }

  async all() { return this.#read(); }

  async add(command) {
    const commands = this.#read();
    const id = Math.max(0, ...commands.map((each) => each.id)) + 1;
    this.#write([...commands, { ...command, id }]);
    return id;
  }

  async put(command) { this.#write(this.#read().map((each) => (each.id === command.id ? command : each))); }

  async remove(id) { this.#write(this.#read().filter((each) => each.id !== id)); }
}
