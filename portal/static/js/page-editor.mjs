// The editor of pages: shows what is written while it is written. Without it a key does the same.
//   [data-editor]   the form; data-preview-url: what makes a page of it
//   [data-preview]  where that page is shown
const CALM_MS = 400;

export function bindEditor(form, fetch = window.fetch.bind(window)) {
  const pane = form.querySelector("[data-preview]");
  const language = form.elements.language;
  let waiting;
  let asked;

  const show = async () => {
    asked?.abort();
    asked = new AbortController();
    pane.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.previewUrl, { method: "POST", body: written(form), signal: asked.signal });
      if (answer.ok) pane.innerHTML = await answer.text();
      pane.removeAttribute("aria-busy");
    } catch (error) {
      if (error.name !== "AbortError") pane.removeAttribute("aria-busy"); // off line: the last one stays
    }
  };
  const renew = () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, CALM_MS);
  };

  form.addEventListener("input", (event) => {
    if (event.target.name === "tab") choose(language, event.target.value);
    renew();
  });
  form.addEventListener("focusin", (event) => {
    const written = event.target.closest("[data-language]")?.dataset.language;
    if (written && written !== language.value) {
      choose(language, written);
      renew();
    }
  });
}

/** Return what the form says, without files: they are sent once, with a key. */
function written(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

function choose(select, value) {
  if ([...select.options].some((option) => option.value === value)) select.value = value;
}

for (const form of document.querySelectorAll("[data-editor]")) bindEditor(form);
