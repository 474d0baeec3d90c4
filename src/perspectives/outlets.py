"""The outlets that are known by name."""

import functools
import json
from collections.abc import Sequence
from importlib.resources import files

from attrs import field, frozen

from perspectives.attribution import Outlet
from perspectives.fields import each, instance, to_tuple


def _to_outlets(value: Sequence[Outlet]) -> tuple[Outlet, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class OutletDirectory:
    """Outlets to look up, so that a loader can tell a name from the words around it."""

    outlets: tuple[Outlet, ...] = field(default=(), converter=_to_outlets, validator=each(instance(Outlet)))

    @property
    def names(self) -> frozenset[str]:
        """Every name and alias."""
        return frozenset(name for outlet in self.outlets for name in (outlet.name, *outlet.aliases))

    @staticmethod
    @functools.cache
    def shipped() -> "OutletDirectory":
        """The outlets that come with the library: names only."""
        data = json.loads((files("perspectives") / "outlets.json").read_text("utf-8"))
        return OutletDirectory(outlets=[Outlet(**outlet) for outlet in data["outlets"]])
