# The image of Parley: `docker build --tag parley .`; what it runs with: compose.yaml, docs/howto/deploy.md.
# A bot's own folder (parley.toml, flows/) is mounted at /srv/bot, what it keeps at /data.

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock ./
RUN grep -oE '^[a-z0-9._-]+==[0-9a-z.]+' requirements.lock > versions.txt
RUN python -m pip install --no-cache-dir --constraint versions.txt hatchling
COPY . .
RUN python -m pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .
RUN python -m venv --without-pip /opt/parley
RUN python -m pip --python /opt/parley/bin/python install --no-cache-dir --constraint versions.txt /wheels/parley-*.whl

FROM python:3.11-slim-bookworm
# `parley backup` on PostgreSQL asks pg_dump, whose version must be the server's or newer: here 15.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin parley
RUN mkdir -p /data/media /data/spool /srv/bot && chown -R parley:parley /data
COPY --from=build /opt/parley /opt/parley
ENV PATH=/opt/parley/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PARLEY_SERVER__HOST=0.0.0.0 \
    PARLEY_SERVER__PORT=8080 \
    PARLEY_DATABASE__URL=sqlite:////data/parley.db \
    PARLEY_MEDIA__PATH=/data/media \
    PARLEY_SPOOL__PATH=/data/spool/parley.spool
WORKDIR /srv/bot
VOLUME /data
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s --retries=3 \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8080, timeout=4); c.request('GET', '/readyz'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["parley"]
CMD ["serve", "--config", "/srv/bot/parley.toml"]
