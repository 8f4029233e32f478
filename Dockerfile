# Broker, stub authentication service and demo service provider: `docker build -t ketenbroker .` and docs/operation.md.
FROM python:3.13-slim-bookworm

RUN useradd --create-home --uid 10001 ketenbroker
WORKDIR /srv/ketenbroker
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY broker broker
COPY idp_stub idp_stub
COPY sp_demo sp_demo
COPY metadata metadata
RUN pip install --no-cache-dir --constraint constraints.txt . \
    && mkdir certs var \
    && chown ketenbroker certs var

USER 10001
VOLUME ["/srv/ketenbroker/certs", "/srv/ketenbroker/var"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8080/health/ready', timeout=2)"]
CMD ["ketenbroker", "demo"]
