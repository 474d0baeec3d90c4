"""With `pytest --perspectives-gallery DIR` each sample is written as a PDF."""

pytest_plugins = ["perspectives.testing.plugin"]
