"""Not to be imported: it keeps the names of `docs/conftest.py` and `tests/conftest.py` apart."""
