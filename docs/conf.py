"""How the site is built: `sphinx-build -n -W docs site`, with the extra `docs`. Nothing is fetched."""

import perspectives.plugin
import perspectives.testing

project = "perspectives"
author = "the perspectives contributors"
html_title = "perspectives"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_autodoc_typehints", "sphinx_copybutton"]
exclude_patterns = ["schema"]
nitpicky = True

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

html_theme = "furo"
copybutton_exclude = ".linenos, .gp, .go"

default_role = "code"
maximum_signature_line_length = 80
autodoc_member_order = "bysource"
