// Asks axe-core about pages in a browser: {"browser": PATH, "pages": [URL]} on stdin, a list of faults on stdout.
// Each page is looked at in both colour schemes, on a phone and on a desk. A fault too is what is fetched from
// elsewhere, a script that fails, and a page that must be scrolled sideways (WCAG 1.4.10).
const fs = require("fs");
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];

async function faults(page, url) {
  const found = [];
  const foreign = (request) => new URL(request.url()).origin !== new URL(url).origin;
  const listen = {
    request: (request) => foreign(request) && !request.url().startsWith("data:") && found.push({ rule: "off-host", at: request.url() }),
    pageerror: (error) => found.push({ rule: "script", at: String(error) }),
  };
  for (const [event, listener] of Object.entries(listen)) page.on(event, listener);
  await page.goto(url);
  await page.evaluate(axe.source);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      const where = `${colorScheme}, ${width}`;
      const results = await page.evaluate((tags) => axe.run({ runOnly: tags, resultTypes: ["violations"] }), TAGS);
      for (const { id, nodes } of results.violations) {
        for (const node of nodes) found.push({ rule: id, where, at: node.target.join(" "), html: node.html.slice(0, 200) });
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) found.push({ rule: "reflow", where, at: `${wide} px` });
    }
  }
  for (const [event, listener] of Object.entries(listen)) page.off(event, listener);
  return found.map((fault) => ({ page: url, ...fault }));
}

(async () => {
  const { browser: executablePath, pages } = JSON.parse(fs.readFileSync(0, "utf-8"));
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const page = await browser.newPage();
  const found = [];
  for (const url of pages) found.push(...(await faults(page, url)));
  await browser.close();
  console.log(JSON.stringify(found));
})();
