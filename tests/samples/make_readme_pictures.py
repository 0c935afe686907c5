"""Pictures for the READMEs out of a demo's folder: `python -m tests.samples.make_readme_pictures out/demo`."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

import assets

WIDTHS = {"portrait": 432, "landscape": 960}
SHOWN = (
    "portrait_attract",
    "portrait_home",
    "portrait_confirm",
    "portrait_trades",
    "portrait_jobs",
    "portrait_job",
    "portrait_refused",
    "landscape_jobs",
)


def main(demo: Path) -> None:
    out = assets.ROOT / "pictures"
    out.mkdir(exist_ok=True)
    for name in SHOWN:
        with Image.open(demo / "screens" / f"{name}.png") as picture:
            width = WIDTHS[name.split("_")[0]]
            small = picture.convert("RGB").resize(
                (width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS
            )
            small.quantize(128).save(out / f"{name}.png", optimize=True)
    with Image.open(min((demo / "slips").iterdir())) as slip:
        slip.save(out / "slip.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
