// Which way each block of text runs in each page: its direction, where its lines start, and the room on both sides of
// a list. {"files": ...} as in browser.js; the answer is a list of the blocks that have text of their own, and lists.
const { judge } = require("./browser");

const BLOCKS = "h1,h2,h3,h4,h5,h6,p,div,ol,ul,li,td,th,caption,blockquote,dt,dd";

function blocks(names) {
  const own = (block) => {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode;
      if (data.trim() && parentElement.closest(names) === block && parentElement.getClientRects().length) return true;
    }
    return false;
  };
  const shown = [...document.body.querySelectorAll(names)].filter((block) => block.matches("ol, ul") || own(block));
  return shown.map((block) => {
    const style = getComputedStyle(block);
    const room = (side) => parseFloat(style[`padding${side}`]) + parseFloat(style[`margin${side}`]);
    return {
      at: block.outerHTML.slice(0, 200), name: block.localName, direction: style.direction,
      align: style.textAlign.replace("-webkit-", ""), left: room("Left"), right: room("Right"),
    };
  });
}

judge(async (page, url) => {
  await page.goto(url);
  return (await page.evaluate(blocks, BLOCKS)).map((block) => ({ page: url, ...block }));
});
