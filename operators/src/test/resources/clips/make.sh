#!/usr/bin/env bash
# Makes the clips of this folder and what FFmpeg says of each of their pictures (framemd5), with Debian's ffmpeg 5.1:
# the presets have no software encoder for HEVC, nor for H.264 beyond 8 bit 4:2:0. Run it only to add a clip.
set -euo pipefail
cd "$(dirname "$0")"
footage=${1:?usage: make.sh PATH/TO/car-detection.mp4}

encode() { # name, further arguments of ffmpeg
  local out=$1
  shift
  ffmpeg -v error -y -ss 1 -t 1.5 -i "$footage" -an -map_metadata -1 -vf "scale=192:108,format=${FORMAT:-yuv420p}" -fflags +bitexact "$@" "$out"
}

encode h264-420-8.mp4 -c:v libx264 -profile:v high -bf 3 -g 8 -crf 28
FORMAT=yuv420p10le encode h264-420-10.mp4 -c:v libx264 -g 8 -crf 30
FORMAT=yuv422p10le encode h264-422-10.mp4 -c:v libx264 -g 8 -crf 30
FORMAT=yuv444p encode h264-444-8.mp4 -c:v libx264 -g 8 -crf 30
encode h264-interlaced.ts -c:v libx264 -g 8 -crf 28 -flags +ildct+ilme -x264-params tff=1
encode h264-annexb.h264 -c:v libx264 -bf 2 -g 8 -crf 28
encode hevc-420-8.mp4 -c:v libx265 -g 8 -crf 30 -x265-params log-level=error -tag:v hvc1
FORMAT=yuv420p10le encode hevc-420-10.mp4 -c:v libx265 -g 8 -crf 32 -x265-params log-level=error
FORMAT=yuv422p10le encode hevc-422-10.mp4 -c:v libx265 -g 8 -crf 32 -x265-params log-level=error
FORMAT=yuv444p encode hevc-444-8.mp4 -c:v libx265 -g 8 -crf 32 -x265-params log-level=error
encode vp8-420-8.webm -c:v libvpx -g 8 -b:v 150k -auto-alt-ref 0
encode vp9-420-8.webm -c:v libvpx-vp9 -g 8 -b:v 120k -cpu-used 5
FORMAT=yuv420p10le encode vp9-420-10.webm -c:v libvpx-vp9 -profile:v 2 -g 8 -b:v 120k -cpu-used 5
FORMAT=yuv444p encode vp9-444-8.webm -c:v libvpx-vp9 -profile:v 1 -g 8 -b:v 120k -cpu-used 5
encode av1-420-8.mp4 -c:v libaom-av1 -g 8 -b:v 100k -cpu-used 8
FORMAT=yuv420p10le encode av1-420-10.mp4 -c:v libaom-av1 -g 8 -b:v 100k -cpu-used 8
FORMAT=yuv444p encode av1-444-8.mp4 -c:v libaom-av1 -g 8 -b:v 100k -cpu-used 8
FORMAT=gray encode grey.mp4 -c:v libx264 -g 8 -crf 30
encode mpeg2.ts -c:v mpeg2video -g 8 -b:v 200k

# One elementary stream whose picture changes its size twice.
for size in 192:108 128:72 256:144; do
  ffmpeg -v error -y -ss 1 -t 0.8 -i "$footage" -an -vf "scale=$size,format=yuv420p" -fflags +bitexact -c:v libx264 -bf 0 -g 8 -crf 28 "part-${size%:*}.h264"
done
cat part-192.h264 part-128.h264 part-256.h264 > h264-sizes.h264
rm part-*.h264

for clip in *.mp4 *.ts *.webm *.h264; do
  # -autoscale 0: pictures of another size are listed as they are.
  ffmpeg -v error -i "$clip" -an -autoscale 0 -fps_mode passthrough -f framemd5 - > "$clip.framemd5"
done
