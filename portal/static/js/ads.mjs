// Shows in [data-ad] the advertisement meant for this reader, and reports that it was seen:
// half of it visible for a second (video: two) in a window that is in front. Where anything fails
// or is blocked, the creative that came with the page stays.
const SHARE = 0.5;

export function bind({
  root = document,
  fetch = window.fetch.bind(window),
  report = beacon,
  Observer = window.IntersectionObserver,
} = {}) {
  if (!Observer) return [];
  return Promise.all([...root.querySelectorAll("[data-ad]:not([data-ad-state])")].map((place) => fill(place, { fetch, report, Observer })));
}

async function fill(place, { fetch, report, Observer }) {
  let chosen = null;
  try {
    const answer = await fetch(place.dataset.adUrl, { credentials: "same-origin" });
    if (answer.status === 200) chosen = await answer.json();
    if (answer.status === 204) return withdraw(place);
  } catch {
    // blocked or offline: what came with the page stays
  }
  if (chosen) show(place, chosen.html);
  place.dataset.adState = chosen ? "shown" : "kept";
  if (!chosen) return;
  const seenFor = chosen.visible_s * 1000;
  watch(place, seenFor, Observer, () => report(place.dataset.adSeen, chosen.impression));
  play(place, Observer);
}

// Nothing is meant for this reader now. A place that is in sight keeps its room and what is in it.
function withdraw(place) {
  const { top, bottom } = place.getBoundingClientRect();
  if (top >= window.innerHeight || bottom <= 0) place.remove();
  else place.dataset.adState = "kept";
}

function show(place, html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  if (calm()) for (const frame of parsed.querySelectorAll("iframe[data-ad-still]")) still(frame);
  place.replaceChildren(...parsed.body.childNodes);
}

// Who wants no motion sees the picture in place of an animation.
function still(frame) {
  if (!frame.dataset.adStill) return;
  const picture = frame.ownerDocument.createElement("img");
  picture.src = frame.dataset.adStill;
  picture.alt = "";
  picture.className = "ad-still";
  frame.replaceWith(picture);
}

export function watch(place, seenFor, Observer, seen) {
  let timer = null;
  let inSight = false;
  const stop = () => { clearTimeout(timer); timer = null; };
  const look = () => {
    const counts = inSight && document.visibilityState === "visible";
    if (!counts) stop();
    else if (timer === null) timer = setTimeout(done, seenFor);
  };
  const done = () => {
    observer.disconnect();
    document.removeEventListener("visibilitychange", look);
    seen();
  };
  const observer = new Observer((entries) => {
    inSight = entries.at(-1).intersectionRatio >= SHARE;
    look();
  }, { threshold: [0, SHARE] });
  observer.observe(place);
  document.addEventListener("visibilitychange", look);
}

// A video plays while it is in sight, without sound, and never where motion or data are to be saved.
function play(place, Observer) {
  const video = place.querySelector("[data-ad-video]");
  if (!video || calm() || navigator.connection?.saveData) return;
  video.muted = true;
  new Observer((entries) => {
    if (entries.at(-1).intersectionRatio >= SHARE) video.play().catch(() => {});
    else video.pause();
  }, { threshold: [0, SHARE] }).observe(video);
}

function calm() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function beacon(url, impression) {
  const body = JSON.stringify({ impression, driven: navigator.webdriver === true });
  const sent = navigator.sendBeacon?.(url, new Blob([body], { type: "application/json" }));
  if (!sent) fetch(url, { method: "POST", body, headers: { "Content-Type": "application/json" }, keepalive: true }).catch(() => {});
}

// A page that is loaded in advance asks once somebody looks at it.
if (document.prerendering) document.addEventListener("prerenderingchange", () => bind(), { once: true });
else bind();
