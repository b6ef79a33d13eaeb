// What a step sounds and feels like: good one high beep, warn two, bad a long low one; with a
// vibration that tells them apart in a loud hall. Quiet is kept for this device.
const QUIET = "floor.quiet";
const SOUNDS = {
  good: [{ hertz: 1760, from: 0, for: 0.09 }],
  warn: [{ hertz: 990, from: 0, for: 0.11 }, { hertz: 990, from: 0.19, for: 0.11 }],
  bad: [{ hertz: 196, from: 0, for: 0.65 }],
};
const SHAKES = { good: [60], warn: [90, 70, 90], bad: [420] };

export class Cues {
  constructor({ storage = window.localStorage, audio = globalThis.AudioContext, vibrate } = {}) {
    Object.assign(this, { storage, audio });
    this.vibrate = vibrate ?? shake;
    this.played = []; // what was given, for whoever asks
  }

  get quiet() {
    try {
      return this.storage.getItem(QUIET) === "yes";
    } catch {
      return false; // a browser that keeps nothing
    }
  }

  set quiet(on) {
    try {
      this.storage.setItem(QUIET, on ? "yes" : "no");
    } catch { /* it holds until the page is left */ }
  }

  /** Browsers let a page sound only after it was touched: call this on the first press. */
  wake() {
    if (!this.audio || this.context) return;
    this.context = new this.audio();
  }

  give(cue) {
    const name = SOUNDS[cue] ? cue : "bad";
    this.played.push(name);
    this.vibrate(SHAKES[name]);
    if (this.quiet) return;
    this.wake();
    if (!this.context) return;
    if (this.context.state === "suspended") this.context.resume().catch(() => {});
    for (const tone of SOUNDS[name]) this.#tone(tone);
  }

  #tone({ hertz, from, for: length }) {
    const begin = this.context.currentTime + from;
    const swing = this.context.createOscillator();
    const volume = this.context.createGain();
    swing.type = hertz < 400 ? "sawtooth" : "square";
    swing.frequency.value = hertz;
    volume.gain.setValueAtTime(0.001, begin);
    volume.gain.exponentialRampToValueAtTime(0.3, begin + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + length);
    swing.connect(volume).connect(this.context.destination);
    swing.start(begin);
    swing.stop(begin + length + 0.02);
  }
}

/** Browsers shake a device only once its page was touched, and complain before that. */
function shake(pattern) {
  if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(pattern);
}
