// Copies the text of a field: [data-copy="id"] [data-copied="words said when it is done"].
// The key is hidden until this runs: without a script the reader selects and copies by hand.
export function bindCopy({ root = document, clipboard = navigator.clipboard } = {}) {
  for (const key of root.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(key.dataset.copy);
    if (!field) continue;
    key.hidden = false;
    key.addEventListener("click", () => copy(key, field, clipboard));
  }
}

async function copy(key, field, clipboard) {
  field.select();
  try {
    await clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy"); // pages without TLS have no clipboard of their own
  }
  key.textContent = key.dataset.copied;
  key.setAttribute("aria-live", "polite");
}

bindCopy();
