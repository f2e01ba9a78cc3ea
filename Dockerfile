# docker build -t mailaudit . && docker run --rm -v "$PWD:/work:ro" mailaudit check campaign.yml
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml hatch_build.py requirements.txt README.md LICENSE NOTICE ./
COPY src src
RUN python -m venv /opt/mailaudit \
    && /opt/mailaudit/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt \
    && /opt/mailaudit/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
    && /opt/mailaudit/bin/python -m pip uninstall --yes babel hatchling pip

FROM python:3.13-slim
COPY --from=build /opt/mailaudit /opt/mailaudit
ENV PATH=/opt/mailaudit/bin:$PATH PYTHONUNBUFFERED=1
RUN useradd --create-home --uid 10001 mailaudit
USER 10001
WORKDIR /work
ENTRYPOINT ["mailaudit"]
CMD ["check"]
