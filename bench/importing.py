"""An import of many rows, with all checks and posting, while others look up their goods."""

import csv
import json
import threading
import time
from collections.abc import Iterator
from io import StringIO

from phases import Asker, Line

ROWS = 50_000
LOOK_UPS = 50  # a second, beside the import
TOO_LONG_S = 600.0
ENDED = ("done", "failed")
HEADERS = ("订单号,收货人,电话,地址,城市,品名,数量,重量(kg),长(cm),宽(cm),高(cm)").split(",")
CITIES = ("上海", "广州", "北京", "成都", "武汉", "西安", "南京", "苏州", "重庆", "天津")
NAMES = ("周敏", "李雷", "韩梅梅", "王芳", "张伟", "刘洋", "陈静", "杨帆", "赵磊", "黄丽")
GOODS = ("洗衣液", "纸巾", "牙膏", "电饭煲", "蓝牙耳机", "运动鞋", "保温杯", "奶粉")


def lines(ask: Asker) -> Iterator[Line]:
    """Import the file by the API; tell what the import took, and look-ups meanwhile."""
    took: list[float] = []
    stop = threading.Event()
    beside = threading.Thread(target=_look_up, args=(ask, took, stop))
    beside.start()
    try:
        yield ask.line(f"import of {ROWS:,} rows, rows/s", lambda: [_imported(ask)], ROWS)
    finally:
        stop.set()
        beside.join()
    took.sort()
    middle, last = took[len(took) // 2], took[int(len(took) * 0.99)]
    yield Line(f"public look-up beside the import, {LOOK_UPS}/s", LOOK_UPS, 0.0, middle, last)


def _imported(ask: Asker) -> float:
    """Import one file; return what it took in ms."""
    caller = ask.caller(ask.owner)
    path = "/api/v1/imports/consignments?mode=all&name=orders.csv"
    began = time.perf_counter()
    found = json.loads(caller.call(caller.request("POST", path, _file(), "text/csv")))
    while found["state"] not in ENDED and time.perf_counter() - began < TOO_LONG_S:
        time.sleep(0.2)
        found = json.loads(caller.get(f"/api/v1/imports/{found['id']}?limit=1"))
    if found["counts"]["created"] != ROWS:
        raise RuntimeError(f"The import ended as {found['state']}: {found['counts']}")
    return (time.perf_counter() - began) * 1000


def _file() -> bytes:
    """Return a file as a shop's system exports it."""
    file, run = StringIO(), int(time.time())
    writer = csv.writer(file)
    writer.writerow(HEADERS)
    for number in range(ROWS):
        writer.writerow((
            f"B{run}-{number:07d}", NAMES[number % 10], f"138{number % 10**8:08d}",
            f"人民路 {number % 900 + 1} 号 {number % 30 + 1} 室", CITIES[number * 7 % 10],
            GOODS[number % 8], number % 24 + 1, f"{(number % 400 + 1) / 10:.1f}",
            40, 30, number % 50 + 5,
        ))  # fmt: skip
    return file.getvalue().encode()


def _look_up(ask: Asker, took: list[float], stop: threading.Event) -> None:
    page = json.loads(ask.caller(ask.staff).get("/api/v1/consignments?status=in_transit"))
    caller = ask.caller()
    request = caller.request("GET", f"/api/v1/track/{page['items'][0]['no']}")
    due = time.perf_counter()
    while not stop.is_set():
        due += 1 / LOOK_UPS
        time.sleep(max(0.0, due - time.perf_counter()))
        caller.call(request)
        took.append((time.perf_counter() - due) * 1000)
