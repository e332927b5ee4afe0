"""The colours can be read, in both themes."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[3] / "consult/static/consult/tokens.css"
PAIRS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", TOKENS.read_text()
    )
}
LIGHT, DARK = 0, 1


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str, theme: int) -> float:
    darker, lighter = sorted(luminance(PAIRS[name][theme]) for name in (first, second))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("ink", "paper", 12),
        ("ink", "wash", 12),
        ("muted", "paper", 5),
        ("muted", "wash", 5),
        ("accent", "paper", 4.5),
        ("accent", "wash", 4.5),
        ("on-accent", "accent", 4.5),
        ("edge", "paper", 3),
        ("edge", "wash", 3),
        ("on-mark", "mark", 4.5),
        ("on-mark", "mark-2", 4.5),
        ("on-mark", "mark-3", 4.5),
        ("on-mark-4", "mark-4", 4.5),
        *(
            (stance, ground, 4.5)
            for stance in ("support", "oppose", "suggest", "question")
            for ground in ("paper", "wash")
        ),
    ],
)
def test_contrast(text: str, ground: str, least: float, theme: int) -> None:
    assert contrast(text, ground, theme) >= least


def test_only_tokens_give_colours() -> None:
    """No stylesheet but the tokens names a colour of its own."""
    house = TOKENS.parents[3]
    assert [
        f"{sheet.name}: {found}"
        for sheet in sorted([*house.glob("*/static/*/*.css")])
        if sheet.name != "tokens.css"
        for found in re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s])|rgba?\(|hsla?\(", sheet.read_text())
    ] == []
