// Keeps the bell right: what was read in its topic or muted since the page was counted is taken
// out, what one is told of while the page follows something is added.
const CALM_MS = 500;

export function bindBell({ root = document, fetch = window.fetch.bind(window) } = {}) {
  if (!root.querySelector("[data-bell]")) return;
  let waiting = 0;
  const soon = () => {
    waiting ||= setTimeout(() => { waiting = 0; refresh(root, fetch); }, CALM_MS);
  };
  root.addEventListener("live:event", soon);
  root.addEventListener("visibilitychange", () => { if (root.visibilityState === "visible") soon(); });
  if (Number(root.querySelector("[data-bell]").dataset.unread)) soon();
}

async function refresh(root, fetch) {
  const bell = root.querySelector("[data-bell]");
  try {
    const answer = await fetch(bell.dataset.bell, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
    if (!answer.ok) return;
    const template = document.createElement("template");
    template.innerHTML = await answer.text(); // our own server's fragment, escaped there
    const fresh = template.content.querySelector("[data-bell]");
    if (fresh && !fresh.isEqualNode(bell) && !bell.contains(document.activeElement)) bell.replaceWith(fresh);
  } catch {
    // the network went away; the next event brings the number
  }
}

bindBell();
