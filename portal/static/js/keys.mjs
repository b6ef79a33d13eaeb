// The board by keyboard. Single keys act only while nothing is being typed, and can be turned off.
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const STORED = "quayside.board.keys";
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export class Keys {
  /** acts: { push, clear, scan, status(key), undo, help }. */
  constructor({ root, acts, storage }) {
    Object.assign(this, { root, acts, storage });
  }

  bind() {
    this.root.addEventListener("keydown", (event) => this.#pressed(event));
    const box = this.root.querySelector("[data-keys-on]");
    box.checked = this.on;
    box.addEventListener("change", () => this.#keep(box.checked));
    this.root.querySelector("[data-keys-key]").hidden = false;
  }

  get on() {
    try { return this.storage.getItem(STORED) !== "off"; } catch { return true; }
  }

  #keep(on) {
    try { this.storage.setItem(STORED, on ? "on" : "off"); } catch { /* private windows keep nothing */ }
  }

  #pressed(event) {
    if (event.isComposing || this.root.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return this.#do(event, this.acts.push);
    if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
    if (event.key === "Escape") return this.#escape(event);
    if (event.target.closest(TYPING)) return undefined;
    return this.#single(event);
  }

  #do(event, act) {
    event.preventDefault();
    act();
  }

  #escape(event) {
    const field = event.target.closest(TYPING);
    if (!field) return this.acts.clear();
    if (field.matches("input, textarea") && field.value) { field.value = ""; return undefined; }
    return field.blur();
  }

  #single(event) {
    if (ARROWS[event.key]) return this.#move(event);
    if (!this.on) return undefined;
    if (event.key === "/") return this.#do(event, this.acts.scan);
    if (event.key === "?") return this.#do(event, this.acts.help);
    if (event.key.toLowerCase() === "z") return this.#do(event, this.acts.undo);
    if (event.key.length === 1 && this.acts.status(event.key)) event.preventDefault();
    return undefined;
  }

  #move(event) {
    const columns = [...this.root.querySelectorAll(".queue:not([hidden])")]
      .map((queue) => [...queue.querySelectorAll(".job input[type=checkbox]")])
      .filter((boxes) => boxes.length);
    if (!columns.length) return;
    event.preventDefault();
    next(columns, this.root.activeElement, ARROWS[event.key]).focus();
  }
}

/** The box to which an arrow leads: [columns, rows] away from the present one. */
export function next(columns, present, [across, down]) {
  const x = columns.findIndex((boxes) => boxes.includes(present));
  if (x < 0) return columns[0][0];
  const y = columns[x].indexOf(present);
  const column = columns[Math.min(Math.max(x + across, 0), columns.length - 1)];
  return column[Math.min(Math.max(y + down, 0), column.length - 1)];
}
