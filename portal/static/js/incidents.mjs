// The queue of incidents by keyboard: [data-incidents] holds rows [data-row] with a box and a link
// [data-open]; buttons [data-key="a"] are pressed by their letter. Nothing acts while one types.
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const MOVES = { j: 1, k: -1 };

export function bind(root = document) {
  root.addEventListener("keydown", (event) => pressed(event, root));
  root.addEventListener("change", () => count(root));
  for (const words of root.querySelectorAll("[data-keys]")) words.hidden = false;
  count(root);
}

function pressed(event, root) {
  const form = root.querySelector("[data-incidents]");
  if (!form || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest(TYPING)) return;
  const key = event.key.toLowerCase();
  if (key in MOVES) return act(event, () => step(form, MOVES[key]));
  const row = current(form);
  if (key === "x" && row) return act(event, () => row.querySelector("input[name=ref]")?.click());
  const button = form.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (button && key.length === 1) return act(event, () => press(form, row, button));
}

function act(event, done) {
  event.preventDefault();
  done();
}

function current(form) {
  return form.ownerDocument.activeElement?.closest?.("[data-row]") ?? null;
}

function step(form, by) {
  const rows = [...form.querySelectorAll("[data-row]")];
  const at = rows.indexOf(current(form));
  const next = rows[at === -1 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  next?.querySelector("[data-open]").focus();
}

function press(form, row, button) {
  const ticked = form.querySelectorAll("input[name=ref]:checked");
  const own = row?.querySelector("input[name=ref]");
  if (!ticked.length && own) own.checked = true;
  if (ticked.length || own) form.requestSubmit(button);
}

function count(root) {
  for (const words of root.querySelectorAll("[data-ticked]")) {
    const number = root.querySelectorAll("[data-incidents] input[name=ref]:checked").length;
    words.hidden = number === 0;
    words.textContent = `${number} ✓`;
  }
}

if (typeof document !== "undefined") bind();
