"""What the contracts look at in another process: the same results, and what an import brings.

Neither pytest nor hypothesis is imported here: the other process has no use for them.
"""

import functools
import hashlib
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

from perspectives.codec import dumps
from perspectives.plugin import Input, Loader, LoadTools, Renderer, RenderTools
from perspectives.registry import Registry
from perspectives.templating import TemplateChain
from perspectives.testing.samples import samples

_CALL = """
import pickle, sys
try:
    function, arguments = pickle.load(sys.stdin.buffer)
except Exception as error:
    sys.exit(f"cannot be found there: {type(error).__name__}: {error}")
import json
print(json.dumps(function(*arguments)))
"""
_IMPORT = """
import sys
import perspectives.plugin
before = set(sys.modules)
__import__(sys.argv[1])
import json
print(json.dumps([len(before), sorted(set(sys.modules) - before)]))
"""


class OtherProcessError(Exception):
    """What went wrong in the other process, in its own last words."""


@functools.cache
def render_tools() -> RenderTools:
    """What a renderer is given."""
    return RenderTools(templates=TemplateChain(), render_other=Registry().render)


def rendered_digests(renderer: Renderer[Any], options: object) -> dict[str, str]:
    """What becomes of each sample, as a digest."""
    return {name: _digest(renderer.render(brief, options, render_tools())) for name, brief in samples.items()}


def loaded_digests(loader: Loader[Any], options: object, inputs: Mapping[str, bytes]) -> dict[str, str]:
    """What each input is read as, as a digest."""
    loaded = {name: loader.load(Input(name=name, data=data), options, LoadTools()) for name, data in inputs.items()}
    return {name: _digest((dumps(each.brief), each.findings)) for name, each in loaded.items()}


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode(errors="surrogatepass")).hexdigest()


def called_elsewhere(function: Callable[..., Any], *arguments: object) -> Any:
    """What the function returns in a process with another hash seed and time zone. Raises `OtherProcessError`."""
    try:
        data = pickle.dumps((function, arguments))
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise OtherProcessError(f"cannot be pickled: {error}") from error
    # A zone that is nobody's, and that needs no data of time zones.
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    return _run([_CALL], data, {"PYTHONHASHSEED": seed, "TZ": "KIT-9:17"})


def imported_elsewhere(module: str) -> tuple[int, list[str]]:
    """How many modules a plugin's author has anyway, and which this one adds. Raises `OtherProcessError`."""
    count, names = _run([_IMPORT, module], b"", {})
    return count, names


def _run(arguments: list[str], data: bytes, more: Mapping[str, str]) -> Any:
    # Where this process finds modules, the other one does too.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, map(str, sys.path))), **more}
    run = subprocess.run(  # noqa: S603 - this interpreter and our own code
        [sys.executable, "-c", *arguments], input=data, env=environment, capture_output=True, check=False
    )
    if run.returncode:
        said = run.stderr.decode(errors="replace").strip().splitlines()
        raise OtherProcessError(said[-1] if said else f"it ended with status {run.returncode}")
    # The last line: a plugin may print on its way.
    return json.loads(run.stdout.splitlines()[-1])
