// A text of the club is kept by the server while it is typed, and offered on other devices.
// While a draft from elsewhere waits for an answer nothing is kept over it (this browser keeps
// what is typed by itself: drafts.mjs).
const CALM_MS = 1500;
const FIELDS = ["title", "tags", "text", "reply_to", "base", "reason", "poll", "choices"];

export function bindServerDraft(box, area, form, fetch) {
  const state = box.querySelector("[data-draft-state]");
  const draft = { asked: false, offered: null, dirty: false, sent: false, timer: 0 };

  const data = () => {
    const said = new FormData();
    for (const name of ["csrf_token", "form_name", ...FIELDS]) {
      const value = form.elements[name]?.value;
      if (value) said.set(name, value);
    }
    said.set("about", box.dataset.about);
    return said;
  };
  const save = async (leaving = false) => {
    clearTimeout(draft.timer);
    if (!draft.dirty || draft.sent || draft.offered) return;
    draft.dirty = false;
    try {
      const answer = await fetch(box.dataset.draftsUrl, { method: "POST", body: data(), keepalive: leaving });
      if (!answer.ok) throw new Error(String(answer.status));
      const kept = (await answer.json()).draft;
      remember(box, kept?.said.text);
      tell(state, kept ? state.dataset.saved.replace("{when}", kept.saved) : "");
    } catch {
      draft.dirty = true;
      tell(state, state.dataset.local);
    }
  };
  const look = async () => {
    if (draft.asked) return;
    draft.asked = true;
    try {
      const answer = await fetch(`${box.dataset.draftsUrl}?about=${encodeURIComponent(box.dataset.about)}`);
      const kept = answer.ok ? (await answer.json()).draft : null;
      if (kept && kept.said.text !== area.value) offer(box, form, area, kept, draft);
      else if (!kept && wentElsewhere(box, area)) clear(form);
    } catch {
      draft.asked = false; // off line: asked again when somebody writes
    }
  };

  form.addEventListener("input", (event) => {
    if (!FIELDS.includes(event.target.name)) return;
    draft.dirty = true;
    clearTimeout(draft.timer);
    draft.timer = setTimeout(save, CALM_MS);
  });
  form.addEventListener("submit", () => { draft.sent = true; clearTimeout(draft.timer); });
  window.addEventListener("pageshow", () => { draft.sent = false; });
  window.addEventListener("pagehide", () => save(true));
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
  area.addEventListener("focus", look);
  const restored = area.value !== area.defaultValue;
  if (restored || !box.dataset.about.startsWith("reply:") || window.location.hash === "#reply") look();
}

/** Note in this browser what the server has kept. */
function remember(box, text) {
  try {
    if (text) window.localStorage.setItem(`draft kept:${box.dataset.about}`, text);
  } catch {
    // a browser that keeps nothing brings nothing back either
  }
}

/** What this browser brought back was kept by the server and is no draft any more: it was
    published, or thrown away, on another device. */
function wentElsewhere(box, area) {
  if (area.value === area.defaultValue || area.form.elements.base) return false;
  try {
    return window.localStorage.getItem(`draft kept:${box.dataset.about}`) === area.value;
  } catch {
    return false;
  }
}

function clear(form) {
  form.reset();
  form.querySelector(".draft-note")?.remove();
  form.dispatchEvent(new Event("input", { bubbles: true })); // drafts.mjs forgets it, too
}

function offer(box, form, area, kept, draft) {
  const place = box.querySelector("[data-draft-offer]");
  const what = place.querySelector("[data-draft-what]");
  draft.offered = kept;
  what.textContent = what.textContent.replace("{when}", kept.saved);
  place.querySelector("[data-draft-text]").textContent = kept.said.text || kept.said.title || "";
  place.querySelector("[data-draft-refused]").hidden = !kept.refused;
  place.querySelector("[data-draft-why]").textContent = kept.refused || "";
  place.hidden = false;
  const done = () => { draft.offered = null; place.hidden = true; area.focus(); };
  place.querySelector("[data-draft-take]").addEventListener("click", () => { takeOver(form, area, kept.said); done(); }, { once: true });
  place.querySelector("[data-draft-drop]").addEventListener("click", done, { once: true });
}

/** Put what was kept into the form; what stands there already stays, the text before it. */
function takeOver(form, area, said) {
  for (const name of FIELDS) {
    const field = form.elements[name];
    if (!field || !said[name] || field === area || field.value) continue;
    field.value = said[name];
  }
  const before = area.value.trim();
  if (said.text && before !== said.text) area.value = before && form.elements.base === undefined ? `${said.text}\n\n${before}` : said.text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function tell(place, words) {
  place.textContent = words;
  place.hidden = !words;
}
