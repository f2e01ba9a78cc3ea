"""A real browser for tests: headless Chromium, driven through chromedriver on loopback."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

MISSING = next((name for name in ("chromium", "chromedriver") if shutil.which(name) is None), None)


class Browser:
    """One window of a running browser."""

    def __init__(self, port: int) -> None:
        self._port = port
        options = {
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=900,1400"],
            "perfLoggingPrefs": {"enableNetwork": True},
        }
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        self._session = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    def open(self, page: Path) -> None:
        self._post("url", {"url": page.as_uri()})

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script as the driver, which the page's own policy does not bind."""
        return self._post("execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script: str) -> Any:
        return self._post("execute/async", {"script": script, "args": []})

    def media(self, media: str, scheme: str) -> None:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self._cdp("Emulation.setEmulatedMedia", {"media": media, "features": features})

    def width(self, pixels: int) -> None:
        metrics = {"width": pixels, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self._cdp("Emulation.setDeviceMetricsOverride", metrics)

    def log(self, kind: str) -> list[Any]:
        return list(self._post("se/log", {"type": kind}))

    def requests(self) -> list[str]:
        """Return the addresses that the browser asked for since the last call."""
        events = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        return [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]

    def picture(self) -> str:
        taken = self._cdp("Page.captureScreenshot", {"captureBeyondViewport": True})
        return str(taken["data"])

    def printed_pages(self) -> int:
        """Return on how many pages the page is printed."""
        self._cdp("Emulation.setEmulatedMedia", {"media": "", "features": []})
        printed = base64.b64decode(self._cdp("Page.printToPDF", {"printBackground": True})["data"])
        return len(re.findall(rb"/Type\s*/Page\b", printed))

    def close(self) -> None:
        self._call("DELETE", f"/session/{self._session}", None)

    def _cdp(self, command: str, parameters: dict[str, Any]) -> Any:
        return self._post("goog/cdp/execute", {"cmd": command, "params": parameters})

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        return self._call("POST", f"/session/{self._session}/{path}", body)

    def _call(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            value = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        if isinstance(value, dict) and "error" in value:
            raise RuntimeError(value["message"])
        return value


@contextmanager
def browser() -> Iterator[Browser]:
    """Start chromedriver on a free port, yield a window, end both."""
    driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
    try:
        window = Browser(_port(driver))
        try:
            yield window
        finally:
            window.close()
    finally:
        driver.terminate()
        driver.communicate(timeout=20)


def _port(driver: subprocess.Popen[str]) -> int:
    deadline = time.monotonic() + 20
    assert driver.stdout is not None
    for line in driver.stdout:
        if "started successfully on port" in line:
            return int(line.rstrip().rstrip(".").rpartition(" ")[2])
        if time.monotonic() > deadline:
            break
    raise RuntimeError("chromedriver did not start")
