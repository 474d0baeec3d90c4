// Asks axe-core about pages, in both colour schemes and at several widths: a list of faults on stdout.
// {"pages": [URL]} are looked at where they are; else all of "files" are (see browser.js). "tags" and "widths" may be
// given. What axe cannot decide is a fault, too, where "incomplete" is true, and so is what is fetched from
// elsewhere, a script that fails, and a page that must be scrolled sideways (WCAG 1.4.10).
const axe = require("axe-core");
const { judge } = require("./browser");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

async function listening(page, url, work) {
  const found = [];
  const foreign = (request) => new URL(request.url()).origin !== new URL(url).origin;
  const isAllowed = (request) => request.url().startsWith("data:") || request.url().startsWith("https://example.org/");
  const listen = {
    request: (request) => foreign(request) && !isAllowed(request) && found.push({ rule: "off-host", at: request.url() }),
    pageerror: (error) => found.push({ rule: "script", at: String(error) }),
  };
  for (const [event, listener] of Object.entries(listen)) page.on(event, listener);
  await work(found);
  for (const [event, listener] of Object.entries(listen)) page.off(event, listener);
  return found.map((fault) => ({ page: url, ...fault }));
}

judge((page, url, { tags = [], widths = [320, 1280], incomplete = false }) =>
  listening(page, url, async (found) => {
    await page.goto(url);
    await page.evaluate(axe.source);
    const kinds = incomplete ? ["violations", "incomplete"] : ["violations"];
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        const where = `${colorScheme}, ${width}`;
        const options = { runOnly: [...TAGS, ...tags], resultTypes: kinds };
        const results = await page.evaluate((options) => axe.run(options), options);
        for (const kind of kinds) {
          for (const { id, nodes } of results[kind]) {
            const rule = kind === "incomplete" ? `${id}?` : id;
            for (const node of nodes) {
              found.push({ rule, where, at: node.target.join(" "), html: node.html.slice(0, 200), why: node.failureSummary });
            }
          }
        }
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        if (wide > width) found.push({ rule: "reflow", where, at: `${wide} px` });
      }
    }
  }),
);
