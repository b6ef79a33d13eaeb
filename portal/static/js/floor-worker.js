// Lets the screens of the floor open again while the network is away. Screens come from the
// network whenever it answers; what was seen last is shown only when it does not. Commands are not
// its business: floor-queue.mjs keeps them.
const SCREENS = "floor-screens";
const PARTS = "floor-parts";
const WITHIN_MS = 6_000;
const MOST = 60;
const FLOOR = "/desk/warehouse/floor";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data?.who) event.waitUntil(belongTo(String(event.data.who)));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.includes("/static/")) event.respondWith(part(request));
  else if (url.pathname.startsWith(FLOOR) && isPage(request)) event.respondWith(screen(request));
});

function isPage(request) {
  return request.mode === "navigate" || (request.headers.get("Accept") ?? "").includes("text/html");
}

/** Files with a version in their address never change. */
async function part(request) {
  const kept = await caches.open(PARTS);
  const found = await kept.match(request);
  if (found) return found;
  const fresh = await fetch(request);
  if (fresh.ok) { await kept.put(request, fresh.clone()); await trim(kept); }
  return fresh;
}

async function screen(request) {
  const kept = await caches.open(SCREENS);
  try {
    const fresh = await Promise.race([fetch(request), late()]);
    if (isAway(fresh)) await caches.delete(SCREENS);
    else if (fresh.ok) { await kept.put(request.url, fresh.clone()); await trim(kept); }
    if (fresh.status <= 500) return fresh;
    return (await kept.match(request.url)) ?? fresh;
  } catch (fault) {
    const found = await kept.match(request.url) ?? await kept.match(new URL(FLOOR, self.location.origin).href);
    if (found) return found;
    throw fault;
  }
}

const late = () => new Promise((_, reject) => { setTimeout(() => reject(new TypeError("late")), WITHIN_MS); });

/** Whether nobody is signed in any more: then nothing of what was seen stays here. */
const isAway = (reply) => reply.type === "opaqueredirect" || reply.redirected || reply.status === 401;

async function trim(kept) {
  const keys = await kept.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - MOST * 2))) await kept.delete(old);
}

/** What one person saw is not shown to the next who signs in on this device. */
async function belongTo(who) {
  const kept = await caches.open(PARTS);
  const before = await (await kept.match("/floor-person"))?.text();
  if (before !== undefined && before !== who) await caches.delete(SCREENS);
  await kept.put("/floor-person", new Response(who));
}
