// Looks for what does not fit on a phone of 320 px, as it is and with the text spacing of WCAG 1.4.12: a page that must
// be scrolled sideways, text that hangs out or is cut off. For each page its faults and the size of its text; "flags"
// may set the size of text that the reader has chosen.
const { judge } = require("./browser");

const SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
  + " p { margin-bottom: 2em !important }";
const STYLES = { plain: "", spacing: SPACING };

function faults(text) {
  const roots = [document, ...[...document.querySelectorAll("*")].map((element) => element.shadowRoot).filter(Boolean)];
  for (const root of roots) {
    const style = (root.querySelector("#judge") || (root.head || root).appendChild(document.createElement("style")));
    style.id = "judge";
    style.textContent = text;
  }
  const found = [];
  const wide = document.documentElement.scrollWidth;
  if (wide > document.documentElement.clientWidth) found.push({ rule: "scroll", at: `${wide} px` });
  for (const element of roots.flatMap((root) => [...root.querySelectorAll("body *, .perspectives *")])) {
    const shown = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const box = element.getBoundingClientRect();
    if (!shown || !box.width || getComputedStyle(element).clipPath !== "none") continue;
    const at = element.outerHTML.slice(0, 120);
    if (box.right > innerWidth + 1 || box.left < -1) found.push({ rule: "outside", at });
    const isCut = getComputedStyle(element).overflow !== "visible" && element.scrollWidth > element.clientWidth + 1;
    if (isCut && element.clientWidth) found.push({ rule: "cut", at });
  }
  const sizes = roots.flatMap((root) => [...root.querySelectorAll(".perspectives")]).map((element) => getComputedStyle(element).fontSize);
  return [found, parseFloat(sizes[0])];
}

judge(
  async (page, url) => {
    const found = [];
    await page.goto(url);
    let size;
    for (const [name, style] of Object.entries(STYLES)) {
      const [faulty, measured] = await page.evaluate(faults, style);
      size = size || measured;
      found.push(...faulty.map((fault) => ({ with: name, ...fault })));
    }
    return [{ page: url, size, found }];
  },
  { viewport: { width: 320, height: 900 }, bypassCSP: true },
);
