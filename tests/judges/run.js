// Opens each page and touches every element of it; the numbers n for which something called R(n) are on stdout,
// with the number of event handlers that stand in the markup.
const { judge } = require("./browser");

// In shadow trees too. Only a javascript: link is followed.
function touch() {
  const below = (root) => [...root.querySelectorAll("*")].flatMap((element) => [element, ...(element.shadowRoot ? below(element.shadowRoot) : [])]);
  const all = below(document);
  document.addEventListener("click", (event) => event.composedPath().some((node) => node.href && node.protocol !== "javascript:") && event.preventDefault());
  for (const element of all) {
    for (const type of ["mouseover", "focus", "error", "animationstart"]) element.dispatchEvent(new Event(type));
    if (element.localName === "a" || element.localName === "button") element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, composed: true }));
  }
  return all.flatMap((element) => element.getAttributeNames()).filter((name) => name.startsWith("on")).length;
}

judge(async (page, url) => {
  const ran = new Set();
  if (!page.isWatched) {
    page.isWatched = true;
    await page.exposeFunction("R", (number) => page.ran.add(number));
  }
  page.ran = ran;
  await page.goto(url);
  const handlers = await page.evaluate(touch).catch(() => -1);
  await page.waitForTimeout(20);
  return [{ page: url, ran: [...ran], handlers }];
});
