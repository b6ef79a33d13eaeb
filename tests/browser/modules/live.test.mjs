// The stream with a socket that answers when the test says so.
import { Stream, wakeWith } from "../live.mjs";
import { same } from "./check.mjs";

class FakeSocket {
  constructor() {
    Object.assign(this, { handlers: {}, asked: [], connected: false, acts: [] });
  }

  on(name, handler) { this.handlers[name] = handler; }

  timeout() { return this; }

  emit(name, message, answer) { this.asked.push({ name, message, answer }); }

  connect() { this.acts.push("connect"); return this; }

  disconnect() { this.acts.push("disconnect"); return this; }

  open() { this.connected = true; this.handlers.connect(); }

  cut() { this.connected = false; this.handlers.disconnect(); }

  hear(cursor) { this.handlers.event(message(cursor)); }

  last() { return this.asked.at(-1); }
}

const message = (cursor) => ({ topic: "consignment", ref: "QS1", cursor, data: {} });
const events = (...cursors) => ({ ok: true, reset: false, cursor: cursors.at(-1) ?? "0", events: cursors.map(message) });

function following({ after = "0" } = {}) {
  const socket = new FakeSocket();
  const heard = [];
  const states = [];
  const resets = [];
  const stream = new Stream({ connect: () => socket, onState: ({ on }) => states.push(on) });
  stream.follow("consignment", "QS1", {
    after,
    token: "t",
    onEvent: ({ cursor }) => heard.push(cursor),
    onReset: () => resets.push(true),
  });
  return { socket, heard, states, resets, stream };
}

export const tests = {
  "it asks only once it is connected, from where the page stands"() {
    const { socket } = following({ after: "7" });
    same(socket.asked.length, 0);
    socket.open();
    same(socket.last().message, { topic: "consignment", ref: "QS1", token: "t", after: "7" });
  },

  "what was missed comes before what arrives later"() {
    const { socket, heard } = following();
    socket.open();
    socket.last().answer(null, events("1", "2"));
    socket.hear("3");
    same(heard, ["1", "2", "3"]);
  },

  "what arrives before the answer is given after it"() {
    const { socket, heard } = following();
    socket.open();
    socket.hear("3");
    socket.hear("4");
    same(heard, []);
    socket.last().answer(null, events("1", "2"));
    same(heard, ["1", "2", "3", "4"]);
  },

  "after a cut it asks from the last event on"() {
    const { socket, heard } = following();
    socket.open();
    socket.last().answer(null, events("1"));
    socket.hear("2");
    socket.cut();
    socket.open();
    same(socket.last().message.after, "2");
    socket.last().answer(null, events("3"));
    same(heard, ["1", "2", "3"]);
  },

  "a cut before the answer forgets nothing and doubles nothing"() {
    const { socket, heard } = following();
    socket.open();
    const [first] = socket.asked;
    socket.hear("2");
    socket.cut();
    socket.open();
    same(socket.last().message.after, "0");
    socket.last().answer(null, events("1", "2"));
    first.answer(new Error("late"));
    same(heard, ["1", "2"]);
  },

  "a question without an answer is asked again"() {
    const { socket, heard } = following();
    socket.open();
    socket.last().answer(new Error("timeout"));
    same(socket.asked.length, 2);
    socket.last().answer(null, events("1"));
    same(heard, ["1"]);
  },

  "a question without an answer is not asked into a cut line"() {
    const { socket } = following();
    socket.open();
    socket.cut();
    socket.asked[0].answer(new Error("timeout"));
    same(socket.asked.length, 1);
  },

  "a cursor that is too old loads the page anew"() {
    const { socket, resets } = following();
    socket.open();
    socket.last().answer(null, { ok: true, reset: true, cursor: "90", events: [] });
    same(resets, [true]);
  },

  "the state is on with an answer and off with a cut"() {
    const { socket, states } = following();
    socket.open();
    same(states, []);
    socket.last().answer(null, events());
    socket.cut();
    same(states, [true, false]);
  },

  "a refusal is said and not asked again"() {
    const { socket, states } = following();
    socket.open();
    socket.last().answer(null, { ok: false, error: { code: "not_found" } });
    socket.cut();
    socket.open();
    same(states, [false, false]);
    same(socket.asked.length, 1);
  },

  "events of other things are not heard"() {
    const { socket, heard } = following();
    socket.open();
    socket.last().answer(null, events());
    socket.handlers.event({ topic: "board", ref: "", cursor: "9", data: {} });
    same(heard, []);
  },

  "what is no longer followed is not heard"() {
    const { socket, heard, stream } = following();
    socket.open();
    socket.last().answer(null, events());
    stream.unfollow("consignment", "QS1");
    socket.hear("1");
    same(heard, []);
    same(socket.last().name, "unfollow");
  },

  "a machine that slept connects anew when it wakes"() {
    const socket = new FakeSocket();
    let time = 0;
    const [target, doc] = [new EventTarget(), new EventTarget()];
    doc.hidden = false;
    wakeWith(socket, { target, doc, now: () => time });
    socket.connected = true;
    time += 5_000;
    doc.dispatchEvent(new Event("visibilitychange"));
    same(socket.acts, []);
    time += 3_600_000;
    doc.dispatchEvent(new Event("visibilitychange"));
    same(socket.acts, ["disconnect", "connect"]);
  },

  "the network's return connects at once, its loss cuts at once"() {
    const socket = new FakeSocket();
    const [target, doc] = [new EventTarget(), new EventTarget()];
    wakeWith(socket, { target, doc, now: () => 0 });
    socket.connected = true;
    target.dispatchEvent(new Event("offline"));
    socket.connected = false;
    target.dispatchEvent(new Event("online"));
    target.dispatchEvent(new Event("pageshow"));
    same(socket.acts, ["disconnect", "connect", "connect"]);
  },

  "a page that is shown while its socket is about to connect does not say hello twice"() {
    const socket = new FakeSocket();
    const target = new EventTarget();
    wakeWith(socket, { target, doc: new EventTarget(), now: () => 0 });
    socket.active = true;
    target.dispatchEvent(new Event("pageshow"));
    same(socket.acts, []);
  },

  "the lamp goes out where the socket is refused"() {
    const states = [];
    const socket = new FakeSocket();
    new Stream({ connect: () => socket, onState: ({ on }) => states.push(on) });
    socket.handlers.connect_error();
    same(states, [false]);
  },
};
