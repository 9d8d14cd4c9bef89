"""Alembic behind a pipe: a JSON object a line in, a JSON object a line out.

One process serves a whole test, because starting Python and importing Alembic takes longer
than most of the commands that are compared.
"""

import io
import json
import sys
import warnings

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

warnings.simplefilter("ignore")


class Place:
    """A script folder and a database."""

    def __init__(self, folder, conninfo, schema):
        self.folder = folder

        def connect():
            return psycopg.connect(conninfo, options=f"-c search_path={schema}")

        engine = create_engine("postgresql+psycopg://", creator=connect, poolclass=NullPool)
        self.connection = engine.connect()

    def config(self, output=None):
        config = Config(stdout=io.StringIO(), output_buffer=output)
        config.set_main_option("script_location", self.folder)
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = self.connection
        return config

    def run(self, verb, targets, as_sql):
        output = io.StringIO()
        config = self.config(output)
        if verb == "stamp":
            command.stamp(config, targets, sql=as_sql)
        else:
            getattr(command, verb)(config, targets[0], sql=as_sql)
        return output.getvalue()

    def standing(self):
        """The rows, what `alembic current` calls the current revisions, and all that ran."""
        rows = MigrationContext.configure(self.connection).get_current_heads()
        self.connection.rollback()
        graph = ScriptDirectory.from_config(self.config()).revision_map
        ran = graph._get_ancestor_nodes(graph.get_revisions(rows), include_dependencies=True)
        at = graph._get_all_current(tuple(rows))
        return {
            "rows": [int(row) for row in rows],
            "at": [int(revision.revision) for revision in at],
            "applied": [int(revision.revision) for revision in ran],
        }


def main():
    place = None
    for line in sys.stdin:
        asked = json.loads(line)
        answer = {"error": None, "sql": ""}
        try:
            if asked["verb"] == "open":
                place = Place(asked["folder"], asked["conninfo"], asked["schema"])
            elif asked["verb"] != "standing":
                answer["sql"] = place.run(asked["verb"], asked["targets"], asked["as_sql"])
        except Exception as error:
            # An answer is what is compared, also where Alembic ends in an assertion.
            answer["error"] = f"{type(error).__name__}: {error}"
        place.connection.rollback()
        answer.update(place.standing())
        print(json.dumps(answer), flush=True)


main()
