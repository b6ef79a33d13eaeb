// Shows a creative in each chosen zone while its form is filled: [data-ad-form], [data-ad-preview].
const form = document.querySelector("[data-ad-form]");
const place = document.querySelector("[data-ad-preview]");

export function bindPreview(form, place, { urlOf = URL.createObjectURL.bind(URL) } = {}) {
  const state = { picture: null };
  const picture = form.elements.picture;
  picture?.addEventListener("change", () => {
    const [file] = picture.files;
    state.picture = file && file.type.startsWith("image/") ? urlOf(file) : null;
    draw();
  });
  form.addEventListener("input", draw);

  function draw() {
    const chosen = [...form.querySelectorAll('[name="zones"]:checked')].map((box) => box.value);
    for (const shown of place.querySelectorAll("[data-ad-zone]")) {
      if (!chosen.includes(shown.dataset.adZone)) shown.remove();
    }
    for (const zone of chosen) fill(figureOf(zone));
  }

  function figureOf(zone) {
    const found = place.querySelector(`[data-ad-zone="${zone}"]`);
    if (found) return found;
    const blank = place.querySelector(`[data-ad-blank="${zone}"]`).content.cloneNode(true);
    place.append(blank);
    return place.querySelector(`[data-ad-zone="${zone}"]`);
  }

  function fill(figure) {
    const still = figure.querySelector(".ad-still");
    if (still && state.picture) still.src = state.picture;
    const text = figure.querySelector(".ad-text");
    if (!text) return;
    text.querySelector("b").textContent = said("headline");
    const line = text.querySelector("span:not(.hide)");
    if (line) line.textContent = said("line");
    const colour = form.querySelector('[name="colour"]:checked')?.value ?? "teal";
    text.className = `ad-link ad-text ad-text--${colour}`;
  }

  // The words in the page's language, else in any.
  function said(name) {
    const fields = [...form.querySelectorAll(`[data-ad-word^="${name} "]`)];
    const own = fields.find((field) => field.lang === document.documentElement.lang && field.value);
    return (own ?? fields.find((field) => field.value))?.value ?? "";
  }

  draw();
}

if (form && place) bindPreview(form, place);
