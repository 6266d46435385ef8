#!/usr/bin/env bash
# Runs a benchmark with the launcher's JVM flags: benchmarks/run.sh decode|pipeline|recovery|session|ingest [--help]
# JAVA_OPTS adds JVM flags, for example those of a profiler.
set -eu

home=$(cd "$(dirname "$0")/.." && pwd -P)
target=$home/benchmarks/target

case ${1:-} in
  decode) main=DecodeBenchmark ;;
  pipeline) main=PipelineBenchmark ;;
  recovery) main=RecoveryBenchmark ;;
  session) main=SessionBenchmark ;;
  ingest) main=IngestBenchmark ;;
  *)
    echo "usage: benchmarks/run.sh decode|pipeline|recovery|session|ingest [--help]" >&2
    exit 1
    ;;
esac
shift

is_built() {
  jar=$(ls -t "$target"/flink-video-benchmarks-*.jar 2>/dev/null | head -n 1)
  [ -n "$jar" ] && [ -r "$target/class-path" ] || return 1
  newer=$(find "$home"/pom.xml "$home"/{protocol,operators,ingest,jobs,benchmarks}/{pom.xml,src/main} \
    -newer "$jar" -print 2>/dev/null | head -n 1)
  [ -z "$newer" ]
}

if ! is_built; then
  echo "benchmarks: building" >&2
  (cd "$home" && mvn -q -B -DskipTests -Dspotless.check.skip=true -pl benchmarks -am package) >&2
  is_built || true # finds the jar
fi

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
# shellcheck disable=SC2086 # JAVA_OPTS is a list
exec "$java" "@$home/config/jvm/launcher.options" "-Dflinkvideo.home=$home" ${JAVA_OPTS:-} \
  -cp "$jar:$(cat "$target/class-path")" "dev.flinkvideo.benchmarks.$main" "$@"
