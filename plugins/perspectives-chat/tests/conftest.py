"""The gallery of the kit."""

pytest_plugins = ["perspectives.testing.plugin"]
