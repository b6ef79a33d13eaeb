// Keeps what is typed into a form in this browser until it has arrived.
//   form[data-draft="name"] [data-draft-said="words"]   is kept as it is typed, and brought back
//   [data-draft-done="name"]                            a page that says that it has arrived
// What the server shows again (after an error) stands above what was kept.
const PREFIX = "draft:";
const KEPT_MS = 7 * 24 * 3600 * 1000;
const NEVER = new Set(["csrf_token", "shown", "homepage"]);

export function bindDrafts({ root = document, storage = window.localStorage, now = Date.now } = {}) {
  for (const mark of root.querySelectorAll("[data-draft-done]")) storage.removeItem(PREFIX + mark.dataset.draftDone);
  for (const form of root.querySelectorAll("form[data-draft]")) {
    restore(form, storage, now);
    if (fields(form).some((field) => field.value !== field.defaultValue)) keep(form, storage, now); // typed before this ran
    form.addEventListener("input", () => keep(form, storage, now));
  }
}

function fields(form) {
  return [...form.elements].filter((field) => field.name && !NEVER.has(field.name)
    && (field.tagName === "TEXTAREA" || field.matches("input[type=text], input[type=email], input[type=tel], input:not([type])")));
}

function keep(form, storage, now) {
  const values = Object.fromEntries(fields(form).map((field) => [field.name, field.value]).filter(([, value]) => value));
  const key = PREFIX + form.dataset.draft;
  if (Object.keys(values).length) storage.setItem(key, JSON.stringify({ at: now(), values }));
  else storage.removeItem(key);
}

function restore(form, storage, now) {
  const kept = read(storage, PREFIX + form.dataset.draft);
  if (!kept || now() - kept.at > KEPT_MS) return;
  let brought = false;
  for (const field of fields(form)) {
    const value = kept.values[field.name];
    if (!value || field.value) continue;
    field.value = value;
    brought = true;
  }
  if (brought) say(form);
}

function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key));
  } catch {
    return null; // something else wrote there
  }
}

function say(form) {
  if (!form.dataset.draftSaid) return;
  const note = document.createElement("p");
  note.className = "draft-note";
  note.setAttribute("role", "status");
  note.textContent = form.dataset.draftSaid;
  form.prepend(note);
}

try {
  bindDrafts();
} catch {
  // a browser that keeps nothing: the form works without
}
