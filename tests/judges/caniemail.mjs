// Asks the npm package caniemail in the folder of the first argument about mails, a JSON list on stdin. For each mail
// its pairs of feature and program that do not go together; the package counts a pair as often as it meets it.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const place = path.join(process.argv[2], "node_modules", "caniemail", "dist", "index.js");
const { caniemail } = await import(pathToFileURL(place));

function pairs(html) {
  try {
    const { issues } = caniemail({ clients: ["*"], html });
    return [...issues.errors].flatMap(([client, found]) => found.map(({ title }) => `${title} ${client}`));
  } catch (error) {
    // It gives up where its data say nothing of a property and a program: then without that property.
    const property = /^Feature "([\w-]+)" not found/.exec(error.message)?.[1];
    const without = html.replace(new RegExp(`(?<![\\w-])${property}:[^;"}]*;?`, "g"), "");
    if (!property || without === html) throw error;
    return pairs(without);
  }
}

console.log(JSON.stringify(JSON.parse(fs.readFileSync(0, "utf-8")).map((html) => [...new Set(pairs(html))].sort())));
