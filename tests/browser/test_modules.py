"""The scripts' own parts, run in the browser with what they work with put in their place.

Every test is a piece of script in ``modules/<name>.mjs`` that checks itself; this file serves
them to a page of the centre and says which of their checks failed.
"""

from pathlib import Path

import pytest

HERE = Path(__file__).parent / "modules"
MODULES = sorted(path.name for path in HERE.glob("*.test.mjs"))
ON_A_PAGE = """
async (url) => {
  const results = [];
  const { tests } = await import(url);
  for (const [name, test] of Object.entries(tests)) {
    try { await test(); results.push([name, ""]); } catch (fault) { results.push([name, fault.stack]); }
  }
  return results;
}
"""


@pytest.mark.parametrize("module", MODULES)
def test_what_the_module_promises_holds(window, module):
    reader = window()
    reader.context.route("**/static/js/tests/*", served)
    page = reader.go("/about")
    results = page.evaluate(ON_A_PAGE, f"/static/js/tests/{module}")
    assert results
    assert [fault for _, fault in results if fault] == []


def served(route) -> None:
    """Answer with a file of tests beside the modules that it tests."""
    path = HERE / route.request.url.rsplit("/", 1)[-1]
    route.fulfill(body=path.read_text(), content_type="text/javascript")
