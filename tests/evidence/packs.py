"""Evidence packs in tests: fetched as people fetch them, unpacked as a stranger unpacks them."""

import io
import json
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Pack:
    """A pack that a stranger has unpacked in ``folder``."""

    data: bytes
    folder: Path

    def read(self, name: str) -> Any:
        """Return a JSON file of the pack."""
        return json.loads((self.folder / name).read_bytes())

    def names(self) -> set[str]:
        """Return the names of all files."""
        return {str(p.relative_to(self.folder)) for p in self.folder.rglob("*") if p.is_file()}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the folder of the pack."""
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True)

    def text(self) -> str:
        """Return everything in it as one text, to look for what must not be there."""
        return "\n".join(
            path.read_bytes().decode("utf-8", "replace")
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and path.suffix not in (".pdf", ".jpeg")
        )


def address(no: str, name: str = "evidence.zip") -> str:
    """Return where a consignment's evidence is fetched."""
    return f"/api/v1/consignments/{no}/documents/{name}"


def fetch(browser: Any, no: str, folder: Path) -> Pack:
    """Fetch the pack of a consignment and unpack it below ``folder``."""
    answer = browser.get(address(no))
    assert answer.status_code == 200, answer.text
    return unpacked(answer.data, folder, no)


def unpacked(data: bytes, folder: Path, no: str) -> Pack:
    """Unpack an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
    return Pack(data, folder / f"evidence-{no}")
