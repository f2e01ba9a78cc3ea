"""A session of Apache Spark in which portable statements run; everything it says in anger becomes an `InputError`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mailaudit.campaign.recipients import Recipients
from mailaudit.facts.recipients.reading.database.connections import require_spark_select
from mailaudit.facts.recipients.reading.source import unusable
from mailaudit.facts.recipients.spark import queries

LIST = "mailaudit_list"
_SHUFFLE, _SHUFFLE_DEFAULT = "spark.sql.shuffle.partitions", "200"
_EXTRA = "pip install 'mailaudit[spark]'"


class Engine:
    """Runs the statements about one list, which `name` tells in errors; raises `InputError` when Spark cannot."""

    def __init__(self, plan: Recipients) -> None:
        self.name = plan.table or "query"
        if plan.query:
            require_spark_select(plan.query, self.name)
        self._spark = _session()
        listed = (
            self.query(plan.query) if plan.query else self._guarded(lambda: self._spark.table(str(plan.table)))
        )
        self.listed = listed
        listed.createOrReplaceTempView(LIST)

    def query(self, statement: str) -> Any:
        """Return the data frame of a statement in Spark's own dialect."""
        return self._guarded(lambda: self._spark.sql(statement))

    def run(self, statement: str) -> Any:
        """Return the data frame of a portable statement."""
        try:
            told = queries.transpiled(statement, "spark")
        except ImportError as error:
            raise unusable("recipients.engine", "spark needs the package sqlglot", _EXTRA) from error
        return self.query(told)

    def rows(self, statement: str) -> Iterator[Sequence[Any]]:
        """Yield the rows of a portable statement."""
        frame = self.run(statement)
        yield from self._guarded(frame.toLocalIterator)

    def first(self, statement: str) -> Sequence[Any]:
        """Return the first row of a portable statement."""
        frame = self.run(statement)
        row: Sequence[Any] = self._guarded(frame.first)
        return row

    def count(self, statement: str) -> int:
        """Return the number of rows of a portable query."""
        return int(self.first(f"SELECT count(*) AS n FROM ({statement}) AS found")[0])  # noqa: S608 - our own query

    def keep(self, statement: str, name: str) -> Any:
        """Run a portable query once, and let later ones read its result as a view; the caller lets go of it."""
        frame = self.run(statement).cache()
        frame.createOrReplaceTempView(name)
        return frame

    def view(self, rows: Iterable[Sequence[object]], schema: str, name: str) -> None:
        """Create a view of a few rows of ours."""
        self._spark.createDataFrame(list(rows), schema).createOrReplaceTempView(name)

    def has_table(self, name: str) -> bool:
        """Say whether there is a table of that name."""
        return bool(self._guarded(lambda: self._spark.catalog.tableExists(name)))

    def save(self, frame: Any, name: str) -> None:
        """Write a table; one of that name is replaced."""
        self._guarded(lambda: frame.write.mode("overwrite").saveAsTable(name))

    def _guarded(self, ask: Any) -> Any:
        try:
            return ask()
        except Exception as error:
            told = str(error).strip().partition("\n")[0][:200]
            raise unusable(self.name, f"Spark cannot do it ({told})", "correct the table or the query") from error


def _session() -> Any:
    try:
        from pyspark.sql import SparkSession  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - optional
    except ImportError as error:
        raise unusable("recipients.engine", "spark needs the package pyspark", _EXTRA) from error
    builder = SparkSession.builder.appName("mailaudit").config("spark.ui.showConsoleProgress", "false")
    session = builder.getOrCreate()
    # A path or a format is no table: Spark itself then reads no file that a query names.
    session.conf.set("spark.sql.runSQLOnFiles", "false")
    if str(session.sparkContext.master).startswith("local") and session.conf.get(_SHUFFLE) == _SHUFFLE_DEFAULT:
        # Two hundred parts on one machine cost more than the work itself.
        session.conf.set(_SHUFFLE, str(session.sparkContext.defaultParallelism))
    return session
