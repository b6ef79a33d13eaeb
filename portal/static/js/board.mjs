// The dispatcher's board: choosing, pushing with the answers in place, withdrawing, staying true.
// Without this module the same forms work as pages.
import { bindCamera } from "./camera.mjs";
import { Keys } from "./keys.mjs";
import { Scanner } from "./scan.mjs";
import { toast } from "./toast.mjs";

const FRESH_MS = 10_000;
const UNDO_MS = 60_000;

/** Put values into a text of the page: fill("Push {count}", {count: 3}). */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

export class Board {
  constructor({ root = document, fetch = window.fetch.bind(window) } = {}) {
    Object.assign(this, { root, fetch });
    this.place = root.querySelector("[data-board]");
    this.form = root.querySelector("[data-push]");
    this.answer = root.querySelector("[data-answer]");
    this.queueOf = JSON.parse(this.place.dataset.queueOf);
  }

  bind() {
    this.#watch();
    this.place.addEventListener("click", (event) => this.#clicked(event));
    this.place.addEventListener("live:event", (event) => this.#happened(event.detail));
    if (!this.form) return;
    this.words = this.form.dataset;
    this.code = this.form.elements.code;
    this.options = [...this.code.options];
    this.keys = JSON.parse(this.words.keys);
    this.following = JSON.parse(this.words.following);
    this.form.addEventListener("submit", (event) => {
      if (event.submitter?.hasAttribute("formaction")) return; // printing leaves the board
      event.preventDefault();
      this.push();
    });
    this.place.addEventListener("change", () => this.changed());
    this.answer.addEventListener("submit", (event) => { event.preventDefault(); this.undo(); });
    this.#bindScanner();
    this.#bindKeys();
    this.changed();
  }

  #bindScanner() {
    this.scanner = new Scanner({
      root: this.root,
      look: (text) => this.#look(text),
      say: (what, values) => this.say(fill(this.words[what], values)),
      onChange: () => this.changed(),
      onKey: (key) => this.choose(key),
      onLost: () => toast(this.words.lost),
    });
    this.scanner.bind();
    bindCamera({ root: this.root, onRead: (text) => this.scanner.add(text) });
  }

  #bindKeys() {
    const acts = {
      push: () => this.push(),
      clear: () => this.clear(),
      scan: () => this.scanner.field.focus(),
      status: (key) => this.choose(key),
      undo: () => this.undo(),
      help: () => this.root.querySelector("#keys").showModal(),
    };
    new Keys({ root: this.root, acts, storage: window.localStorage }).bind();
  }

  say(words) {
    this.root.querySelector("[data-announce]").textContent = words;
  }

  // ---- choosing ----
  boxes() {
    return [...this.place.querySelectorAll(".job input[type=checkbox]:checked")];
  }

  /** Bring count, key and statuses in line with what is ticked; returns how many that is. */
  changed() {
    if (!this.form) return 0;
    const chosen = new Map(this.boxes().map((box) => [box.value, box.closest(".job").dataset.status]));
    const box = this.form.querySelector("[data-chosen-box]");
    box.hidden = false;
    box.querySelector("[data-chosen]").textContent = chosen.size;
    const key = this.form.querySelector("[data-push-key]");
    key.dataset.idle ??= key.textContent;
    key.textContent = chosen.size ? fill(this.words.pushText, { count: chosen.size }) : key.dataset.idle;
    this.#sortStatuses(new Set(chosen.values()));
    return chosen.size;
  }

  #sortStatuses(statuses) {
    const fits = (option) => [...statuses].every((now) => this.following[now]?.includes(option.value));
    const [first, ...rest] = this.options;
    const value = this.code.value;
    const fitting = statuses.size ? rest.filter(fits) : [];
    const others = rest.filter((option) => !fitting.includes(option));
    const groups = fitting.length
      ? [group(this.words.fitting, fitting), group(this.words.others, others)]
      : rest;
    this.code.replaceChildren(first, ...groups);
    this.code.value = value;
  }

  /** Choose the status that lies under `key`; returns whether there is one. */
  choose(key) {
    const code = this.keys[key.toLowerCase()];
    if (!code) return false;
    this.code.value = code;
    this.code.dispatchEvent(new Event("change", { bubbles: true }));
    this.say(this.code.selectedOptions[0].textContent);
    return true;
  }

  clear() {
    for (const box of this.boxes()) box.checked = false;
    this.say(fill(this.words.ticked, { count: this.changed() }));
  }

  async #look(text) {
    const body = new URLSearchParams({ csrf_token: this.form.elements.csrf_token.value, numbers: text });
    return parse(await this.#send(this.form.dataset.lookUrl, body));
  }

  // ---- pushing ----
  async #send(url, body) {
    const headers = { "X-Fragment": "1" };
    const answer = await this.fetch(url, { method: "POST", body, headers, credentials: "same-origin" });
    const html = await answer.text();
    if (answer.status >= 400 && answer.status !== 422) throw new Error(sentence(html));
    return html;
  }

  async push() {
    if (this.sending) return;
    this.sending = true;
    this.form.setAttribute("aria-busy", "true");
    await this.scanner.settled; // who scans and pushes quickly pushes the last number too
    try {
      // One that is sent again after a lost answer carries the same key: nothing is recorded twice.
      await this.#show(await this.#send(this.form.action, new URLSearchParams(new FormData(this.form))));
      if (!this.answer.contains(this.root.activeElement) && isDesk()) this.scanner.field.focus();
    } catch (fault) {
      toast(fault instanceof TypeError ? this.words.lost : fault.message || this.words.lost);
    }
    this.sending = false;
    this.form.removeAttribute("aria-busy");
  }

  async undo() {
    const form = this.answer.querySelector("[data-undo]");
    if (!form) return;
    try {
      await this.#show(await this.#send(form.action, new URLSearchParams(new FormData(form))));
    } catch (fault) {
      toast(fault instanceof TypeError ? this.words.lost : fault.message || this.words.lost);
    }
  }

  async #show(html) {
    const fragment = parse(html);
    const result = fragment.querySelector("[data-result]");
    this.answer.hidden = false;
    this.answer.replaceChildren(fragment);
    for (const key of this.answer.querySelectorAll("[data-dismiss]")) key.hidden = false;
    const rows = [...this.answer.querySelectorAll("[data-outcome]")];
    if (!rows.length) {
      this.say(this.answer.textContent.trim());
      this.answer.focus();
      return;
    }
    this.form.elements.key.value = result.dataset.key;
    this.#tell(result.dataset);
    await this.#settle(rows);
    this.#refreshCounts();
  }

  #tell({ accepted, refused, withdrawn }) {
    const count = Number(withdrawn) || Number(accepted);
    const text = Number(withdrawn) ? this.words.undone : Number(refused) ? this.words.part : this.words.done;
    const words = fill(text, { count, refused });
    this.say(words);
    const undo = { action: this.words.undoText, onAction: () => this.undo(), stayMs: UNDO_MS };
    this.root.getElementById("toasts").replaceChildren();
    toast(words, Number(accepted) ? undo : {});
  }

  /** Untick and mark what was accepted; keep what was refused chosen, to try again. */
  async #settle(rows) {
    for (const name of ["scan", "numbers", "note", "occurred", "reason"]) this.form.elements[name].value = "";
    const done = rows.filter((row) => row.dataset.status);
    for (const row of done) this.#mark(row);
    this.scanner.forget(done.map((row) => row.dataset.no));
    const again = rows.filter((row) => row.dataset.outcome === "refused").map((row) => row.dataset.no);
    const away = again.filter((no) => !this.scanner.find(no));
    if (away.length) await this.scanner.add(away.join("\n"));
    this.changed();
  }

  #mark(row) {
    for (const card of this.place.querySelectorAll(`.queue .job[data-no="${CSS.escape(row.dataset.no)}"]`)) {
      const box = card.querySelector("input");
      if (box) box.checked = false;
      card.querySelector(".flag").replaceWith(row.querySelector(".flag").cloneNode(true));
      Object.assign(card.dataset, { status: row.dataset.status, queueOf: this.queueOf[row.dataset.status] ?? "" });
      card.classList.add("is-fresh");
      setTimeout(() => card.classList.remove("is-fresh"), FRESH_MS);
      this.#placeOf(card);
    }
  }

  // ---- staying true ----
  #watch() {
    new MutationObserver((changes) => {
      const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.nodeType === 1);
      for (const node of added) {
        if (node.id === "counts") this.#copyCounts(node);
        if (node.matches(".job")) this.#placeOf(node);
      }
      if (added.some((node) => node.matches(".job"))) this.changed();
    }).observe(this.place, { childList: true, subtree: true });
  }

  /** A card whose consignment has moved on stays where it is, marked, until its queue is sorted anew. */
  #placeOf(card) {
    const queue = card.closest("[data-queue]");
    if (!queue) return;
    const moved = card.dataset.queueOf !== queue.dataset.queue;
    card.classList.toggle("job--moved", moved);
    if (moved) this.#stale(queue.dataset.queue);
  }

  #happened({ data }) {
    const [now, before] = [this.queueOf[data.status], this.queueOf[data.status_before]];
    if (now && now !== before) this.#stale(now);
  }

  #stale(code) {
    const button = this.place.querySelector(`[data-queue="${code}"] [data-sort]`);
    if (button) button.hidden = false;
  }

  #copyCounts(counts) {
    for (const figure of counts.querySelectorAll("[data-count]")) {
      for (const other of this.place.querySelectorAll(`.queue [data-count="${figure.dataset.count}"]`)) {
        other.textContent = figure.textContent;
        other.className = figure.className;
      }
    }
  }

  async #refreshCounts() {
    const old = this.root.getElementById("counts");
    const fresh = await this.#get(old.dataset.fragment);
    if (fresh && old.isConnected) old.replaceWith(fresh);
  }

  async #get(url) {
    try {
      const answer = await this.fetch(url, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
      return answer.ok ? parse(await answer.text()) : null;
    } catch { return null; } // the lamp says that the page is not live
  }

  #clicked(event) {
    const sort = event.target.closest("[data-sort]");
    const more = event.target.closest("[data-more]");
    if (sort) this.#sort(sort);
    if (event.target.closest("[data-dismiss]")) { this.answer.hidden = true; this.scanner.field.focus(); }
    if (more && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); this.#more(more); }
  }

  async #sort(button) {
    const jobs = button.closest(".queue").querySelector("[data-jobs]");
    const fresh = await this.#get(button.dataset.sort);
    if (!fresh) return;
    const ticked = new Set(this.boxes().map((box) => box.value));
    for (const box of fresh.querySelectorAll("input[type=checkbox]")) box.checked = ticked.has(box.value);
    jobs.replaceChildren(fresh);
    button.hidden = true;
    jobs.querySelector("input")?.focus();
    this.changed();
  }

  async #more(link) {
    const fresh = await this.#get(link.dataset.url);
    if (!fresh) return;
    const first = fresh.querySelector("input");
    link.replaceWith(fresh);
    first?.focus();
  }
}

/** Whether a keyboard is at hand: on a phone, focus would cover the page with the one on screen. */
const isDesk = () => window.matchMedia("(pointer: fine)").matches;

function group(label, options) {
  const box = document.createElement("optgroup");
  box.label = label;
  box.append(...options);
  return box;
}

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim(); // our own server's fragment, escaped there
  return template.content;
}

function sentence(html) {
  const page = parse(html);
  return [...page.querySelectorAll("main h1, main p")].slice(0, 2).map((part) => part.textContent.trim()).join(" ");
}

if (document.querySelector("[data-board]")) new Board().bind();
