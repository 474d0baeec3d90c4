// Looks for what does not fit on a phone of 320 px: as it is, with the text spacing of WCAG 1.4.12, with text of twice
// the size, and with both. A list of faults: a page that must be scrolled sideways, text that is cut off or hangs out,
// and text that does not grow.
const { judge } = require("./browser");

const SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
  + " p { margin-bottom: 2em !important }";
const TWICE = "html { font-size: 200% !important }";
const STYLES = { plain: "", spacing: SPACING, twice: TWICE, both: SPACING + TWICE };

function faults([text, size]) {
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
  const largest = Math.max(0, ...roots.flatMap((root) => [...root.querySelectorAll(".perspectives, .perspectives *")]).map((element) => parseFloat(getComputedStyle(element).fontSize)));
  if (size && Math.abs(largest - 2 * size) > 1) found.push({ rule: "size", at: `${size} px, then ${largest} px` });
  return [found, largest];
}

judge(
  async (page, url) => {
    const found = [];
    await page.goto(url);
    let size = 0;
    for (const [name, style] of Object.entries(STYLES)) {
      const [faulty, largest] = await page.evaluate(faults, [style, style.includes(TWICE) ? size : 0]);
      size = size || largest;
      found.push(...faulty.map((fault) => ({ page: url, with: name, ...fault })));
    }
    return found;
  },
  { viewport: { width: 320, height: 900 }, bypassCSP: true },
);
