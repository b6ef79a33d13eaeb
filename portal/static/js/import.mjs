// The page of an import: asks for news while a step is under way, should the stream be cut, and
// shows on the columns page which fixed values are needed.
//   [data-import]   the page; [data-busy] in it while something is under way
//   [data-mapping]  the form of columns: choosing who sends opens its fields
import { refresh } from "./follow.mjs";

const EVERY_MS = 2000;

export function keepAsking({ root = document, fetch = window.fetch.bind(window), wait = setTimeout } = {}) {
  const ask = async () => {
    const part = root.querySelector("[data-import] [data-fragment][data-busy]");
    if (!part) return;
    await refresh(part, fetch);
    wait(ask, EVERY_MS);
  };
  wait(ask, EVERY_MS);
}

export function openSender(form) {
  const fields = form.querySelector("details");
  form.addEventListener("change", (event) => {
    if (fields && event.target.name === "fixed-consignor") fields.open = event.target.value === "";
  });
}

if (document.querySelector("[data-import] [data-busy]")) keepAsking();
for (const form of document.querySelectorAll("[data-mapping]")) openSender(form);
