// Reads feeds, a JSON list of texts on standard input, and prints what feedsmith finds in each.
import { parseFeed } from "feedsmith";

let input = "";
for await (const chunk of process.stdin) input += chunk;
console.log(JSON.stringify(JSON.parse(input).map((text) => parseFeed(text))));
