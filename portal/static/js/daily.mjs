// Small help for the pages of today:
//   [data-browser-zone]   a hidden field: is told the time zone of this browser
//   [data-verify]   a key: draws a raffle again from what is published, by the rule on the page
export async function sha256(text) {
  const bytes = new TextEncoder().encode(text);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Return the numbers of the tickets that win; ``list`` is the file of tickets. */
export async function drawAgain(seed, list, places) {
  const holders = list.split("\n").filter(Boolean).map((line) => line.split(" ")[1]);
  const tickets = BigInt(holders.length);
  const most = Math.min(places, new Set(holders).size);
  const digest = await sha256(list);
  const won = [];
  const winners = new Set();
  if (!holders.length) return { digest, won };
  const bound = (1n << 256n) - ((1n << 256n) % tickets);
  for (let n = 0; won.length < most; n += 1) {
    const h = BigInt(`0x${await sha256(`${seed}${digest}${n}`)}`);
    if (h >= bound) continue;
    const number = Number(h % tickets) + 1;
    if (winners.has(holders[number - 1])) continue;
    winners.add(holders[number - 1]);
    won.push(number);
  }
  return { digest, won };
}

function textOf(root, name) {
  return root.querySelector(`[data-${name}]`).textContent.trim();
}

async function verify(root, key) {
  const list = await (await fetch(key.dataset.verify, { credentials: "same-origin" })).text();
  const seed = textOf(root, "seed");
  const found = await drawAgain(seed, list, Number(key.dataset.places));
  const isRight = found.digest === textOf(root, "digest")
    && (await sha256(seed)) === textOf(root, "commitment")
    && found.won.join(",") === key.dataset.won;
  root.querySelector("[data-verified]").textContent = isRight ? key.dataset.right : key.dataset.wrong;
}

export function bind(root = document) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  for (const field of root.querySelectorAll("[data-browser-zone]")) field.value = zone;
  for (const key of root.querySelectorAll("[data-verify]")) {
    if (!globalThis.crypto?.subtle) continue; // an old browser, or a page without TLS
    key.hidden = false;
    key.addEventListener("click", () => verify(root, key));
  }
}

if (globalThis.document) bind();
