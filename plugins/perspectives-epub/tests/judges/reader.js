// Opens books in epub.js, a reader that runs in a browser. Takes on stdin {"browser": PATH, "books": [PATH]} and prints
// for each book its contents, its pages and what went wrong; with "shots", [{"book", "page", "turns", "night", "file"}],
// it takes pictures of what a reader holds in hand instead.
const fs = require("fs");
const puppeteer = require("puppeteer");

const SIZE = { width: 390, height: 720, deviceScaleFactor: 1.5 };
const HOST = "http://reader.test/";
const FRAME = '<!DOCTYPE html><html lang="en"><body style="margin:0"><div id="book"></div></body></html>';

async function opened(browser, path) {
  const page = await browser.newPage();
  page.wrong = [];
  page.on("pageerror", (error) => page.wrong.push(String(error)));
  await page.setViewport(SIZE);
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const url = request.url();
    if (url === HOST) return request.respond({ contentType: "text/html", body: FRAME });
    if (/^(blob|data|about):/.test(url)) return request.continue();
    if (url === `${HOST}favicon.ico`) return request.abort();
    page.wrong.push(`asks for ${url}`);
    return request.abort();
  });
  await page.goto(HOST);
  for (const name of ["jszip/dist/jszip.min.js", "epubjs/dist/epub.min.js"]) {
    await page.addScriptTag({ content: fs.readFileSync(require.resolve(name), "utf-8") });
  }
  await page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    window.opened = ePub(bytes.buffer);
    await window.opened.ready;
  }, fs.readFileSync(path).toString("base64"));
  return page;
}

// The contents with what each leads to, and the text of each page in order, as this reader finds them.
async function read(page) {
  return page.evaluate(async () => {
    const book = window.opened;
    const entries = (items) => items.flatMap((item) => [item, ...entries(item.subitems)]);
    const toc = entries(book.navigation.toc).map((item) => [item.label.trim(), item.href || null, item.href ? !!book.spine.get(item.href) : null]);
    const pages = [];
    for (const section of book.spine.spineItems) {
      const root = await section.load(book.load.bind(book));
      const targets = [...root.querySelectorAll("a[href^='#']")].map((link) => link.getAttribute("href").slice(1));
      const ids = new Set([...root.querySelectorAll("[id]")].map((element) => element.id));
      for (const image of root.querySelectorAll("img")) image.replaceWith(image.alt);
      pages.push({ href: section.href, text: root.querySelector("body").textContent, broken: targets.filter((id) => !ids.has(id)) });
    }
    const { title, language, direction } = book.packaging.metadata;
    return { title, language, direction, toc, pages };
  });
}

async function show(page, shot) {
  await page.evaluate(async ({ page: href, turns, night, SIZE }) => {
    const rendition = window.opened.renderTo("book", { width: SIZE.width, height: SIZE.height, flow: "paginated" });
    const [ink, paper] = night ? ["#d8d8d8", "#121212"] : ["#111", "#fff"];
    document.body.style.background = paper;
    // What the reader's user chose: type, size, and the colours of day and night.
    rendition.themes.default({ body: { "font-family": "'Noto Serif', 'Noto Naskh Arabic', 'Noto Serif CJK JP', serif", "font-size": "16px", "line-height": "1.5", color: ink, background: paper } });
    await rendition.display(href);
    for (let turn = 0; turn < (turns || 0); turn++) await rendition.next();
  }, { ...shot, SIZE });
  await new Promise((done) => setTimeout(done, 400));
  await page.screenshot({ path: shot.file });
}

(async () => {
  const { browser: executablePath, books, shots } = JSON.parse(fs.readFileSync(0, "utf-8"));
  const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"] });
  const answers = {};
  for (const shot of shots || []) {
    const page = await opened(browser, shot.book);
    await show(page, shot);
    await page.close();
  }
  for (const book of books || []) {
    const page = await opened(browser, book);
    answers[book] = { ...(await read(page)), wrong: page.wrong };
    await page.close();
  }
  await browser.close();
  console.log(JSON.stringify(answers));
})();
