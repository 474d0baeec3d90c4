"""What the tests of renderers, loaders and template packs need, ours and yours.

`samples` needs nothing but the library. The contracts are tests to inherit,
`briefs`, `stories` and `texts` hypothesis strategies: they come with the extra
`testing`.
"""

from typing import TYPE_CHECKING, Any

from perspectives.testing.samples import samples

if TYPE_CHECKING:
    from perspectives.testing.loader_contract import LoaderContract
    from perspectives.testing.promises import options_table
    from perspectives.testing.renderer_contract import RendererContract
    from perspectives.testing.strategies import briefs, stories, texts
    from perspectives.testing.template_contract import TemplatePackContract
else:
    # Looked up when they are asked for: hypothesis and pytest take longer to start than all the rest.
    _MODULES = {
        "LoaderContract": "loader_contract",
        "RendererContract": "renderer_contract",
        "TemplatePackContract": "template_contract",
        "briefs": "strategies",
        "options_table": "promises",
        "stories": "strategies",
        "texts": "strategies",
    }

    def __getattr__(name: str) -> Any:
        if name in _MODULES:
            from importlib import import_module

            return getattr(import_module(f"perspectives.testing.{_MODULES[name]}"), name)
        raise AttributeError(f"module 'perspectives.testing' has no attribute {name!r}")


__all__ = [
    "LoaderContract",
    "RendererContract",
    "TemplatePackContract",
    "briefs",
    "options_table",
    "samples",
    "stories",
    "texts",
]
