"""Copy the Tabler outlines we use into assets/icons/, one line each, currentColor kept for the image provider.

    npm pack @tabler/icons@3.51.0 && tar xf tabler-icons-3.51.0.tgz
    python -m tests.samples.make_icons package

The catalogues name their own icons; the screens' are listed below.
"""

import re
import sys
from pathlib import Path

import assets

RENAMED = {"coin": "coin-yuan", "paper": "receipt"}  # ours: Tabler's
SCREENS = """
alert-triangle arrow-back-up arrow-down arrow-left arrow-right arrow-up award backspace badge ban barcode
bath battery bed bell book bowl briefcase building-bank building-community building-store bus calendar
calendar-event calendar-plus camera camera-off cash cash-banknote certificate chart-bar check checkbox
checks chevron-down chevron-left chevron-right chevron-up circle circle-check circle-plus circle-x
clipboard-check clipboard-list clock clock-hour-4 cloud cloud-check cloud-off cloud-up coin coins
credit-card database device-desktop device-mobile device-tv disabled door-enter door-exit download edit
eraser eye eye-off file-check file-spreadsheet file-text filter fingerprint first-aid-kit flame flask gavel
gift globe hammer hand-click hand-stop headset heart heart-handshake help-circle history home hourglass id
id-badge-2 info-circle info-square key keyboard language layout-grid list lock lock-open login logout map
map-pin message messages minus mood-happy mood-neutral mood-sad mood-smile moon news nfc notes old package
paint phone phone-call photo pin player-pause player-play plug-connected plug-connected-x plus power printer
printer-off progress qrcode question-mark receipt receipt-refund receipt-yuan refresh report road rotate
route run scale scan scan-eye school scissors search send settings shield shield-check shield-lock signature
soup speakerphone square star steering-wheel sun tag tags temperature thumb-down thumb-up ticket tool tools
trash truck umbrella upload usb user user-check user-heart user-plus user-question user-x users users-group
volume volume-off walk wallet wheelchair wifi wifi-off woman world writing-sign x zoom-in
"""


def used_by_catalogues() -> set[str]:
    """The icon names in assets/catalogue/*.toml."""
    texts = (assets.ROOT / "catalogue").glob("*.toml")
    return {name for path in texts for name in re.findall(r'^icon = "(.+)"$', path.read_text("utf-8"), re.M)}


def simplified(svg: str) -> str:
    """One line, without the empty bounding path, class and line breaks."""
    svg = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>', "", svg)
    svg = re.sub(r'\s+class="[^"]*"', "", svg)
    svg = re.sub(r"\s+", " ", svg)
    return re.sub(r"\s*([<>])\s*", r"\1", svg).replace(" />", "/>").strip() + "\n"


def main(package: Path) -> None:
    for name in sorted({*SCREENS.split(), *RENAMED, *used_by_catalogues()}):
        source = package / "icons" / "outline" / f"{RENAMED.get(name, name)}.svg"
        if source.exists():
            (assets.ROOT / "icons" / f"{name}.svg").write_text(simplified(source.read_text("utf-8")), "utf-8")
        else:
            print("Tabler has no outline", name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
