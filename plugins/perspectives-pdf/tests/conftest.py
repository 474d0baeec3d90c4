"""With `pytest --perspectives-gallery DIR` each sample is written as a PDF."""

import gc

import weasyprint  # noqa: F401 - before what is imported is counted

pytest_plugins = ["perspectives.testing.plugin"]

# What is imported stays: to go through it with each collection of garbage takes a tenth of the time of the tests.
gc.collect()
gc.freeze()
