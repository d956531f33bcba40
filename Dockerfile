# The service of this repository: `outgrown app serve`.
# Release build with the Swift runtime inside the executable; the rest comes from Debian's packages.
FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libbrotli-dev libcurl4-openssl-dev libhiredis-dev libpq-dev libsqlite3-dev libssl-dev libxml2-dev libyaml-dev \
        pkg-config zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# The manifest lists tests and benchmarks too, and SwiftPM wants their folders.
COPY Package.swift ./
COPY Benchmarks Benchmarks
COPY Tests Tests
COPY Sources Sources
RUN swift build -c release --product outgrown --static-swift-stdlib \
    && install -D -s "$(swift build -c release --static-swift-stdlib --show-bin-path)/outgrown" /out/outgrown

FROM debian:12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates libbrotli1 libcurl4 libhiredis0.14 libpq5 libsqlite3-0 libssl3 libstdc++6 libxml2 libyaml-0-2 tzdata zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /app --shell /usr/sbin/nologin app \
    && install -d -o app -g app /app/var
COPY --from=build /out/outgrown /usr/local/bin/outgrown
WORKDIR /app
USER app
# A host that sets PORT, as Render does (10000), has its way; SQLite's file is /app/var/app.sqlite unless DATABASE_URL says.
ENV HOST=0.0.0.0
EXPOSE 8000
CMD ["outgrown", "app", "serve"]
