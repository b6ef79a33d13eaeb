// What the three games share: words, the clock of the log, the draft that survives a reload,
// sound that is off until somebody wants it, handing in.
import { Cues } from "./floor-cues.mjs";

const SOUND = "quayside.games.sound";
const DRAFT = "quayside.game.";

/** Put values into a text of the page: fill("{n} left", {n: 3}). */
export const fill = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** A storage that a browser may refuse: then nothing outlives the page. */
export function safely(storage) {
  const attempt = (act) => { try { return act(); } catch { return null; } };
  return {
    get: (key) => attempt(() => storage().getItem(key)),
    set: (key, value) => attempt(() => storage().setItem(key, value)),
    drop: (key) => attempt(() => storage().removeItem(key)),
    keys: () => attempt(() => Object.keys(storage())) ?? [],
  };
}

/** An element of a drawing with its attributes. */
export function drawn(name, attributes = {}, ...inner) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inner);
  return made;
}

/** An element of a page with its attributes. */
export function made(name, attributes = {}, ...inner) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inner);
  return element;
}

export class Shell {
  constructor({ root = document, storage = safely(() => window.localStorage), now = () => performance.now() } = {}) {
    Object.assign(this, { root, storage, now });
    this.box = root.querySelector("[data-game]");
    this.level = JSON.parse(this.box.querySelector("[data-level]").textContent);
    this.words = JSON.parse(this.box.dataset.words);
    this.round = this.box.dataset.round;
    this.prefix = `${DRAFT}${this.box.dataset.game}.`;
    this.key = this.prefix + (this.round || `practice-${this.box.dataset.number}`);
    this.form = this.box.querySelector("[data-hand-in]");
    this.moves = [];
    this.base = 0;
    this.since = this.now();
    this.lastHand = -Infinity;
    const silent = { getItem: () => (this.isLoud ? "no" : "yes"), setItem: () => {} };
    this.cues = new Cues({ storage: silent, vibrate: () => {} });
  }

  /** Show the game; `play` counts a log, as the server will. */
  begin(play) {
    this.play = play;
    this.#bindSound();
    this.form.addEventListener("submit", (event) => this.#handIn(event));
    this.box.querySelector("[data-again]")?.addEventListener("click", () => {
      this.storage.drop(this.key);
      this.isDropped = true;
      window.location.reload();
    });
    window.addEventListener("pagehide", () => this.keep());
    this.box.hidden = false;
  }

  text(key, values) { return fill(this.words[key] ?? key, values); }

  /** Two sentences, one after the other; Chinese puts no space between them. */
  both(one, other) { return one && other ? this.text("two", { one, other }) : one || other; }

  say(key, values) { this.tell(this.text(key, values)); }

  tell(words) { this.box.querySelector("[data-say]").textContent = words; }

  fact(name, words) {
    const place = this.box.querySelector(`[data-fact="${name}"]`);
    if (place.textContent !== words) place.textContent = words;
  }

  // ---- the log ----
  /** Milliseconds that this round was open in a browser. */
  clock() { return Math.round(this.base + this.now() - this.since); }

  /** Whether a hand can have moved again by now; what comes sooner is a bounce. */
  get mayMove() { return this.clock() - this.lastHand >= this.level.gap; }

  note(...numbers) {
    const at = this.clock();
    this.moves.push([at, ...numbers]);
    this.keep();
    return at;
  }

  hand(...numbers) {
    this.lastHand = this.note(...numbers);
    return this.lastHand;
  }

  // ---- the draft ----
  keep() {
    if (this.isDropped || (!this.moves.length && !this.hasBegun)) return;
    const kept = { moves: this.moves, at: this.clock(), begun: this.hasBegun ?? true };
    this.storage.set(this.key, JSON.stringify(kept));
  }

  /** Take up what was played of this round before; return whether there was anything. */
  restore() {
    for (const key of this.storage.keys()) {
      if (key.startsWith(this.prefix) && key !== this.key) this.storage.drop(key);
    }
    const kept = JSON.parse(this.storage.get(this.key) ?? "null");
    if (!kept) return false;
    this.moves = kept.moves;
    this.base = kept.at;
    this.since = this.now();
    this.lastHand = kept.at;
    return true;
  }

  /** Forget a draft that does not fit the rules. */
  discard() {
    this.moves = [];
    this.storage.drop(this.key);
  }

  // ---- handing in ----
  set isReady(ready) { this.form.querySelector("button").disabled = !ready; }

  #handIn(event) {
    if (!this.round) {
      event.preventDefault();
      this.say("practised", { score: this.play(this.level, this.moves)[0] });
      return;
    }
    this.form.elements.log.value = JSON.stringify({ round: this.round, moves: this.moves });
    this.say("handing_in");
  }

  // ---- sound ----
  get isLoud() { return this.storage.get(SOUND) === "yes"; }

  cue(name) { if (this.isLoud) this.cues.give(name); }

  #bindSound() {
    const key = this.root.querySelector("[data-sound]");
    const show = () => {
      key.setAttribute("aria-pressed", String(this.isLoud));
      key.textContent = this.text(this.isLoud ? "sound_on" : "sound_off");
    };
    key.addEventListener("click", () => {
      this.storage.set(SOUND, this.isLoud ? "no" : "yes");
      show();
      this.cue("good");
    });
    show();
  }
}

/** Whether a key pressed there is meant for the game: not in a field, not in a dialogue. */
export function isForGame(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  return !event.target.closest?.("dialog, textarea, select, input:not([type=radio], [type=checkbox])");
}
