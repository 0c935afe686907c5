"""Real Chromium, headless, over WebDriver; browser and driver come from the system, nothing is fetched."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

import assets

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir>
<alias><family>system-ui</family><prefer><family>Noto Sans SC</family></prefer></alias>
</fontconfig>
"""
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    # the county's own authority, which a browser does not know; only ever here
    "--ignore-certificate-errors",
)

A_LONG_TIME = 30.0  # seconds; only a page that never comes takes them


@contextlib.contextmanager
def chromium() -> Iterator[Chrome]:
    """One browser with an empty profile and the product's own fonts."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    assert browser is not None, "chromium is missing: ./test installs it"
    assert driver is not None, "chromedriver is missing: ./test installs it"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        fonts = Path(folder) / "fonts.conf"
        fonts.write_text(FONTS.format(fonts=assets.ROOT / "fonts", cache=Path(folder) / "cache"))
        options = ChromeOptions()
        options.binary_location = browser
        for flag in (*FLAGS, f"--user-data-dir={folder}/profile"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        environment = {**os.environ, "FONTCONFIG_FILE": str(fonts), "SE_OFFLINE": "true"}
        made = Chrome(options, Service(driver, env=environment))
        try:
            made.set_page_load_timeout(A_LONG_TIME)
            yield made
        finally:
            made.quit()


def size(browser: Chrome, width: int, height: int, *, phone: bool = False) -> None:
    """The page's own size in CSS pixels."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def press(browser: Chrome, what: str, by: str = By.CSS_SELECTOR) -> None:
    """Press what leads to another page, and wait until that one stands."""
    turn(browser, browser.find_element(by, what).click)


def turn(browser: Chrome, act: Callable[[], object]) -> None:
    """Do what leads to another page, and wait until that one stands.

    The old page is never asked again: while it is taken down the driver answers questions about its
    parts with any error (`unhandled inspector error`), not only with the one for a part that is gone.
    """
    began = browser.execute_script("return performance.timeOrigin")
    act()
    WebDriverWait(browser, A_LONG_TIME, ignored_exceptions=[WebDriverException]).until(
        lambda there: there.execute_script(
            "return performance.timeOrigin !== arguments[0] && document.readyState === 'complete'", began
        )
    )


def complaints(browser: Chrome) -> list[str]:
    """What the browser found wrong since the last time: refused by the policy, missing, broken."""
    return [str(line["message"]) for line in browser.get_log("browser")]  # type: ignore[no-untyped-call]


def wide_parts(browser: Chrome) -> list[str]:
    """Elements that stick out of the page sideways, those in a box that scrolls excepted."""
    found: list[str] = browser.execute_script(
        """const wide = document.documentElement.clientWidth;
        return [...document.body.querySelectorAll('*')]
          .filter(e => !e.closest('.scroll') && !e.closest('.skip') && !e.closest('svg'))
          .filter(e => { const r = e.getBoundingClientRect(); return r.width && (r.right > wide + 1 || r.left < -1); })
          .map(e => e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 30));"""
    )
    return found
