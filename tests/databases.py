"""`--database=postgresql`: the same tests, but every server has a PostgreSQL database and two workers, which get its
requests in turn. What a test gives as an SQLite file stands for a database that it comes back to."""

from __future__ import annotations

import dataclasses
import itertools
import os
from typing import Any

import pytest

from .cluster import Cluster, url

_TEMPLATE = "pattern"


class Databases:
    """Databases of a cluster, each with empty tables when it is handed out."""

    def __init__(self, directory: str) -> None:
        import psycopg

        self.directory = directory
        self._admin = psycopg.connect(url(directory, "postgres"), autocommit=True)
        self._numbers = itertools.count()
        self._free: list[str] = []
        self._clean = ""

    def take(self) -> str:
        """The URL of an empty database."""
        if self._free:
            return self._free.pop()
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY file_copy")  # type: ignore[call-overload]
        return url(self.directory, name)

    def give_back(self, used: str) -> None:
        """Empty a database that nobody uses any more."""
        import psycopg

        with psycopg.connect(used, autocommit=True) as connection:
            if not self._clean:
                found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
                names = [name for (name,) in found if name != "meta"]
                # No foreign keys and so no order; quicker than TRUNCATE as long as there is little to delete.
                self._clean = "SET session_replication_role = replica; " + "".join(f"DELETE FROM {n};" for n in names)
            connection.execute(self._clean)  # type: ignore[call-overload]
        self._free.append(used)

    def cut(self, used: str) -> None:
        """End all connections to a database, from the server's side."""
        name = used.partition("@/")[2].partition("?")[0]
        self._admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))

    def close(self) -> None:
        """Close the connection."""
        self._admin.close()


def make_template(directory: str) -> None:
    """Make the tables that all databases begin with."""
    import psycopg

    from openai_assistants.server.store import Clock, Database, RandomIds

    with psycopg.connect(url(directory, "postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {_TEMPLATE}")
    database = Database(url(directory, _TEMPLATE), Clock(), RandomIds())
    database.open()
    database.close()


class OnPostgres:
    """The pytest plugin: one cluster for all processes of a test run."""

    def __init__(self, config: pytest.Config) -> None:
        self.cluster: Cluster | None = None
        given: str | None = getattr(config, "workerinput", {}).get("postgres")
        if given is None:
            self.cluster = Cluster()
            make_template(self.cluster.directory)
            given = self.cluster.directory
        self.databases = Databases(given)
        self._patch()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell the processes of xdist where it is."""
        node.workerinput["postgres"] = self.databases.directory

    def pytest_unconfigure(self) -> None:
        """The end."""
        self.databases.close()
        if self.cluster is not None:
            self.cluster.stop()

    def _patch(self) -> None:
        from openai_assistants.server import LocalServer, Settings
        from openai_assistants.server.store import backends
        from openai_assistants.server.store.backends import MEMORY

        databases, files = self.databases, dict[str, str]()
        start, stop = LocalServer.start, LocalServer.stop
        asked: dict[LocalServer, Settings] = {}

        def starting(server: LocalServer) -> LocalServer:
            if server._running is None and not backends.is_url(server.settings.database):
                asked[server] = server.settings
                name = server.settings.database
                if name != MEMORY and name not in files:
                    files[name] = databases.take()
                used = databases.take() if name == MEMORY else files[name]
                server.settings = dataclasses.replace(server.settings, database=used, workers=2)
            return start(server)

        def stopping(server: LocalServer) -> None:
            used = server.settings.database
            stop(server)
            if server in asked:
                server.settings = asked.pop(server)
                if server.settings.database == MEMORY:
                    databases.give_back(used)

        LocalServer.start, LocalServer.stop = starting, stopping  # type: ignore[method-assign]
