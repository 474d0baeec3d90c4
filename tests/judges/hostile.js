// Compares what a browser computes for the same elements of two pages: {"browser": PATH, "pairs": [{"pages": [URL, URL],
// "part": "shadow" | "class" | "host", "script": true | false, "width": PX}]} on stdin, on stdout for each pair how
// many values were compared, what differs, and whether a script of the pages ran. `part` is the inside of the brief's
// shadow root, the brief in the page itself, or all of the page but the brief.
const fs = require("fs");
const { chromium } = require("playwright-core");

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];

// In the page: each element, pseudo-element and property with its computed value.
function computed(part) {
  const brief = document.querySelector(part === "shadow" ? ".perspectives-host" : ".perspectives");
  const all = (root) => [...root.querySelectorAll("*")];
  const elements =
    part === "shadow" ? all(brief.shadowRoot) : part === "class" ? [brief, ...all(brief)] : [...document.querySelectorAll("html, body, body *")].filter((e) => !brief.contains(e));
  // With the custom properties of the brief, which the page might name too.
  const properties = [...getComputedStyle(part === "shadow" ? brief.shadowRoot.querySelector(".perspectives") : brief)];
  const found = {};
  elements.forEach((element, at) => {
    const own = getComputedStyle(element);
    if (["style", "script"].includes(element.localName)) return;
    for (const pseudo of [null, "::before", "::after", "::marker"]) {
      const style = getComputedStyle(element, pseudo);
      const name = `${at} ${element.localName}.${element.getAttribute("class") || ""}${pseudo || ""}`;
      // Of a pseudo-element that makes no box, that is all there is to know.
      const isThere = !pseudo || (pseudo === "::marker" ? own.display === "list-item" : style.content !== "none");
      for (const property of isThere ? properties : ["content"]) found[`${name} ${property}`] = style.getPropertyValue(property);
    }
  });
  // As one text: a browser's protocol takes minutes for so many small values.
  return { values: JSON.stringify(found), ran: document.documentElement.hasAttribute("data-ran") };
}

async function compared(browser, { pages, part, script, width }) {
  const context = await browser.newContext({ javaScriptEnabled: script, viewport: { width, height: 900 } });
  await context.route(/^https?:/, (route) => route.abort());
  const [one, other] = await Promise.all(
    pages.map(async (url) => {
      const page = await context.newPage();
      await page.goto(url);
      const { values, ran } = await page.evaluate(computed, part);
      return { values: JSON.parse(values), ran };
    })
  );
  await context.close();
  const names = [...new Set([...Object.keys(one.values), ...Object.keys(other.values)])];
  const differ = names.filter((name) => one.values[name] !== other.values[name]);
  return {
    compared: names.length,
    ran: one.ran && other.ran,
    differ: differ.length,
    first: differ.slice(0, 20).map((name) => `${name}: ${one.values[name]} | ${other.values[name]}`),
  };
}

(async () => {
  const { browser: executablePath, pairs } = JSON.parse(fs.readFileSync(0, "utf-8"));
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const results = [];
  for (const pair of pairs) results.push(await compared(browser, pair));
  await browser.close();
  console.log(JSON.stringify(results));
})();
