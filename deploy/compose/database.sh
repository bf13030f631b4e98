#!/bin/sh
# Is PostgreSQL; before its first start, makes the database $NAME and a role of the same name, which owns it and nothing else.
# Over the network that role alone comes in; the superuser has no password, and comes in by the socket:
# `docker compose exec users_db psql`.
set -eu

if [ ! -e "$PGDATA" ]; then
    new=$PGDATA.new # gets its name when it is complete: a kill in the middle leaves nothing half made
    rm -rf "$new"
    # C.UTF-8 sorts by code point as C does, but knows upper and lower case beyond ASCII.
    initdb -D "$new" -U postgres --auth=peer --data-checksums \
        --encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8
    cat >"$new/pg_hba.conf" <<-END
		local all postgres peer
		host $NAME $NAME all scram-sha-256
	END
    # The single-user mode listens to nobody; a statement is a line.
    postgres --single -D "$new" -c exit_on_error=on postgres >/dev/null <<-END
		CREATE ROLE $NAME LOGIN PASSWORD '$(cat /run/secrets/password)'
		CREATE DATABASE $NAME OWNER $NAME
	END
    mv "$new" "$PGDATA"
fi

exec postgres -c listen_addresses='*' -c unix_socket_directories="$PGHOST" "$@"
