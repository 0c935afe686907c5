"""Pictures of the county's pages: `python -m tests.samples.make_county_pictures [FOLDER]`.

Without a folder the two of the READMEs, in assets/pictures; with one, every page in both languages and all sizes there.
"""

from __future__ import annotations

import base64
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.support.select import Select

import assets
from db.county.console import staff
from db.county.embedded import EmbeddedPostgres
from tests.county.world import quick, world
from tests.county_console.chromium import chromium, press, size
from tests.county_console.county_day import AT_REST, SECTIONS, county_day
from tests.county_console.desk import NUMBER, clerk, pages, token


def picture(
    browser: Chrome, path: Path, width: int, height: int, *, whole: bool, phone: bool = False
) -> None:
    """What the browser paints; `whole`: the page down to its end."""
    size(browser, width, height, phone=phone)
    if whole:
        end = browser.execute_script("return document.documentElement.scrollHeight")
        size(browser, width, max(int(end), height), phone=phone)
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    with Image.open(io.BytesIO(base64.b64decode(shot["data"]))) as image:
        image.convert("RGB").quantize(128).save(path, optimize=True)


def main(folder: Path | None) -> None:
    with (
        tempfile.TemporaryDirectory() as data,
        tempfile.TemporaryDirectory() as postgres,
        EmbeddedPostgres(Path(postgres)) as database,
        world(Path(data), _quick(database)) as made,
        pages(made) as server,
        chromium() as browser,
    ):
        slip = county_day(made)
        address = f"https://127.0.0.1:{server.port}"
        cookies = clerk(made, server.port, "李样本").cookies
        browser.get(address + "/console/sign-in")
        if folder is None:
            out = assets.ROOT / "pictures"
            browser.get(f"{address}/{slip.token}")
            picture(browser, out / "county_employer.png", 390, 720, whole=False, phone=True)
            _enter(browser, cookies)
            browser.get(address + "/console")
            picture(browser, out / "county_console.png", 1280, 720, whole=False)
            return
        folder.mkdir(parents=True, exist_ok=True)
        for language in ("zh", "en"):
            for width in (1280, 390):
                browser.get(f"{address}/console/sign-in?lang={language}")
                picture(browser, folder / f"sign_in_{width}_{language}.png", width, 800, whole=True)
            texts = {"open": slip.token, "not_yet": token(made, slip.store, 999), "unknown": "A" * 21}
            for name, text in texts.items():
                browser.get(f"{address}/{text}?lang={language}")
                picture(browser, folder / f"slip_{name}_{language}.png", 390, 844, whole=True, phone=True)
            browser.get(f"{address}/{slip.token}?lang={language}")
            browser.find_element("id", "decline").click()
            picture(browser, folder / f"slip_why_{language}.png", 390, 844, whole=True, phone=True)
        _enter(browser, cookies)
        browser.get(address + "/console/conflicts")
        conflicts = [
            link.get_attribute("href") or "" for link in browser.find_elements("css selector", "tbody a")
        ]
        browser.get(address + "/console")
        devices = [
            link.get_attribute("href") or "" for link in browser.find_elements("css selector", "tbody a")
        ]
        wanted = {name.strip("/") or "overview": f"{address}/console{name}" for name in SECTIONS}
        wanted |= {f"conflict{at}": link for at, link in enumerate(conflicts[:2])} | {"device": devices[-1]}
        for language, width in (("zh", 1280), ("en", 1280), ("zh", 1920)):
            for name, link in wanted.items():
                browser.get(f"{link}?lang={language}")
                picture(browser, folder / f"{name}_{width}_{language}.png", width, 800, whole=True)
        browser.get(f"{address}/console/enrol?lang=zh")
        browser.find_element("name", "name").send_keys("西门 1 号机")
        browser.find_element("id", "make").click()
        picture(browser, folder / "code_1280_zh.png", 1280, 800, whole=True)
        _people(browser, address, folder)
        browser.delete_all_cookies()
        browser.get(f"{address}/{slip.token}")
        browser.find_element("id", "hired").click()
        picture(browser, folder / "slip_done_zh.png", 390, 844, whole=True, phone=True)
        browser.get(f"{address}/{slip.token}?lang=en")
        picture(browser, folder / "slip_done_en.png", 390, 844, whole=True, phone=True)
        assert staff.everybody(made.county)


def _people(browser: Chrome, address: str, folder: Path) -> None:
    """A person's data: a wrong number, something open, nothing open, erased; at a desk and on a phone."""
    at_rest = ""
    for language in ("zh", "en"):
        for width in (1280, 390):
            phone = width < 1000
            steps = (("wrong", NUMBER[:-1] + "1"), ("held", NUMBER), ("free", AT_REST))
            for name, number in steps:
                browser.get(f"{address}/console/people?lang={language}")
                browser.find_element("name", "number").send_keys(number)
                press(browser, "#find")
                if name == "free":
                    at_rest = browser.current_url
                    browser.find_element("id", "erase-ask").click()
                file = folder / f"person_{name}_{width}_{language}.png"
                picture(browser, file, width, 800, whole=True, phone=phone)
    browser.get(at_rest)
    browser.find_element("id", "erase-ask").click()
    Select(browser.find_element("name", "reason")).select_by_index(1)
    press(browser, "#erase")
    for language in ("zh", "en"):
        for width in (1280, 390):
            browser.get(f"{address}/console/people?said=erased&lang={language}")
            picture(
                browser, folder / f"people_{width}_{language}.png", width, 800, whole=True, phone=width < 1000
            )


def _quick(database: EmbeddedPostgres) -> str:
    quick(database.dsn)
    return database.dsn


def _enter(browser: Chrome, cookies: dict[str, str]) -> None:
    for name, value in cookies.items():
        browser.add_cookie({"name": name, "value": value, "path": "/", "secure": True})


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
