#!/bin/bash
# A camera that misbehaves on a schedule, and a back-up that does not: the session "chaos" moves between them.
# Every 80 s the first is killed, stands still for 10 s, and is black for 10 s, with 10 s and more in between to return in.
set -u
gateway=${GATEWAY:-gateway}

/opt/flink-video/bin/flink-video sessions put sessions/chaos.json --bootstrap "${BOOTSTRAP:-kafka:9092}" || exit 1

clip=footage/car-detection.mp4
good=(-stream_loop -1 -i "$clip" -map 0:v -c copy)
black=(-f lavfi -i "color=black:size=768x432:rate=25/2" -c:v libopenh264 -b:v 300k -g 25)
camera=

start() {
  ffmpeg -nostdin -hide_banner -loglevel warning -re "$@" -f flv "rtmp://$gateway/live/chaos" &
  camera=$!
}

end() {
  { kill -KILL "$camera" && wait "$camera"; } 2>/dev/null
}

tell() {
  echo "chaos: $*"
}

trap 'kill -KILL $(jobs -p) 2>/dev/null; exit 0' TERM INT
while :; do
  ffmpeg -nostdin -hide_banner -loglevel warning -re "${good[@]}" -f mpegts -srt_streamid chaos-backup "srt://$gateway:9000"
  sleep 1
done &
touch /tmp/plays # what the health check looks for

while :; do
  tell "the camera plays"
  start "${good[@]}"
  sleep 15
  tell "the camera is killed"
  end
  sleep 5
  tell "the camera plays"
  start "${good[@]}"
  sleep 15
  tell "the camera stands still"
  kill -STOP "$camera" 2>/dev/null
  sleep 10
  tell "the camera goes on"
  kill -CONT "$camera" 2>/dev/null
  sleep 15
  end
  tell "the camera is black"
  start "${black[@]}"
  sleep 10
  end
  tell "the camera plays"
  start "${good[@]}"
  sleep 10
  end
done
