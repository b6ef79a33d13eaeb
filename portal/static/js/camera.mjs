// Scanning with a phone's camera, in a dialogue. The reader of codes is the browser's own, or the
// one that comes with the portal; its WebAssembly is taken from this host and no other.
const FORMATS = ["qr_code", "code_128", "data_matrix", "itf", "ean_13"];
const EVERY_MS = 200;
const SAME_AGAIN_MS = 3000; // a code held in the picture counts once

export function bindCamera({ root = document, onRead, devices = navigator.mediaDevices }) {
  const dialog = root.querySelector("[data-camera]");
  const key = root.querySelector("[data-camera-key]");
  if (!dialog || !key) return null;
  key.hidden = false;
  const camera = new Camera({ dialog, onRead, devices });
  key.addEventListener("click", () => camera.start());
  dialog.addEventListener("close", () => camera.stop());
  return camera;
}

export class Camera {
  constructor({ dialog, onRead, devices, reader = makeReader }) {
    Object.assign(this, { dialog, onRead, devices, reader });
    this.words = dialog.dataset;
    this.video = dialog.querySelector("[data-video]");
    this.seen = new Map();
  }

  say(words) {
    this.dialog.querySelector("[data-camera-say]").textContent = words;
  }

  async start() {
    this.say(this.words.wait);
    if (!this.devices?.getUserMedia) return this.say(this.words.none);
    try {
      const video = { facingMode: { ideal: "environment" } };
      this.stream = await this.devices.getUserMedia({ video, audio: false });
    } catch (fault) {
      return this.say(this.#why(fault));
    }
    if (!this.dialog.open) return this.stop(); // shut while the browser was asking
    this.video.srcObject = this.stream;
    try {
      await this.video.play();
      this.detector = await this.reader(this.words);
    } catch {
      this.stop();
      return this.say(this.words.broken);
    }
    this.say(this.words.ready);
    return this.#loop();
  }

  #why(fault) {
    if (fault.name === "NotAllowedError" || fault.name === "SecurityError") return this.words.denied;
    return fault.name === "NotReadableError" ? this.words.busy : this.words.none;
  }

  async #loop() {
    while (this.stream) {
      try {
        for (const code of await this.detector.detect(this.video)) this.#read(code.rawValue);
      } catch { /* a frame that is not there yet */ }
      await new Promise((resolve) => { setTimeout(resolve, EVERY_MS); });
    }
  }

  #read(text, now = Date.now()) {
    if (now - (this.seen.get(text) ?? -SAME_AGAIN_MS) < SAME_AGAIN_MS) return;
    this.seen.set(text, now);
    navigator.vibrate?.(80);
    this.say(this.words.read.replace("{text}", text));
    this.onRead(text);
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
    this.seen.clear();
  }
}

/** Return a detector: the browser's own where it reads our codes, else the portal's. */
export async function makeReader({ ponyfill, wasm }, own = globalThis.BarcodeDetector) {
  const known = own ? await own.getSupportedFormats().catch(() => []) : [];
  if (FORMATS.slice(0, 2).every((format) => known.includes(format))) {
    return new own({ formats: FORMATS.filter((format) => known.includes(format)) });
  }
  const { BarcodeDetector, prepareZXingModule } = await import(ponyfill);
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return new BarcodeDetector({ formats: FORMATS });
}
