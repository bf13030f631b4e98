# A service's database: PostgreSQL from the public image, begun by database.sh instead of the image's own entrypoint, which
# needs root where the data's folder is not yet the server's own, takes the password as an environment variable and makes
# of the service's role a superuser.
FROM postgres:17
COPY deploy/compose/database.sh /usr/local/bin/database
RUN chmod a+rx /usr/local/bin/database

USER postgres
# One folder a major version, within the folder that is the server's own in the image.
ENV PGDATA=/var/lib/postgresql/17 PGHOST=/tmp
ENTRYPOINT ["database"]
