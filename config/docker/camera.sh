#!/bin/bash
# Three cameras: puts their sessions, then plays each clip over and over to the gateway by another protocol.
set -u
gateway=${GATEWAY:-gateway}

/opt/flink-video/bin/flink-video sessions put sessions/road.json sessions/corridor.json sessions/belt.json \
  --bootstrap "${BOOTSTRAP:-kafka:9092}" || exit 1

# Whoever is cut off calls again a second later, as an encoder does.
play() {
  local clip=$1
  shift
  while :; do
    ffmpeg -nostdin -hide_banner -loglevel warning -re -stream_loop -1 -i "footage/$clip.mp4" -map 0:v -c copy "$@"
    sleep 1
  done
}

play car-detection -f flv "rtmp://$gateway/live/road" &
play car-detection -f mpegts -srt_streamid road "srt://$gateway:9000" &
play one-by-one-person-detection -f mpegts -srt_streamid corridor "srt://$gateway:9000" &
play bottle-detection -f whip "http://$gateway:8889/whip/belt" &

trap 'kill $(jobs -p) 2>/dev/null; exit 0' TERM INT
touch /tmp/plays # what the health check looks for
wait
