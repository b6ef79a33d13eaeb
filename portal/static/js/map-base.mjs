// What all maps share: the frame with its keys, land or tiles below, a graticule, and names.
const TILE_ZOOM = 18;
const OWN_ZOOM = 9; // nearer, a coast drawn at 1 : 50 000 000 says nothing any more
const FINE_FROM = 5; // zoom from which the finer coast is fetched
const STEPS = [[3, 20], [5, 10], [7, 5], [99, 1]]; // below this zoom: degrees between two lines

export const isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const isTouched = () => window.matchMedia("(pointer: coarse)").matches;

/** Make the map of a figure. `roams`: it may be moved with one finger and by the wheel at once. */
export function makeMap(figure, { roams = false } = {}) {
  const { L } = window;
  const { tiles } = figure.dataset;
  const moves = !isCalm();
  const map = L.map(figure.querySelector("[data-map-canvas]"), {
    attributionControl: false,
    zoomControl: false,
    minZoom: 1,
    maxZoom: tiles ? TILE_ZOOM : OWN_ZOOM,
    zoomSnap: 0.5,
    dragging: roams || !isTouched(),
    scrollWheelZoom: roams,
    inertia: moves, zoomAnimation: moves, fadeAnimation: moves, markerZoomAnimation: moves,
    maxBounds: [[-75, -360], [84, 540]],
    maxBoundsViscosity: 1,
  });
  if (!roams) wheelOnlyWhenChosen(map);
  if (tiles) L.tileLayer(tiles, { maxZoom: TILE_ZOOM }).addTo(map);
  else drawLand(map, figure.dataset);
  return map;
}

/** The wheel turns the page until somebody has put the pointer or the focus into the map. */
function wheelOnlyWhenChosen(map) {
  const place = map.getContainer();
  place.addEventListener("focusin", () => map.scrollWheelZoom.enable());
  place.addEventListener("focusout", () => map.scrollWheelZoom.disable());
}

/** Put the keys for closer, farther and the whole into a corner; onWhole() shows everything. */
export function addKeys(map, says, onWhole) {
  const { L } = window;
  L.control.zoom({ zoomInTitle: says.in, zoomOutTitle: says.out, position: "topright" }).addTo(map);
  const Whole = L.Control.extend({
    options: { position: "topright" },
    onAdd() {
      const bar = L.DomUtil.create("div", "leaflet-bar");
      const key = L.DomUtil.create("a", "", bar);
      Object.assign(key, { href: "#", title: says.whole, textContent: "⤢" });
      key.setAttribute("role", "button");
      key.setAttribute("aria-label", says.whole);
      L.DomEvent.disableClickPropagation(bar);
      L.DomEvent.on(key, "click", (event) => { L.DomEvent.preventDefault(event); onWhole(); });
      return bar;
    },
  });
  new Whole().addTo(map);
}

/** Return longitude `lon` on the copy of the world that is nearest to `near`. */
export const unwrap = (lon, near) => lon + 360 * Math.round((near - lon) / 360);

/** Return an icon of a mark: <span class="map-mark map-mark--kind"><i>. */
export function markIcon(kind, { unsure = false, size = 40 } = {}) {
  const name = `map-mark map-mark--${kind}${unsure ? " map-mark--unsure" : ""}`;
  const html = document.createElement("i");
  return window.L.divIcon({ className: name, iconSize: [size, size], html });
}

/** Return what stands between words: a dot, in Chinese without room beside it. */
export const dot = () => (document.documentElement.lang.startsWith("zh") ? "·" : " · ");

/** Return words as an element, so that no name is ever read as markup. */
export function words(...parts) {
  const box = document.createElement("span");
  for (const [tag, text, name] of parts) {
    if (!text) continue;
    const part = document.createElement(tag);
    part.textContent = text;
    if (name) part.className = name;
    box.append(part, " ");
  }
  return box;
}

/** Hide the words that would lie on others; the first ones stay. Call it for a list by rank. */
export function declutter(map, layers) {
  const draw = () => {
    const { left: west, right: east } = map.getContainer().getBoundingClientRect();
    const keys = [...map.getContainer().querySelectorAll(".leaflet-bar")].map((bar) => bar.getBoundingClientRect());
    const boxes = keys.map((box) => [box.left, box.top, box.right, box.bottom]);
    for (const layer of layers) {
      const part = layer.getTooltip()?.getElement();
      if (!part) continue;
      const { left, top, right, bottom } = part.getBoundingClientRect();
      const box = [left, top, right, bottom];
      const isFree = left >= west && right <= east && !boxes.some((other) => meets(box, other));
      part.style.visibility = isFree ? "" : "hidden";
      if (isFree) boxes.push(box);
    }
  };
  map.on("zoomend moveend", draw);
  map.whenReady(draw);
}

// ---- land ----
function drawLand(map, { land, fine, names }) {
  const below = pane(map, "land", 200);
  pane(map, "grid", 210);
  const renderer = window.L.svg({ pane: below, padding: 0.4 });
  const state = { copies: new Map(), rings: null, isFine: false };
  const draw = () => { if (state.rings) drawCopies(map, state, renderer); };
  const take = async (url, isFine) => {
    const rings = await fetchRings(url);
    if (!rings && isFine && !state.rings) take(land, false); // better a coarse coast than none
    if (!rings || (state.isFine && !isFine)) return;
    for (const layers of state.copies.values()) layers.remove();
    Object.assign(state, { rings, isFine, copies: new Map() });
    draw();
  };
  let asked = false;
  const nearer = () => {
    if (asked || map.getZoom() < FINE_FROM) return;
    asked = true;
    take(fine, true);
  };
  map.on("moveend", () => { draw(); nearer(); });
  map.whenReady(() => { nearer(); if (!asked) take(land, false); });
  new Grid(map);
  new Names(map, names);
}

async function fetchRings(url) {
  try {
    const world = await (await fetch(url)).json();
    const found = window.topojson.feature(world, world.objects.land);
    return found.features.flatMap((each) => polygonsOf(each.geometry)).filter(isOnMap);
  } catch { return null; } // the names and the marks stay; the table says it all
}

const polygonsOf = ({ type, coordinates }) => (type === "Polygon" ? [coordinates] : coordinates);
const isOnMap = ([outer]) => outer.some(([, lat]) => lat > -60);

function drawCopies(map, state, renderer) {
  const { L } = window;
  const bounds = map.getBounds().pad(0.4);
  for (const shift of [-360, 0, 360]) {
    const sees = bounds.getEast() > shift - 180 && bounds.getWest() < shift + 180;
    if (!sees || state.copies.has(shift)) continue;
    const at = ([lon, lat]) => [lat, lon + shift];
    const land = state.rings.map((rings) => rings.map((ring) => ring.map(at)));
    const coast = state.rings.flatMap((rings) => rings.flatMap((ring) => coastOf(ring).map((part) => part.map(at))));
    const options = { renderer, interactive: false, smoothFactor: 1.2 };
    state.copies.set(shift, L.layerGroup([
      L.polygon(land, { ...options, className: "map-land", stroke: false }),
      L.polyline(coast, { ...options, className: "map-coast" }),
    ]).addTo(map));
  }
}

/** Return a ring without the edge along which the world is cut open. */
function coastOf(ring) {
  const parts = [[]];
  for (let i = 0; i < ring.length; i += 1) {
    const isCut = i > 0 && Math.abs(ring[i][0]) > 179.9 && Math.abs(ring[i - 1][0]) > 179.9;
    if (isCut) parts.push([]);
    parts.at(-1).push(ring[i]);
  }
  return parts.filter((part) => part.length > 1);
}

function pane(map, name, level) {
  map.createPane(name).style.zIndex = level;
  map.getPane(name).style.pointerEvents = "none";
  return name;
}

/** The graticule: meridians and parallels, closer together the nearer one looks. */
class Grid {
  constructor(map) {
    this.map = map;
    const renderer = window.L.svg({ pane: "grid", padding: 0.4 });
    this.lines = window.L.polyline([], { renderer, interactive: false, className: "map-grid" }).addTo(map);
    map.on("moveend", () => this.draw());
    map.whenReady(() => this.draw());
  }

  draw() {
    const bounds = this.map.getBounds().pad(0.5);
    const [, step] = STEPS.find(([below]) => this.map.getZoom() < below);
    const [south, north] = [Math.max(-80, bounds.getSouth()), Math.min(84, bounds.getNorth())];
    const [west, east] = [bounds.getWest(), bounds.getEast()];
    const lines = [];
    for (let lon = Math.ceil(west / step) * step; lon <= east; lon += step) lines.push([[south, lon], [north, lon]]);
    for (let lat = Math.ceil(south / step) * step; lat <= north; lat += step) lines.push([[lat, west], [lat, east]]);
    this.lines.setLatLngs(lines);
  }
}

/** Names of seas, provinces and cities: as many as have room, the greater ones first. */
class Names {
  constructor(map, url) {
    this.map = map;
    const place = map.createPane("names");
    place.style.zIndex = 350;
    place.classList.add("map-names");
    place.setAttribute("aria-hidden", "true");
    this.place = place;
    const language = ["zh-Hans", "zh-Hant", "en"].indexOf(document.documentElement.lang);
    fetch(url).then((answer) => answer.json()).then((rows) => {
      this.rows = rows.map((row) => ({ text: row[Math.max(language, 0)], lat: row[3], lon: row[4], zoom: row[5], kind: row[6] }));
      this.rows.sort((a, b) => a.zoom - b.zoom);
      map.on("moveend layeradd", () => this.soon());
      map.whenReady(() => this.soon());
    }).catch(() => {}); // a map without names is still a map
  }

  soon() {
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => this.draw());
  }

  draw() {
    const { map } = this;
    const [zoom, bounds] = [map.getZoom(), map.getBounds().pad(0.1)];
    const boxes = this.taken();
    const fresh = [];
    for (const row of this.rows) {
      if (row.zoom > zoom || (row.kind === "p" && zoom > 8)) continue;
      for (const lon of [row.lon - 360, row.lon, row.lon + 360]) {
        if (!bounds.contains([row.lat, lon])) continue;
        const point = map.latLngToLayerPoint([row.lat, lon]);
        const box = boxOf(row, point);
        if (boxes.some((other) => meets(box, other))) continue;
        boxes.push(box);
        fresh.push(nameAt(row, box));
      }
    }
    this.place.replaceChildren(...fresh);
  }

  /** Return where marks and their words stand: names keep away from them. */
  taken() {
    const origin = this.map.getPane("mapPane").getBoundingClientRect();
    const marks = this.map.getContainer().querySelectorAll(".leaflet-marker-icon, .leaflet-tooltip, .leaflet-bar");
    return [...marks].map((mark) => {
      const { left, top, right, bottom } = mark.getBoundingClientRect();
      return [left - origin.left, top - origin.top, right - origin.left, bottom - origin.top];
    });
  }
}

function boxOf({ text, kind }, { x, y }) {
  const wide = [...text].reduce((sum, letter) => sum + (letter > "⺀" ? 13.5 : 7.2), 10) * (kind === "c" ? 1 : 1.25);
  const left = kind === "c" ? x - 3 : x - wide / 2;
  return [left, y - 10, left + wide, y + 10];
}

const meets = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

function nameAt({ text, kind }, [left, top]) {
  const name = document.createElement("span");
  name.className = `map-name map-name--${kind}`;
  name.textContent = text;
  name.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  return name;
}
