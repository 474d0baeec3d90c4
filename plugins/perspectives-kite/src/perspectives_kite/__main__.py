"""Makes a file for `perspectives --outlets` from the media data of Kagi News."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from perspectives import OutletDirectory, PerspectivesError, to_dict
from perspectives_kite.media import read_media


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the outlets, and to stderr what is left out or disputed. 1 for a file that cannot be read or written."""
    parser = argparse.ArgumentParser(prog="python -m perspectives_kite", description=__doc__)
    parser.add_argument("media", metavar="FILE", help="your media_data.json, from kagisearch/kite-public")
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="the file to write: outlets.json")
    chosen = parser.parse_args(arguments)
    try:
        outlets, schemes, left_out = read_media(chosen.media)
        document = {"outlets": [to_dict(one) for one in outlets], "schemes": [to_dict(one) for one in schemes]}
        Path(chosen.output).write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "utf-8")
    except (PerspectivesError, OSError) as error:
        message = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else error
        sys.stderr.write(f"{parser.prog}: {message}\n")
        return 1
    conflicts = OutletDirectory(outlets=outlets, schemes=schemes).conflicts
    sys.stderr.writelines(f"warning: {message}\n" for message in (*left_out, *conflicts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
