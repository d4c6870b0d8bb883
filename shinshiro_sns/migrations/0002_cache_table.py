"""The table of the cache, in which the limits of the log-in are counted."""

from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):

    dependencies = [("shinshiro_sns", "0001_initial")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
