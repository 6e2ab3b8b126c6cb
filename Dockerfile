# The images: `docker build .` makes the one for processors, `--target gpu` the one for NVIDIA's GPUs. Both are for
# the machine that builds; --platform names another one, linux/amd64 or linux/arm64 (`gpu` has a base for amd64 only).
#
# --build-arg JAR=built takes target/onecycle.jar as it lies there instead of compiling.
# --secret id=maven,src=FILE gives Maven a settings.xml, where Maven Central is reached through a mirror.
ARG JAR=compiled
ARG GPU_BASE=pytorch/pytorch:2.7.1-cuda12.8-cudnn9-runtime

FROM --platform=$BUILDPLATFORM maven:3.9-eclipse-temurin-25 AS compiled
ARG TARGETARCH
WORKDIR /source
COPY pom.xml mvnw ./
COPY .mvn .mvn
COPY src/main src/main
RUN --mount=type=cache,target=/root/.m2/repository \
    --mount=type=secret,id=maven,target=/root/.m2/settings.xml \
    case $TARGETARCH in amd64) natives=x86_64 ;; arm64) natives=aarch64 ;; *) natives=$TARGETARCH ;; esac \
    && ./mvnw -B -q -ntp "-Plinux-$natives" -Dmaven.test.skip=true package && mv target/onecycle.jar /

FROM scratch AS built
COPY target/onecycle.jar /

# hadolint ignore=DL3006
FROM ${JAR} AS jar

# The jar's libraries side by side, and the native ones as files: nothing is left to unpack at a start.
FROM eclipse-temurin:25-jdk AS unpacked
WORKDIR /opt/onecycle
COPY --from=jar /onecycle.jar /tmp/
RUN java -Djarmode=tools -jar /tmp/onecycle.jar extract --destination . --application-filename onecycle.jar
WORKDIR /tmp/native
RUN for jar in /opt/onecycle/lib/*-linux-*.jar; do jar xf "$jar" && rm "$jar"; done \
    && mkdir /opt/libtorch /opt/onecycle/native \
    && mv "pytorch/cpu/linux-$(uname -m)"/*.so* /opt/libtorch/ \
    && mv org/bytedeco/javacpp/linux-*/*.so* org/bytedeco/openblas/linux-*/*.so* \
        org/bytedeco/opencv/linux-*/*opencv_core.so* org/bytedeco/opencv/linux-*/*opencv_imgproc.so* \
        org/bytedeco/opencv/linux-*/*opencv_imgcodecs.so* /opt/onecycle/native/ \
    && find org/bytedeco -path '*/dnnl/*' -name 'lib[dg]*.so.*' -exec mv -t /opt/onecycle/native {} + \
    && ln -s libopenblas.so.0 /opt/onecycle/native/libopenblas_nolapack.so.0

# The archive of the classes that a start takes; it fits the Java and the jars that it was recorded with.
FROM eclipse-temurin:25-jre AS recorded
COPY --from=unpacked /opt/libtorch /opt/libtorch
COPY --from=unpacked /opt/onecycle /opt/onecycle
COPY bin/environment bin/gpu-check bin/health bin/onecycle bin/record /opt/onecycle/bin/
ENV PYTORCH_LIBRARY_PATH=/opt/libtorch PYTORCH_FLAVOR=cpu PYTORCH_VERSION=2.7.1
RUN /opt/onecycle/bin/record /opt/onecycle/onecycle.jar /opt/onecycle/onecycle.aot

# The same on the CUDA build of the same PyTorch, whose libraries take the place of the processor's. The engine asks
# libcudart for the GPUs, and looks for it where the system's libraries are.
FROM ${GPU_BASE} AS gpu
ARG PYTHON_PACKAGES=/opt/conda/lib/python3.11/site-packages
RUN groupadd --gid 10001 onecycle && useradd --uid 10001 --gid 10001 --home-dir /var/lib/onecycle onecycle \
    && install -d -o onecycle -g onecycle /var/lib/onecycle /var/lib/onecycle-store
RUN ls "$PYTHON_PACKAGES/torch/lib/libtorch.so" "$PYTHON_PACKAGES/nvidia/cuda_runtime/lib/libcudart.so.12" \
    && ln -s "$PYTHON_PACKAGES/nvidia/cuda_runtime/lib/libcudart.so.12" /usr/lib/x86_64-linux-gnu/libcudart.so
COPY --from=recorded /opt/java/openjdk /opt/java/openjdk
COPY --from=recorded /opt/onecycle/native /opt/onecycle/native
COPY --from=recorded /opt/onecycle/lib /opt/onecycle/lib
COPY --from=recorded /opt/onecycle/bin /opt/onecycle/bin
COPY --from=recorded /opt/onecycle/onecycle.jar /opt/onecycle/onecycle.aot /opt/onecycle/
ENV JAVA_HOME=/opt/java/openjdk LANG=C.UTF-8 \
    PYTORCH_LIBRARY_PATH=${PYTHON_PACKAGES}/torch/lib PYTORCH_FLAVOR=cu128 PYTORCH_VERSION=2.7.1 \
    ONECYCLE_JAR=/opt/onecycle/onecycle.jar ONECYCLE_HOME=/var/lib/onecycle
USER 10001
WORKDIR /var/lib/onecycle
VOLUME /var/lib/onecycle
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=2m CMD ["/opt/onecycle/bin/health"]
ENTRYPOINT ["/opt/onecycle/bin/onecycle"]

FROM eclipse-temurin:25-jre AS cpu
RUN groupadd --gid 10001 onecycle && useradd --uid 10001 --gid 10001 --home-dir /var/lib/onecycle onecycle \
    && install -d -o onecycle -g onecycle /var/lib/onecycle /var/lib/onecycle-store
COPY --from=recorded /opt/libtorch /opt/libtorch
COPY --from=recorded /opt/onecycle/native /opt/onecycle/native
COPY --from=recorded /opt/onecycle/lib /opt/onecycle/lib
COPY --from=recorded /opt/onecycle/bin /opt/onecycle/bin
COPY --from=recorded /opt/onecycle/onecycle.jar /opt/onecycle/onecycle.aot /opt/onecycle/
ENV PYTORCH_LIBRARY_PATH=/opt/libtorch PYTORCH_FLAVOR=cpu PYTORCH_VERSION=2.7.1 \
    ONECYCLE_JAR=/opt/onecycle/onecycle.jar ONECYCLE_HOME=/var/lib/onecycle
USER 10001
WORKDIR /var/lib/onecycle
VOLUME /var/lib/onecycle
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=2m CMD ["/opt/onecycle/bin/health"]
ENTRYPOINT ["/opt/onecycle/bin/onecycle"]
