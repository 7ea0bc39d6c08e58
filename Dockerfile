# The image of the agent: the program, the libraries that it loads, and nothing that could start anything else.
# docs/install.md, "The image", says what is in it. `docker build .` and `buildah build .` need no more than this file.
ARG DEBIAN=debian:bookworm-slim

FROM ${DEBIAN} AS build
WORKDIR /selvage
# Where a ccache is mounted, other checkouts' compilations serve.
ENV CCACHE_BASEDIR=/selvage CCACHE_NOHASHDIR=true CCACHE_SLOPPINESS=pch_defines,time_macros
COPY scripts/setup scripts/
RUN scripts/setup image
COPY . .
RUN cmake --preset release -DSELVAGE_BENCH=OFF -DSELVAGE_INSTALL=OFF --log-level=WARNING && \
    cmake --build build/release --target selvage
RUN scripts/image-root build/release/bin/selvage /image

FROM scratch
# Libraries first: this layer is the same for all versions that were built with the same packages.
COPY --from=build /image/libraries /
COPY --from=build /image/program /
ARG VERSION=0.1.0
ARG REVISION=""
ARG SOURCE=""
LABEL org.opencontainers.image.title="selvage" \
      org.opencontainers.image.description="NetworkPolicy for Flannel clusters, by nftables" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/usr/bin
USER 65532:65532
ENTRYPOINT ["selvage"]
