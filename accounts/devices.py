"""What a person calls the device that a session is on: its browser and its system."""

# The first that is named wins: browsers also name those that they descend from.
BROWSERS = (
    ("Edg", "Edge"),
    ("Line/", "LINE"),
    ("SamsungBrowser", "Samsung Internet"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def device_in_words(user_agent: str) -> str:
    """“Chrome, Windows”; empty where the browser says nothing that is known."""
    named = (
        next((name for sign, name in names if sign in user_agent), "")
        for names in (BROWSERS, SYSTEMS)
    )
    return ", ".join(name for name in named if name)
