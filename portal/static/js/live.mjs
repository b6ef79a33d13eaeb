// The stream: follows things over the socket and catches up by itself after every cut.
// The connection is made once a page; its maker is passed in so that it can be tested.
const ANSWER_WITHIN_MS = 8_000; // a server that is just starting may drop a question
const PING_AFTER_SLEEP_MS = 45_000; // timers that slept this long mean that the machine did

export class Stream {
  /** connect(): a Socket.IO client of namespace /live. onState({on, at}) hears of cuts. */
  constructor({ connect, onState = () => {} }) {
    this.followed = new Map();
    this.onState = onState;
    this.socket = connect();
    this.socket.on("connect", () => this.#resume());
    this.socket.on("disconnect", () => this.#cut());
    this.socket.on("connect_error", () => this.#cut());
    this.socket.on("event", (message) => this.#hear(message));
  }

  /** Follow a thing from `after` on; onEvent(message) comes once each, in order. */
  follow(topic, ref, { after, token, onEvent, onReset = () => {} }) {
    const thing = { topic, ref, token, after, onEvent, onReset, waiting: null };
    this.followed.set(`${topic}|${ref}`, thing);
    if (this.socket.connected) this.#ask(thing);
  }

  unfollow(topic, ref) {
    this.followed.delete(`${topic}|${ref}`);
    if (this.socket.connected) this.socket.emit("unfollow", { topic, ref });
  }

  /** Say something that is not kept, such as "typing"; without a connection it is not said. */
  say(name, message) {
    if (this.socket.connected) this.socket.emit(name, message);
  }

  #resume() {
    for (const thing of this.followed.values()) this.#ask(thing);
  }

  #ask(thing) {
    thing.waiting = []; // what is heard before the answer belongs behind it
    const { topic, ref, token, after } = thing;
    this.socket.timeout(ANSWER_WITHIN_MS).emit("follow", { topic, ref, token, after }, (late, answer) => {
      if (!late) this.#answered(thing, answer);
      else if (this.socket.connected) this.#ask(thing);
    });
  }

  #answered(thing, answer) {
    if (!answer?.ok) {
      this.followed.delete(`${thing.topic}|${thing.ref}`);
      this.onState({ on: false, at: new Date() });
      return;
    }
    if (answer.reset) thing.onReset();
    const early = thing.waiting ?? [];
    thing.waiting = null;
    thing.after = answer.cursor;
    for (const message of [...answer.events, ...early]) this.#give(thing, message);
    this.onState({ on: true, at: new Date() });
  }

  #hear(message) {
    const thing = this.followed.get(`${message.topic}|${message.ref}`);
    if (!thing) return;
    if (thing.waiting) thing.waiting.push(message);
    else this.#give(thing, message);
    this.onState({ on: true, at: new Date() });
  }

  #give(thing, message) {
    thing.after = message.cursor;
    thing.onEvent(message);
  }

  #cut() {
    this.onState({ on: false, at: new Date() });
  }
}

/** Ask the socket to come again at once when the machine wakes or the network returns. */
export function wakeWith(socket, { target = window, doc = document, now = Date.now } = {}) {
  let seen = now();
  const tick = () => {
    if (now() - seen > PING_AFTER_SLEEP_MS && socket.connected) socket.disconnect().connect();
    seen = now();
  };
  // One that is about to connect must not be asked to: it would say hello twice and be refused.
  const again = () => { if (!socket.connected && !socket.active) socket.connect(); };
  setInterval(tick, 10_000);
  target.addEventListener("online", again);
  target.addEventListener("offline", () => socket.disconnect());
  target.addEventListener("pageshow", again);
  doc.addEventListener("visibilitychange", () => { if (!doc.hidden) { tick(); again(); } });
}
