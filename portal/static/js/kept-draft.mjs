// Keeps what is typed in this browser until it is saved, so that a lost session loses nothing.
//   [data-keep]          the form; its value names the draft, data-kept-base what it began from
//   [data-kept-saved]    on the form after a save: the copy, and that of this name, are not needed
//   [data-kept-typed]    on the form where it holds what was just typed, after a key that saves nothing
//   [data-kept-offer]    is shown where a copy differs from the form; in it [data-kept-when],
//                        [data-kept-restore], [data-kept-drop]
const CALM_MS = 500;
const LEFT_OUT = new Set(["csrf_token", "act", "base", "tab", "language"]);
const WEEK_MS = 7 * 24 * 3600 * 1000;

export function bindDraft(form, store = window.localStorage, page = document) {
  const key = `draft ${form.dataset.keep}`;
  const offer = page.querySelector("[data-kept-offer]");
  let waiting;

  if ("keptSaved" in form.dataset) saved();
  if ("keptTyped" in form.dataset) keep(store, key, said(form), form.dataset.keptBase);
  const kept = read(store, key);
  if (kept && JSON.stringify(kept.said) !== JSON.stringify(said(form))) propose();

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(store, key, said(form), form.dataset.keptBase), CALM_MS);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    keep(store, key, said(form), form.dataset.keptBase); // the answer may never come
  });

  function saved() {
    forget(store, key);
    forget(store, `draft ${form.dataset.keptSaved}`);
    const here = new URL(window.location.href);
    here.searchParams.delete("saved"); // else a later reload would throw newer words away
    window.history.replaceState(null, "", here);
  }

  function propose() {
    offer.hidden = false;
    const when = offer.querySelector("[data-kept-when]");
    when.textContent = new Date(kept.at).toLocaleString(document.documentElement.lang);
    offer.querySelector("[data-kept-restore]").addEventListener("click", () => send(form, kept));
    offer.querySelector("[data-kept-drop]").addEventListener("click", () => {
      forget(store, key);
      offer.hidden = true;
    });
  }
}

/** Return [name, value] of all that was typed or chosen, without files. */
function said(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !LEFT_OUT.has(name));
}

/** Let the server make the form of what was kept: blocks may have been added meanwhile. */
function send(form, kept) {
  const sent = document.createElement("form");
  sent.method = "post";
  sent.action = form.action;
  const rest = [["csrf_token", form.elements.csrf_token.value], ["base", kept.base], ["act", "restore"]];
  for (const [name, value] of [...kept.said, ...rest]) {
    const field = document.createElement("textarea"); // keeps line breaks, which inputs drop
    field.name = name;
    field.value = value;
    sent.append(field);
  }
  sent.hidden = true;
  document.body.append(sent);
  sent.submit();
}

function read(store, key) {
  try {
    const kept = JSON.parse(store.getItem(key));
    return kept && Date.now() - kept.at < WEEK_MS ? kept : null;
  } catch {
    return null; // no store, or not ours
  }
}

function keep(store, key, written, base) {
  try {
    store.setItem(key, JSON.stringify({ at: Date.now(), said: written, base }));
  } catch {
    // full or forbidden: the page works all the same
  }
}

function forget(store, key) {
  try {
    store.removeItem(key);
  } catch {
    // nothing was kept
  }
}

for (const form of document.querySelectorAll("[data-keep]")) bindDraft(form);
