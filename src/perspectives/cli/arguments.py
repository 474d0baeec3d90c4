"""What the command takes: each of its commands with examples, and their options."""

import argparse

_MAIN = """\
examples:
  perspectives render brief.txt -t markdown
  perspectives validate brief.json
  perspectives report brief.json
  perspectives preview brief.md
  perspectives plugins

Multi-perspective news briefs: any source in, any format out.
"""
_RENDER = """\
examples:
  perspectives render brief.txt -t markdown           to the terminal
  perspectives render brief.txt -o brief.html         the extension decides
  perspectives render *.json --out site -t html       one file each
  curl -s URL | perspectives render - -f json -t text
  perspectives render brief.txt -t html -O fragment=true -O heading_level=3
  perspectives render brief.txt -t toot --plugin toot.py
  perspectives render brief.txt -t html --templates my/templates

Turn briefs into another format.
"""
_VALIDATE = """\
examples:
  perspectives validate brief.json
  perspectives validate briefs/*.txt --profile seed && echo publish
  perspectives validate *.json --output github        annotations for a workflow
  perspectives validate *.json --output json | jq '.[] | select(.severity == "error")'

Say what is wrong with briefs, what their loaders had to guess, and what a desk
may want to mend. Profiles: default; seed, for the layout of a newsletter, which
holds neither citations nor dates; strict, where each finding is one step more
severe. The exit status is 1 for an invalid brief or a finding that is an error.
"""
_REPORT = """\
examples:
  perspectives report brief.json
  perspectives report brief.json --scheme allsides
  perspectives report brief.json --output svg > report.svg
  perspectives report brief.json --outlets bias.csv --column name=Paper \\
    --column rating.value=Bias --column rating.scheme==bias --column rating.rater==Desk

Count what a brief is made of: the words, outlets and citations of each group,
the origins cited for each fact, and how the outlets are rated, with the
attributions that are owed for the ratings.
"""
_PREVIEW = """\
examples:
  perspectives preview brief.md
  perspectives preview brief.md --open                in your browser
  perspectives preview brief.md -t html -O charts=true
  perspectives preview brief.md --plugin toot.py      while you write it
  perspectives preview brief.md -t html --templates my/templates

Show a brief in every format, in a browser on this machine, and anew after each
change of its file, of a plugin's or in a folder of templates. A mail is shown at
320 and 600 px, light and dark, with its headers, size and source. The address
goes to stderr; nothing is fetched from the network, pictures neither. Ctrl-C
ends it.
"""
_SCHEMA = """\
examples:
  perspectives schema > brief.schema.json             what a document may hold
  perspectives schema Story --strict-output           for a language model to fill

Print the JSON Schema of a brief, or of another class of the model.
"""
_CSS = """\
examples:
  perspectives css > brief.css
  perspectives css shadow                             for inside a shadow root
  perspectives css -O theme.accent=#005f73 -O theme.font="Inter, sans-serif"

Print the stylesheet for HTML fragments; its file name and hash go to stderr.
Of a theme there are accent, ink and paper, which are six-digit hex, and font.
"""
_PLUGINS = """\
examples:
  perspectives plugins                                every plugin, nothing imported
  perspectives plugins html                           one format and its options
  perspectives plugins perspectives-chat              all of one distribution
  perspectives plugins --check                        import all and say which fail

List the formats, outlets, rules and template packs that are installed, and what
PERSPECTIVES_PLUGINS and PERSPECTIVES_DISABLE keep from being used. The exit
status is 3 where a plugin that was imported failed.
"""
_NEW = """\
examples:
  perspectives new brief -o brief.md                  a brief to write over
  perspectives new plugin toot                        a format of your own

Begin something that works at once.
"""
_NEW_BRIEF = """\
examples:
  perspectives new brief                              to the terminal
  perspectives new brief -o brief.md

Print a small brief in Markdown to write over: front matter, a section, a story
with facts, context, two perspectives, links and sources, and what comes behind
the stories. With -o it goes to a file, and what to type next to stdout.
"""
_NEW_PLUGIN = """\
examples:
  perspectives new plugin toot                        a renderer, perspectives-toot
  perspectives new plugin my-desk --loader

Make a distribution with a renderer or a loader, in a folder of its own: typed,
with README, changelog and workflow, and with tests that pass at once. What to
type next goes to stdout.
"""


def parser() -> argparse.ArgumentParser:
    """The commands; `run` of what they parse is the name of one."""
    main = argparse.ArgumentParser(prog="perspectives", description=_MAIN, formatter_class=_Help)
    main.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = main.add_subparsers(metavar="COMMAND", required=True)

    render = commands.add_parser(
        "render", help="turn briefs into another format", description=_RENDER, formatter_class=_Help
    )
    render.add_argument("files", nargs="*", metavar="FILE", default=["-"], help="a brief; - is stdin")
    help = "the format; else by -o, else markdown; for a terminal the format terminal, where it is installed"
    render.add_argument("-t", "--to", dest="renderer", metavar="RENDERER", help=help)
    output = render.add_mutually_exclusive_group()
    output.add_argument("-o", "--output", metavar="OUT", help="one file; - is stdout")
    output.add_argument("--out", metavar="DIR", help="a folder, for one file each; it is made if need be")
    render.add_argument(
        "-O", dest="options", metavar="NAME=VALUE", action="append", default=[], help="option of the renderer"
    )
    _add_templates(render)
    _add_loader_options(render)
    render.set_defaults(run="render")

    validate = commands.add_parser("validate", help="say what is wrong", description=_VALIDATE, formatter_class=_Help)
    validate.add_argument("files", nargs="+", metavar="FILE", help="a brief; - is stdin")
    validate.add_argument("--profile", metavar="PROFILE", default="default", help="default, seed or strict")
    validate.add_argument("--output", choices=["text", "json", "github"], default="text", help="for whom; else text")
    _add_loader_options(validate)
    validate.set_defaults(run="validate")

    report = commands.add_parser("report", help="count what is in it", description=_REPORT, formatter_class=_Help)
    report.add_argument("file", metavar="FILE", help="a brief; - is stdin")
    report.add_argument("--scheme", metavar="ID", help="the scheme of ratings to count; else each that is used")
    report.add_argument("--output", choices=["text", "json", "svg"], default="text", help="for whom; else text")
    _add_loader_options(report)
    report.set_defaults(run="report")

    _add_preview(commands)

    schema = commands.add_parser("schema", help="print the JSON Schema", description=_SCHEMA, formatter_class=_Help)
    schema.add_argument("name", nargs="?", metavar="CLASS", default="Brief", help="a class of the model; else Brief")
    schema.add_argument(
        "--strict-output", action="store_true", help="for language models: every field required, or null"
    )
    schema.set_defaults(run="schema")

    css = commands.add_parser("css", help="print the stylesheet", description=_CSS, formatter_class=_Help)
    css.add_argument(
        "isolation",
        nargs="?",
        choices=["class", "shadow"],
        default="class",
        help="class: keeps off the page around; shadow: the page keeps off it too",
    )
    css.add_argument(
        "-O", dest="options", metavar="theme.NAME=VALUE", action="append", default=[], help="a colour or the font"
    )
    _add_templates(css)
    _add_plugin_files(css)
    css.set_defaults(run="css")

    plugins = commands.add_parser("plugins", help="list the formats", description=_PLUGINS, formatter_class=_Help)
    plugins.add_argument("name", nargs="?", metavar="NAME", help="a name, DIST:NAME or distribution, with its options")
    plugins.add_argument("--json", action="store_true", help="for programs")
    plugins.add_argument("--check", action="store_true", help="import each plugin and report those that fail")
    _add_plugin_files(plugins)
    plugins.set_defaults(run="plugins")

    _add_new(commands)
    return main


def _add_preview(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    preview = commands.add_parser(
        "preview", help="look at it in a browser", description=_PREVIEW, formatter_class=_Help
    )
    preview.add_argument("file", metavar="FILE", help="a brief")
    preview.add_argument("-t", "--to", dest="renderer", metavar="RENDERER", help="the format that is open first")
    preview.add_argument(
        "-O", dest="options", metavar="NAME=VALUE", action="append", default=[], help="option of that renderer"
    )
    preview.add_argument("--port", metavar="PORT", type=_port, default=0, help="where; else any that is free")
    preview.add_argument("--open", action="store_true", help="open a browser")
    _add_templates(preview)
    _add_loader_options(preview)
    preview.set_defaults(run="preview")


def _port(word: str) -> int:
    if not (word.isascii() and word.isdecimal() and int(word) < 65536):
        raise argparse.ArgumentTypeError(f"{word!r} is no port, expected 0 to 65535")
    return int(word)


def _add_new(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    new = commands.add_parser("new", help="begin a brief or a plugin", description=_NEW, formatter_class=_Help)
    things = new.add_subparsers(metavar="WHAT", required=True)
    brief = things.add_parser("brief", help="in Markdown", description=_NEW_BRIEF, formatter_class=_Help)
    brief.add_argument("-o", "--output", metavar="OUT", default="-", help="a file that is not there yet; - is stdout")
    brief.set_defaults(run="new brief")
    plugin = things.add_parser("plugin", help="a format's distribution", description=_NEW_PLUGIN, formatter_class=_Help)
    plugin.add_argument("name", metavar="NAME", help="of its format: lower-case letters, digits and single hyphens")
    kind = plugin.add_mutually_exclusive_group()
    kind.add_argument("--renderer", dest="kind", action="store_const", const="renderer", help="the default")
    kind.add_argument("--loader", dest="kind", action="store_const", const="loader", help="instead of a renderer")
    plugin.set_defaults(run="new plugin", kind="renderer")


def _add_plugin_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--plugin",
        dest="plugins",
        metavar="FILE",
        action="append",
        default=[],
        help="a plugin in a .py file, as if it were installed; may be repeated",
    )


def _add_templates(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--templates",
        metavar="DIR_OR_PACK",
        action="append",
        help="a folder of templates or a template pack that goes before ours; may be repeated. core: ours alone",
    )


def _add_loader_options(parser: argparse.ArgumentParser) -> None:
    _add_plugin_files(parser)
    parser.add_argument(
        "-f", "--from", dest="loader", metavar="LOADER", help="how to read it; else by extension or content"
    )
    parser.add_argument(
        "-I", dest="inputs", metavar="NAME=VALUE", action="append", default=[], help="option of the loader"
    )
    parser.add_argument("--language", metavar="TAG", help="language of the input, where it is known: de")
    parser.add_argument(
        "--outlets",
        metavar="FILE",
        action="append",
        default=[],
        help="what you know of outlets, .json or .csv; the brief gets it. Several are merged",
    )
    parser.add_argument(
        "--column",
        dest="columns",
        metavar="OURS=THEIRS",
        action="append",
        default=[],
        help="what a .csv of --outlets calls one of our columns; OURS==TEXT is one text for all rows",
    )


class _Help(argparse.RawDescriptionHelpFormatter):
    """The help as Python 3.13 prints it, under every Python, so that the docs can show it: `-o, --output OUT`."""

    def _format_action_invocation(self, action: argparse.Action) -> str:
        if not action.option_strings or action.nargs == 0:
            return super()._format_action_invocation(action)
        value = self._format_args(action, self._get_default_metavar_for_optional(action))
        return f"{', '.join(action.option_strings)} {value}"


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"perspectives-briefs {version('perspectives-briefs')}")
        parser.exit()
