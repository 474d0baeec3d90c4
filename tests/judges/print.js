// Prints each page on A4: "folder" gets a PDF file for each, named by its place in the files.
const path = require("path");
const { judge } = require("./browser");

judge(async (page, url, { folder, files }) => {
  const file = path.join(folder, `${Object.keys(files).indexOf(url)}.pdf`);
  await page.goto(url);
  await page.pdf({ path: file, format: "A4", displayHeaderFooter: false });
  return [file];
});
