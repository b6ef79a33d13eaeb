// Binds a page to the stream, by attributes alone:
//   [data-follow="consignment" data-ref="QS…" data-cursor="…" data-token="…"]  what is followed
//   [data-fragment="/url"]  is fetched anew when something happened, and put in place;
//                           with data-no only when it happened to that consignment
//   [data-arrivals]         says how many new consignments wait to be shown
//   [data-announce]         is told in words what changed (data-say of a new fragment)
// A form that is being filled and boxes that are ticked stay as they are.
import { io } from "../vendor/socket.io.esm.min.js";
import { Stream, wakeWith } from "./live.mjs";

const FRESH_MS = 10_000;
const CALM_MS = 250; // one fetch of the same fragment at a time, and no faster than this

export function bindPage({ root = document, fetch = window.fetch.bind(window), stream }) {
  for (const place of root.querySelectorAll("[data-follow]")) {
    const { follow, ref = "", cursor, token } = place.dataset;
    stream.follow(follow, ref, {
      token,
      after: cursor || undefined,
      onEvent: (message) => happened(place, message, fetch),
      onReset: () => window.location.reload(),
    });
  }
}

function happened(place, message, fetch) {
  place.dispatchEvent(new CustomEvent("live:event", { detail: message, bubbles: true }));
  for (const part of place.querySelectorAll("[data-fragment]")) {
    if (part.dataset.no && part.dataset.no !== message.data.no) continue;
    refresh(part, fetch);
  }
  if (message.type === "consignment.created") countArrival(place);
}

const busy = new Map(); // url → whether it must be fetched once more

export async function refresh(part, fetch) {
  const url = part.dataset.fragment;
  if (busy.has(url)) { busy.set(url, true); return; }
  busy.set(url, false);
  try {
    const answer = await fetch(url, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
    if (answer.ok) replace(url, await answer.text());
  } catch {
    busy.set(url, true); // the network went away; the stream will say when it is back
  }
  setTimeout(() => {
    const again = busy.get(url);
    busy.delete(url);
    const now = document.querySelector(`[data-fragment="${CSS.escape(url)}"]`);
    if (again && now) refresh(now, fetch);
  }, CALM_MS);
}

function replace(url, html) {
  for (const old of document.querySelectorAll(`[data-fragment="${CSS.escape(url)}"]`)) {
    if (old.contains(document.activeElement) && old.querySelector("form")) continue;
    const fresh = parse(html, old);
    if (!fresh || fresh.isEqualNode(old)) continue;
    keepTicks(old, fresh);
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceWith(fresh);
    if (focused) document.getElementById(focused)?.focus();
    mark(fresh);
  }
}

function parse(html, old) {
  const template = document.createElement("template");
  template.innerHTML = html.trim(); // our own server's fragment, escaped there
  return template.content.querySelector("[data-fragment]") ?? template.content.firstElementChild ?? old;
}

function keepTicks(old, fresh) {
  for (const box of old.querySelectorAll("input[type=checkbox]:checked")) {
    const same = fresh.querySelector(`input[type=checkbox][value="${CSS.escape(box.value)}"]`);
    if (same) same.checked = true;
  }
}

function mark(fresh) {
  if (fresh.dataset.say) announce(fresh.dataset.say);
  if (!fresh.hasAttribute("data-marks")) return;
  fresh.classList.add("is-fresh");
  setTimeout(() => fresh.classList.remove("is-fresh"), FRESH_MS);
}

function announce(words) {
  const voice = document.querySelector("[data-announce]");
  if (voice) voice.textContent = words;
}

function countArrival(place) {
  const notice = place.querySelector("[data-arrivals]");
  if (!notice) return;
  notice.hidden = false;
  const count = Number(notice.dataset.arrivals || 0) + 1;
  notice.dataset.arrivals = count;
  const figure = notice.querySelector("[data-arrivals-count]");
  if (figure) figure.textContent = count;
}

export function connect() {
  const socket = io("/live", { transports: ["websocket"], reconnectionDelay: 300, reconnectionDelayMax: 5000 });
  wakeWith(socket);
  return socket;
}

if (document.querySelector("[data-follow]")) {
  const onState = (detail) => document.dispatchEvent(new CustomEvent("live:state", { detail }));
  const stream = new Stream({ connect, onState });
  bindPage({ stream });
  stream.socket.on("typing", (detail) => document.dispatchEvent(new CustomEvent("live:typing", { detail })));
  document.addEventListener("live:say", (event) => stream.say(...event.detail));
  document.addEventListener("live:follow", (event) => stream.follow(...event.detail));
}
