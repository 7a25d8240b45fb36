# syntax=docker/dockerfile:1

# crm_exporter alone: no shell, no package manager, a user without rights.
#
#   docker build --tag crm_exporter:0.1.0 --build-arg REVISION="$(git rev-parse HEAD)" .
#   docker run --rm --publish 127.0.0.1:10094:10094 crm_exporter:0.1.0 demo
#
# Images are named by exact versions. A tag can be moved all the same: where builds have to be the same to the byte, write
# the digest behind it, as `docker buildx imagetools inspect IMAGE` prints it: rust:1.95.0-slim-trixie@sha256:...

FROM rust:1.95.0-slim-trixie AS build
WORKDIR /src
COPY . .
ARG REVISION=unknown
# What was compiled before stays in the caches of the machine, so that a changed line does not compile all dependencies.
# The caches are no part of the image: the program is copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    CRM_EXPORTER_REVISION="$REVISION" cargo build --locked --release --bin crm_exporter \
    && cp target/release/crm_exporter /usr/local/bin/ \
    && mkdir /empty

# The C library and certificates of Debian 13, which the program was built on, and nothing else. It is not linked
# statically: musl's memory allocator is known to be slow where several threads allocate.
FROM gcr.io/distroless/cc-debian13:nonroot
ARG REVISION=unknown
LABEL org.opencontainers.image.title="crm_exporter" \
      org.opencontainers.image.description="Sales figures from CRMs for Prometheus" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="gcr.io/distroless/cc-debian13:nonroot"
COPY LICENSE /usr/share/doc/crm_exporter/
COPY --from=build /usr/local/bin/crm_exporter /usr/local/bin/
# A volume that is mounted here for the first time takes over to whom it belongs.
COPY --from=build --chown=65532:65532 /empty /var/lib/crm_exporter
# The address is that of the container alone: who may read is decided by what is published.
ENV CRM_EXPORTER__WEB__LISTEN_ADDRESS=":10094" \
    CRM_EXPORTER__STORE__PATH="/var/lib/crm_exporter/crm_exporter.db"
# By number, so that Kubernetes can see that it is not root.
USER 65532:65532
WORKDIR /var/lib/crm_exporter
EXPOSE 10094
HEALTHCHECK --interval=30s --timeout=6s --start-period=1m CMD ["/usr/local/bin/crm_exporter", "health"]
ENTRYPOINT ["/usr/local/bin/crm_exporter"]
CMD ["run", "--config.file=/etc/crm_exporter/crm_exporter.yaml"]
