"""What the tests of renderers and loaders need, ours and yours.

`samples` needs nothing but the library; `briefs`, `stories` and `texts` are
hypothesis strategies and come with the extra `testing`.
"""

from typing import TYPE_CHECKING, Any

from perspectives.testing.samples import samples

if TYPE_CHECKING:
    from perspectives.testing.strategies import briefs, stories, texts
else:

    def __getattr__(name: str) -> Any:
        if name in __all__:
            from perspectives.testing import strategies

            return getattr(strategies, name)
        raise AttributeError(f"module 'perspectives.testing' has no attribute {name!r}")


__all__ = ["briefs", "samples", "stories", "texts"]
