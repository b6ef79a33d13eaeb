// While a sheet is read its state is fetched again every two seconds, until nothing changes any more.
const PAUSE_MS = 2000;

export async function follow(part, fetcher = fetch, wait = (ms) => new Promise((done) => setTimeout(done, ms))) {
  let shown = part;
  while (shown?.hasAttribute("data-busy")) {
    await wait(PAUSE_MS);
    const answer = await fetcher(shown.dataset.fragment, { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) continue;
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
    shown.replaceWith(made);
    shown = made;
  }
}

const part = document.querySelector("[data-fragment][data-busy]");
if (part) follow(part);
