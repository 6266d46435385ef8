#!/usr/bin/env bash
# Makes the clips beside it from those above it: five codecs, five sizes, a key frame every 2 s. Needs ffmpeg.
set -euo pipefail
cd "$(dirname "$0")"

make() { # name, source, start, size, encoder and its options
  local name=$1 source=$2 start=$3 size=$4
  shift 4
  ffmpeg -v error -y -ss "$start" -i "../$source" -t 6 -an -vf "scale=$size,format=yuv420p" \
    -force_key_frames 'expr:gte(t,n_forced*2)' -fflags +bitexact "$@" "$name"
}

make h264-640x360.mp4 bottle-detection.mp4 2 640:360 -c:v libx264 -crf 34 -preset slow
make hevc-480x270.mp4 car-detection.mp4 4 480:270 -c:v libx265 -crf 34 -x265-params log-level=error -tag:v hvc1
make vp8-416x234.webm one-by-one-person-detection.mp4 6 416:234 -c:v libvpx -b:v 120k
make vp9-320x180.webm bottle-detection.mp4 8 320:180 -c:v libvpx-vp9 -b:v 100k
make av1-256x144.mp4 car-detection.mp4 12 256:144 -c:v libaom-av1 -crf 45 -b:v 0 -cpu-used 6
