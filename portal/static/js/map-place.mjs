// Where an address is: a pin stands where the form says, and the form says where the pin is put.
import { addKeys, isCalm, makeMap, markIcon } from "./map-base.mjs";

const DIGITS = 4; // of a degree: ten metres, finer than the map
const WORLD = [[20, 105], 2];
const OWN = "own";

export class PlaceMap {
  constructor(figure) {
    this.form = figure.closest("form");
    this.choices = JSON.parse(figure.dataset.choices);
    this.near = Number(figure.dataset.near); // farther off where it is only guessed
    this.known = JSON.parse(figure.dataset.at);
    this.map = makeMap(figure);
    addKeys(this.map, JSON.parse(figure.dataset.says), () => this.fit());
    this.map.on("click", (event) => this.put(event.latlng));
    this.form.addEventListener("input", () => this.follow());
    this.fit();
    this.pin(this.chosen());
  }

  /** Return [lat, lon] that the form says now, or where the address is held to be; null: nowhere. */
  chosen() {
    const { choice, lat, lon } = this.form.elements;
    if (this.choices[choice.value]) return this.choices[choice.value];
    const typed = [lat.value, lon.value].map((text) => Number(text.replace(",", ".") || NaN));
    return isPosition(typed) ? typed : this.known;
  }

  fit() {
    const points = [this.chosen(), this.known, ...this.choices].filter(Boolean);
    if (points.length === 0) this.map.setView(...WORLD);
    else this.map.fitBounds(points, { maxZoom: this.near, padding: [48, 48], animate: !isCalm() });
  }

  follow() {
    const at = this.chosen();
    this.pin(at);
    if (at && !this.map.getBounds().contains(at)) this.map.setView(at, this.map.getZoom(), { animate: !isCalm() });
  }

  /** Let the form say that it is here: co-ordinates, and that they are one's own. */
  put(point) {
    const { lat, lng } = point.wrap();
    const { choice, lat: latField, lon: lonField } = this.form.elements;
    latField.value = lat.toFixed(DIGITS);
    lonField.value = lng.toFixed(DIGITS);
    choice.value = OWN;
    this.pin([Number(latField.value), Number(lonField.value)]);
  }

  pin(at) {
    if (!at) return;
    this.mark ??= this.draggable(at);
    this.mark.setLatLng(at);
  }

  draggable(at) {
    const mark = window.L.marker(at, { icon: markIcon("destination"), draggable: true, keyboard: false }).addTo(this.map);
    return mark.on("dragend", () => this.put(mark.getLatLng()));
  }
}

const isPosition = ([lat, lon]) => Math.abs(lat) <= 84 && Math.abs(lon) <= 180;
