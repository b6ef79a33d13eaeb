// Keeps the polls of an open topic true: [data-polls="/url"] inside [data-follow].
// What somebody is just choosing in stays as it is.
const CALM_MS = 1000;

export function bindPolls(place, fetch = window.fetch.bind(window)) {
  let part = place.querySelector("[data-polls]");
  let waiting = 0;
  const renew = async () => {
    waiting = 0;
    if (part.contains(document.activeElement) || part.querySelector("[data-touched]")) return;
    try {
      const answer = await fetch(part.dataset.polls, { headers: { "X-Fragment": "1" } });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-polls]");
      if (!fresh || fresh.isEqualNode(part)) return;
      part.replaceWith(fresh);
      part = fresh;
    } catch {
      // off line: the next vote shows it
    }
  };
  place.addEventListener("change", (event) => {
    if (part.contains(event.target)) event.target.dataset.touched = "";
  });
  place.addEventListener("live:event", (event) => {
    if (event.detail.type === "forum.poll_voted" && !waiting) waiting = setTimeout(renew, CALM_MS * (0.5 + Math.random()));
  });
}

for (const part of document.querySelectorAll("[data-polls]")) {
  const place = part.closest("[data-follow]");
  if (place) bindPolls(place);
}
