// A screen of the floor: scans and keys become commands, answers become a sound, a sentence and
// the next screen. Without this module the same forms work as pages. docs/warehouse-floor.md.
//   form[data-command]              a command; its fields are what it says
//   form[data-scan] [data-scan-field]   the scan field; data-repeats: equal scans count each
//   data-then="/url"                the screen to go on with while the command waits
//   [data-ahead="/url"]             a screen to be kept for that
//   [data-floor]                    what is replaced by the next screen
import { bindCamera } from "./camera.mjs";
import { Cues } from "./floor-cues.mjs";
import { Queue, openStore } from "./floor-queue.mjs";

const TWICE_MS = 1_500; // the same code again so soon is one press of the trigger too many
const BOUNCE_MS = 200; // even where each counts
const KEY_GAP_MS = 40; // a scanner types faster than this on the whole, people do not
const PAUSE_MS = 250; // so long between two keys: what follows is typed anew
const SHORTEST = 6; // characters of what is taken for a scan outside the scan field
const MOST_PAGES = 40;
const SEPARATOR = "\u241d"; // what stands for FNC1 in a field of text

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

export function newKey(random = crypto) {
  const bytes = random.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(36).padStart(2, "0")).join("");
}

/** Send a command; returns {state, answer?, say?} as the queue wants it. */
export function sender({ fetch, token, words }) {
  const once = async (command, withinMs, fresh) => {
    const sent = { ...command.body, key: command.key, who: command.who, at: command.at, sent_at: new Date().toISOString() };
    const headers = { Accept: "application/json", "X-CSRFToken": await token(fresh) };
    const blobs = Object.values(sent).some((each) => each instanceof Blob);
    if (!blobs) headers["Content-Type"] = "application/json";
    const body = blobs ? formOf(sent) : JSON.stringify(sent);
    const signal = AbortSignal.timeout(withinMs);
    const reply = await fetch(command.url, { method: "POST", headers, body, signal, credentials: "same-origin", redirect: "manual" });
    return judged(reply, words);
  };
  return async (command, withinMs) => {
    const result = await once(command, withinMs, false);
    if (result.state !== "stale") return result; // else the page is older than the session
    const again = await once(command, withinMs, true);
    return again.state === "stale" ? { state: "session" } : again;
  };
}

function formOf(values) {
  const form = new FormData();
  for (const [name, each] of Object.entries(values)) if (each !== undefined) form.append(name, each);
  return form;
}

async function judged(reply, words) {
  const type = reply.headers.get("Content-Type") ?? "";
  const answer = type.includes("json") ? await reply.json() : null;
  if (reply.ok && answer) return { state: "done", answer };
  if (reply.status === 400 && !answer) return { state: "stale" };
  if (reply.status === 401 || reply.type === "opaqueredirect") return { state: "session" };
  if ([429, 502, 503, 504].includes(reply.status)) return { state: "lost" };
  return { state: "refused", status: reply.status, say: answer?.say ?? words.failed };
}

export class Floor {
  constructor({ root = document, view = window, fetch = window.fetch.bind(window), cues = new Cues() } = {}) {
    Object.assign(this, { root, view, fetch, cues });
    this.bar = root.querySelector("[data-floor-bar]");
    this.words = JSON.parse(this.bar.dataset.words);
    this.held = []; // scans that came while a command was under way
    this.pages = new Map(); // address → page, for when the network is away
    this.typed = { text: "", from: 0, at: 0 };
  }

  async bind() {
    this.#bindKeys();
    this.#bindBar();
    this.focus();
    this.#welcome();
    const send = sender({ fetch: this.fetch, words: this.words, token: (fresh) => this.#token(fresh) });
    this.queue = new Queue({
      store: await openStore(),
      send,
      who: this.bar.dataset.who,
      onChange: () => this.#showQueue(),
      onReplayed: (what) => this.#replayed(what),
    });
    await this.queue.open();
    this.view.addEventListener("online", () => { this.#net(true); this.queue.drain(); });
    this.view.addEventListener("offline", () => this.#net(false));
    this.root.addEventListener("visibilitychange", () => { if (!this.root.hidden) this.queue.drain(); });
    this.#net(this.view.navigator.onLine);
    this.#ahead();
    this.ready = true;
    this.bar.dataset.ready = "";
    this.#next();
  }

  get main() { return this.root.querySelector("[data-floor]"); }
  get field() { return this.root.querySelector("[data-scan-field]"); }

  // ---- what is typed, scanned and pressed ----
  #bindKeys() {
    this.root.addEventListener("keydown", (event) => this.#pressed(event), true);
    this.root.addEventListener("submit", (event) => this.#submitted(event));
    this.root.addEventListener("click", (event) => {
      this.cues.wake();
      if (!event.target.closest("input, select, textarea, summary, a, dialog")) this.focus();
    });
    this.root.addEventListener("change", (event) => {
      if (event.target.matches("select, input[type=checkbox], input[type=radio]")) this.focus();
    });
    this.view.addEventListener("focus", () => this.focus());
  }

  /** Bring the focus back to the scan field (where none is, to what is asked for), unless somebody is filling in another one. */
  focus() {
    const now = this.root.activeElement;
    if (now?.matches("input:not([data-scan-field]), select, textarea") || this.root.querySelector("dialog[open]")) return;
    (this.field ?? this.main.querySelector("[autofocus]"))?.focus({ preventScroll: true });
  }

  #pressed(event) {
    if (event.ctrlKey && event.key === "]" && event.target === this.field) { // how scanners type FNC1
      event.preventDefault();
      this.field.setRangeText(SEPARATOR, this.field.selectionStart, this.field.selectionEnd, "end");
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const elsewhere = event.target.matches?.("input, textarea, select") && event.target !== this.field;
    if (elsewhere) return this.#maybeScanned(event);
    if (event.key.length === 1 && event.key !== " " && event.target !== this.field) this.focus();
  }

  /** A scanner that types into another field meant the scan field: one busy moment does not cut a code. */
  #maybeScanned(event) {
    const typed = this.typed;
    const now = event.timeStamp;
    const goesOn = typed.text && now - typed.at < PAUSE_MS;
    if (event.key.length === 1) {
      if (!goesOn) Object.assign(typed, { text: "", from: now, before: event.target.value });
      typed.text += event.key;
      typed.at = now;
    } else if (event.key === "Enter" && goesOn && typed.text.length >= SHORTEST && now - typed.from < KEY_GAP_MS * typed.text.length) {
      event.preventDefault();
      event.stopPropagation();
      event.target.value = typed.before;
      this.enter(typed.text);
      typed.text = "";
    }
  }

  #submitted(event) {
    const form = event.target;
    if (!form.matches("form[data-command]")) return;
    event.preventDefault();
    this.cues.wake();
    if (form.matches("[data-scan]")) {
      const text = this.field.value;
      this.field.value = "";
      this.enter(text);
    } else if (!this.busy && this.ready) {
      this.#command(form, valuesOf(form, event.submitter));
    }
  }

  /** Take a scan: now, or once what is under way is answered. */
  enter(text, now = performance.now()) {
    const code = text.trim();
    if (!code) return;
    const within = this.#form()?.hasAttribute("data-repeats") ? BOUNCE_MS : TWICE_MS;
    const isTwice = this.last?.code === code && now - this.last.at < within;
    this.last = { code, at: now };
    if (isTwice) return this.tell("warn", this.words.twice);
    this.held.push(code);
    this.#next();
  }

  #form() { return this.root.querySelector("form[data-scan]"); }

  #next() {
    const form = this.#form();
    if (this.busy || !this.ready || !this.held.length) return;
    if (!form) { // the screen asks for something else: what was scanned is not kept for later
      this.held = [];
      return this.tell("bad", this.words.asked);
    }
    const code = this.held.shift();
    this.#command(form, { ...valuesOf(form), [this.field.name]: code });
  }

  // ---- commands and their answers ----
  async #command(form, body) {
    this.busy = true;
    this.main.setAttribute("aria-busy", "true");
    const command = { url: form.action, key: newKey(), at: new Date().toISOString(), body, then: form.dataset.then };
    try {
      await this.#answered(await this.queue.push(command), command);
    } catch {
      this.tell("bad", this.words.failed);
    }
    this.busy = false;
    this.main.removeAttribute("aria-busy");
    this.focus();
    this.#next();
  }

  async #answered(result, command) {
    if (result.state === "done") {
      const { cue, say, next, hint } = result.answer;
      this.cues.give(cue);
      await this.go(next);
      this.say(cue, [say, hint].filter(Boolean).join(" "));
      this.root.dispatchEvent(new CustomEvent("floor:answer", { detail: result.answer }));
      return;
    }
    if (result.state === "refused") return this.#refused(result);
    if (result.why === "session") return this.tell("bad", this.words.session);
    this.#net(false);
    if (command.then) await this.go(command.then);
    this.tell("warn", fill(this.words.kept, { count: this.queue.waiting }));
  }

  async #refused(result) {
    this.cues.give("bad");
    const dropped = this.held.length; // they were meant for what has not happened
    this.held = [];
    if ([404, 409].includes(result.status)) await this.go(); // the screen may be out of date
    const more = dropped ? fill(this.words.dropped, { count: dropped }) : "";
    this.say("bad", [result.say, more].filter(Boolean).join(" "));
  }

  async #replayed({ sent, stopped }) {
    if (!stopped && !this.queue.waiting) {
      await this.go();
      this.tell("good", this.words.sent);
    } else if (stopped) {
      this.tell("bad", [this.words.stopped, stopped.refused].join(" "));
    } else if (sent) this.#showQueue();
  }

  tell(cue, say) {
    this.cues.give(cue);
    this.say(cue, say);
  }

  say(cue, say) {
    const place = this.root.querySelector("[data-said]");
    for (const old of this.root.querySelectorAll("[data-flash]")) old.remove();
    this.root.querySelector("[data-announce]").textContent = say;
    if (!place) return;
    place.hidden = !say;
    place.className = `floor-say floor-say--${cue}`;
    place.querySelector("[data-said-text]").textContent = say;
    const mark = place.querySelector("use");
    mark.setAttribute("href", mark.getAttribute("href").replace(/#.*/, cue === "good" ? "#i-check" : "#i-warn"));
    if (cue !== "good") place.scrollIntoView({ block: "nearest" });
  }

  // ---- screens ----
  /** Show a screen in place of this one; without an address this one anew. */
  async go(url = this.view.location.href) {
    const address = new URL(url ?? this.view.location.href, this.view.location.href);
    const page = await this.#page(address.href);
    if (!page) return this.say("warn", this.words.screen);
    const fresh = new DOMParser().parseFromString(page, "text/html");
    if (!fresh.querySelector("[data-floor]")) return this.view.location.assign(address);
    if (address.href !== this.view.location.href) this.view.history.pushState({}, "", address);
    this.#show(fresh);
  }

  #show(fresh) {
    const typed = this.field?.value ?? ""; // a scan may be half typed
    this.main.replaceWith(fresh.querySelector("[data-floor]"));
    this.root.title = fresh.title;
    const task = fresh.querySelector("[data-floor-task]");
    this.bar.querySelector("[data-floor-task]").replaceChildren(...task.childNodes);
    if (this.field) this.field.value = typed;
    this.focus();
    this.#welcome();
    this.#ahead();
    this.root.dispatchEvent(new CustomEvent("floor:shown"));
  }

  /** What the server says when it has rendered the page anew also sounds. */
  #welcome() {
    const flash = this.root.querySelector("[data-flash]");
    if (flash) this.cues.give([...flash.classList].some((name) => name.endsWith("--bad")) ? "bad" : "good");
    for (const field of this.root.querySelectorAll("[data-scan-field]")) if (isHandheld(this.view)) field.inputMode = "none";
  }

  async #page(url, options = {}) {
    try {
      const reply = await this.fetch(url, { credentials: "same-origin", headers: { Accept: "text/html" }, ...options });
      if (!reply.ok) return this.pages.get(url) ?? null;
      const html = await reply.text();
      this.pages.delete(url);
      this.pages.set(url, html);
      if (this.pages.size > MOST_PAGES) this.pages.delete(this.pages.keys().next().value);
      if (!this.queue.waiting) this.#net(true);
      return html;
    } catch {
      return this.pages.get(url) ?? null;
    }
  }

  #ahead() {
    const urls = [...this.root.querySelectorAll("[data-ahead], [data-then]")].map((each) => each.dataset.ahead ?? each.dataset.then);
    for (const url of new Set(urls)) {
      const address = new URL(url, this.view.location.href).href;
      if (!this.pages.has(address)) this.#page(address);
    }
  }

  /** The token of the session there is now: a page may be older than it. */
  async #token(isFresh) {
    const own = this.root.querySelector("meta[name=csrf-token]");
    const page = isFresh ? await this.#page(this.view.location.href) : null;
    const shown = page === null ? null : new DOMParser().parseFromString(page, "text/html");
    const isSame = shown?.querySelector("[data-floor-bar]")?.dataset.who === this.bar.dataset.who;
    const fresh = isSame ? shown.querySelector("meta[name=csrf-token]") : null;
    if (fresh && own) own.content = fresh.content;
    return own?.content ?? "";
  }

  // ---- the bar and what waits ----
  #bindBar() {
    const quiet = this.root.querySelector("[data-quiet-key]");
    const show = () => {
      quiet.setAttribute("aria-pressed", String(this.cues.quiet));
      quiet.querySelector("[data-quiet-word]").textContent = this.cues.quiet ? this.words.quiet : this.words.noisy;
    };
    quiet.hidden = false;
    quiet.addEventListener("click", () => { this.cues.quiet = !this.cues.quiet; show(); this.cues.give("good"); });
    show();
    bindCamera({ root: this.root, onRead: (text) => this.enter(text) });
    this.root.querySelector("[data-kept-again]").addEventListener("click", () => this.queue.again());
    this.root.querySelector("[data-kept-leave]").addEventListener("click", () => this.queue.leave());
    this.view.addEventListener("popstate", () => this.go());
  }

  #net(on) {
    const lamp = this.root.querySelector("[data-net]");
    lamp.dataset.live = on ? "on" : "off";
    const waiting = this.queue?.waiting ?? 0;
    const state = on ? this.words.online : this.words.offline;
    lamp.textContent = waiting ? fill(this.words.waiting, { count: waiting }) : state;
  }

  #showQueue() {
    const { mine, others, stopped, signedOut } = this.queue;
    const place = this.root.querySelector("[data-kept]");
    const isPlain = mine.length === 1 && this.queue.attempting && !stopped; // it is just being sent
    place.hidden = (!mine.length || isPlain) && !others;
    place.querySelector("[data-kept-say]").textContent = this.#keptSentence();
    place.querySelector("[data-kept-list]").replaceChildren(...mine.slice(0, 5).map((each) => line(each)));
    place.querySelector("[data-kept-keys]").hidden = !stopped && !signedOut;
    for (const key of place.querySelectorAll("button")) key.hidden = !stopped;
    place.querySelector("[data-kept-sign]").hidden = !signedOut;
    if (mine.length && !isPlain) this.#net(false);
    else this.#net(this.view.navigator.onLine);
  }

  #keptSentence() {
    const { waiting, others, stopped, signedOut } = this.queue;
    if (stopped) return [this.words.stopped, stopped.refused].join(" ");
    if (signedOut) return this.words.session;
    if (waiting) return fill(this.words.kept, { count: waiting });
    return others ? fill(this.words.others, { count: others }) : "";
  }
}

function line(command) {
  const item = document.createElement("li");
  const at = new Date(command.at).toLocaleTimeString(document.documentElement.lang, { hourCycle: "h23" });
  item.textContent = [at, command.body.scan ?? command.label].filter(Boolean).join(" ");
  return item;
}

/** What a form says: its fields, without what belongs to the page alone. */
export function valuesOf(form, submitter = null) {
  const data = new FormData(form, submitter);
  const values = {};
  for (const [name, each] of data) {
    const isEmptyFile = each instanceof File && !each.size;
    if (!["csrf_token", "page", "key"].includes(name) && !isEmptyFile) values[name] = each;
  }
  return values;
}

/** Whether the keyboard is one on the screen, which would cover it. */
const isHandheld = (view) => view.matchMedia("(pointer: coarse)").matches;

/** Let screens open again without the network; browsers do that for secure addresses alone. */
export async function keepScreens(bar, workers = navigator.serviceWorker) {
  if (!workers) return;
  const { worker, scope, who } = bar.dataset;
  await workers.register(worker, { scope });
  const ready = await workers.ready;
  ready.active?.postMessage({ who });
}

const bar = document.querySelector("[data-floor-bar]");
if (bar) {
  window.floor = new Floor();
  window.floor.bind();
  keepScreens(bar).catch(() => { /* the page works without */ });
}
