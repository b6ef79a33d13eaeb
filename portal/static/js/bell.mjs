// Keeps the bell right: what was read in its topic or muted since the page was counted is taken
// out, what one is told of is added: at once where the page has a stream, else once a minute.
const CALM_MS = 500;
const ROUND_MS = 60_000;

export function bindBell({ root = document, fetch = window.fetch.bind(window) } = {}) {
  if (!root.querySelector("[data-bell]")) return;
  let waiting = 0;
  const soon = () => {
    waiting ||= setTimeout(() => { waiting = 0; refresh(root, fetch); }, CALM_MS);
  };
  const seen = () => { if (root.visibilityState === "visible") soon(); };
  root.addEventListener("live:event", soon);
  root.addEventListener("visibilitychange", seen);
  if (!root.querySelector("[data-follow]")) setInterval(seen, ROUND_MS);
  else if (!root.querySelector('[data-follow="me"]')) listen(root, soon);
  if (Number(root.querySelector("[data-bell]").dataset.unread)) soon();
}

/** Hear of one's own things, too, over the stream that the page has, as soon as it stands. */
function listen(root, soon) {
  const own = ["me", "", { onEvent: soon, onReset: soon }];
  const ask = () => root.dispatchEvent(new CustomEvent("live:follow", { detail: own }));
  root.addEventListener("live:state", ask, { once: true });
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
