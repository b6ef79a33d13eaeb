// A live room: what is new comes by itself, older messages come in front without a jump.
//   [data-follow="chat" data-room="/url" data-newest]   the room; data-newest: its end is shown
//   [data-talk] [data-earlier] form[data-say] [data-arrived] [data-spoken] [data-here]
// Without JavaScript the same links and the same form load the page anew.
import { sayWhileTyping, Writers } from "./topic.mjs";

const HERE_EVERY_MS = 20_000;
const NEAR_PX = 48;
const AGAIN_MS = 3000;

export class Room {
  /** place: the element that follows the room; the rest is passed in for tests. */
  constructor(place, { fetch = window.fetch.bind(window), doc = document, againMs = AGAIN_MS } = {}) {
    this.againMs = againMs;
    this.place = place;
    this.fetch = fetch;
    this.doc = doc;
    this.url = place.dataset.room;
    this.pane = place.querySelector("[data-talk]");
    this.form = place.querySelector("form[data-say]");
    this.waiting = 0;
    this.catching = null;
    this.again = false;
  }

  get list() { return this.place.querySelector(".talk-list"); }

  get last() {
    const items = this.list.querySelectorAll("[data-no]");
    return items.length ? Number(items[items.length - 1].dataset.no) : 0;
  }

  bind() {
    this.place.addEventListener("live:event", (event) => this.heard(event.detail));
    this.pane.addEventListener("click", (event) => this.clicked(event));
    this.pane.addEventListener("scroll", () => { if (this.isNear()) this.seen(); }, { passive: true });
    this.place.querySelector("[data-to-newest]")?.addEventListener("click", () => this.toNewest());
    this.form?.addEventListener("submit", (event) => this.send(event));
    this.form?.querySelector("textarea").addEventListener("keydown", (event) => this.key(event));
    this.doc.addEventListener("visibilitychange", () => { if (!this.doc.hidden && this.isNear()) this.catchUp(); });
    this.pane.querySelector("[data-unread]")?.scrollIntoView({ block: "center" });
    this.bindWriters();
    setTimeout(() => this.lookWhoIsHere(), 2500);
    setInterval(() => this.lookWhoIsHere(), HERE_EVERY_MS);
  }

  /** Tell of those who write, and say that one writes oneself. */
  bindWriters() {
    const { follow: topic, ref } = this.place.dataset;
    this.writers = new Writers({ line: this.place.querySelector("[data-typing]") });
    this.doc.addEventListener("live:typing", ({ detail }) => { if (detail.ref === ref) this.writers.heard(detail.who); });
    const say = () => this.doc.dispatchEvent(new CustomEvent("live:say", { detail: ["typing", { topic, ref }] }));
    if (this.form) sayWhileTyping(this.form.querySelector("textarea"), say);
  }

  isNear() { return Math.abs(this.pane.scrollTop) < NEAR_PX; }

  heard({ type, data }) {
    if (type === "rooms.message_sent") this.catchUp();
    else if (type === "rooms.message_changed") this.renew(data.no);
    else if (type === "rooms.room_changed") window.location.reload();
  }

  /** Fetch what is behind the last message; one question at a time, none is forgotten. */
  async catchUp() {
    if (!this.place.dataset.newest) { this.count(1); return; }
    if (this.catching) { this.again = true; return; }
    const seen = this.isNear() && !this.doc.hidden ? "1" : "";
    this.catching = this.part(`${this.url}/behind?no=${this.last}&seen=${seen}`);
    const html = await this.catching;
    this.catching = null;
    if (html) this.append(html);
    else if (html === undefined) setTimeout(() => this.catchUp(), this.againMs);
    if (this.again) { this.again = false; this.catchUp(); }
  }

  /** Fetch a part: null where there is none for this reader, undefined where it may come later. */
  async part(url) {
    try {
      const answer = await this.fetch(url, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
      if (answer.ok) return await answer.text();
      return answer.status >= 500 || answer.status === 429 ? undefined : null;
    } catch {
      return undefined; // the network went away
    }
  }

  parse(html) {
    const template = this.doc.createElement("template");
    template.innerHTML = html.trim(); // our own server's fragment, escaped there
    return template.content.querySelector(".talk-list");
  }

  append(html, mine = false) {
    const near = this.isNear();
    const fresh = this.parse(html);
    if (!fresh) return;
    const items = [...fresh.children].filter((item) => Number(item.dataset.no) > this.last);
    const before = this.pane.scrollHeight;
    const top = this.pane.scrollTop;
    this.list.append(...items);
    if (items.length) this.place.querySelector("[data-nothing]")?.remove();
    if (near || mine) this.pane.scrollTop = 0; // the pane's end: it is laid out from there
    else this.pane.scrollTop = top - (this.pane.scrollHeight - before);
    const others = items.filter((item) => item.dataset.said);
    for (const item of others) this.writers?.stopped(item.dataset.who);
    if (others.length) this.say(others.map((item) => item.dataset.said).slice(-3).join(". "));
    if (!near && !mine) this.count(others.length);
    if (fresh.dataset.more) this.catchUp();
  }

  say(words) {
    const voice = this.place.querySelector("[data-spoken]");
    if (voice) voice.textContent = words;
  }

  count(more) {
    const note = this.place.querySelector("[data-arrived]");
    if (!note || !more) return;
    this.waiting += more;
    const text = note.querySelector("[data-arrived-text]");
    text.textContent = this.waiting === 1 ? text.dataset.one : text.dataset.many.replace("{count}", this.waiting);
    note.hidden = false;
  }

  seen() {
    if (!this.waiting || !this.place.dataset.newest) return;
    this.waiting = 0;
    this.place.querySelector("[data-arrived]").hidden = true;
    this.catchUp();
  }

  toNewest() {
    if (!this.place.dataset.newest) { window.location.assign(this.url); return; }
    this.pane.scrollTop = 0;
    this.seen();
  }

  async renew(no) {
    const old = this.list.querySelector(`[data-no="${Number(no)}"]`);
    const html = old && await this.part(`${this.url}/${Number(no)}/part`);
    const fresh = html && this.parse(html)?.querySelector("[data-no]");
    if (fresh && !old.contains(this.doc.activeElement)) old.replaceWith(fresh);
  }

  clicked(event) {
    const link = event.target.closest("[data-earlier]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.earlier(link);
  }

  /** Put older messages in front; what is before the reader's eyes stays where it is. */
  async earlier(link) {
    const html = await this.part(link.href);
    const older = html && this.parse(html);
    if (!older) { window.location.assign(link.href); return; }
    const top = this.pane.scrollTop;
    this.list.prepend(...older.children);
    this.pane.scrollTop = top;
    if (older.dataset.older) {
      const url = new URL(link.href);
      url.searchParams.set("before", older.dataset.older);
      link.href = url;
    } else {
      link.remove();
      this.pane.focus();
    }
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    if (window.matchMedia("(pointer: coarse)").matches) return; // a phone's Enter begins a line
    event.preventDefault();
    this.form.requestSubmit();
  }

  async send(event) {
    if (!this.place.dataset.newest) return; // the page is loaded anew, at its end
    event.preventDefault();
    const field = this.form.querySelector("textarea");
    if (this.sending || !field.value.trim()) return;
    this.sending = true;
    this.fault("");
    const body = new FormData(this.form);
    body.set("last", this.last);
    await this.post(body, field);
    this.sending = false;
  }

  async post(body, field) {
    const fault = this.place.querySelector("[data-fault]");
    try {
      const answer = await this.fetch(this.form.action.split("#")[0], {
        method: "POST", body, headers: { "X-Fragment": "1" }, credentials: "same-origin",
      });
      const text = await answer.text();
      if (answer.status === 201) this.sent(text, field);
      else if (answer.status === 422) this.fault(text);
      else this.fault(fault.dataset.offline);
    } catch {
      this.fault(fault.dataset.offline); // the same form sent again is the same message
    }
  }

  sent(html, field) {
    field.value = "";
    this.form.elements.form_name.value = crypto.randomUUID();
    field.dispatchEvent(new Event("input", { bubbles: true })); // the draft goes with it
    this.append(html, true);
    this.waiting = 0;
    this.place.querySelector("[data-arrived]").hidden = true;
    field.focus();
  }

  fault(words) {
    const fault = this.place.querySelector("[data-fault]");
    fault.textContent = words;
    fault.hidden = !words;
  }

  async lookWhoIsHere() {
    const old = this.place.querySelector("[data-here]");
    if (!old || this.doc.hidden) return;
    const html = await this.part(old.dataset.here);
    if (!html) return;
    const template = this.doc.createElement("template");
    template.innerHTML = html.trim();
    const fresh = template.content.querySelector("[data-here]");
    if (fresh && !fresh.isEqualNode(old)) old.replaceWith(fresh);
  }
}

const place = document.querySelector("[data-room]");
if (place) new Room(place).bind();
