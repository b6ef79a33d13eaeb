// The lanes of the home page: from the centre to where goods were delivered, wider for more.
import { addKeys, declutter, isCalm, makeMap, markIcon, unwrap, words } from "./map-base.mjs";

const BENDS = 24; // parts of a curve
const WIDEST = 9; // px
const MOSTLY = 0.6; // share of deliveries at home from which the map begins at home

export class LanesMap {
  constructor(figure) {
    Object.assign(this, { figure, says: JSON.parse(figure.dataset.says), lanes: JSON.parse(figure.dataset.lanes) });
    this.centre = JSON.parse(figure.dataset.centre);
    this.map = makeMap(figure);
    addKeys(this.map, this.says, () => this.fit());
    const home = this.lanes.filter((lane) => !lane.abroad);
    const total = (lanes) => lanes.reduce((sum, lane) => sum + lane.count, 0);
    this.fit(total(home) >= MOSTLY * total(this.lanes) ? home : this.lanes);
    this.draw();
  }

  fit(lanes = this.lanes) {
    const points = lanes.map(({ lat, lon }) => [lat, unwrap(lon, this.centre.lon)]);
    this.map.fitBounds([[this.centre.lat, this.centre.lon], ...points], { padding: [28, 28], maxZoom: 6, animate: !isCalm() });
  }

  draw() {
    const { L } = window;
    const most = Math.max(...this.lanes.map((lane) => lane.count));
    const named = [];
    for (const lane of [...this.lanes].reverse()) {
      const end = [lane.lat, unwrap(lane.lon, this.centre.lon)];
      const weight = 1.5 + (WIDEST - 1.5) * Math.sqrt(lane.count / most);
      const className = `map-lane${lane.abroad ? " map-lane--abroad" : ""}`;
      L.polyline(curve([this.centre.lat, this.centre.lon], end), { interactive: false, className, weight }).addTo(this.map);
      const spot = L.circleMarker(end, { radius: 3 + weight / 2, className: "map-spot", interactive: true, keyboard: false }).addTo(this.map);
      const isWest = end[1] < this.centre.lon - 3;
      const text = words(["b", lane.name], ["span", lane.said, "label"]);
      spot.bindTooltip(text, { permanent: true, direction: isWest ? "left" : "right", offset: [isWest ? -6 : 6, 0] });
      named.unshift(spot);
    }
    const icon = markIcon("centre");
    const centre = L.marker([this.centre.lat, this.centre.lon], { icon, interactive: false, keyboard: false, zIndexOffset: 1000 });
    centre.addTo(this.map).bindTooltip(words(["b", this.centre.name]), { permanent: true, direction: "left", offset: [-14, 0], className: "map-tip--now" });
    declutter(this.map, [centre, ...named]);
  }

  moveTo() {} // the home page has no fragments
}

/** Return the points of a gentle bow between two places, always to the same side. */
function curve([lat1, lon1], [lat2, lon2]) {
  const [dy, dx] = [lat2 - lat1, lon2 - lon1];
  const bend = 0.16;
  const [cy, cx] = [(lat1 + lat2) / 2 + Math.abs(dx) * bend, (lon1 + lon2) / 2 + dy * bend * Math.sign(dx || 1) * -0.5];
  return Array.from({ length: BENDS + 1 }, (_, index) => {
    const t = index / BENDS;
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    return [a * lat1 + b * cy + c * lat2, a * lon1 + b * cx + c * lon2];
  });
}
