// Walks through each page by keyboard alone; a list of faults: a link that Tab does not reach in the order of the
// document, a focus that cannot be seen, and an entry of the contents that does not lead to its target, by click or Enter.
const { judge } = require("./browser");

const focused = () => {
  const style = getComputedStyle(document.activeElement);
  const isSeen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return [[...document.querySelectorAll("a[href]")].indexOf(document.activeElement), isSeen];
};

// Where the target's top is, in heights of the window; the address must name it.
const arrived = (hash) => {
  const top = document.querySelector(":target")?.getBoundingClientRect().top;
  return location.hash === hash && top !== undefined && top >= -1 && top < innerHeight;
};

async function tabbed(page, found) {
  const count = await page.locator("a[href]").count();
  for (let expected = 0; expected < count; expected++) {
    await page.keyboard.press("Tab");
    const [place, isSeen] = await page.evaluate(focused);
    if (place !== expected) found.push({ rule: "order", at: `${place} for ${expected}` });
    if (!isSeen) found.push({ rule: "focus", at: expected });
  }
}

async function followed(page, found) {
  const links = page.locator("nav a[href^='#']");
  const hashes = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  for (const [place, hash] of hashes.entries()) {
    for (const way of ["click", "Enter"]) {
      await page.evaluate(() => { history.replaceState(null, "", location.pathname); scrollTo(0, 0); });
      await (way === "click" ? links.nth(place).click() : links.nth(place).press("Enter"));
      await page.waitForTimeout(50);
      if (!(await page.evaluate(arrived, hash))) found.push({ rule: "contents", at: `${way} ${hash}` });
    }
  }
  return hashes;
}

judge(
  async (page, url) => {
    const found = [];
    await page.goto(url);
    await tabbed(page, found);
    return [{ page: url, found, contents: await followed(page, found) }];
  },
  { viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" },
);
