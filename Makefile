# `make help` lists what there is. The work is done by the scripts in scripts/.

PORT ?= 8000
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test coverage check format bench pictures lock clean

help:  ## this list
	@grep -hE '^[a-z]+: .*## ' $(MAKEFILE_LIST) | sed 's/^/make /; s/: *## */\t/' | expand -t 14

run:  ## the portal on http://127.0.0.1:8000/ with demonstration data (PORT=8001 for another port)
	@PORT=$(PORT) exec scripts/run

test:  ## all tests, on SQLite and on PostgreSQL (ARGS="-k login" for some of them)
	@exec scripts/test $(ARGS)

coverage:  ## all tests on SQLite, with the lines and branches they leave out
	@COVERAGE=only exec scripts/test

check:  ## format, lint, types, imports, templates, migrations, deployment, known vulnerabilities
	@exec scripts/check

format:  ## puts code and templates into the form that `make check` asks for
	@exec scripts/format

bench:  ## the README's figures, measured anew
	@exec scripts/bench $(ARGS)

pictures:  ## the manual's pictures, taken anew from the demonstration (ARGS=NAME for some)
	@exec scripts/pictures $(ARGS)

lock:  ## the locked dependencies, anew from pyproject.toml (ARGS=--upgrade for newer ones)
	@exec scripts/lock $(ARGS)

clean:  ## removes what can be made again; keeps var/portal.sqlite3, var/mail, var/secret_key, .env
	@exec scripts/clean
