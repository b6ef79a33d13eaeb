// Parts of a page that are fetched anew, with a server that answers when the test says so.
import { bindPage, refresh } from "../follow.mjs";
import { same, turns, until } from "./check.mjs";

let serial = 0;

/** A page with `inner` inside something that is followed. */
function page(inner, attributes = 'data-follow="company" data-cursor="5"') {
  const url = `/fragment/${++serial}`;
  const root = document.createElement("div");
  root.innerHTML = `<div ${attributes}>${inner.replaceAll("URL", url)}</div>`;
  document.body.append(root);
  return { root, url, part: () => root.querySelector("[data-fragment]") };
}

/** A fetch whose answers the test gives by answer(html). */
function slowServer() {
  const waiting = [];
  const asked = [];
  const fetch = (url) => {
    asked.push(url);
    return new Promise((resolve) => waiting.push(resolve));
  };
  const answer = async (text) => {
    waiting.shift()({ ok: true, text: async () => text });
    await turns();
  };
  return { fetch, asked, answer };
}

class FakeStream {
  follow(topic, ref, options) { Object.assign(this, { topic, ref, options }); }
}

export const tests = {
  "many events at once are one fetch, and one more afterwards"() {
    const { url, part } = page('<p data-fragment="URL">old</p>');
    const { fetch, asked, answer } = slowServer();
    for (let n = 0; n < 10; n += 1) refresh(part(), fetch);
    same(asked, [url]);
    return answer(`<p data-fragment="${url}">new</p>`)
      .then(() => { same(part().textContent, "new"); return until(() => asked.length > 1); })
      .then(() => answer(`<p data-fragment="${url}">newest</p>`))
      .then(() => { same(asked.length, 2); same(part().textContent, "newest"); });
  },

  async "the page follows from its cursor, with its token"() {
    const { root } = page("", 'data-follow="consignment" data-ref="QS1" data-cursor="8" data-token="t"');
    const stream = new FakeStream();
    bindPage({ root, stream, fetch: () => {} });
    same([stream.topic, stream.ref, stream.options.after, stream.options.token], ["consignment", "QS1", "8", "t"]);
  },

  async "only what is about the consignment is fetched"() {
    const { root } = page('<p data-fragment="URL" data-no="QS1">one</p><p data-fragment="URL/2" data-no="QS2">two</p>');
    const { fetch, asked } = slowServer();
    const stream = new FakeStream();
    bindPage({ root, stream, fetch });
    stream.options.onEvent({ type: "tracking_event.recorded", data: { no: "QS2" } });
    same(asked.length, 1);
    same(asked[0].endsWith("/2"), true);
  },

  async "ticks stay, and a change is marked and announced"() {
    const { root, url, part } = page('<p class="hide" data-announce></p><p data-fragment="URL" data-marks><input type="checkbox" value="QS1"></p>');
    const { fetch, answer } = slowServer();
    part().querySelector("input").checked = true;
    refresh(part(), fetch);
    await answer(`<p data-fragment="${url}" data-marks data-say="Delivered"><input type="checkbox" value="QS1">x</p>`);
    same(part().querySelector("input").checked, true);
    same(part().classList.contains("is-fresh"), true);
    same(document.querySelector("[data-announce]").textContent, "Delivered");
    root.remove();
  },

  async "a form in which somebody writes stays as it is"() {
    const { url, part } = page('<div data-fragment="URL"><form><input name="why"></form></div>');
    const { fetch, answer } = slowServer();
    part().querySelector("input").focus();
    part().querySelector("input").value = "half a sen";
    refresh(part(), fetch);
    await answer(`<div data-fragment="${url}"><form><input name="why"></form>new</div>`);
    same(part().querySelector("input").value, "half a sen");
    document.activeElement.blur();
  },

  async "the same answer changes nothing"() {
    const { url, part } = page('<p data-fragment="URL" data-marks>same</p>');
    const { fetch, answer } = slowServer();
    const before = part();
    refresh(before, fetch);
    await answer(`<p data-fragment="${url}" data-marks>same</p>`);
    same(part() === before, true);
  },

  async "new consignments are counted, not pushed in between"() {
    const { root } = page('<div data-arrivals hidden><b data-arrivals-count>0</b></div>');
    const stream = new FakeStream();
    bindPage({ root, stream, fetch: () => {} });
    for (const no of ["QS1", "QS2"]) stream.options.onEvent({ type: "consignment.created", data: { no } });
    same(root.querySelector("[data-arrivals]").hidden, false);
    same(root.querySelector("[data-arrivals-count]").textContent, "2");
  },

  async "a part whose fetch fails is fetched again"() {
    const { url, part } = page('<p data-fragment="URL">old</p>');
    let calls = 0;
    const fetch = async () => {
      calls += 1;
      if (calls === 1) throw new TypeError("no network");
      return { ok: true, text: async () => `<p data-fragment="${url}">new</p>` };
    };
    refresh(part(), fetch);
    await until(() => part().textContent === "new");
    same(calls, 2);
  },
};
