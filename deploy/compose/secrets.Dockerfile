# The job that makes the secrets. Nothing is installed: it needs Python alone.
FROM python:3.13-slim
WORKDIR /broadsheet
COPY deploy/local/__init__.py deploy/local/secret_files.py deploy/local/
COPY deploy/compose/secret_volumes.py deploy/compose/
# A volume that is new takes the owner and the mode of the folder it is mounted on: so the job need not be root.
RUN chmod -R a+rX . \
    && install -d -o 10001 -g 10001 -m 750 /volumes/kept /volumes/gateway /volumes/users /volumes/posts \
        /volumes/users_db /volumes/posts_db /volumes/redis

USER 10001:10001
CMD ["python", "-m", "deploy.compose.secret_volumes"]
