"""A WHEP server for one stream: a bouncing picture of aiortc's own, encoded by it, or a clip as it is.

Arguments: port, token, and the clip if any: H.264 in MPEG-TS, played once. Prints "ready", and the method of each request that it grants. Says goodbye on SIGTERM.
"""

import asyncio
import signal
import sys

from aiortc import RTCPeerConnection, RTCRtpSender, RTCSessionDescription, VideoStreamTrack
from aiortc.contrib.media import MediaPlayer

PORT, TOKEN = int(sys.argv[1]), sys.argv[2]
CLIP = sys.argv[3] if len(sys.argv) > 3 else None
connections = set()


def picture():
    return MediaPlayer(CLIP, decode=False).video if CLIP else VideoStreamTrack()


def codecs():
    """What the clip is, or all."""
    known = RTCRtpSender.getCapabilities("video").codecs
    return [codec for codec in known if not CLIP or codec.mimeType in ("video/H264", "video/rtx")]


async def answer(offer):
    connection = RTCPeerConnection()
    connections.add(connection)
    await connection.setRemoteDescription(RTCSessionDescription(sdp=offer, type="offer"))
    for transceiver in connection.getTransceivers():
        if transceiver.kind == "video":
            transceiver.setCodecPreferences(codecs())
            transceiver.sender.replaceTrack(picture())
            transceiver.direction = "sendonly"
    await connection.setLocalDescription(await connection.createAnswer())
    return connection.localDescription.sdp


async def goodbye():
    for connection in connections:
        await connection.close()


async def end(server):
    await goodbye()
    server.close()


async def serve(reader, writer):
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    headers = {
        line.split(":", 1)[0].lower(): line.split(":", 1)[1].strip()
        for line in head.split("\r\n")[1:]
        if ":" in line
    }
    method = head.split()[0]
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    text, status, more = b"", "200 OK", ""
    if headers.get("authorization") != "Bearer " + TOKEN:
        status = "401 Unauthorized"
    elif method == "POST":
        text, status = (await answer(body.decode())).encode(), "201 Created"
        more = "Content-Type: application/sdp\r\nLocation: /whep/session\r\n"
    elif method == "DELETE":
        await goodbye()
    writer.write(f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(text)}\r\nConnection: close\r\n\r\n".encode() + text)
    await writer.drain()
    writer.close()
    if status != "401 Unauthorized":
        print(method, flush=True)


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", PORT)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: asyncio.create_task(end(server)))
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(main())
