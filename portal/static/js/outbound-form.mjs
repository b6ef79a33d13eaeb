// The form of an order from stock. Everything here also works without it, by keys that send the form.
//   [data-outbound]    the form; data-summary-url and data-lines-url: where its parts come from
//   [data-book]        choosing an entry fills the consignee at once
//   [data-lines-key]   adds or removes lines without leaving the page: [data-lines] is drawn anew
//   [data-slot]        parts of a line that are drawn anew while one types, with [data-summary]
const CALM_MS = 300;
const FIELDS = ["name", "phone", "address", "city", "country", "postcode"];

export function bindOrder(form, fetch = window.fetch.bind(window)) {
  const renew = calmly(() => summarise(form, fetch));
  form.addEventListener("input", renew);
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-book]")) fillFromBook(form, event.target);
    renew();
  });
  form.addEventListener("click", (event) => {
    const key = event.target.closest("[data-lines-key]");
    if (!key) return;
    event.preventDefault();
    redrawLines(form, key, fetch);
  });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
  for (const key of form.querySelectorAll("[data-book-use]")) key.hidden = true;
}

function calmly(work) {
  let waiting;
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(work, CALM_MS);
  };
}

function fillFromBook(form, select) {
  const chosen = select.selectedOptions[0];
  if (!chosen?.value) return;
  for (const name of FIELDS) {
    const field = form.querySelector(`[name="consignee.${name}"]`);
    if (field) field.value = chosen.dataset[name] ?? "";
  }
  const fetched = form.querySelector("[name=fetched]");
  if (fetched) fetched.checked = false;
}

async function drawn(url, form, fetch, extra = {}) {
  const body = new FormData(form);
  for (const [name, value] of Object.entries(extra)) body.set(name, value);
  let answer;
  try {
    answer = await fetch(url, { method: "POST", body, credentials: "same-origin" });
  } catch {
    return null; // no network: the keys still send the form
  }
  if (!answer.ok) return null;
  const template = document.createElement("template");
  template.innerHTML = (await answer.text()).trim(); // our own server's fragment, escaped there
  return template.content;
}

async function redrawLines(form, key, fetch) {
  const fresh = await drawn(form.dataset.linesUrl, form, fetch, { do: key.value });
  const old = form.querySelector("[data-lines]");
  const lines = fresh?.querySelector("[data-lines]");
  if (!lines || !old) return;
  const before = old.querySelectorAll("[data-line]").length;
  old.replaceWith(lines);
  const inputs = [...lines.querySelectorAll("[data-line] [name=sku]")];
  (inputs[before] ?? inputs.at(-1))?.focus();
  summarise(form, fetch);
}

let latest = 0;

async function summarise(form, fetch) {
  const mine = ++latest;
  const fresh = await drawn(form.dataset.summaryUrl, form, fetch);
  if (!fresh || mine !== latest) return;
  put(form.querySelector("[data-summary]"), fresh.querySelector("[data-summary]"));
  for (const part of fresh.querySelectorAll("[data-slot]")) {
    put(form.querySelector(`[data-slot="${CSS.escape(part.dataset.slot)}"]`), part);
  }
  const said = form.querySelector("[data-summary-said]");
  const notice = form.querySelector("[data-summary] .notice");
  if (said) said.textContent = notice?.textContent.trim() ?? "";
}

function put(old, fresh) {
  if (!old || !fresh || old.isEqualNode(fresh) || old.contains(document.activeElement)) return;
  old.replaceWith(fresh);
}

for (const form of document.querySelectorAll("[data-outbound]")) bindOrder(form);
