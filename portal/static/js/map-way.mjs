// The way of one consignment: where it set out, what it passed, where it is, where it is to go.
import { addKeys, isCalm, makeMap, markIcon, unwrap, words } from "./map-base.mjs";

const MOVED_MS = 400;
const ROOM = { paddingTopLeft: [56, 60], paddingBottomRight: [64, 40], maxZoom: 8 };
const LONE_ZOOM = 6;

export class WayMap {
  constructor(figure) {
    this.says = JSON.parse(figure.dataset.says);
    this.map = makeMap(figure);
    this.marks = new Map(); // part of the way → its mark
    this.lines = {};
    addKeys(this.map, this.says, () => this.fit());
    this.take(figure);
    this.fit();
    this.draw();
  }

  /** Go on in another figure: a fragment of the page was drawn anew. */
  moveTo(figure) {
    const [mine, theirs] = [this.map.getContainer(), figure.querySelector("[data-map-canvas]")];
    const hadFocus = theirs === document.activeElement;
    theirs.replaceWith(mine);
    if (hadFocus) mine.focus();
    this.take(figure);
    if (!this.stops.every((stop) => this.map.getBounds().contains(stop.at))) this.fit();
    this.draw();
  }

  take(figure) {
    this.figure = figure;
    const stops = JSON.parse(figure.dataset.stops);
    let near = stops[0].lon;
    this.stops = stops.map((stop) => {
      near = unwrap(stop.lon, near);
      return { ...stop, at: [stop.lat, near] };
    });
  }

  fit() {
    const points = this.stops.map((stop) => stop.at);
    if (points.length === 1) this.map.setView(points[0], LONE_ZOOM, { animate: !isCalm() });
    else this.map.fitBounds(points, { ...ROOM, animate: !isCalm() });
  }

  draw() {
    const way = this.stops.filter((stop) => stop.kind !== "other"); // no line leads to other pieces
    const ahead = way.findIndex((stop) => stop.kind === "destination");
    const gone = ahead < 0 ? way : way.slice(0, ahead);
    this.line("casing", way);
    this.line("gone", gone);
    this.line("ahead", ahead < 0 ? [] : way.slice(Math.max(ahead - 1, 0)));
    const kept = new Set(this.stops.map((stop, index) => this.mark(stop, keyOf(stop, index))));
    for (const [key, mark] of this.marks) if (!kept.has(key)) { mark.remove(); this.marks.delete(key); }
  }

  line(kind, stops) {
    const points = stops.map((stop) => stop.at);
    this.lines[kind] ??= window.L.polyline([], { interactive: false, className: `map-${kind}` }).addTo(this.map);
    this.lines[kind].setLatLngs(points.length > 1 ? points : []);
  }

  mark(stop, key) {
    const icon = markIcon(stop.kind, { unsure: !stop.sure });
    const mark = this.marks.get(key);
    if (mark) {
      glide(mark, stop.at);
      mark.setIcon(icon);
      mark.unbindTooltip();
    }
    const shown = mark ?? window.L.marker(stop.at, { icon, interactive: false, keyboard: false, zIndexOffset: stop.kind === "now" ? 1000 : 0 }).addTo(this.map);
    if (stop.kind !== "passed") this.name(shown, stop);
    this.marks.set(key, shown);
    return key;
  }

  name(mark, stop) {
    const isNow = stop.kind === "now";
    const doubt = stop.sure ? "" : this.says.unsure;
    const text = words(["b", stop.name || (isNow ? this.says.now : "")], ["span", isNow ? stop.time : "", "label"], ["span", doubt, "label"]);
    if (!text.textContent.trim()) return;
    const isEast = this.map.latLngToContainerPoint(stop.at).x > this.map.getSize().x * 0.55;
    mark.bindTooltip(text, {
      permanent: true,
      direction: isNow ? "top" : isEast ? "left" : "right",
      offset: isNow ? [0, -16] : isEast ? [-16, 0] : [16, 0],
      className: isNow ? "map-tip map-tip--now" : "map-tip",
    });
  }
}

const keyOf = (stop, index) => (stop.kind === "passed" || stop.kind === "other" ? `${stop.kind} ${index}` : stop.kind);

/** Let a mark go to its new place, unless the reader wants things to stand still. */
function glide(mark, at) {
  const part = mark.getElement();
  if (part && !isCalm()) {
    part.classList.add("is-moving");
    setTimeout(() => mark.getElement()?.classList.remove("is-moving"), MOVED_MS);
  }
  mark.setLatLng(at);
}
