// The least that a check needs.
export function same(actual, expected, what = "value") {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: ${is} instead of ${should}`);
}

/** Let everything that waits for nothing but its turn have it. */
export const turns = () => new Promise((resolve) => { setTimeout(resolve, 0); });

/** Wait until `ready()` holds; a test that never gets there is ended by its own time limit. */
export async function until(ready) {
  while (!ready()) await new Promise((resolve) => { setTimeout(resolve, 10); });
}
