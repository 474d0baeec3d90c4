"""Gives pytest the option `--perspectives-gallery DIR`."""

pytest_plugins = ["perspectives.testing.plugin"]
