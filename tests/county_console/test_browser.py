"""The pages in real Chromium: a clerk's morning, an employer's phone, nothing refused, nothing cut off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.ui import WebDriverWait

from db.county.console import staff
from db.county.purge import export_person
from db.models import Seeker
from tests.county.world import Server, World, add_posting, add_seeker, world
from tests.county_console.chromium import A_LONG_TIME, chromium, complaints, press, size, turn, wide_parts
from tests.county_console.county_day import AT_REST, SECTIONS, county_day
from tests.county_console.desk import NUMBER, PASSWORD, Slip, add_slip, one_slip, pages, state_of, token


class Office:
    """One browser, one county, for all tests of this file; each begins signed out."""

    def __init__(self, browser: Chrome, made: World, server: Server, slip: Slip) -> None:
        self.browser = browser
        self.world = made
        self.slip = slip
        self.address = f"https://127.0.0.1:{server.port}"
        self.first = staff.add(made.county, "李")
        self.changed = False

    def open(self, path: str) -> None:
        self.browser.get(self.address + path)

    def press(self, what: str, by: str = By.CSS_SELECTOR) -> None:
        press(self.browser, what, by)

    def write(self, **fields: str) -> None:
        for name, text in fields.items():
            element = self.browser.find_element(By.NAME, name)
            element.clear()
            element.send_keys(text)

    def sure(self, path: str) -> None:
        """The first of a table's buttons that ask once more before it is done."""
        asks = f'td details:has(form[action$="{path}"])'
        buttons = self.browser.find_elements(By.CSS_SELECTOR, f"{asks} button")
        assert not any(button.is_displayed() for button in buttons)
        self.browser.find_element(By.CSS_SELECTOR, f"{asks} summary").click()
        self.press(f"{asks}[open] button")

    def sign_in(self) -> None:
        size(self.browser, 1280, 800)
        self.browser.delete_all_cookies()
        self.open("/console/sign-in")
        self.write(name="李", password=PASSWORD if self.changed else self.first)
        self.press("#sign-in")
        if not self.changed:
            self.write(old=self.first, new=PASSWORD, again=PASSWORD)
            self.press("#change")
            self.changed = True
            self.sign_in()

    @property
    def path(self) -> str:
        return urlsplit(self.browser.current_url).path

    @property
    def text(self) -> str:
        return self.browser.find_element(By.TAG_NAME, "body").text


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, postgres: str) -> Iterator[Office]:
    folder: Path = tmp_path_factory.mktemp("office")
    with world(folder, postgres) as made, pages(made) as server, chromium() as browser:
        yield Office(browser, made, server, county_day(made))


@pytest.fixture(autouse=True)
def _clean(office: Office) -> Iterator[None]:
    office.browser.delete_all_cookies()
    complaints(office.browser)
    yield
    assert [line for line in complaints(office.browser) if "Content Security Policy" in line] == []


def test_the_first_sign_in_changes_the_password(office: Office) -> None:
    office.open("/console")
    assert office.path == "/console/sign-in"
    office.sign_in()
    assert office.path == "/console"
    assert "青溪县零工市场" in office.text
    assert "两台机器在用同一把钥匙" in office.text
    assert complaints(office.browser) == []
    [cookie] = [one for one in office.browser.get_cookies() if one["name"] == "__Host-gighall"]
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Strict")
    office.press("#sign-out")
    office.open("/console/log")
    assert office.path == "/console/sign-in"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [390, 640, 1280, 1920])  # a phone; 1280 at 200 %; desks
def test_every_section_fits_and_the_browser_finds_nothing_wrong(
    office: Office, width: int, language: str
) -> None:
    office.sign_in()
    office.open(f"/console?lang={language}")
    size(office.browser, width, 900)
    for section in SECTIONS:
        office.open("/console" + section)
        assert office.path == "/console" + section
        assert wide_parts(office.browser) == [], section
        current = office.browser.find_elements(By.CSS_SELECTOR, "nav [aria-current=page]")
        assert len(current) == (section != "/password")
        colour = office.browser.find_element(By.TAG_NAME, "body").value_of_css_property("background-color")
        assert colour == "rgba(243, 248, 252, 1)"  # the style sheet came
        unnamed = [
            element.get_attribute("id")
            for element in office.browser.find_elements(By.CSS_SELECTOR, "button, input, select, textarea")
            if element.is_displayed() and not element.accessible_name
        ]
        assert unnamed == []
    assert complaints(office.browser) == []


def test_a_clerks_morning(office: Office) -> None:
    """A code for a new device, a conflict, a refused row, a posting, a notice, a clone."""
    office.sign_in()
    office.open("/console/enrol")
    office.write(name="西门 1 号机")
    Select(office.browser.find_element(By.NAME, "hall")).select_by_visible_text("北站零工驿站")
    office.press("#make")
    assert len(office.browser.find_element(By.ID, "code").text.replace("-", "")) == 32

    office.open("/console/conflicts")
    before = len(office.browser.find_elements(By.CSS_SELECTOR, "tbody tr"))
    office.press('tbody a[href^="/console/conflicts/"]')
    office.press("main form button")
    assert "已处理" in office.text
    assert len(office.browser.find_elements(By.CSS_SELECTOR, "tbody tr")) < before

    office.open("/console/quarantine")
    office.press('form[action$="/release"] button')
    assert "还是进不去" in office.text
    office.sure("/discard")
    assert "已作废" in office.text

    office.open("/console/postings")
    office.sure("/close")
    assert "已关闭" in office.text

    office.open("/console/notices")
    office.write(title="停电通知", body="周六上午停电。")
    office.press("#save")
    assert "停电通知" in office.text
    office.sure("/withdraw")
    assert "公告已撤下" in office.text

    office.open("/console")
    office.press("东门 1 号机", By.PARTIAL_LINK_TEXT)
    office.press("#forgive")
    assert "已放行" in office.text
    office.browser.find_element(By.ID, "revoke-ask").click()
    office.press("#revoke")
    assert "已停用" in office.text

    office.open("/console/log")
    for act in (
        "停用设备",
        "放行设备",
        "保存公告",
        "撤下公告",
        "关闭岗位",
        "作废记录",
        "处理冲突",
        "生成设备注册码",
    ):
        assert act in office.text
    assert complaints(office.browser) == []


def test_by_keyboard_alone(office: Office) -> None:
    """Past the menu at one key; whatever asks once more is opened and confirmed; what has the focus is marked."""
    office.sign_in()
    slip = one_slip(office.world, "keyboard", "110105194912310054", title="键盘工")
    office.open("/console/postings?q=键盘工")

    def key(what: str) -> None:
        ActionChains(office.browser).send_keys(what).perform()

    def focus() -> WebElement:
        there = office.browser.switch_to.active_element
        assert there.tag_name == "body" or there.value_of_css_property("outline-style") != "none"
        return there

    key(Keys.TAB)
    assert "skip" in str(focus().get_attribute("class"))
    key(Keys.ENTER)
    for _ in range(20):
        key(Keys.TAB)
        assert focus().find_elements(By.XPATH, "ancestor::nav") == []  # the menu was passed over
        if focus().tag_name == "summary":
            break
    assert focus().text == "关闭"
    key(Keys.ENTER)
    key(Keys.TAB)
    assert focus().text == "确定关闭"
    turn(office.browser, lambda: key(Keys.ENTER))
    assert "已关闭" in office.text
    assert office.world.one("SELECT state FROM postings WHERE id = %s", slip.posting) == "closed"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_persons_data_on_a_desk_and_on_a_phone(office: Office, phone: bool, language: str) -> None:
    """A wrong number, somebody with something open, somebody at rest: all of it is seen and can be pressed."""
    office.sign_in()
    size(office.browser, *((390, 844) if phone else (1280, 800)), phone=phone)
    words = {
        "zh": ("证件号不对", "有 1 张对接单没办完"),
        "en": ("number is wrong", "match slips still open: 1"),
    }
    for number, word in zip(
        (NUMBER[:-1] + "1", NUMBER, AT_REST), (*words[language], "1101**********0038"), strict=True
    ):
        office.open(f"/console/people?lang={language}")
        office.write(number=number)
        office.press("#find")
        assert word in office.text
        assert [line for line in complaints(office.browser) if "400 (Bad Request)" not in line] == []
        assert wide_parts(office.browser) == []
    assert NUMBER not in office.browser.page_source
    assert not office.browser.find_element(By.ID, "erase").is_displayed()
    office.browser.find_element(By.ID, "erase-ask").click()
    office.browser.find_element(By.ID, "erase").click()  # without a reason the browser itself asks for one
    assert office.path.startswith("/console/people/")
    assert office.browser.find_element(By.NAME, "reason").is_displayed()
    assert wide_parts(office.browser) == []
    unnamed = office.browser.find_elements(
        By.CSS_SELECTOR, "main button, main input:not([type=hidden]), main select"
    )
    assert [element for element in unnamed if not element.accessible_name] == []
    assert complaints(office.browser) == []


def test_a_person_takes_their_data_and_is_erased(office: Office, tmp_path: Path) -> None:
    store = office.slip.store
    number = "110105194912310070"
    seeker = add_seeker(store, number, "王小七")
    office.world.sync(store)
    office.sign_in()
    office.open("/console/people?lang=zh")
    office.write(number=number)
    office.press("#find")
    assert office.path == f"/console/people/{seeker}"
    where = {"behavior": "allow", "downloadPath": str(tmp_path), "eventsEnabled": False}
    office.browser.execute_cdp_cmd("Browser.setDownloadBehavior", where)
    office.browser.find_element(By.ID, "export").click()
    file = tmp_path / f"person-{seeker}.json"
    WebDriverWait(office.browser, A_LONG_TIME).until(lambda _: file.exists())
    assert json.loads(file.read_text(encoding="utf-8")) == export_person(office.world.county, number)
    office.browser.find_element(By.ID, "erase-ask").click()
    Select(office.browser.find_element(By.NAME, "reason")).select_by_visible_text("本人要求")
    office.press("#erase")
    assert "已删除，各大厅下次同步时一起清空。" in office.text
    assert "李" in office.browser.find_element(By.CSS_SELECTOR, "#purges tbody tr").text
    office.world.sync(store)
    with store.read() as session:
        assert session.get_one(Seeker, seeker).name == ""
    office.browser.back()  # and pressed once more
    office.open(f"/console/people/{seeker}")
    assert "这个人的资料已经删除过了。" in office.text
    assert complaints(office.browser) == []


def test_figures_are_drawn_and_chosen(office: Office) -> None:
    office.sign_in()
    office.open("/console/figures")
    charts = office.browser.find_elements(By.CSS_SELECTOR, "svg.chart")
    assert len(charts) == 5
    bars = office.browser.find_elements(By.CSS_SELECTOR, "svg.chart rect.bar")
    assert max(bar.rect["height"] for bar in bars) > 50
    assert bars[0].value_of_css_property("fill") == "rgb(11, 110, 168)"
    Select(office.browser.find_element(By.NAME, "hall")).select_by_visible_text("北站零工驿站")
    office.press("#show")
    assert "hall=" in office.browser.current_url
    assert len(office.browser.find_elements(By.CSS_SELECTOR, "#halls tbody tr")) == 1


def test_an_employers_phone(office: Office) -> None:
    size(office.browser, 390, 844, phone=True)
    office.open("/" + office.slip.token)
    assert "张*三" in office.text
    assert wide_parts(office.browser) == []
    for name in ("hired", "decline"):
        box = office.browser.find_element(By.ID, name).rect
        assert box["height"] >= 72
        assert box["width"] >= 340
        assert box["y"] + box["height"] <= 844  # seen without scrolling
    office.press("#hired")
    assert "在本页确认" in office.text
    assert office.browser.find_elements(By.TAG_NAME, "button") == []
    office.browser.refresh()
    assert "在本页确认" in office.text
    office.world.sync(office.slip.store)
    assert state_of(office.slip.store, office.slip.referral) == ("hired", "")
    assert complaints(office.browser) == []


@pytest.mark.parametrize(("language", "word"), [("zh", "技能不合适"), ("en", "Skills do not fit")])
def test_not_hired_asks_why(office: Office, language: str, word: str) -> None:
    serial = {"zh": 21, "en": 22}[language]
    store = office.slip.store
    seeker = add_seeker(store, f"1101051949123100{serial}", "王小五")
    referral = add_slip(store, seeker, add_posting(store), serial)
    office.world.sync(store)
    size(office.browser, 390, 844, phone=True)
    office.open(f"/{token(office.world, store, serial)}?lang={language}")
    office.browser.find_element(By.ID, "decline").click()
    [choice] = [
        label for label in office.browser.find_elements(By.CSS_SELECTOR, "label.choice") if label.text == word
    ]
    assert choice.rect["height"] >= 56
    choice.click()
    assert wide_parts(office.browser) == []
    office.press("#declined")
    office.world.sync(store)
    assert state_of(store, referral) == ("declined", "employer:skill")


@pytest.mark.parametrize("text", ["A" * 21, "HELLO"])
def test_a_wrong_code_on_a_phone(office: Office, text: str) -> None:
    size(office.browser, 390, 844, phone=True)
    office.open("/" + text)
    assert "没有这张对接单" in office.text
    assert wide_parts(office.browser) == []
