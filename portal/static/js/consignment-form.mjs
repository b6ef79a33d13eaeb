// The form of a consignment. Everything here also works without it, by a key that sends the form.
//   [data-order]        the form; data-summary-url: where its summary comes from
//   [data-book]         choosing an entry fills the fields of its [data-party] at once
//   [data-piece-add]    adds a row like the last [data-piece]; [data-piece-remove] takes one away
//   [data-summary]      is fetched anew while one types; [data-summary-said] tells it in words
const CALM_MS = 300;
const FIELDS = ["name", "phone", "address", "city", "country", "postcode"];

export function bindOrder(form, fetch = window.fetch.bind(window)) {
  const renew = form.dataset.summaryUrl ? calmly(() => summarise(form, fetch)) : () => {};

  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-book]")) fillFromBook(event.target);
    renew();
  });
  form.addEventListener("input", renew);
  form.addEventListener("click", (event) => {
    const add = event.target.closest("[data-piece-add]");
    const remove = event.target.closest("[data-piece-remove]");
    if (!add && !remove) return;
    event.preventDefault();
    if (add) addPiece(form);
    else removePiece(form, remove.closest("[data-piece]"));
    renew();
  });
  form.addEventListener("submit", (event) => sendOnce(form, event));
  window.addEventListener("pageshow", () => delete form.dataset.sent);

  for (const key of form.querySelectorAll("[data-book-use]")) key.hidden = true;
  const focus = form.dataset.focusField && document.getElementById(form.dataset.focusField);
  if (focus) focus.focus();
}

function sendOnce(form, event) {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
}

function calmly(work) {
  let waiting;
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(work, CALM_MS);
  };
}

function fillFromBook(select) {
  const chosen = select.selectedOptions[0];
  const party = select.closest("[data-party]");
  if (!chosen?.value || !party) return;
  for (const name of FIELDS) {
    const field = party.querySelector(`[name="${party.dataset.party}-${name}"]`);
    if (field) field.value = chosen.dataset[name] ?? "";
  }
}

function pieces(form) {
  return [...form.querySelectorAll("[data-piece]")];
}

function indexOf(piece) {
  return Number(piece.querySelector("input").name.match(/^pieces-(\d+)-/)?.[1] ?? 0);
}

export function addPiece(form) {
  const rows = pieces(form);
  const last = rows.at(-1);
  const index = Math.max(...rows.map(indexOf)) + 1;
  const fresh = last.cloneNode(true);
  const old = `pieces-${indexOf(last)}-`;
  for (const part of fresh.querySelectorAll("*")) {
    for (const attribute of [...part.attributes]) {
      if (attribute.value.includes(old)) part.setAttribute(attribute.name, attribute.value.replaceAll(old, `pieces-${index}-`));
    }
  }
  for (const error of fresh.querySelectorAll(".error")) error.remove();
  for (const field of fresh.querySelectorAll(".field--bad")) field.classList.remove("field--bad");
  for (const input of fresh.querySelectorAll("input")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    input.value = /-(copies|quantity)$/.test(input.name) ? "1" : "";
  }
  fresh.querySelector("[data-piece-remove]").value = `remove:${index}`;
  last.after(fresh);
  renumber(form);
  fresh.querySelector("input").focus();
}

function removePiece(form, piece) {
  const rows = pieces(form);
  if (rows.length < 2) return;
  const next = rows[rows.indexOf(piece) + 1] ?? rows[rows.indexOf(piece) - 1];
  piece.remove();
  renumber(form);
  next.querySelector("input").focus();
}

function renumber(form) {
  const rows = pieces(form);
  for (const [at, row] of rows.entries()) {
    row.querySelector("[data-piece-number]").textContent = at + 1;
    row.querySelector("[data-piece-remove]").hidden = rows.length < 2;
  }
}

let latest = 0;

async function summarise(form, fetch) {
  const mine = ++latest;
  let answer;
  try {
    answer = await fetch(form.dataset.summaryUrl, { method: "POST", body: new FormData(form), credentials: "same-origin" });
  } catch {
    return; // no network: the key “Check and sum up” still asks
  }
  if (!answer.ok || mine !== latest) return;
  const template = document.createElement("template");
  template.innerHTML = (await answer.text()).trim(); // our own server's fragment, escaped there
  show(form, template.content.querySelector("[data-summary]"));
}

function show(form, fresh) {
  const old = form.querySelector("[data-summary]");
  if (!fresh || !old || fresh.isEqualNode(old)) return;
  old.replaceWith(fresh);
  for (const offer of fresh.querySelectorAll("[data-offer]")) {
    const text = form.querySelector(`[data-offer-text="${CSS.escape(offer.dataset.offer)}"]`);
    if (text) text.textContent = offer.textContent;
  }
  const said = form.querySelector("[data-summary-said]");
  if (said) said.textContent = [...fresh.querySelectorAll(".num")].map((part) => `${part.closest("div").querySelector("dt").textContent}: ${part.textContent}`).join("; ");
}

for (const form of document.querySelectorAll("[data-order]")) bindOrder(form);
