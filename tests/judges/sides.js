// Which way each block of text runs in each page: its direction, where its lines start, and the room on both sides of
// a list. {"files": ...} as in browser.js; the answer is a list of blocks.
const { judge } = require("./browser");

const BLOCKS = "h1,h2,h3,h4,h5,h6,p,ol,ul,li,td,th,caption,blockquote,dt,dd";

function blocks(names) {
  const shown = [...document.querySelectorAll(names)].filter((block) => block.textContent.trim() && block.getClientRects().length);
  return shown.map((block) => {
    const style = getComputedStyle(block);
    const room = (side) => parseFloat(style[`padding${side}`]) + parseFloat(style[`margin${side}`]);
    const holdsText = [...block.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    return {
      at: block.outerHTML.slice(0, 100), name: block.localName, direction: style.direction, holdsText,
      align: style.textAlign.replace("-webkit-", ""), left: room("Left"), right: room("Right"),
      border: [parseFloat(style.borderLeftWidth), parseFloat(style.borderRightWidth)],
    };
  });
}

judge(async (page, url) => {
  await page.goto(url);
  return (await page.evaluate(blocks, BLOCKS)).map((block) => ({ page: url, ...block }));
});
