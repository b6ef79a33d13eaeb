// The editor of the club, over a plain text area: without it, the form's own keys do the same.
//   [data-club-editor]  around the text; data-preview-url, data-pictures-url, data-people-url,
//                       data-drafts-url, data-about, data-most (characters)
// Ctrl+B, Ctrl+I, Ctrl+K; pictures are chosen, dropped or pasted, and wait for words of their own.
import { bindServerDraft } from "./club-drafts.mjs";
import { bindNames } from "./club-names.mjs";
import { inserted, marked } from "./marks.mjs";

const CALM_MS = 400;
const KEYS = { b: "bold", i: "italic", k: "link" };
const TELLS_FROM = 0.9; // of the most: from there on the rest is counted

export function bindClubEditor(box, fetch = window.fetch.bind(window)) {
  const area = box.querySelector("textarea");
  const form = area.form;
  bindBar(box, area);
  bindCount(box, area);
  bindPreview(box, area, form, fetch);
  bindPicture(box, area, form, fetch);
  bindNames(box, area, fetch);
  bindServerDraft(box, area, form, fetch);
}

/** Put a text into the area as if it were typed: it can be taken back with Ctrl+Z. */
export function put(area, changed) {
  area.focus();
  area.setSelectionRange(0, area.value.length);
  if (!document.execCommand?.("insertText", false, changed.text)) {
    area.value = changed.text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(changed.start, changed.end);
}

function now(area) {
  return { text: area.value, start: area.selectionStart, end: area.selectionEnd };
}

function bindBar(box, area) {
  const bar = box.querySelector("[data-bar]");
  const keys = [...bar.querySelectorAll("[data-mark]")];
  area.before(bar);
  bar.hidden = false;
  keys.forEach((key, at) => { key.tabIndex = at ? -1 : 0; });
  bar.addEventListener("click", (event) => {
    const kind = event.target.closest("[data-mark]")?.dataset.mark;
    if (kind === "picture") openPicture(box);
    else if (kind) put(area, marked(kind, now(area)));
    if (kind === "mention") area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = keys.at((keys.indexOf(document.activeElement) + step) % keys.length);
    for (const key of keys) key.tabIndex = key === next ? 0 : -1;
    next.focus();
  });
  area.addEventListener("keydown", (event) => {
    const kind = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey ? KEYS[event.key.toLowerCase()] : null;
    if (!kind) return;
    event.preventDefault();
    put(area, marked(kind, now(area)));
  });
}

function bindCount(box, area) {
  const place = box.querySelector("[data-count]");
  const most = Number(box.dataset.most);
  const tell = () => {
    const left = most - [...area.value].length;
    place.hidden = left > most * (1 - TELLS_FROM);
    place.textContent = (left < 0 ? place.dataset.over : place.dataset.left).replace("{number}", Math.abs(left));
    place.classList.toggle("error", left < 0);
  };
  area.addEventListener("input", tell);
  tell();
}

function bindPreview(box, area, form, fetch) {
  const pane = box.querySelector("[data-preview]");
  const body = box.querySelector("[data-preview-body]");
  let waiting;
  let asked;
  const show = async () => {
    asked?.abort();
    asked = new AbortController();
    const data = new FormData();
    data.set("csrf_token", form.elements.csrf_token.value);
    data.set("text", area.value);
    try {
      const answer = await fetch(box.dataset.previewUrl, { method: "POST", body: data, signal: asked.signal });
      if (answer.ok) body.innerHTML = await answer.text(); // our own server's, made safe there
    } catch {
      // off line, or typed on: the last one stays
    }
  };
  area.addEventListener("input", () => {
    if (pane.hidden) return;
    clearTimeout(waiting);
    waiting = setTimeout(show, CALM_MS);
  });
  const key = form.querySelector("button[name=act][value=preview]");
  if (!key) return;
  key.setAttribute("aria-expanded", String(!pane.hidden));
  key.addEventListener("click", (event) => {
    event.preventDefault();
    pane.hidden = !pane.hidden;
    key.setAttribute("aria-expanded", String(!pane.hidden));
    if (!pane.hidden) show();
  });
}

function openPicture(box) {
  const part = box.querySelector("[data-picture]");
  part.open = true;
  part.querySelector("input[type=file]").focus();
}

function bindPicture(box, area, form, fetch) {
  const part = box.querySelector("[data-picture]");
  const file = part.querySelector("input[type=file]");
  const words = part.querySelector("[data-alt]");
  const key = part.querySelector("[data-add]");
  const fault = part.querySelector("[data-picture-error]");
  let waiting = []; // pictures that came together, one after the other
  const say = (text) => { fault.textContent = text; fault.hidden = !text; };
  const offer = (files) => {
    waiting = [...files].filter((each) => each.type.startsWith("image/"));
    if (waiting.length) next();
    return waiting.length > 0;
  };
  const next = () => {
    const kept = new DataTransfer();
    kept.items.add(waiting.shift());
    file.files = kept.files;
    part.open = true;
    words.value = "";
    words.focus();
  };
  const send = async () => {
    if (!words.value.trim()) { say(key.dataset.wantsWords); words.focus(); return; }
    const data = new FormData();
    data.set("csrf_token", form.elements.csrf_token.value);
    data.set("alt", words.value);
    if (file.files[0]) data.set("picture", file.files[0]);
    key.disabled = true;
    try {
      const answer = await fetch(box.dataset.picturesUrl, { method: "POST", body: data, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!answer.ok) { say(told.detail || key.dataset.failed); return; }
      say("");
      put(area, inserted(told.text, now(area)));
      file.value = "";
      words.value = "";
      if (waiting.length) next();
      else part.open = false;
    } catch {
      say(key.dataset.failed);
    } finally {
      key.disabled = false;
    }
  };
  key.addEventListener("click", (event) => { event.preventDefault(); send(); });
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // it would publish
    send();
  });
  file.addEventListener("change", () => { say(""); words.focus(); });
  area.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files ?? [];
    if (files.length && !event.clipboardData.getData("text/plain") && offer(files)) event.preventDefault();
  });
  box.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    box.classList.add("is-over");
  });
  box.addEventListener("dragleave", () => box.classList.remove("is-over"));
  box.addEventListener("drop", (event) => {
    box.classList.remove("is-over");
    if (event.dataTransfer?.files.length && offer(event.dataTransfer.files)) event.preventDefault();
  });
}

for (const box of document.querySelectorAll("[data-club-editor]")) bindClubEditor(box);
