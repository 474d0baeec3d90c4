// Uses a preview as a person does: {"browser": PATH, "url": URL, "file": PATH, "old": TEXT, "new": TEXT} on stdin, what
// was seen on stdout. It goes to a tab by keyboard, looks whether frames are dark, and changes the file as an editor.
const fs = require("fs");
const { chromium } = require("playwright-core");

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];

// Without an emulated scheme: it would be that of the frames too.
const open = async (browser, settings) => (await browser.newContext({ colorScheme: null, ...settings })).newPage();

async function toTab(page, name) {
  for (let pressed = 0; pressed < 20; pressed++) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate(() => document.activeElement.textContent)) === name) break;
  }
  await page.keyboard.press("Enter");
  await page.locator("nav a[aria-current]", { hasText: name }).waitFor();
  return new URL(page.url()).search;
}

async function schemes(page) {
  const seen = {};
  for (const handle of await page.locator("iframe").elementHandles()) {
    const frame = await handle.contentFrame();
    await frame.waitForSelector("body", { state: "attached" });
    seen[await handle.getAttribute("title")] = await frame.evaluate(() => getComputedStyle(document.body).backgroundColor);
  }
  return seen;
}

const frames = (page) => page.frameLocator("iframe").first();

async function changed(page, { file, old, new: text }) {
  await page.evaluate(() => document.querySelector("summary").click());
  await page.getByText("Follows the file.").waitFor();
  fs.writeFileSync(file + "~", fs.readFileSync(file, "utf-8").replaceAll(old, text));
  fs.renameSync(file + "~", file);
  await frames(page).getByText(text).first().waitFor();
  return { at: new URL(page.url()).search, open: await page.locator("details[open]").count() };
}

(async () => {
  const asked = JSON.parse(fs.readFileSync(0, "utf-8"));
  const browser = await chromium.launch({ executablePath: asked.browser, args: FLAGS });
  const page = await open(browser);
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(asked.url);
  const mail = await schemes(page);
  const tab = await toTab(page, "html");
  const html = await schemes(page);
  const after = await changed(page, asked);
  const plain = await open(browser, { javaScriptEnabled: false });
  await plain.goto(asked.url);
  await plain.getByRole("link", { name: "json" }).click();
  const unscripted = await plain.locator("h1").textContent();
  await browser.close();
  console.log(JSON.stringify({ mail, tab, html, after, unscripted, errors }));
})();
