"""What is done so far of a file of incidents, kept beside the output until all of it is."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
from attrs import frozen

from campaign_rules.batch.flow import Diagnosed
from campaign_rules.errors import InputError

RUN = "run.json"
_PART = re.compile(r"(\d{15})-(\d{15})\.arrow")
_COMPRESSED = pa.ipc.IpcWriteOptions(compression="zstd")


@frozen
class Parts:
    """A folder with one Arrow file for each stretch of rows that is done, named by its bounds.

    A file is there whole or not at all, so that a run that was ended at any moment goes on where it stopped.
    Each holds the kept columns, and the results as a dictionary of the distinct ones.
    """

    folder: Path

    def begin(self, run: Mapping[str, str], restart: bool) -> None:
        """Go on with what is there, or start afresh.

        `run` tells everything that the results depend on. Raises InputError when what is there is damaged or
        was begun otherwise, unless told to `restart`.
        """
        if restart:
            self.remove()
        try:
            begun = json.loads((self.folder / RUN).read_text(encoding="utf-8"))
        except ValueError:
            raise _damaged(self.folder / RUN) from None
        except FileNotFoundError:
            self.folder.mkdir(exist_ok=True)
            self._put(RUN, lambda path: path.write_text(json.dumps(run, indent=2), encoding="utf-8"))
            return
        changed = [name for name in run if begun.get(name) != run[name]]
        if changed:
            raise InputError(
                f"{self.folder}: holds an unfinished run with another {' and another '.join(changed)}; "
                "undo the change, or begin anew with --restart"
            )

    def files(self) -> list[Path]:
        """Return the files of the parts without a gap from the first row on, in order."""
        found, end = [], 0
        for name in sorted(os.listdir(self.folder)):
            bounds = _PART.fullmatch(name)
            if bounds and int(bounds[1]) == end:
                found.append(self.folder / name)
                end = int(bounds[2])
        return found

    def rows(self) -> int:
        """Return how many rows are done."""
        files = self.files()
        return int(_PART.fullmatch(files[-1].name)[2]) if files else 0  # type: ignore[index]

    def add(self, start: int, part: Diagnosed) -> None:
        """Keep the next part, whose first row is number `start` from 0."""
        results = pa.DictionaryArray.from_arrays(pa.array(part.places), part.results.to_struct_array())
        fields = [*part.kept.schema, pa.field("result", results.type)]
        batch = pa.RecordBatch.from_arrays([*part.kept.columns, results], schema=pa.schema(fields))

        def save(path: Path) -> None:
            with pa.ipc.new_file(str(path), batch.schema, options=_COMPRESSED) as file:
                file.write_batch(batch)

        self._put(f"{start:015}-{start + len(batch):015}.arrow", save)

    def read(self) -> Iterator[Diagnosed]:
        """Yield the parts in order. Raises InputError for a damaged one."""
        return map(_read, self.files())

    def remove(self) -> None:
        """Remove the folder, if it is there."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _put(self, name: str, save: Callable[[Path], object]) -> None:
        """Write a file that is there whole or not at all, also after a loss of power."""
        draft = self.folder / f"{name}.draft"
        save(draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(self.folder / name)


def _damaged(path: Path) -> InputError:
    return InputError(f"{path}: damaged; begin anew with --restart")


def _read(path: Path) -> Diagnosed:
    try:
        with pa.OSFile(str(path), "rb") as file, pa.ipc.open_file(file) as reader:
            batch = reader.get_batch(0)
    except (OSError, pa.ArrowException):
        raise _damaged(path) from None
    results = batch.column(batch.num_columns - 1)
    return Diagnosed(
        batch.select(range(batch.num_columns - 1)),
        results.indices.to_numpy(),
        pa.RecordBatch.from_struct_array(results.dictionary),
    )
