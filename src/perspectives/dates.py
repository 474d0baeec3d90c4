"""Dates as they are printed."""

import datetime as dt
from typing import Literal

DateStyle = Literal["iso", "long"]


def date_text(value: dt.date, language: str, style: DateStyle) -> str:
    """A date or a time in a style."""
    return value.isoformat()


def check_style(style: DateStyle) -> None:
    """Raise if a style cannot be had."""
