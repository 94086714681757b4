"""The step player as a reader meets it, in Chromium."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from needs import chromium
from site_project import write_project
from test_build import run

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_args: object) -> None:
        """The terminal is for the tests."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = chromium()
    assert Path(program).exists()
    project = write_project(tmp_path_factory.mktemp("browser"))
    built = run("docgen", "build", cwd=project)
    assert built.returncode == 0, built.stderr
    handler = functools.partial(Quiet, directory=str(project / "site"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/scenarios/keep/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    assert faults == []
    context.close()


def caption(page: Any) -> str:
    shown = page.locator("#dg .dg-step:not([hidden]) .dg-caption")
    assert shown.count() == 1
    return str(shown.inner_text())


def open_page(page: Any, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("#dg.dg-live-player")


def test_buttons_and_arrow_keys_walk_the_steps(page: Any, address: str) -> None:
    open_page(page, address)
    assert caption(page).startswith("Step 1 of 3")
    page.click("#dg [data-dg-go=next]")
    assert caption(page).startswith("Step 2 of 3")
    page.keyboard.press("ArrowRight")
    assert caption(page).startswith("Step 3 of 3")
    assert page.locator("#dg [data-dg-go=next]").is_disabled()
    page.keyboard.press("ArrowLeft")
    assert caption(page).startswith("Step 2 of 3")
    spoken = page.locator("#dg .dg-live").inner_text()
    assert spoken.startswith("Step 2 of 3")


def test_a_deep_link_opens_its_step_and_back_goes_back(page: Any, address: str) -> None:
    open_page(page, address + "#step=3&view=disk&driver=overlay2")
    assert caption(page).startswith("Step 3 of 3")
    shown = page.locator("#dg .dg-step:not([hidden]) .dg-picture:not([hidden])")
    assert shown.get_attribute("data-view") == "disk"
    assert shown.get_attribute("data-driver") == "overlay2"
    page.click("#dg [data-dg-go=first]")
    assert caption(page).startswith("Step 1 of 3")
    page.go_back()
    page.wait_for_timeout(100)
    assert caption(page).startswith("Step 3 of 3")


def test_without_javascript_all_steps_stand_in_order(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(address)
    captions = opened.locator("#dg .dg-step .dg-caption")
    assert captions.count() == 3
    assert all(captions.nth(at).is_visible() for at in range(3))
    assert not opened.locator("#dg .dg-bar").is_visible()
    context.close()


def test_a_phone_gets_the_narrow_picture_and_nothing_leaves_the_page(
    browser: Any, address: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    opened = context.new_page()
    open_page(opened, address)
    assert opened.locator("#dg .dg-step:not([hidden]) .dg-narrow svg").first.is_visible()
    assert not opened.locator("#dg .dg-step:not([hidden]) .dg-wide svg").first.is_visible()
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360
    smallest = opened.evaluate(
        """() => {
          const svg = document.querySelector('#dg .dg-step:not([hidden]) .dg-narrow svg');
          const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
          const sizes = [...svg.querySelectorAll('text')]
            .map(text => parseFloat(getComputedStyle(text).fontSize) * scale);
          return Math.min(...sizes);
        }"""
    )
    assert smallest >= 11
    context.close()


def test_pictures_follow_the_theme_and_no_request_leaves_the_site(
    browser: Any, address: str
) -> None:
    context = browser.new_context()
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    open_page(opened, address)
    colour = "getComputedStyle(document.querySelector('#dg svg text')).fill"
    light = opened.evaluate(colour)
    opened.evaluate("document.body.setAttribute('data-md-color-scheme', 'slate')")
    assert opened.evaluate(colour) != light
    origin = address.split("/scenarios")[0]
    assert [url for url in asked if not url.startswith((origin, "data:", "blob:"))] == []
    context.close()


def test_the_drawing_as_text_is_one_click_away(page: Any, address: str) -> None:
    open_page(page, address)
    step = page.locator("#dg .dg-step:not([hidden]) .dg-picture:not([hidden])")
    step.locator("summary").click()
    assert "Writable layer" in step.locator("pre").inner_text()


def test_the_switch_paints_what_a_command_would_take(page: Any, address: str) -> None:
    open_page(page, address + "#step=1")
    painted = "#dg .dg-step:not([hidden]) .dg-picture:not([hidden]) .dg-wide .dg-lost"
    assert page.locator(painted).count() == 0
    page.select_option("#dg [data-dg-lose]", label="docker rm -f one")
    keys = page.locator(painted).evaluate_all("found => found.map(one => one.dataset.k)")
    assert "writable" in keys
    assert "volume:data" not in keys
    assert "writable layer" in page.locator("#dg .dg-taken").inner_text()
    page.click("#dg [data-dg-view=disk]")
    keys = page.locator(painted).evaluate_all("found => found.map(one => one.dataset.k)")
    assert any("/containers/" in key for key in keys)
    page.click("#dg [data-dg-go=last]")
    assert "nothing from here" in page.locator("#dg .dg-taken").inner_text()
    page.select_option("#dg [data-dg-lose]", value="")
    assert page.locator("#dg .dg-lost").count() == 0


def test_a_painted_part_looks_different_even_where_steps_share_it(page: Any, address: str) -> None:
    open_page(page, address + "#step=1")
    colour = """() => {
      const part = document.querySelector('#dg .dg-step:not([hidden]) .dg-wide [data-k=writable]');
      return getComputedStyle(part).getPropertyValue('--dg-writable-edge');
    }"""
    before = page.evaluate(colour)
    page.select_option("#dg [data-dg-lose]", label="docker rm -f one")
    assert page.evaluate(colour) != before
