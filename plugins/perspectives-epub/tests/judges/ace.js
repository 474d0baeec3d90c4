// What Ace finds in books: takes {"books": [PATH]} on stdin, prints {PATH: [[FILE, RULE, IMPACT, WHAT, ELEMENT]]}.
const fs = require("fs");
const ace = require("@daisy/ace-core");
const runner = require("@daisy/ace-axe-runner-puppeteer");

const { books } = JSON.parse(fs.readFileSync(0, "utf-8"));
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true; // Ace prints each report

async function found(book) {
  const options = { cwd: process.cwd(), silent: true, lang: "en", jobid: book, initLogger: true };
  const [, report] = await ace(book, options, runner);
  return report.assertions.flatMap((file) =>
    file.assertions.map((one) => [
      file["earl:testSubject"].url,
      one["earl:test"]["dct:title"],
      one["earl:test"]["earl:impact"],
      one["earl:result"]["dct:description"],
      one["earl:result"].html,
    ]),
  );
}

(async () => {
  const findings = {};
  for (const book of books) findings[book] = await found(book);
  write(JSON.stringify(findings));
})();
