// The steps of an application. Everything here also works without it, by keys that send the form.
//   [data-application]  the form; data-keep: what is typed is kept while one types
//   [data-when]         a field that another one decides about, by data-is or data-not
//   [data-saved]        when it was last kept; [data-saved-note] is shown once it was
const CALM_MS = 1200;

export function bindApplication(form, fetch = window.fetch.bind(window), page = document) {
  const decide = () => fields(form).forEach((field) => show(field, form));
  let waiting;
  let typed = 0;
  const keep = async () => {
    const now = typed;
    const saved = await send(form, fetch);
    if (saved && now === typed) tell(page, saved);
  };
  form.addEventListener("input", () => {
    typed += 1;
    if (!("keep" in form.dataset)) return;
    clearTimeout(waiting);
    waiting = setTimeout(keep, CALM_MS);
  });
  form.addEventListener("change", decide);
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  page.defaultView?.addEventListener("pageshow", () => delete form.dataset.sent);
  decide();
}

function fields(form) {
  return [...form.querySelectorAll("[data-when]")];
}

function show(field, form) {
  const deciding = form.elements.namedItem(field.dataset.when);
  if (!deciding) return; // asked for by itself
  const other = deciding.value ?? "";
  const wanted = field.dataset.is?.split(" ");
  const unwanted = field.dataset.not?.split(" ") ?? [];
  const filled = [...field.querySelectorAll("input")].some((input) => input.value);
  const holds = wanted ? wanted.includes(other) : !unwanted.includes(other);
  field.hidden = !holds && !filled;
}

async function send(form, fetch) {
  if (form.dataset.sent) return null;
  const data = new FormData(form);
  for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
  data.set("do", "keep");
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin" });
    return answer.ok ? (await answer.json()).saved : null;
  } catch {
    return null;
  }
}

function tell(page, saved) {
  const note = page.querySelector("[data-saved-note]");
  if (!note) return;
  note.hidden = false;
  note.querySelector("[data-saved]").textContent = saved;
}

for (const form of document.querySelectorAll("[data-application]")) bindApplication(form);
