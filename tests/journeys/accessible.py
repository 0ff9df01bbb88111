"""What axe-core finds wrong with a page for those who do not see it, or use no mouse. Its file is for tests alone."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
"""axe-core 4.14.1, from the npm registry."""

FAILING = ("serious", "critical")

RUN = """async ([failing, rules]) => {
  const { violations } = await axe.run(document, {
    resultTypes: ["violations"],
    ...(rules.length ? { runOnly: rules } : {}),
  });
  return violations.filter((one) => failing.includes(one.impact)).map((one) => ({
    rule: one.id,
    where: one.nodes.slice(0, 5).map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
  }));
}"""


async def assert_accessible(page: Page, *rules: str) -> None:
    """Fail where axe-core finds something serious or critical on the page as it is shown now.

    Args:
        page: The page.
        rules: Which are looked at; none is all.
    """
    # Evaluated, not added as an element: the page's own policy stays in force.
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    found: list[dict[str, Any]] = await page.evaluate(RUN, [FAILING, rules])
    told = [f"{one['rule']}: " + "\n    ".join(one["where"]) for one in found]
    assert not told, f"{page.url}\n" + "\n".join(told)
