"""Names a browser by what it calls itself, as people would."""

from typing import Final

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""The first that is named counts: most browsers also name those they want to be taken for."""

_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_name(client: str) -> tuple[str | None, str | None]:
    """Return the browser and the system; None where it is none we know."""
    browser = next((name for sign, name in _BROWSERS if sign in client), None)
    system = next((name for sign, name in _SYSTEMS if sign in client), None)
    return browser, system
