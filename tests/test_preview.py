"""The preview: a real server on this machine, asked by a client that knows nothing of it."""

import base64
import contextlib
import hashlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

import pytest
from conftest import ask, requires
from selectolax.lexbor import LexborHTMLParser

import perspectives as p
from perspectives.blame import imported_file
from perspectives.preview import Preview
from perspectives.preview.server import PreviewServer

BRIEF = """\
# Evening

## Council closes the bridge

The vote was close.

### Focusing Facts

1. The vote was 9 to 8.
"""
PLUGIN = """\
from perspectives.plugin import Finding, NoOptions, Part, Rendered, RendererInfo, renderers


class Toot:
    info = RendererInfo(name="toot", media_type={media_type!r}, summary="A toot", extensions=(".toot",))
    options_class = NoOptions

    def render(self, brief, options, tools, /):
        return {returned}


@renderers
def perspectives_renderers():
    return [Toot()]
"""
LIMIT = 60
"""Seconds after which a test gives up to wait for what must come."""


def plugin(returned, media_type="text/plain"):
    """The source of a plugin whose renderer returns this."""
    return PLUGIN.format(returned=returned, media_type=media_type)


@pytest.fixture(name="serve")
def _serve(tmp_path):
    """A function that previews a brief with plugins, each a file of this source, and gives the server."""
    servers = []

    def serve(text=BRIEF, name="brief.md", **plugins):
        file = tmp_path / name
        file.write_text(text)
        paths = [tmp_path / f"{module}.py" for module in plugins]
        for path in paths:
            path.write_text(plugins[path.stem])

        def registry():
            found = p.Registry(autoload=False)
            for path in paths:
                found.register(imported_file(str(path)))
            return found

        load = lambda registry: registry.load_report(str(file))  # noqa: E731
        server = PreviewServer(Preview(str(file), registry=registry, load=load, beside=list(map(str, paths))))
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        server.file = file
        return server

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def answer(server, path="/", method="GET", **headers):
    """Status, headers and body of an answer; `Host` is as a browser sends it, or what is given."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=LIMIT)
    connection.putrequest(method, path, skip_host=True)
    hosts = headers.pop("hosts", [f"127.0.0.1:{server.server_port}"])
    for host in hosts:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body.decode()


def page(server, to=""):
    """The tree of a tab."""
    return LexborHTMLParser(answer(server, f"/?to={to}" if to else "/")[2])


def texts(tree, selector):
    """What the elements say, each on one line."""
    return [" ".join(node.text().split()) for node in tree.css(selector)]


# What is shown


def test_every_renderer_has_a_tab(serve):
    """There is a tab for each renderer, those of plugins too; the first is open."""
    server = serve(toot=plugin("Rendered('x', 'text/plain')"))
    tabs = [(node.text(), node.attributes["href"]) for node in page(server).css("nav a")]

    assert tabs == [
        *((name, f"/?to={name}") for name in ("email", "html", "json", "markdown", "text")),
        ("toot", "/?to=toot.py%3Atoot"),
    ]
    assert ["email"] == texts(page(server), "nav a[aria-current=page]")


def test_tabs_of_one_name_say_whose_they_are(serve):
    """Where a plugin has a renderer of a name that is taken, its tab says which it is."""
    tree = page(serve(toot=plugin("Rendered('x', 'text/plain')").replace('name="toot"', 'name="text"')))

    assert ["email", "html", "json", "markdown", "text", "toot.py:text"] == texts(tree, "nav a")


def test_tab_is_open_that_is_asked_for(serve):
    """An address says which tab is open."""

    assert ["json"] == texts(page(serve(), "json"), "nav a[aria-current=page]")


def test_mail_is_shown_at_two_widths_in_two_schemes(serve):
    """The HTML part stands in four frames in which nothing may run: 320 and 600 px, light and dark."""
    server = serve()
    frames = [{**node.attributes} for node in page(server, "email").css("iframe")]

    assert frames == [
        {"sandbox": None, "src": "/as/email/?part=2", "title": f"{width} px, {scheme}", "class": f"{scheme} w{width}"}
        for width in (320, 600)
        for scheme in ("light", "dark")
    ]
    assert answer(server, "/as/email/?part=2")[2] == p.render(p.load(server.file), "email").part("text/html").content


def test_mail_is_shown_with_headers_size_text_and_source(serve):
    """Beside the frames stand the headers as a reader sees them, the size of the HTML, the text and the source."""
    server = serve()
    mail = p.render(p.load(server.file), "email")
    html, tree = mail.part("text/html"), page(server, "email")
    size = len(bytes(html))

    assert dict(zip(texts(tree, "th[scope=row]"), texts(tree, "th + td"), strict=True)) == mail.headers
    assert texts(tree, "label") == [f"The HTML has {size:,} bytes, {size / 104448:.1%} of the 102 KB that Gmail shows."]
    assert [node.text() for node in tree.css("pre")] == [
        str(mail.part("text/plain")),
        str(html),
        str(mail).replace("\r\n", "\n"),  # as HTML has line breaks
    ]


def test_page_is_shown_in_two_schemes(serve):
    """HTML stands in two frames, light and dark, and its source below them."""
    server = serve()
    tree = page(server, "html")

    assert [("/as/html/", "light"), ("/as/html/", "dark")] == [
        (node.attributes["src"], node.attributes["title"]) for node in tree.css("iframe")
    ]
    assert [answer(server, "/as/html/")[2]] == [node.text() for node in tree.css("pre")]


def test_text_is_shown_as_it_is(serve):
    """What is a text stands there as it is written, to the first empty line and the last."""
    server = serve(toot=plugin(r"Rendered('\n\n <b>&amp; \n', 'text/plain')"))

    assert ["\n\n <b>&amp; \n"] == [node.text() for node in page(server, "toot.py:toot").css("pre")]


def test_binary_is_downloaded(serve):
    """What is no text can be saved under its own extension; its parts are listed and can be saved too."""
    returned = r"Rendered(b'\0\1', 'application/x-toot', parts=[Part('a', 'text/css', name='css/a.css')])"
    server = serve(toot=plugin(returned, "application/x-toot"))
    tree = page(server, "toot.py:toot")

    assert ["application/x-toot, 2 bytes, download brief.toot"] == texts(tree, ".note")
    assert ["text/css", "css/a.css", "1", "download"] == texts(tree, "td")
    assert [("/as/toot.py%3Atoot/", "brief.toot"), ("/as/toot.py%3Atoot/css/a.css", "a.css")] == [
        (node.attributes["href"], node.attributes["download"]) for node in tree.css("[download]")
    ]
    assert "\0\1" == answer(server, "/as/toot.py%3Atoot/")[2]
    assert "a" == answer(server, "/as/toot.py%3Atoot/css/a.css")[2]


def test_image_is_shown(serve):
    """An image is shown."""
    server = serve(toot=plugin("Rendered('<svg/>', 'image/svg+xml')", "image/svg+xml"))

    assert ["/as/toot.py%3Atoot/"] == [n.attributes["src"] for n in page(server, "toot.py:toot").css("img")]


def test_findings_are_shown(serve):
    """What the loader guessed and what the renderer found stand on the page, the lines with them."""
    found = "Rendered('x', 'text/plain', findings=[Finding(code='too-long', message='cut', hint='make it shorter')])"
    server = serve("Council closes\n\nFocusing Facts\n\n1. One.\n3. Three.\n", "brief.txt", toot=plugin(found))

    assert [
        "warning cut; make it shorter too-long",
        "warning line 6: fact 2 is printed with the number 3; numbers are counted, not kept fact-number",
    ] == texts(page(server, "toot.py:toot"), ".findings li")


def test_options_are_for_the_first_tab(tmp_path):
    """With `first` and `options` one renderer is open at the start and gets them, as they are typed."""
    file = tmp_path / "brief.md"
    file.write_text(BRIEF)
    registry = p.Registry(autoload=False)
    preview = Preview(
        str(file),
        registry=lambda: registry,
        load=lambda registry: registry.load_report(str(file)),
        first=registry.provider("renderer", "html"),
        options={"fragment": "true"},
    )

    assert "html" == preview.first
    assert p.render(p.load(file), "html", fragment=True) == preview.reading().rendered("perspectives-briefs:html")


# What is wrong


def test_brief_that_does_not_load_is_said_and_comes_back(serve):
    """A brief that cannot be read is said with its line, with all tabs there; mended, it is shown again."""
    server = serve('{\n"format": "perspectives/1.0",\n"stories": [}', "brief.json")
    with pytest.raises(p.LoadError) as error:
        p.load(server.file)
    tree = page(server)

    assert ":3:" in str(error.value)
    assert ([str(error.value)], 5, []) == (texts(tree, ".faults pre"), len(tree.css("nav a")), tree.css("iframe"))

    server.file.write_text(p.dumps(p.Brief(stories=[p.Story(headline="Bridge closes")])))

    assert ([], 4) == (texts(page(server), ".faults pre"), len(page(server).css("iframe")))


def test_file_that_is_gone_is_said(serve):
    """Where there is no file any more, the page says so."""
    server = serve()
    server.file.unlink()

    assert [f"{server.file}: No such file or directory"] == texts(page(server), ".faults pre")


def test_renderer_that_fails_stops_no_other(serve):
    """What a renderer fails at stands in its tab; the others are as they were."""
    server = serve(toot=plugin("1 / 0"))
    fault = page(server, "toot.py:toot").css_first(".faults pre").text()

    assert fault.startswith("toot.py:toot failed while rendering brief 'Council closes the bridge'\n")
    assert fault.splitlines()[2] == "cause: ZeroDivisionError: division by zero"
    assert (404, 200) == (answer(server, "/as/toot.py%3Atoot/")[0], answer(server, "/as/html/")[0])


def test_text_that_cannot_be_written_is_said(serve):
    """A renderer that returns half a character is at fault, in its tab."""
    server = serve(toot=plugin(r"Rendered('\ud800', 'text/plain')"))
    fault = page(server, "toot.py:toot").css_first(".faults pre").text()

    assert "toot.py:toot returned a text that cannot be written" == fault.splitlines()[0]


def test_plugin_file_that_breaks_is_said(serve):
    """Where a plugin's file breaks, the page says how, and shows the brief in the formats that are left."""
    server = serve(toot=plugin("Rendered('x', 'text/plain')"))
    path = server.file.with_name("toot.py")
    path.write_text("1 / 0")
    tree = page(server, "html")

    assert [f"{path}:1: the plugin could not be imported cause: ZeroDivisionError: division by zero"] == texts(
        tree, ".faults pre"
    )
    assert (2, 0) == (len(tree.css("iframe")), len(tree.css("nav a[href*=toot]")))


def test_unknown_tab_is_said(serve):
    """For a renderer that is not there any more the page says so, and still follows the files."""
    status, _, body = answer(serve(), "/?to=%3Cscript%3E")
    tree = LexborHTMLParser(body)

    assert (404, ["there is no renderer '<script>' any more"]) == (status, texts(tree, ".faults pre"))
    assert 1 == len(tree.css("script"))


# What it follows


def events(server, version):
    """An open stream of events: the connection and the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=LIMIT)
    connection.request("GET", f"/events?{version}")
    return connection.getresponse()


def told(stream):
    """The version that a page is told of, or None where only signs of life come."""
    for _ in range(20):
        if (line := stream.readline()).startswith(b"data: "):
            return line.decode().removeprefix("data: ").strip()
    return None


def version_of(server):
    """The version that the page says it is of."""
    return page(server).css_first("html").attributes["data-version"]


def write(path, text):
    """Write into a file."""
    path.write_text(text)


def replace(path, text):
    """Put another file in the place of one, of the same time and size, as some editors do."""
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    new = path.with_suffix(".new")
    new.write_text(text)
    os.utime(new, ns=times)
    new.replace(path)


@pytest.mark.parametrize("name", ["brief.md", "toot.py"])
@pytest.mark.parametrize("change", [write, replace])
def test_change_is_an_event(serve, change, name):
    """A page is told when the brief or a plugin's file is written or replaced, with the version that is then there."""
    server = serve(toot=plugin("Rendered('x', 'text/plain')"))
    path = server.file.with_name(name)
    stream = events(server, version_of(server))
    first = stream.readline()
    change(path, path.read_text().replace("Evening", "Morning").replace("'x'", "'y'"))

    assert (b": no change\n", version_of(server)) == (first, told(stream))
    assert ("text/event-stream", "no-store") == (stream.headers["Content-Type"], stream.headers["Cache-Control"])


def test_page_of_another_version_is_told_at_once(serve):
    """A page of before the server was started, or of before a change, is told at once."""
    server = serve()

    assert version_of(server) == told(events(server, "0000"))


def test_change_within_a_folder_is_another_version(tmp_path):
    """Of a folder each file is followed: one that is written, and one that is new."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text("a")
    preview = Preview(
        str(tmp_path / "brief.md"), registry=p.Registry, load=p.load_report, beside=[str(tmp_path / "templates")]
    )
    versions = [preview.version(), preview.version()]
    (tmp_path / "templates" / "a.html").write_text("bb")
    versions.append(preview.version())
    (tmp_path / "templates" / "b.html").write_text("b")
    versions.append(preview.version())

    assert (True, 3) == (versions[0] == versions[1], len(set(versions)))


def test_plugin_that_changes_is_run_anew(serve):
    """After a change of a plugin's file its new code renders."""
    server = serve(toot=plugin("Rendered('old', 'text/plain')"))
    before = answer(server, "/as/toot.py%3Atoot/")[2]
    server.file.with_name("toot.py").write_text(plugin("Rendered('newer', 'text/plain')"))

    assert ("old", "newer") == (before, answer(server, "/as/toot.py%3Atoot/")[2])


# Who may ask, and for what


def test_only_this_machine_is_answered(serve):
    """The server listens on the loopback address and no other."""

    assert "127.0.0.1" == serve().socket.getsockname()[0]


@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        (["127.0.0.1:{}"], 200),
        (["localhost:{}"], 200),
        (["LOCALHOST:{}"], 200),
        (["rebound.example:{}"], 421),
        (["127.0.0.1"], 421),
        (["127.0.0.1:1"], 421),
        (["127.0.0.1.rebound.example:{}"], 421),
        (["127.0.0.1:{}", "rebound.example:{}"], 421),
        ([""], 421),
        ([], 421),
    ],
)
@pytest.mark.parametrize("path", ["/", "/as/html/", "/events?0"])
def test_other_hosts_are_refused(serve, path, hosts, status):
    """A page elsewhere whose name was made to lead here reads nothing: there is one host, and it is named once."""
    server = serve()

    assert status == answer(server, path, hosts=[host.format(server.server_port) for host in hosts])[0]


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "//etc/passwd",
        "/brief.md",
        "/as/html",
        "/as/../brief.md",
        "/as/html/../../brief.md",
        "/as/html/%2e%2e/%2e%2e/brief.md",
        "/as/html/..%2f..%2fbrief.md",
        "/as/%2e%2e/",
        "/as//",
        "/as/email/?part=0",
        "/as/email/?part=4",
        "/as/email/?part=-1",
        "/as/email/?part=x",
        "/page.html",
        "/favicon.ico",
        "/as/html/%ff%00",
    ],
)
def test_no_file_is_served(serve, path):
    """Nothing is there but what renderers returned: no path leads to a file."""
    status, headers, body = answer(serve(), path)

    assert (404, f"there is nothing at {path.partition('?')[0]}\n") == (status, body.replace("at /etc", "at //etc"))
    assert "text/plain; charset=utf-8" == headers["Content-Type"]


def test_head_is_answered_without_body(serve):
    """HEAD is answered as GET is, without a body."""
    server = serve()
    (status, headers, body), get = answer(server, method="HEAD"), answer(server)

    assert (200, get[1]["Content-Length"], "") == (status, headers["Content-Length"], body)


def test_policy_of_the_page(serve):
    """The page may run its own script, wear its own style and ask this server; nobody may frame it."""
    _, headers, body = answer(serve())
    tree = LexborHTMLParser(body)
    script, style = (
        base64.b64encode(hashlib.sha256(tree.css_first(name).text().encode()).digest()).decode()
        for name in ("script", "style")
    )

    assert (
        f"default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; connect-src 'self'; "
        "frame-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ) == headers["Content-Security-Policy"]
    assert [] == re.findall(r' (?:style|on\w+)="', body)


def test_policy_of_a_content(serve):
    """What a renderer wrote runs nothing, sends nothing and fetches nothing from elsewhere."""
    headers = answer(serve(), "/as/html/")[1]

    assert (
        "sandbox; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ) == headers["Content-Security-Policy"]
    assert ("nosniff", "off", "no-referrer", "no-store") == tuple(
        headers[name]
        for name in ("X-Content-Type-Options", "X-DNS-Prefetch-Control", "Referrer-Policy", "Cache-Control")
    )


def test_what_claims_to_be_markup_is_text(serve):
    """What a renderer says of itself and its content is text on the page, even where it claims to be markup."""
    code = plugin(
        "Rendered(M, 'message/rfc822', headers={M: M}, parts=[Part(M, M), Part(M, 'text/html'), Part(M, 'text/plain')],"
        " findings=[Finding(code=M, message=M, hint=M, path=M, severity=M)])"
    )
    server = serve(toot=f"from markupsafe import Markup\nM = Markup('<em>x</em>\\r\\n')\n{code}")
    tree = page(server, "toot.py:toot")

    assert (0, True) == (len(tree.css("em")), "<em>x</em>" in tree.body.text())
    assert "application/octet-stream" == answer(server, "/as/toot.py%3Atoot/?part=1")[1]["Content-Type"]


# The command


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-"], "perspectives: preview follows a file, and stdin is none\ntry: perspectives preview --help\n"),
        (
            ["brief.md", "-O", "charts=true"],
            "perspectives: -O is for a renderer that -t names\ntry: perspectives preview --help\n",
        ),
        (["nothing.md"], "perspectives: nothing.md: No such file or directory\n"),
        (
            ["brief.md", "-t", "html", "-O", "charts=1.5"],
            "perspectives: perspectives-briefs:html: option 'charts' must be true or false, got '1.5'\n",
        ),
        (["brief.md", "-t", "htm"], "perspectives: no renderer named 'htm'. Did you mean 'html'?\n"),
        (["brief.md", "-f", "xml"], "perspectives: no loader named 'xml'"),
        (["brief.md", "--port", "65536"], "argument --port: '65536' is no port, expected 0 to 65535\n"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_served(run, tmp_path, monkeypatch, arguments, message):
    """What is wrong with the command is said at once, with status 2."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "brief.md").write_text(BRIEF)
    status, out, err = run("preview", *arguments)

    assert (2, "", True) == (status, out, message in err)


def test_port_that_is_taken_is_said(run, tmp_path):
    """A port on which another program listens is named."""
    (tmp_path / "brief.md").write_text(BRIEF)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, _, err = run("preview", str(tmp_path / "brief.md"), "--port", str(port))

    assert (2, f"perspectives: 127.0.0.1:{port}: Address already in use\n") == (status, err)


@contextlib.contextmanager
def previewing(folder, *arguments, **environment):
    """The command, started in a folder; no window is there but what `environment` says."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    with subprocess.Popen(
        [sys.executable, "-m", "perspectives", "preview", *arguments],
        cwd=folder, env=inherited | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT is sent to another process there")
def test_command_serves_until_it_is_interrupted(tmp_path):
    """The command says its address alone on stderr; Ctrl-C ends it with status 0, whoever still listens."""
    (tmp_path / "brief.md").write_text(BRIEF)
    with previewing(tmp_path, "brief.md") as process:
        url = process.stderr.readline()
        connection = http.client.HTTPConnection(url.strip().split("/")[2], timeout=LIMIT)
        connection.request("GET", "/")
        tree = LexborHTMLParser(connection.getresponse().read().decode())
        connection.request("GET", f"/events?{tree.css_first('html').attributes['data-version']}")
        stream = connection.getresponse()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT)
        stream.close()

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\n", url)
    assert (0, "", "") == (process.returncode, out, err)


def test_command_takes_what_render_takes(tmp_path):
    """Loader, renderer, plugins and outlets are named as for `render`."""
    (tmp_path / "brief.json").write_text("Council closes\n\nPerspectives\n\nPress\n\ne.g., Ledger\n\nA loss.\n")
    (tmp_path / "toot.py").write_text(plugin("Rendered(repr(brief.stories[0].perspectives[0].outlets), 'text/plain')"))
    (tmp_path / "outlets.csv").write_text("name,country\nLedger,NL\n")
    arguments = "brief.json -f text -t toot --plugin toot.py --outlets outlets.csv"
    with previewing(tmp_path, *arguments.split()) as process:
        tree = LexborHTMLParser(urlopen(process.stderr.readline(), timeout=LIMIT).read().decode())

    assert ["toot"] == texts(tree, "[aria-current]")
    assert "country='NL'" in tree.css_first("pre").text()


def test_template_that_changes_is_used(tmp_path):
    """The page is rendered by the templates of a folder, and anew after one of them has changed."""
    (tmp_path / "brief.md").write_text(BRIEF)
    (tmp_path / "own").mkdir()
    template = tmp_path / "own" / "page.html"
    template.write_text("one")
    with previewing(tmp_path, "brief.md", "--templates", "own") as process:
        url = process.stderr.readline().strip()
        before = urlopen(f"{url}as/html/", timeout=LIMIT).read()
        template.write_text("another")
        after = urlopen(f"{url}as/html/", timeout=LIMIT).read()

    assert (b"one", b"another") == (before, after)


@pytest.mark.skipif(os.name == "nt", reason="the browser is a script for a shell")
def test_browser_is_opened_where_there_are_windows(tmp_path):
    """With --open a browser gets the address, but none that would take the terminal."""
    (tmp_path / "brief.md").write_text(BRIEF)
    (tmp_path / "browser").write_text('#!/bin/sh\nprintf %s "$1" > opened\n')
    (tmp_path / "browser").chmod(0o755)
    browser = f"{tmp_path / 'browser'} %s"
    with previewing(tmp_path, "brief.md", "--open", BROWSER=browser) as process:
        process.stderr.readline()
        refused = process.stderr.readline(), (tmp_path / "opened").exists()
    with previewing(tmp_path, "brief.md", "--open", BROWSER=browser, DISPLAY=":0") as process:
        url = process.stderr.readline().strip()
        urlopen(url, timeout=LIMIT).close()

    assert (("perspectives: there is no browser to open\n", False), url) == (
        refused,
        (tmp_path / "opened").read_text(),
    )


# A browser


@pytest.fixture(name="elsewhere")
def _elsewhere():
    """A server that is not ours, with the paths that it was asked for in `asked`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.slow
@requires("chromium")
@requires("npm")
def test_browser_goes_to_a_tab_and_sees_a_change(serve):
    """Tabs are reached by keyboard, dark frames are dark, a change is seen at once in its tab; it works unscripted."""
    server = serve()
    light, dark = "rgb(253, 251, 246)", "rgb(25, 23, 20)"
    seen = ask("preview.js", url=server.url, file=str(server.file), old="closes the bridge", new="keeps the bridge")

    assert seen == {
        "mail": {"320 px, light": light, "320 px, dark": dark, "600 px, light": light, "600 px, dark": dark},
        "tab": "?to=html",
        "html": {"light": light, "dark": dark},
        "after": {"at": "?to=html", "open": 1},
        "unscripted": "json",
        "errors": [],
    }


@pytest.mark.slow
@requires("chromium")
@requires("npm")
def test_everybody_can_use_it(serve):
    """On no tab, light or dark, on a phone or a desk, does axe find a fault of WCAG 2.2, A or AA."""
    server = serve(
        "Council closes\n\nFocusing Facts\n\n1. One.\n3. Three.\n",
        "brief.txt",
        toot=plugin("1 / 0"),
        file=plugin(r"Rendered(b'\0', 'a/b', parts=[Part('x', 'text/plain', name='x.txt')])").replace("toot", "file"),
        image=plugin("Rendered('<svg/>', 'image/svg+xml')", "image/svg+xml").replace("toot", "image"),
    )
    names = ["email", "html", "json", "toot.py:toot", "file.py:file", "image.py:image", "gone"]

    assert [] == ask("axe.js", pages=[f"{server.url}?to={name}" for name in names])


def fetching(away):
    """A page that asks another server in each way that needs no hand of a reader."""
    return (
        f"<link rel=stylesheet href={away}/css><style>body {{ background: url({away}/url) }}</style><h1>x</h1>"
        f"<img src={away}/img><video src={away}/video></video><iframe src={away}/frame></iframe>"
        f"<script src={away}/js></script><object data={away}/object></object>"
        f"<meta http-equiv=refresh content='0;{away}/refresh'>"
    )


def visit(url, folder):
    """Open a page in a browser, and all that is in it."""
    command = [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={folder / 'profile'}", "--timeout=5000", "--dump-dom", url,
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, check=True, timeout=120).stdout.decode()


@pytest.mark.slow
@requires("chromium")
def test_nothing_is_fetched_from_elsewhere(serve, elsewhere, tmp_path):
    """Whatever a renderer writes, no other server is asked when its page is shown."""
    html = fetching(f"http://127.0.0.1:{elsewhere.server_port}")
    server = serve(toot=plugin(f"Rendered({html!r}, 'text/html')", "text/html"))
    tree = visit(f"{server.url}?to=toot.py:toot", tmp_path)

    assert ([], True) == (elsewhere.asked, "/as/toot.py%3Atoot/" in tree)


@pytest.mark.slow
@requires("chromium")
def test_page_that_fetches_is_found(elsewhere, tmp_path):
    """The control: outside of the preview each of its requests arrives."""
    (tmp_path / "page.html").write_text(fetching(f"http://127.0.0.1:{elsewhere.server_port}"))
    visit((tmp_path / "page.html").as_uri(), tmp_path)

    assert {"/css", "/url", "/img", "/video", "/frame", "/js", "/object", "/refresh"} == {
        path for path in elsewhere.asked if path != "/favicon.ico"
    }
