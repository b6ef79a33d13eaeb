// Everything under way, in clusters; what is pushed moves, what is delivered goes.
import { addKeys, dot, isCalm, makeMap } from "./map-base.mjs";

const CALM_MS = 400; // events of so long are asked for together
const MOST_ASKED = 200; // numbers of one question
const FRESH_MS = 10_000;
const FAR = 0.03; // share of those at each edge that may lie outside of the first view
const LISTED = 50; // of those at one point
const BAD = new Set(["delivery_failed", "refused", "lost", "returning", "pickup_failed"]);
/** What an answer says of each consignment, in this order. */
const COLUMNS = ["no", "status", "lat", "lon", "sure", "late", "place"];

export class BoardMap {
  constructor(figure, { fetch = window.fetch.bind(window) } = {}) {
    Object.assign(this, { figure, fetch, says: JSON.parse(figure.dataset.says) });
    this.marks = new Map(); // number → its mark
    this.map = makeMap(figure, { roams: true });
    this.map.setView([31, 112], 4);
    this.clusters = window.L.markerClusterGroup({
      showCoverageOnHover: false, spiderfyOnMaxZoom: false, zoomToBoundsOnClick: false,
      animate: !isCalm(), maxClusterRadius: 64, chunkedLoading: true,
      iconCreateFunction: (cluster) => this.clusterIcon(cluster),
    }).addTo(this.map);
    this.clusters.on("clusterclick clusterkeypress", (event) => this.opened(event));
    addKeys(this.map, this.says, () => this.fit());
    this.asked = new Set();
    document.addEventListener("live:event", (event) => this.happened(event.detail));
    this.load(figure.dataset.url);
  }

  async load(url) {
    let next = url;
    while (next) {
      const answer = await this.get(next);
      if (!answer) { this.tell(this.says.lost); return; }
      this.add(answer.items);
      if (next === url) this.fitMost();
      next = answer.next && `${url}${url.includes("?") ? "&" : "?"}after=${encodeURIComponent(answer.next)}`;
    }
    this.count();
    this.figure.dataset.loaded = this.marks.size;
  }

  async get(url) {
    try {
      const answer = await this.fetch(url, { credentials: "same-origin" });
      return answer.ok ? await answer.json() : null;
    } catch { return null; }
  }

  add(items) {
    const fresh = [];
    for (const item of items.map(read)) {
      this.drop(item.no);
      if (item.lat === null) continue;
      const mark = this.markOf(item);
      this.marks.set(item.no, mark);
      fresh.push(mark);
    }
    this.clusters.addLayers(fresh);
    return fresh;
  }

  drop(no) {
    const mark = this.marks.get(no);
    if (!mark) return;
    this.clusters.removeLayer(mark);
    this.marks.delete(no);
  }

  markOf(item) {
    const icon = window.L.divIcon({
      className: `map-one${item.sure ? "" : " map-one--unsure"}${item.late ? " map-one--late" : ""}`,
      iconSize: [30, 26],
      html: flagOf(item.status, `${item.no} ${this.wordOf(item)}`),
    });
    const mark = window.L.marker([item.lat, item.lon], { icon, item });
    mark.on("click keypress", (event) => { if (!event.originalEvent?.key || event.originalEvent.key === "Enter") this.go(item.no); });
    mark.bindTooltip(() => label(`${item.no} ${this.wordOf(item)}`), { direction: "top", offset: [0, -12] });
    return mark;
  }

  wordOf({ status, place, late, sure }) {
    const said = [this.says.status[status] ?? status, place, late ? this.says.late : "", sure ? "" : this.says.unsure];
    return said.filter(Boolean).join(dot());
  }

  urlOf(no) { return this.figure.dataset.one.replace("NO", encodeURIComponent(no)); }

  go(no) { window.location.assign(this.urlOf(no)); }

  clusterIcon(cluster) {
    const children = cluster.getAllChildMarkers();
    const count = children.length;
    const size = Math.round(30 + Math.min(Math.log10(count) * 9, 30));
    const isBad = children.some((mark) => BAD.has(mark.options.item.status) || mark.options.item.late);
    const isFresh = children.some((mark) => mark.options.item.fresh > Date.now());
    const text = document.createElement("span");
    text.textContent = count.toLocaleString(document.documentElement.lang);
    text.title = this.says.many.replace("{count}", text.textContent);
    const name = `map-many${isBad ? " map-many--bad" : ""}${isFresh ? " is-fresh" : ""}`;
    return window.L.divIcon({ className: name, iconSize: [size, size], html: text });
  }

  /** Come closer to a cluster; what lies at one point is listed instead. */
  opened({ layer, originalEvent }) {
    if (originalEvent?.key && originalEvent.key !== "Enter") return;
    const bounds = layer.getBounds();
    const isPoint = bounds.getSouthWest().equals(bounds.getNorthEast(), 1e-3);
    if (!isPoint && this.map.getZoom() < this.map.getMaxZoom()) { layer.zoomToBounds({ padding: [40, 40] }); return; }
    const children = layer.getAllChildMarkers();
    window.L.popup({ maxWidth: 360 }).setLatLng(layer.getLatLng()).setContent(this.list(children)).openOn(this.map);
  }

  list(marks) {
    const box = document.createElement("div");
    const head = document.createElement("b");
    head.textContent = this.says.many.replace("{count}", marks.length.toLocaleString(document.documentElement.lang));
    const list = document.createElement("ul");
    list.className = "map-list";
    for (const { options: { item } } of marks.slice(0, LISTED)) {
      const [row, link] = [document.createElement("li"), document.createElement("a")];
      Object.assign(link, { href: this.urlOf(item.no), textContent: item.no });
      row.append(link, flagOf(item.status, "", this.says.status[item.status]));
      list.append(row);
    }
    box.append(head, list);
    if (marks.length > LISTED) box.append(label(this.says.more.replace("{count}", marks.length - LISTED)));
    return box;
  }

  fit() {
    const bounds = this.clusters.getBounds();
    if (bounds.isValid()) this.map.fitBounds(bounds, { padding: [40, 40], maxZoom: 7, animate: !isCalm() });
  }

  /** Show the stretch in which most of it is: a few far away do not make the rest small. */
  fitMost() {
    const points = [...this.marks.values()].map((mark) => mark.getLatLng());
    if (points.length < 2) { this.fit(); return; }
    const between = (values) => [values[Math.floor(values.length * FAR)], values[Math.ceil(values.length * (1 - FAR)) - 1]];
    const sorted = (key) => points.map((point) => point[key]).sort((a, b) => a - b);
    const [[south, north], [west, east]] = [between(sorted("lat")), between(sorted("lng"))];
    this.map.fitBounds([[south, west], [north, east]], { padding: [60, 60], maxZoom: 7, animate: false });
  }

  count() {
    this.tell(this.says.shown.replace("{count}", this.marks.size.toLocaleString(document.documentElement.lang)));
  }

  tell(text) {
    const place = document.querySelector("[data-map-count]");
    if (place) place.textContent = text;
  }

  // ---- staying true ----
  happened({ data }) {
    if (!data?.no) return;
    this.asked.add(data.no);
    this.waiting ??= setTimeout(() => { this.waiting = null; this.renew(); }, CALM_MS);
  }

  async renew() {
    const numbers = [...this.asked].slice(0, MOST_ASKED);
    for (const no of numbers) this.asked.delete(no);
    const { url } = this.figure.dataset;
    const answer = await this.get(`${url}${url.includes("?") ? "&" : "?"}no=${numbers.join(",")}`);
    if (!answer) return; // the lamp says that the page is not live
    for (const no of numbers) this.drop(no);
    for (const mark of this.add(answer.items)) this.mark(mark);
    this.count();
    if (this.asked.size) this.happened({ data: { no: [...this.asked][0] } });
  }

  mark(mark) {
    const { item } = mark.options;
    item.fresh = Date.now() + FRESH_MS;
    mark.getElement()?.classList.add("is-fresh");
    this.clusters.refreshClusters(mark);
    setTimeout(() => {
      if (this.marks.get(item.no) !== mark) return;
      mark.getElement()?.classList.remove("is-fresh");
      this.clusters.refreshClusters(mark);
    }, FRESH_MS);
  }

  moveTo() {} // the board's map is no part of a fragment
}

const read = (row) => Object.fromEntries(COLUMNS.map((name, index) => [name, row[index]]));

function flagOf(status, hidden, text = "") {
  const flag = document.createElement("span");
  flag.className = "flag";
  flag.dataset.status = status;
  flag.textContent = text;
  if (hidden) flag.append(Object.assign(label(hidden), { className: "hide" }));
  return flag;
}

function label(text) {
  return Object.assign(document.createElement("span"), { className: "label", textContent: text });
}
