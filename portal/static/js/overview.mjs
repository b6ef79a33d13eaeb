// The supervisor's board: its parts are fetched anew when something happened in one of their
// topics (data-topics), at most every few seconds however busy the floor is, and once a minute
// where they tell ages (data-ages). The topics are followed by follow.mjs.
import { refresh } from "./follow.mjs";

const CALM_MS = 3_000;
const AGES_MS = 60_000;

export class Parts {
  constructor({ root = document, renew = (part) => refresh(part, window.fetch.bind(window)), later = (work, ms) => setTimeout(work, ms) } = {}) {
    Object.assign(this, { root, renew, later });
    this.due = new Set();
    this.waiting = false;
  }

  bind() {
    this.root.addEventListener("live:event", ({ detail }) => this.happened(detail.topic));
    setInterval(() => this.#ask("[data-ages]"), AGES_MS);
  }

  /** Something happened in a topic. */
  happened(topic) {
    this.#ask(`[data-topics~="${CSS.escape(topic)}"]`);
  }

  #ask(which) {
    for (const part of this.root.querySelectorAll(`[data-fragment]${which}`)) this.due.add(part.dataset.fragment);
    if (this.waiting || !this.due.size) return;
    this.waiting = true;
    this.later(() => this.#renew(), CALM_MS);
  }

  #renew() {
    this.waiting = false;
    const urls = [...this.due];
    this.due.clear();
    for (const url of urls) {
      const part = this.root.querySelector(`[data-fragment="${CSS.escape(url)}"]`);
      if (part && !this.root.hidden) this.renew(part);
      else if (part) this.due.add(url); // nobody looks: it waits until somebody does
    }
  }
}

if (document.querySelector("[data-topics]")) {
  const parts = new Parts();
  parts.bind();
  document.addEventListener("visibilitychange", () => { if (!document.hidden) parts.happened("warehouse"); });
}
