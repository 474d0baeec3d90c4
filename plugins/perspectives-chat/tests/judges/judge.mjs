// Holds messages to the vendors' own code: reads cases as JSON from standard input, prints what is wrong as a JSON list.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { AppBskyFeedPost, RichText } from "@atproto/api";
import { EmbedBuilder, embedLength } from "@discordjs/builders";
import markdown from "discord-markdown-parser";

const require = createRequire(import.meta.url);
const twitter = require("twitter-text");
const load = (path) => ((found) => found.default ?? found)(require(`twitter-text/dist/${path}`));
const pattern = (name) => load(`regexp/${name}`);
const supplant = load("lib/regexSupplant");
const parts = ["validUrlPrecedingChars", "validDomain", "validPortNumber", "validUrlPath", "validUrlQueryChars", "validUrlQueryEndingChars"];
// What Mastodon counts a link by: twitter-text's, but with a scheme.
const url = supplant(
  "(#{validUrlPrecedingChars})(https?:\\/\\/(?:#{validDomain})(?::#{validPortNumber})?(?:\\/#{validUrlPath}*)?(?:\\?#{validUrlQueryChars}*#{validUrlQueryEndingChars})?)",
  Object.fromEntries(parts.map((name) => [name, pattern(name)])),
  "gi",
);
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const MARKUP = new Set(["text", "newline", "br", "heading", "strong", "link", "list", "blockQuote", "twemoji", "autolink"]);
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

function* discord(message, hrefs) {
  if (JSON.stringify(message.allowed_mentions) !== '{"parse":[]}') yield "mentions are not off";
  if (message.embeds.length > 10) yield "more than 10 embeds";
  if (message.embeds.reduce((sum, embed) => sum + embedLength(embed), 0) > 6000) yield "more than 6000 characters";
  const urls = message.embeds.map((embed) => embed.url).filter(Boolean);
  if (new Set(urls).size < urls.length) yield "several embeds have one url";
  for (const embed of message.embeds) {
    const builder = new EmbedBuilder();
    if (embed.author) builder.setAuthor(embed.author);
    if (embed.title) builder.setTitle(embed.title);
    if (embed.url) builder.setURL(embed.url);
    if (embed.description) builder.setDescription(embed.description);
    if (JSON.stringify(builder.toJSON(), Object.keys(embed).sort()) !== JSON.stringify(embed, Object.keys(embed).sort())) yield "the builder makes another embed";
    for (const text of [embed.title, embed.description].filter(Boolean)) yield* marks(markdown.parse(text, "extended"), hrefs);
  }
}

function* marks(nodes, hrefs) {
  for (const node of [nodes].flat()) {
    if (!MARKUP.has(node.type)) yield `a text becomes ${node.type}: ${JSON.stringify(node)}`;
    if (/link/.test(node.type) && !hrefs.has(node.target)) yield `a text becomes a link: ${node.target}`;
    for (const below of [node.content, ...(node.items ?? [])]) if (typeof below === "object") yield* marks(below, hrefs);
  }
}

function* mastodon(post, hrefs, limit) {
  const counted = [...graphemes.segment(post.status.replace(url, `$1${"x".repeat(23)}`))].length;
  if (counted > limit) yield `${counted} characters`;
  const words = [...hrefs].sort((a, b) => b.length - a.length).reduce((text, href) => text.replaceAll(href, ""), post.status);
  for (const name of [...twitter.extractMentions(words), ...twitter.extractHashtags(words)]) yield `a mention or tag: ${name}`;
  for (const found of twitter.extractUrls(post.status)) {
    if (/^https?:/i.test(found) && ![...hrefs].some((href) => href.startsWith(found))) yield `a link: ${found}`;
  }
}

function* bluesky(post, hrefs) {
  const checked = AppBskyFeedPost.validateRecord({ ...post, createdAt: "2026-01-14T00:00:00.000Z" });
  if (!checked.success) yield String(checked.error);
  const text = new RichText({ text: post.text, facets: post.facets });
  if (text.graphemeLength > 300) yield `${text.graphemeLength} graphemes`;
  if (text.length > 3000) yield `${text.length} bytes`;
  if (JSON.stringify(text.facets) !== JSON.stringify(post.facets)) yield "facets are not in order";
  for (const facet of post.facets ?? []) {
    decoder.decode(encoder.encode(post.text).slice(facet.index.byteStart, facet.index.byteEnd));
    if (facet.features.some((feature) => !hrefs.has(feature.uri))) yield "a text becomes a link";
  }
  const read = [...text.segments()].filter((segment) => segment.isLink() || segment.isMention() || segment.isTag());
  if (read.length !== (post.facets ?? []).length) yield "segments differ from facets";
}

const judges = { discord, mastodon, bluesky };
const wrong = [];
for (const { name, hrefs, format, messages, limit } of JSON.parse(readFileSync(0, "utf8"))) {
  messages.forEach((message, index) => {
    try {
      for (const fault of judges[format](message, new Set(hrefs), limit)) wrong.push(`${name} ${format} ${index}: ${fault}`);
    } catch (error) {
      wrong.push(`${name} ${format} ${index}: ${error}`);
    }
  });
}
console.log(JSON.stringify(wrong));
