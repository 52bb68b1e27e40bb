# Two images around the static binaries of a release. The build context holds `atlaspec-amd64` and `atlaspec-arm64`.
#   docker build --target shell --tag atlaspec:0.1.0-shell .   # with a shell, for CI systems that need one
#   docker build --tag atlaspec:0.1.0 .                        # nothing except the program
# Both run as any user and with a read-only root. Reports go to a mounted folder:
#   docker run --rm --read-only --user "$(id -u)" --volume "$PWD:/data" atlaspec:0.1.0 run --target staging.yaml
# The certificate authorities are in the image; set SSL_CERT_FILE to a mounted file to use others.
FROM debian:12-slim AS authorities
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates=2023* \
    && rm -rf /var/lib/apt/lists/*

FROM busybox:1.37-musl AS shell
ARG TARGETARCH
COPY --from=authorities /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --chmod=0755 atlaspec-${TARGETARCH} /bin/atlaspec
WORKDIR /data
USER 65532:65532

FROM scratch
ARG TARGETARCH
COPY --from=authorities /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --chmod=0755 atlaspec-${TARGETARCH} /atlaspec
WORKDIR /data
USER 65532:65532
ENTRYPOINT ["/atlaspec"]
