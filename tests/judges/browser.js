// What the judges share: one browser without a network, and pages served from memory.
// Every script here takes JSON on stdin with {"browser": PATH, "files": {URL: {"body": TEXT, "headers": {NAME: VALUE}}}}
// and prints JSON. What the samples show from example.org is a picture; whatever else is asked for gets no answer.
const fs = require("fs");
const { chromium } = require("playwright-core");

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];
const TYPES = { css: "text/css", html: "text/html" };
const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800"><path fill="#777" d="M0 0h1200v800z"/></svg>';

async function serve(context, files) {
  await context.route("**/*", (route) => {
    const url = route.request().url().replace(/#.*/, "");
    const file = files[url];
    if (file) {
      const contentType = `${TYPES[url.split(".").pop()] || "text/html"}; charset=utf-8`;
      return route.fulfill({ body: file.body, contentType, headers: { "content-type": contentType, ...file.headers } });
    }
    const isPicture = url.startsWith("https://example.org/") && route.request().resourceType() === "image";
    return isPicture ? route.fulfill({ body: PICTURE, contentType: "image/svg+xml" }) : route.abort();
  });
}

// As many at a time as the machine has processors, the answers in the order of the items.
async function each(items, workers, work) {
  const answers = [];
  const queue = [...items.entries()];
  const worker = async (_, place) => {
    for (let next; (next = queue.shift()); ) answers[next[0]] = await work(next[1], place);
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return answers.flat();
}

// `look(page, url, asked)` gives a list for each page of the files; `settings` are those of the browser's context.
async function judge(look, settings = {}) {
  const asked = JSON.parse(fs.readFileSync(0, "utf-8"));
  const browser = await chromium.launch({ executablePath: asked.browser, args: [...FLAGS, ...(asked.flags || [])] });
  const urls = asked.pages || Object.keys(asked.files).filter((url) => url.endsWith(".html"));
  const tabs = [];
  for (let count = 0; count < 2; count++) {
    const context = await browser.newContext(settings);
    if (asked.files) await serve(context, asked.files);
    tabs.push(await context.newPage());
  }
  const found = await each(urls, tabs.length, (url, place) => look(tabs[place], url, asked));
  await browser.close();
  console.log(JSON.stringify(found));
}

module.exports = { judge };
