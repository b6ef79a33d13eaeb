// A topic by keyboard and by hand: next and earlier post, quoting into what is being typed, links
// that are copied, questions in dialogs instead of pages. Everything works without it, too.
// Single keys act only while nothing is being typed, and can be turned off (WCAG 2.1.4).
import { toast } from "./toast.mjs";

const STORED = "quayside.topic.keys";
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

export class TopicKeys {
  constructor({ place, doc = document, storage = window.localStorage, fetch = window.fetch.bind(window), clipboard = navigator.clipboard }) {
    Object.assign(this, { place, doc, storage, fetch, clipboard });
    this.field = doc.querySelector("#reply textarea");
    this.here = null;
  }

  bind() {
    this.here = this.doc.activeElement?.closest("[data-post]") ?? null; // an address may have led to it
    this.doc.addEventListener("keydown", (event) => this.#pressed(event));
    this.place.addEventListener("click", (event) => this.#clicked(event));
    this.place.addEventListener("focusin", (event) => { this.here = event.target.closest("[data-post]"); });
    this.#dialogs();
    for (const [mark, act] of [["[data-keys-help]", () => this.help()], ["[data-print]", () => window.print()]]) {
      const key = this.doc.querySelector(mark);
      if (key) { key.hidden = false; key.addEventListener("click", act); }
    }
  }

  get on() {
    try { return this.storage.getItem(STORED) !== "off"; } catch { return true; }
  }

  posts() { return [...this.place.querySelectorAll("[data-post]")]; }

  /** The post that the reader is at: the one with the focus, or the first in view. */
  present() {
    if (this.here?.isConnected) return this.here;
    return this.posts().find((post) => post.getBoundingClientRect().bottom > 80) ?? null;
  }

  step(way) {
    const posts = this.posts();
    const at = this.here?.isConnected ? posts.indexOf(this.here) + way : posts.indexOf(this.present());
    const next = posts[Math.min(Math.max(at, 0), posts.length - 1)];
    if (!next) return;
    this.here = next;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "start" });
  }

  async quote(post) {
    if (!this.field || !post) return;
    const marked = this.#markedIn(post);
    const text = marked ? quoted(marked, post) : await this.#whole(post);
    if (text) this.#write(text);
  }

  help() { this.doc.getElementById("keys").showModal(); }

  #markedIn(post) {
    const marked = this.doc.getSelection();
    const inside = marked && !marked.isCollapsed && post.querySelector(".prose")?.contains(marked.getRangeAt(0).commonAncestorContainer);
    return inside ? marked.toString().trim() : "";
  }

  async #whole(post) {
    const answer = await this.fetch(`${this.place.dataset.topic}/${post.dataset.post}/quote`, { credentials: "same-origin" }).catch(() => null);
    return answer?.ok ? answer.text() : "";
  }

  /** Put a quotation where the caret stands; what is typed already stays. */
  #write(text) {
    const { field } = this;
    const before = field.value.slice(0, field.selectionStart);
    const gap = before && !before.endsWith("\n\n") ? (before.endsWith("\n") ? "\n" : "\n\n") : "";
    field.setRangeText(`${gap}${text.trimEnd()}\n\n`, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    field.scrollIntoView({ block: "center" });
  }

  #clicked(event) {
    const key = event.target.closest("[data-act], [data-ask]");
    if (!key || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const post = key.closest("[data-post]");
    if (key.dataset.act === "quote" && this.field) { event.preventDefault(); this.quote(post); }
    else if (key.dataset.act === "link") { event.preventDefault(); this.#copy(key); }
    else if (key.dataset.act === "react") { event.preventDefault(); this.#react(key); }
    else if (key.dataset.ask) this.#ask(event, key);
  }

  async #copy(way) {
    window.history.replaceState(null, "", way.href);
    try {
      await this.clipboard.writeText(way.href);
      toast(this.place.dataset.copied);
    } catch {
      // pages without TLS have no clipboard: the address stands in the bar
    }
  }

  /** Send a reaction without leaving the page; the stream brings the new count. */
  async #react(key) {
    const form = this.doc.getElementById("acts");
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, [key.name]: key.value });
    key.setAttribute("aria-pressed", key.getAttribute("aria-pressed") === "true" ? "false" : "true");
    const answer = await this.fetch(key.getAttribute("formaction"), { method: "POST", body, redirect: "manual", credentials: "same-origin" }).catch(() => null);
    const sent = answer && (answer.type === "opaqueredirect" || answer.ok);
    if (!sent) form.requestSubmit(key); // the page itself says what is wrong
    else this.doc.dispatchEvent(new CustomEvent("topic:renew", { detail: key.closest("[data-post]").dataset.post }));
  }

  #ask(event, key) {
    const dialog = this.doc.getElementById(`ask-${key.dataset.ask}`);
    if (!dialog) return;
    event.preventDefault();
    const way = key.getAttribute("href");
    dialog.querySelector("form").action = key.dataset.ask === "hide" ? way.replace(/hide$/, "shown") : way;
    dialog.showModal();
  }

  #dialogs() {
    for (const dialog of this.doc.querySelectorAll("dialog.dialog")) {
      dialog.querySelectorAll("[data-close]").forEach((key) => key.addEventListener("click", () => dialog.close()));
      dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    }
    const box = this.doc.querySelector("[data-keys-on]");
    if (!box) return;
    box.checked = this.on;
    box.addEventListener("change", () => {
      try { this.storage.setItem(STORED, box.checked ? "on" : "off"); } catch { /* private windows keep nothing */ }
    });
  }

  #pressed(event) {
    if (!this.on || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.(TYPING) || this.doc.querySelector("dialog[open], :popover-open")) return;
    const act = this.#acts()[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #acts() {
    const go = (rel) => () => this.doc.querySelector(`.topic-pages a[rel=${rel}]`)?.click();
    return {
      j: () => this.step(1),
      k: () => this.step(-1),
      r: () => this.field?.focus(),
      q: () => this.quote(this.present()),
      n: go("next"),
      p: go("prev"),
      "?": () => this.help(),
    };
  }
}

/** What is marked in a post, as a quotation. */
export function quoted(text, post) {
  const name = post.querySelector(".post-who b")?.textContent ?? "";
  return `> **${name}** #${post.dataset.post}\n${text.split("\n").map((line) => `> ${line}`.trimEnd()).join("\n")}\n\n`;
}

const place = globalThis.document?.querySelector("[data-topic]");
if (place) new TopicKeys({ place }).bind();
