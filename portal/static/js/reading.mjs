/** The reading corner: where one stopped, the size of the text, chapters by the arrow keys. */

const PLACES = "reading";
const SIZE = "reading-size";
const SIZES = ["s", "m", "l"];
const PAUSE_MS = 800;
const READ_FROM = 95; // percent of a chapter from which it counts as read

/** Places of a visitor: book → {part, number, place, read: [parts]}. */
export class Shelf {
  constructor(storage) {
    this.storage = storage;
  }

  of(book) {
    return this.all()[book] ?? null;
  }

  all() {
    try {
      const kept = JSON.parse(this.storage.getItem(PLACES) ?? "{}");
      return kept !== null && typeof kept === "object" ? kept : {};
    } catch {
      return {};
    }
  }

  note(book, part, number, place) {
    const all = this.all();
    const read = new Set(all[book]?.read ?? []);
    if (place >= READ_FROM) read.add(part);
    all[book] = { part, number, place, read: [...read] };
    try {
      this.storage.setItem(PLACES, JSON.stringify(all));
    } catch {
      // no room, or none allowed: the book can be read all the same
    }
  }
}

/** How far down a text is read, in percent: what of it is above the lower edge of the window. */
export function placeOf({ top, height }, windowHeight) {
  if (height <= 0) return 100;
  return Math.round(Math.min(Math.max((windowHeight - top) / height, 0), 1) * 100);
}

function resize(article, size, storage) {
  const chosen = SIZES.includes(size) ? size : "m";
  article.dataset.textSize = chosen;
  for (const key of article.querySelectorAll("[data-size]")) {
    key.setAttribute("aria-pressed", String(key.dataset.size === chosen));
  }
  try {
    storage.setItem(SIZE, chosen);
  } catch {
    // it holds for this page
  }
}

function sizes(article, storage) {
  const box = article.querySelector("[data-sizes]");
  box.hidden = false;
  box.addEventListener("click", (event) => {
    const key = event.target.closest("[data-size]");
    if (key) resize(article, key.dataset.size, storage);
  });
  resize(article, storage.getItem(SIZE), storage);
}

function keys(article) {
  article.querySelector("[data-keys]").hidden = false;
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, textarea, select, [tabindex='0']")) return;
    const name = { ArrowRight: "[data-next]", ArrowLeft: "[data-previous]" }[event.key];
    const way = name && article.querySelector(name);
    if (way) location.assign(way.href);
  });
}

function keeper(article, shelf) {
  const { book, part, number, keep } = article.dataset;
  if (!keep) return (place) => shelf.note(book, part, Number(number), place);
  const token = document.querySelector("meta[name=csrf-token]").content;
  return (place) => {
    const body = new URLSearchParams({ csrf_token: token, place: String(place) });
    fetch(keep, { method: "POST", body, keepalive: true }).catch(() => {});
  };
}

function follow(article, shelf) {
  const text = article.querySelector("[data-text]");
  const keep = keeper(article, shelf);
  let last = -1;
  let timer = 0;
  const note = () => {
    const place = placeOf(text.getBoundingClientRect(), innerHeight);
    if (place === last) return;
    last = place;
    keep(place);
  };
  addEventListener("scroll", () => {
    clearTimeout(timer);
    timer = setTimeout(note, PAUSE_MS);
  }, { passive: true });
  addEventListener("pagehide", note);
  timer = setTimeout(note, PAUSE_MS);
}

/** Go down to where one stopped, unless the chapter was only begun or read to its end. */
function goOn(article, shelf) {
  const { book, part, keep, place: known } = article.dataset;
  const own = shelf.of(book);
  const place = keep ? Number(known ?? 0) : own?.part === part ? own.place : 0;
  const text = article.querySelector("[data-text]").getBoundingClientRect();
  const target = text.top + scrollY + (text.height * place) / 100 - innerHeight;
  if (place < READ_FROM && target > innerHeight / 2) scrollTo({ top: target });
}

function contents(page, shelf) {
  const known = shelf.of(page.dataset.book);
  const item = known && page.querySelector(`[data-part="${CSS.escape(known.part)}"]`);
  if (!item) return;
  const go = page.querySelector("[data-continue]");
  go.href = item.querySelector("a").href;
  go.textContent = go.dataset.continueText.replace("{n}", known.number);
  for (const part of known.read) {
    const read = page.querySelector(`[data-part="${CSS.escape(part)}"]`);
    if (!read) continue;
    read.classList.add("is-done");
    const words = read.querySelector("[data-done-text]");
    words.textContent = words.dataset.doneText;
  }
}

export function start(storage) {
  const shelf = new Shelf(storage);
  const article = document.querySelector("[data-reader]");
  if (article) {
    sizes(article, storage);
    keys(article);
    goOn(article, shelf);
    follow(article, shelf);
    return;
  }
  const page = document.querySelector(".book-page");
  if (page) contents(page, shelf);
}

/** What keeps texts where the browser lets nobody keep any. */
class Nowhere {
  getItem() {
    return null;
  }

  setItem() {}
}

function storage() {
  try {
    return localStorage;
  } catch {
    return new Nowhere();
  }
}

if (typeof document !== "undefined") start(storage());
