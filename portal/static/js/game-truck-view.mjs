// The truck as it is seen: from above, and from the doors.
import { drawn } from "./game-shell.mjs";

const SLANT = 0.866; // of the cosine of 30°
const project = (x, y, z) => [(y - x) * SLANT, (x + y) / 2 - z];
const path = (corners) => `M${corners.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}Z`;
const middle = (corners) => [0, 1].map((axis) => corners.reduce((sum, each) => sum + each[axis], 0) / corners.length);

const isBehind = (a, b) => a.x + a.l <= b.x || a.y + a.w <= b.y || a.z + a.h <= b.z;

/** Boxes in the order in which they must be painted: the hidden ones first. */
export function painted(boxes) {
  const left = [...boxes], done = [];
  while (left.length) {
    const next = left.findIndex((box) => left.every((other) => other === box || !isBehind(other, box) || isBehind(box, other)));
    done.push(...left.splice(Math.max(0, next), 1));
  }
  return done;
}

function faces({ x, y, z, l, w, h }) {
  const [X, Y, Z] = [x + l, y + w, z + h];
  return {
    top: [project(x, y, Z), project(X, y, Z), project(X, Y, Z), project(x, Y, Z)],
    door: [project(X, y, z), project(X, Y, z), project(X, Y, Z), project(X, y, Z)],
    side: [project(x, Y, z), project(X, Y, z), project(X, Y, Z), project(x, Y, Z)],
  };
}

function solid(box, className, label) {
  const parts = faces(box);
  const group = drawn("g", { class: className });
  for (const [name, corners] of Object.entries(parts)) group.append(drawn("path", { class: `face face--${name}`, d: path(corners) }));
  if (label) {
    const [x, y] = middle(parts.door);
    group.append(drawn("text", { x: x.toFixed(2), y: (y + 0.9).toFixed(2) }, label));
  }
  return group;
}

/** Draw the truck from the doors; `ghost` is the carton that is being moved. */
export function drawIso(svg, { box: [length, width, height] }, boxes, ghost) {
  const [left, right] = [-length * SLANT, width * SLANT];
  const bottom = (length + width) / 2;
  svg.setAttribute("viewBox", `${left - 1} ${-height - 1} ${right - left + 2} ${height + bottom + 2}`);
  const walls = [
    [project(0, 0, 0), project(length, 0, 0), project(length, width, 0), project(0, width, 0)],
    [project(0, 0, 0), project(0, width, 0), project(0, width, height), project(0, 0, height)],
    [project(0, 0, 0), project(length, 0, 0), project(length, 0, height), project(0, 0, height)],
  ];
  const inner = walls.map((corners) => drawn("path", { class: "wall", d: path(corners) }));
  const solids = painted(boxes).map((box) => solid(box, `box stop-${box.stop}`, String(box.item + 1)));
  if (ghost) solids.push(solid(ghost, `box ghost ${ghost.fits ? "is-fit" : "is-not"}`, ""));
  svg.replaceChildren(...inner, ...solids);
}

/** Draw the truck from above. */
export function drawPlan(svg, { box: [length, width] }, boxes, ghost, words) {
  svg.setAttribute("viewBox", `-3 -1 ${length + 6} ${width + 2}`);
  const note = (x, y, text, turn) => drawn("text", { class: "plan-note", x, y, transform: `rotate(${turn} ${x} ${y})` }, text);
  const parts = [
    drawn("rect", { class: "wall", x: 0, y: 0, width: length, height: width }),
    note(-1, width / 2, words.front, -90),
    note(length + 1, width / 2, words.doors, 90),
  ];
  for (const box of [...boxes].sort((a, b) => a.z + a.h - b.z - b.h)) parts.push(flat(box, `box stop-${box.stop}`, String(box.item + 1)));
  if (ghost) parts.push(flat(ghost, `box ghost ${ghost.fits ? "is-fit" : "is-not"}`, String(ghost.item + 1)));
  svg.replaceChildren(...parts);
}

function flat({ x, y, l, w }, className, label) {
  const text = drawn("text", { x: x + l / 2, y: y + w / 2 + 0.8 }, label);
  return drawn("g", { class: className }, drawn("rect", { x, y, width: l, height: w }), text);
}
