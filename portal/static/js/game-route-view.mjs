// The town as it is seen: streets, the river with its bridges, stops, the way of the van.
import { drawn } from "./game-shell.mjs";

const BLOCK = 10; // of the drawing
const at = (blocks) => blocks * BLOCK;
const line = (x1, y1, x2, y2, name) => drawn("line", { class: name, x1, y1, x2, y2 });

/** The corners that the van passes from one point to another. */
export function way({ river, bridges }, [ax, ay], [bx, by]) {
  if ((ax <= river) === (bx <= river)) return [[ax, ay], [bx, ay], [bx, by]];
  const length = (y) => Math.abs(ay - y) + Math.abs(by - y);
  const bridge = bridges.reduce((best, y) => (length(y) < length(best) ? y : best));
  return [[ax, ay], [ax, bridge], [bx, bridge], [bx, by]];
}

export function drawTown(svg, level, tour, names, depot) {
  const [width, height] = level.size;
  svg.setAttribute("viewBox", `-8 -8 ${at(width) + 16} ${at(height) + 16}`);
  svg.replaceChildren(
    ...streets(level, width, height),
    drawn("polyline", { class: "town-way", points: points(level, tour) }),
    drawn("g", { class: "town-depot", role: "img", "aria-label": depot },
      drawn("rect", { x: at(level.depot[0]) - 5, y: at(level.depot[1]) - 5, width: 10, height: 10 }),
      drawn("path", { d: `M${at(level.depot[0]) - 3} ${at(level.depot[1]) + 3}v-5l3-2 3 2v5z` })),
    ...level.stops.map((stop, number) => sign(stop, number, tour.indexOf(number), names[number], level)),
  );
}

function streets({ river, bridges }, width, height) {
  const parts = [];
  for (let x = 0; x <= width; x += 1) parts.push(line(at(x), 0, at(x), at(height), "town-street"));
  for (let y = 0; y <= height; y += 1) parts.push(line(0, at(y), at(width), at(y), "town-street"));
  const middle = at(river) + BLOCK / 2;
  parts.push(line(middle, -8, middle, at(height) + 8, "game-river"));
  for (const y of bridges) parts.push(line(at(river), at(y), at(river + 1), at(y), "town-bridge"));
  return parts;
}

function points(level, tour) {
  if (!tour.length) return "";
  const places = [level.depot, ...tour.map((stop) => [level.stops[stop].x, level.stops[stop].y]), level.depot];
  const corners = places.slice(1).flatMap((place, number) => way(level, places[number], place));
  return corners.map(([x, y]) => `${at(x)},${at(y)}`).join(" ");
}

function sign({ x, y, from, to }, number, place, { letter, says }, level) {
  const isTimed = from > level.start || to < 20 * 3600;
  const names = ["town-stop", isTimed ? "is-timed" : "", place >= 0 ? "is-in" : ""].filter(Boolean).join(" ");
  const group = drawn("g", {
    class: names,
    "data-stop": number,
    role: "button",
    tabindex: 0,
    "aria-pressed": String(place >= 0),
    "aria-label": says,
    transform: `translate(${at(x)} ${at(y)})`,
  }, drawn("circle", { class: "town-touch", r: 7 }), drawn("circle", { r: 5 }), drawn("text", { y: 2.2 }, letter));
  if (place >= 0) group.append(drawn("text", { class: "town-place", x: 7, y: -3.6 }, String(place + 1)));
  return group;
}
