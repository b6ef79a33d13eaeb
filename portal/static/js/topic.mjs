// A topic while it is read: what is written arrives, what changes changes in place, and what was
// really seen counts as read. The place is [data-topic="address"] of templates/forum/topic.html;
// follow.mjs tells of events ("live:event") and of who writes ("live:typing").
// The reader's place on the page, what he has marked and what he is typing stay as they are.
const SEEN_MS = 900; // a post in view for so long was seen
const TOLD_MS = 1500; // what was seen is told together
const SAYS_EVERY_MS = 4000;
const WRITES_MS = 6500; // nothing heard for so long: writes no more
const CALM_MS = 120; // what happens together is fetched together
const CHANGES = new Set(["forum.post_edited", "forum.post_reacted", "forum.post_shown"]);

export class Topic {
  constructor({ place, fetch, token = "", doc = document }) {
    Object.assign(this, { place, fetch, token, doc });
    this.address = place.dataset.topic;
    this.isLast = place.dataset.lastPage === "yes";
    this.last = Number(place.dataset.last);
    this.shown = Math.max(0, ...this.posts().map((post) => Number(post.dataset.post)));
    this.accepted = place.dataset.accepted;
    this.around = place.parentElement;
    this.changed = new Set();
    this.missed = 0;
  }

  posts() { return [...this.place.querySelectorAll("[data-post]")]; }

  /** What an event of the stream does to the page. */
  happened({ type, data }) {
    if (type === "forum.post_written") this.arrived(data.no);
    else if (CHANGES.has(type)) this.renew(data.no);
    else if (type === "forum.answer_accepted") this.answered(data.no);
  }

  arrived(no) {
    if (no <= this.last) return;
    this.last = no;
    if (this.isLast) this.soon("more", () => this.append());
    else this.count(this.missed + 1, no);
  }

  answered(no) {
    for (const each of [this.accepted, no]) if (each) this.renew(each);
    this.accepted = no ?? "";
  }

  renew(no) {
    this.changed.add(Number(no));
    this.soon("changed", () => this.replace());
  }

  soon(name, act) {
    clearTimeout(this[`${name}Soon`]);
    this[`${name}Soon`] = setTimeout(act, CALM_MS);
  }

  async append() {
    const fresh = await this.ask(`after=${this.shown}`);
    const posts = fresh.filter((post) => Number(post.dataset.post) > this.shown);
    if (!posts.length) return;
    const first = Number(posts[0].dataset.post);
    this.place.append(...posts);
    this.shown = Math.max(this.shown, ...posts.map((post) => Number(post.dataset.post)));
    this.last = Math.max(this.last, this.shown);
    this.silence(posts);
    posts.forEach((post) => { post.classList.add("is-fresh"); this.onPost?.(post); });
    this.count(this.missed + posts.length, first);
  }

  /** Say how many posts have arrived that are not in view. */
  count(number, first) {
    const notice = this.around.querySelector("[data-new]");
    if (!notice) return;
    if (!this.missed) this.firstMissed = first;
    this.missed = number;
    notice.hidden = number === 0;
    const way = notice.querySelector("a");
    way.textContent = number === 1 ? way.dataset.one : way.dataset.many.replace("{count}", number);
    way.href = this.isLast ? `#p${this.firstMissed}` : `${this.address}?post=${this.firstMissed}#p${this.firstMissed}`;
    const voice = this.around.querySelector("[data-announce]");
    if (voice && number) voice.textContent = way.textContent;
  }

  async replace() {
    const here = [...this.changed].filter((no) => this.find(no));
    this.changed.clear();
    if (!here.length) return;
    for (const post of await this.ask(here.map((no) => `no=${no}`).join("&"))) this.put(post);
  }

  find(no) { return this.place.querySelector(`[data-post="${no}"]`); }

  /** Put a post in the place of what it was: not while something in it is marked or opened. */
  put(post) {
    const old = this.find(post.dataset.post);
    if (!old || old.isEqualNode(post)) return;
    if (this.isMarked(old)) { setTimeout(() => this.renew(post.dataset.post), WRITES_MS); return; }
    old.querySelectorAll("details").forEach((each, index) => {
      const same = post.querySelectorAll("details")[index];
      if (same) same.open = each.open;
    });
    const at = keyOf(this.doc.activeElement, old);
    old.replaceWith(post);
    if (at) post.querySelector(at)?.focus({ preventScroll: true });
    this.onPost?.(post);
  }

  isMarked(post) {
    const marked = this.doc.getSelection?.();
    return Boolean(marked && !marked.isCollapsed && marked.containsNode(post, true));
  }

  async ask(asked) {
    try {
      const answer = await this.fetch(`${this.address}/posts?${asked}`, { credentials: "same-origin", headers: { "X-Fragment": "1" } });
      if (!answer.ok) return [];
      const box = this.doc.createElement("template");
      box.innerHTML = await answer.text(); // our own server's posts, escaped there
      return [...box.content.querySelectorAll("[data-post]")];
    } catch {
      return []; // the network went away; the stream catches up when it is back
    }
  }

  /** Who has published is writing no more. */
  silence(posts) {
    for (const post of posts) this.writers?.stopped(post.querySelector(".post-who b")?.textContent);
  }
}

/** A selector by which the same key is found in the post that takes the place of an old one. */
function keyOf(focused, post) {
  if (!focused || !post.contains(focused)) return "";
  for (const name of ["formaction", "href"]) {
    const value = focused.getAttribute(name);
    const also = focused.value && name === "formaction" ? `[value="${CSS.escape(focused.value)}"]` : "";
    if (value) return `[${name}="${CSS.escape(value)}"]${also}`;
  }
  return "";
}

/** Tells the server up to which post this person has seen the topic. */
export class Seen {
  constructor({ topic, tell, watch = (act) => new IntersectionObserver(act, { threshold: [0, 0.5] }) }) {
    Object.assign(this, { topic, tell });
    this.read = Number(topic.place.dataset.read);
    this.timers = new Map();
    this.view = watch((changes) => changes.forEach((change) => this.#looked(change)));
    topic.posts().forEach((post) => this.view.observe(post));
  }

  add(post) { this.view.observe(post); }

  #looked({ target, isIntersecting, intersectionRatio, intersectionRect, rootBounds }) {
    const tall = rootBounds && intersectionRect.height > rootBounds.height / 3;
    clearTimeout(this.timers.get(target));
    if (!isIntersecting || !(intersectionRatio >= 0.5 || tall)) return;
    this.timers.set(target, setTimeout(() => this.#saw(target), SEEN_MS));
  }

  #saw(post) {
    const no = Number(post.dataset.post);
    this.view.unobserve(post);
    if (this.topic.missed && no >= this.topic.firstMissed) this.topic.count(0, 0);
    if (no <= this.read || document.visibilityState === "hidden") return;
    this.read = no;
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.flush(), TOLD_MS);
  }

  flush() {
    if (this.read > (this.told ?? Number(this.topic.place.dataset.read))) {
      this.told = this.read;
      this.tell(this.read);
    }
  }
}

/** Says who is writing: at most two by name. */
export class Writers {
  constructor({ line, now = Date.now }) {
    Object.assign(this, { line, now });
    this.who = new Map();
  }

  heard({ name }) {
    this.who.set(name, this.now() + WRITES_MS);
    this.show();
    setTimeout(() => this.show(), WRITES_MS + 50);
  }

  stopped(name) {
    if (this.who.delete(name)) this.show();
  }

  show() {
    for (const [name, until] of this.who) if (until <= this.now()) this.who.delete(name);
    const [name, other] = [...this.who.keys()];
    const said = this.who.size > 2 ? "many" : this.who.size === 2 ? "two" : "one";
    this.line.hidden = this.who.size === 0;
    this.line.textContent = name ? this.line.dataset[said].replace("{name}", name).replace("{other}", other) : "";
  }
}

/** Calls say() while somebody types, not more often than the others need it. */
export function sayWhileTyping(field, say, now = Date.now) {
  let said = 0;
  field.addEventListener("input", () => {
    if (!field.value.trim() || now() - said < SAYS_EVERY_MS) return;
    said = now();
    say();
  });
}

export function bind(place, { fetch = window.fetch.bind(window), doc = document } = {}) {
  const token = doc.querySelector("meta[name=csrf-token]")?.content ?? "";
  const topic = new Topic({ place, fetch, token, doc });
  const tell = (no) => {
    const body = new URLSearchParams({ csrf_token: token, no });
    if (!navigator.sendBeacon(`${topic.address}/seen`, body)) fetch(`${topic.address}/seen`, { method: "POST", body });
  };
  const seen = new Seen({ topic, tell });
  topic.onPost = (post) => { seen.add(post); doc.dispatchEvent(new CustomEvent("topic:post", { detail: post })); };
  doc.addEventListener("visibilitychange", () => { if (doc.hidden) seen.flush(); });
  const followed = topic.around;
  followed.addEventListener("live:event", (event) => topic.happened(event.detail));
  const writers = (topic.writers = new Writers({ line: followed.querySelector("[data-typing]") }));
  const { follow, ref } = followed.dataset;
  doc.addEventListener("live:typing", ({ detail }) => { if (detail.ref === ref) writers.heard(detail.who); });
  doc.addEventListener("topic:renew", ({ detail }) => topic.renew(detail));
  const field = doc.querySelector("#reply textarea");
  if (field) sayWhileTyping(field, () => doc.dispatchEvent(new CustomEvent("live:say", { detail: ["typing", { topic: follow, ref }] })));
  return topic;
}

const place = globalThis.document?.querySelector("[data-topic]");
if (place) bind(place);
