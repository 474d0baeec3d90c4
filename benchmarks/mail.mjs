// The brief on stdin as a mail by MJML and by react-email, from the folder of the first argument: {"mjml": HTML,
// "react-email": HTML}. Written as their guides write mails: sizes and colours are those of our own mail, each part of
// a story is one mj-text, each paragraph one Text, and all else is as they make it by themselves, to their advantage.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const { brief, theme, words } = JSON.parse(fs.readFileSync(0, "utf-8"));
const require = createRequire(pathToFileURL(path.join(path.resolve(process.argv[2]), "package.json")));
const escaped = (text) => text.replace(/[&<>"]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char]);
const outlets = (group) => words.eg + (group.outlets || []).map(({ name }) => name).join(", ");
const paragraphs = (story) => (story.context?.paragraphs || []).map(({ text }) => text);

function mjml() {
  const mjml2html = require("mjml").default || require("mjml");
  const text = (inner, attributes = "") => `<mj-text ${attributes}>${inner}</mj-text>`;
  const line = (name, words) => `<${name}>${escaped(words)}</${name}>`;
  const note = (words) => `<p class="small">${escaped(words)}</p>`;
  const small = 'mj-class="small"';
  const group = (one) => line("h4", one.label) + note(outlets(one)) + line("p", one.framing || "") + (one.critique ? note(one.critique) : "");
  const link = ({ label, href }) => (href ? `<a href="${escaped(href)}" style="color:${theme.accent}">${escaped(label)}</a>` : escaped(label));
  const story = (story) => `<mj-section border-top="1px solid ${theme.line}"><mj-column>`
    + text(line("h2", story.headline) + (story.summary ? line("p", story.summary) : ""))
    + (story.facts ? text(`${line("h3", words.facts)}<ol>${story.facts.map((fact) => line("li", fact.text)).join("")}</ol>`) : "")
    + (story.context ? text(line("h3", words.context) + paragraphs(story).map((one) => line("p", one)).join("")) : "")
    + (story.perspectives ? text(line("h3", words.perspectives) + story.perspectives.map(group).join("")) : "")
    + (story.links ? text(`${line("h3", words.links)}<ul>${story.links.map((one) => `<li>${link(one)}</li>`).join("")}</ul>`) : "")
    + "</mj-column></mj-section>";
  const call = brief.call_to_action;
  const source = `<mjml lang="${brief.language || "en"}" dir="${words.dir}"><mj-head><mj-title>${escaped(words.subject)}</mj-title>`
    + `<mj-preview>${escaped(words.preheader)}</mj-preview><mj-attributes>`
    + `<mj-all font-family="${theme.font}" /><mj-text font-size="16px" line-height="1.6" color="${theme.ink}" padding="0 24px 10px" />`
    + `<mj-section padding="20px 0" /><mj-class name="small" font-size="13px" color="${theme.muted}" font-family="${theme.font_label}" />`
    + `</mj-attributes><mj-style inline="inline">h2{font-size:27px;line-height:1.2} h3{font:bold 14px ${theme.font_label};color:${theme.accent}}`
    + ` h4{font-size:18px} .small{font:13px ${theme.font_label};color:${theme.muted}}</mj-style></mj-head>`
    + `<mj-body width="600px" background-color="${theme.paper}">`
    + (brief.title ? `<mj-section><mj-column>${text(`<h1 style="margin:0">${escaped(brief.title)}</h1>`, 'font-size="36px" line-height="1.15"')}</mj-column></mj-section>` : "")
    + `<mj-section><mj-column>${brief.stories[0].section ? text(`<h1 style="margin:0">${escaped(brief.stories[0].section)}</h1>`, 'font-size="15px"') : ""}</mj-column></mj-section>`
    + brief.stories.map(story).join("")
    + (call ? `<mj-section><mj-column>${text(escaped(call.headline), 'font-size="22px"')}${call.body.map((one) => text(escaped(one))).join("")}${text(escaped(call.assurance), small)}</mj-column></mj-section>` : "")
    + `<mj-section><mj-column>${text(`<a href="${words.unsubscribe}" style="color:${theme.accent}">${escaped(words.leave)}</a>`, small)}</mj-column></mj-section>`
    + "</mj-body></mjml>";
  return Promise.resolve(mjml2html(source, { validationLevel: "strict" })).then(({ html }) => html);
}

function reactEmail() {
  const { createElement: e, Fragment } = require("react");
  const { render } = require("@react-email/render");
  const { Body, Container, Head, Heading, Hr, Html, Link, Preview, Section, Text } = require("@react-email/components");
  const key = (items, make) => (items || []).map((item, index) => make(item, index));
  const label = { fontFamily: theme.font_label, fontSize: "14px", color: theme.accent };
  const text = { fontSize: "16px" };
  const small = { fontFamily: theme.font_label, fontSize: "13px", color: theme.muted };
  const critique = { color: theme.muted };
  const group = (one, index) => e(Fragment, { key: index },
    e(Heading, { as: "h4", style: { fontSize: "18px" } }, one.label),
    e(Text, { style: small }, outlets(one)), e(Text, { style: text }, one.framing), one.critique && e(Text, { style: critique }, one.critique));
  const story = (one, index) => e(Section, { key: index },
    e(Hr, { style: { borderColor: theme.line } }),
    e(Heading, { as: "h2", style: { fontSize: "27px" } }, one.headline),
    one.summary && e(Text, { style: { fontSize: "18px" } }, one.summary),
    one.facts && e(Heading, { as: "h3", style: label }, words.facts),
    one.facts && e("ol", null, key(one.facts, (fact, at) => e("li", { key: at }, fact.text))),
    one.context && e(Heading, { as: "h3", style: label }, words.context),
    key(paragraphs(one), (paragraph, at) => e(Text, { key: at, style: text }, paragraph)),
    one.perspectives && e(Heading, { as: "h3", style: label }, words.perspectives),
    key(one.perspectives, group),
    one.links && e(Heading, { as: "h3", style: label }, words.links),
    one.links && e("ul", null, key(one.links, ({ label, href }, at) => e("li", { key: at }, href ? e(Link, { href }, label) : label))));
  const call = brief.call_to_action;
  return render(e(Html, { lang: brief.language || "en", dir: words.dir },
    e(Head, null, e("title", null, words.subject)), e(Preview, null, words.preheader),
    e(Body, { style: { backgroundColor: theme.paper, color: theme.ink, fontFamily: theme.font } },
      e(Container, { style: { maxWidth: "600px" } },
        brief.title && e(Heading, { as: "h1", style: { fontSize: "36px" } }, brief.title),
        brief.stories[0].section && e(Heading, { as: "h1", style: { fontSize: "15px", fontFamily: theme.font_label } }, brief.stories[0].section),
        key(brief.stories, story),
        call && e(Section, null, e(Text, { style: { ...text, fontSize: "22px" } }, call.headline), key(call.body, (one, at) => e(Text, { key: at, style: text }, one)), e(Text, { style: small }, call.assurance)),
        e(Text, { style: small }, e(Link, { href: words.unsubscribe }, words.leave))))));
}

console.log(JSON.stringify({ mjml: await mjml(), "react-email": await reactEmail() }));
