"""Draw the PNG icons of the installable app from its SVG: `python tools/draw_icons.py`.

Run it after a change of icon.svg and commit what it writes. It needs Chromium and playwright.
"""

import re
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "src/evenfall/web/static/web"
CHROMIUM = "/usr/bin/chromium"
SAFE = 0.8  # the middle of a maskable icon that every launcher shows


def draw(browser: Browser, svg: str, name: str, size: int) -> None:
    """Write one square PNG with transparent corners."""
    page = browser.new_page(viewport={"width": size, "height": size})
    page.set_content(
        f"<style>*{{margin:0}}svg{{display:block;width:{size}px;height:{size}px}}</style>{svg}"
    )
    page.screenshot(path=FOLDER / name, omit_background=True)
    page.close()


def maskable(svg: str) -> str:
    """The icon with its ground to the very edge and its drawing inside the safe middle."""
    shift = 256 * (1 - SAFE)
    ground = re.sub(r' rx="\d+"', "", svg)
    return re.sub(
        r"(<rect[^>]*/>)(.*)</svg>",
        rf'\1<g transform="translate({shift} {shift}) scale({SAFE})">\2</g></svg>',
        ground,
    )


def badge(svg: str) -> str:
    """The drawing alone in white: phones use its shape only."""
    white = re.sub(r'(fill|stroke)="#\w+"', r'\1="#fff"', re.sub(r"<rect[^>]*/>", "", svg))
    return white.replace('viewBox="0 0 512 512"', 'viewBox="76 160 360 260"')


def main() -> None:
    svg = (FOLDER / "icon.svg").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for size in (180, 192, 512):
            draw(browser, svg, f"icon-{size}.png", size)
        draw(browser, maskable(svg), "icon-maskable-512.png", 512)
        draw(browser, badge(svg), "badge-96.png", 96)
        browser.close()


if __name__ == "__main__":
    main()
