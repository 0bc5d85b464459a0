"""A real Chromium before a real server: what the browser tests stand on.

A worker starts one Chromium; every test has its own server on 127.0.0.1 over its own copy of the sample register. Each
window notes what no screen may do: messages on the console (a breach of the content policy is one), answers of 5xx,
missing resources, requests to any other host. A window that noted something fails its test.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from extensions import db
from tests import records
from tests.people import PASSWORD, Person

DESK = {"viewport": {"width": 1366, "height": 768}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SIZES = {"desk": DESK, "phone": PHONE}
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
PATIENCE = 30_000  # milliseconds that anything may take on a slow machine; nothing is measured

expect.set_options(timeout=PATIENCE)


def find_chromium() -> str:
    """The path of the Chromium to drive; as tools/need-browser finds it."""
    for name in (os.environ.get("SIKERJA_TEST_BROWSER", ""), "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    raise RuntimeError("No Chromium found. Run tools/need-browser, or set SIKERJA_TEST_BROWSER to its path.")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """This worker's browser."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        yield browser
        browser.close()


class _Quiet(WSGIRequestHandler):
    """Keeps no log, and leaves a connection alone on which nothing is asked."""

    timeout = 5

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


def _closing(app: Flask) -> Any:
    """The application with every answer closed, also one whose reader went away: the server here forgets it then."""

    def serve(environ: Any, start_response: Any) -> Iterator[bytes]:
        answer: Any = app(environ, start_response)
        try:
            yield from answer
        finally:
            answer.close()

    return serve


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of a server of the register; when it is closed, every request has been answered."""
    server: Any = make_server("127.0.0.1", 0, _closing(app), threaded=True, request_handler=_Quiet)
    server.daemon_threads = False  # so that closing waits for them: the next test has another database
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Window:
    """A window of someone's browser. `clicks` counts presses; choosing in a select is two: opening it and picking."""

    def __init__(self, browser: Browser, site: str, **options: Any) -> None:
        self.site, self.clicks = site, 0
        self.touch = options.get("has_touch", False)
        self.faults: list[str] = []
        self.context = browser.new_context(base_url=site, locale="id-ID", reduced_motion="reduce", **options)
        self.context.set_default_timeout(PATIENCE)
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        self.context.on("request", self._asked)
        self.context.on("response", self._answered)
        self.page: Page = self.context.new_page()

    def _heard(self, message: Any) -> None:
        # What was not found is told by the response itself; that a form was refused with 422 is no fault.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Any) -> None:
        if request.url.startswith(("data:", "blob:")):
            return
        if not request.url.startswith(self.site + "/"):
            self.faults.append(f"request to outside: {request.url}")

    def _answered(self, response: Any) -> None:
        wrong = 500 if response.request.is_navigation_request() else 400
        if response.status >= wrong:
            self.faults.append(f"{response.status}: {response.url}")

    # --- going about ---------------------------------------------------------------------------------------------

    def be(self, person: Person) -> "Window":
        """Carry on a session that this person has begun elsewhere."""
        cookie = person.client.get_cookie("sikerja", domain="localhost")
        assert cookie is not None
        self.context.add_cookies([{"name": "sikerja", "value": cookie.value, "url": self.site}])
        return self

    def sign_in(self, role: str) -> None:
        """Sign in at the page where one does, by one press into the first field and the keys."""
        self.open("/login")
        self.press(self.page.get_by_label("Surel"))
        self.page.keyboard.type(f"{role}@sikerja.test")
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/admin/")

    def open(self, address: str) -> Page:
        self.page.goto(address)
        return self.page

    def press(self, target: Locator) -> None:
        """Press once, with the mouse or a finger."""
        self.clicks += 1
        if self.touch:
            target.tap()
        else:
            target.click()

    def choose(self, select: str, option: str) -> None:
        """Pick an option of a select by its words."""
        self.clicks += 2
        self.page.get_by_label(select, exact=True).select_option(label=option)

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name, exact=True)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    # --- by keyboard alone ---------------------------------------------------------------------------------------

    def tab_to(self, target: Locator) -> None:
        """Press Tab until this has the focus; it must be seen then, and nothing may lie over it."""
        for _ in range(150):
            if target.evaluate("it => it === document.activeElement"):
                assert target.evaluate(SEEN), "what has the focus is hidden"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {target}")

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    # --- looking -------------------------------------------------------------------------------------------------

    def rows(self) -> list[str]:
        """The keys of the rows on the list, in their order."""
        return [row.get_attribute("data-key") or "" for row in self.page.locator("tbody tr[data-key]").all()]

    def says(self, text: str) -> None:
        """This text is to be seen somewhere on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def focused(self) -> Locator:
        return self.page.locator("*:focus")

    def sideways(self) -> int:
        """How many pixels the page is wider than its window."""
        width: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return width

    def axe_findings(self, **options: Any) -> list[str]:
        """The serious and critical findings of axe, each with the first element it means."""
        found = Axe().run(self.page, options={"resultTypes": ["violations"], **options}).response["violations"]
        return [
            f"{each['id']} ({each['impact']}): {each['nodes'][0]['html'][:200]}"
            for each in found
            if each["impact"] in ("serious", "critical")
        ]


SEEN = """it => {
  const box = it.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + Math.min(box.width / 2, 40), box.y + box.height / 2);
  return top !== null && (it.contains(top) || top.contains(it));
}"""


@pytest.fixture
def window(chromium: Browser, site: str) -> Iterator[Callable[..., Window]]:
    """Opens windows; afterwards none of them may have noted a fault."""
    opened: list[Window] = []

    def make(**options: Any) -> Window:
        opened.append(Window(chromium, site, **options))
        return opened[-1]

    yield make
    for each in opened:
        each.context.close()
    assert [fault for each in opened for fault in each.faults] == []


def write_down(app: Flask, title: str, **given: Any) -> tuple[int, str]:
    """An agreement beside those of the sample, committed and let go of: its id and its register number."""
    with app.app_context():
        made = records.agreement(db.session(), title, **given)
        return made.id, made.register_no
