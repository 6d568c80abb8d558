"""The tables that a program names: found beside it, read once; knows no table's meaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from scheduler.input.faults import Faults, did_you_mean, quoted
from scheduler.input.policy import Documents
from scheduler.input.tables import LARGEST, Columns, Row, read_table
from scheduler.input.text_file import Source, read_source

_KINDS = (".csv", ".xlsx")


@dataclass
class TableFiles:
    """Reads the tables of one program; ``sources`` are the files read so far."""

    documents: Documents
    faults: Faults
    sources: dict[str, Source] = field(default_factory=dict)

    def rows(self, table: str, columns: Columns) -> list[Row] | None:
        """The lines of a table, none where the program has no such table; None if it is faulty."""
        tables = self.documents.content.tables
        file: str | None = getattr(tables, table) if tables else None
        if not file:
            faulty = tables is None or table in self.documents.program.raw_names("tables")
            return None if faulty else []
        source = self._source(table, file)
        return None if source is None else read_table(source, table, columns, self.faults)

    def _source(self, table: str, file: str) -> Source | None:
        if file in self.sources:
            return self.sources[file]
        path = self._path(table, file)
        source = read_source(path, file, LARGEST, self.faults) if path else None
        if source:
            self.sources[file] = source
        return source

    def _path(self, table: str, file: str) -> Path | None:
        """Where a table lies: in the program's folder, or below it, and nowhere else."""
        yaml, folder = self.documents.program.yaml, self.documents.folder
        place = yaml.place(("tables", table))
        path = folder / file
        if not path.resolve().is_relative_to(folder.resolve()):
            what = f"tables.{table}: {quoted(file)} is not inside the program's folder"
            self.faults.add(place, what, "put the table beside the program")
            return None
        if not path.exists():
            what = f"tables.{table}: there is no file {quoted(file)}"
            beside = [p.name for p in folder.iterdir() if p.suffix.lower() in _KINDS]
            self.faults.add(place, what, did_you_mean(file, beside) or "add it")
            return None
        return path
