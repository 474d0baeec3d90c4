// Opens each page under the policy that its headers or its own meta element set; gives what the console complains of.
const { judge } = require("./browser");

judge(async (page, url) => {
  const found = [];
  const listen = (message) => ["error", "warning"].includes(message.type()) && found.push({ page: url, says: message.text() });
  page.on("console", listen);
  await page.goto(url);
  await page.waitForTimeout(50);
  page.off("console", listen);
  return found;
});
