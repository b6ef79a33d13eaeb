"""Import many rows of one consignment each, with all checks and posting; print time and memory.

    python bench/import_rows.py [ROWS]

Makes a centre of its own in a temporary folder; nothing else is touched.
"""

import csv
import resource
import sys
import tempfile
import time
from pathlib import Path

from flask_migrate import upgrade

from config import Config
from portal import create_app
from portal.accounts import service as accounts
from portal.core.db import transaction
from portal.exchange import jobs, queries
from portal.exchange.service import uploads
from portal.exchange.service.uploads import Upload

HEADERS = (
    "订单号",
    "收货人",
    "电话",
    "地址",
    "城市",
    "品名",
    "数量",
    "重量(kg)",
    "长(cm)",
    "宽(cm)",
    "高(cm)",
)
CITIES = ("上海", "广州", "北京", "成都", "武汉", "西安", "南京", "苏州", "重庆", "天津")
NAMES = ("周敏", "李雷", "韩梅梅", "王芳", "张伟", "刘洋", "陈静", "杨帆", "赵磊", "黄丽")
GOODS = ("洗衣液", "纸巾", "牙膏", "电饭煲", "蓝牙耳机", "运动鞋", "保温杯", "奶粉")
PARTY = {"name": "长江商贸", "phone": "+8613800006021", "address": "文一西路 998 号",
         "city": "杭州", "country": "CN"}  # fmt: skip


def write_file(path: Path, rows: int) -> None:
    """Write a file as a shop's system exports it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        for number in range(rows):
            writer.writerow((
                f"SO-{number:07d}", NAMES[number % 10], f"138{number % 10**8:08d}",
                f"人民路 {number % 900 + 1} 号 {number % 30 + 1} 室", CITIES[number * 7 % 10],
                GOODS[number % 8], number % 24 + 1, f"{(number % 400 + 1) / 10:.1f}",
                40, 30, number % 50 + 5,
            ))  # fmt: skip


def main() -> None:
    """Measure one import."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        app = create_app(Config(
            SECRET_KEY="bench", INSTANCE=root,  # noqa: S106 - of a throw-away centre
            DATABASE_URL=f"sqlite:///{root / 'bench.db'}",
            FILES_URL=f"file:{root / 'files'}", MAIL_URL=f"file:{root / 'mail'}",
        ))  # fmt: skip
        path = root / "rows.csv"
        write_file(path, rows)
        with app.app_context():
            upgrade()
            measure(path, rows)


def measure(path: Path, rows: int) -> None:
    """Import the file as the page does, and print what each step took."""
    with transaction():
        company = accounts.create_company("长江商贸")
        company.consignor = dict(PARTY)
    before, start, busy = peak_mb(), time.perf_counter(), time.process_time()
    with transaction():
        row = uploads.receive(Upload(path.read_bytes(), path.name, company.id, None))
        row = uploads.map_columns(row, uploads.mapping_of(row))
        row = uploads.begin_check(row)
    jobs.carry_on(row.id, row.company_id)
    checked = time.perf_counter()
    with transaction():
        found = queries.find_import(row.id, row.company_id)
        uploads.choose(found, "all_or_nothing")
    jobs.carry_on(row.id, row.company_id)
    done = time.perf_counter()
    found = queries.find_import(row.id, row.company_id)
    assert (found.state, found.created) == ("done", rows), found
    print(
        f"rows {rows}: upload and check {checked - start:.1f} s, posting {done - checked:.1f} s, "
        f"together {done - start:.1f} s ({time.process_time() - busy:.1f} s of processor); "
        f"peak RSS {peak_mb():.0f} MB (before {before:.0f} MB)"
    )


def peak_mb() -> float:
    """Return the largest resident size of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
