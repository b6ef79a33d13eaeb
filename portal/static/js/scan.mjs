// The scan field and the paste box: what is entered becomes ticked cards in the "scanned" column.
// A number whose card is already on the page is ticked there, without asking the server.
export class Scanner {
  /** look(text) answers with the fragment of cards; say(words) tells a screen reader. */
  constructor({ root, look, say, onChange, onKey, onLost }) {
    Object.assign(this, { root, look, say, onChange, onKey, onLost });
    this.field = root.querySelector("[data-scan]");
    this.paste = root.querySelector("#numbers");
    this.column = root.querySelector("[data-scanned]");
    this.place = this.column.querySelector("[data-jobs]");
    this.settled = Promise.resolve(); // what was entered so far stands on the page
  }

  bind() {
    this.field.addEventListener("keydown", (event) => this.#entered(event));
    const button = this.root.querySelector("[data-look]");
    button.hidden = false;
    button.addEventListener("click", () => this.#pasted());
    this.column.querySelector("[data-clear]").addEventListener("click", () => this.clear());
  }

  #entered(event) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const text = this.field.value.trim();
    this.field.value = "";
    if (text.length === 1 && this.onKey(text)) return;
    if (text) this.add(text);
  }

  async #pasted() {
    const text = this.paste.value.trim();
    if (!text) return;
    this.paste.value = "";
    this.paste.closest("details").open = false;
    await this.add(text);
    this.field.focus();
  }

  /** Tick what `text` names; returns once it stands on the page. */
  add(text) {
    const work = this.#add(text);
    this.settled = Promise.all([this.settled, work]);
    return work;
  }

  async #add(text) {
    const card = this.find(normalise(text));
    if (card) {
      this.#tick(card);
      this.#added(card.dataset.no);
      return;
    }
    try {
      this.#put(await this.look(text));
    } catch {
      this.paste.value = [this.paste.value, text].filter(Boolean).join("\n");
      this.onLost();
    }
  }

  find(no) {
    return /^[0-9A-Z]+$/.test(no) ? this.root.querySelector(`.job[data-no="${no}"]`) : null;
  }

  #put(fragment) {
    for (const miss of this.place.querySelectorAll(".scan-miss")) miss.remove();
    let last = "";
    for (const part of [...fragment.children]) {
      const known = part.dataset.no && this.find(part.dataset.no);
      if (known) this.#tick(known);
      else this.place.prepend(part);
      last = part.dataset.no ?? part.textContent;
    }
    this.column.hidden = !this.place.children.length;
    this.#added(last);
  }

  #tick(card) {
    const box = card.querySelector("input[type=checkbox]");
    if (box) box.checked = true;
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #added(what) {
    const count = this.onChange();
    this.say("added", { no: what, count });
  }

  /** Take cards out of the column that need no more attention. */
  forget(numbers) {
    for (const no of numbers) this.place.querySelector(`.job[data-no="${CSS.escape(no)}"]`)?.remove();
    this.column.hidden = !this.place.children.length;
  }

  clear() {
    this.place.replaceChildren();
    this.column.hidden = true;
    this.onChange();
    this.field.focus();
  }
}

/** What a person or a scanner enters as a number, as the page writes it. */
export function normalise(text) {
  const plain = text.normalize("NFKC").trim().toUpperCase();
  if (!plain.startsWith("QS")) return plain;
  const misread = { O: "0", I: "1", L: "1", U: "V", " ": "", "-": "" };
  return "QS" + plain.slice(2).replace(/[OILU \-]/g, (c) => misread[c]);
}
