"""A WHIP publisher with the right token: shakes hands, seals its packets properly, and they are malformed inside.

Arguments: URL, token. Prints "sent" and a count each second, until it is killed.
"""

import asyncio
import random
import re
import struct
import sys
import urllib.request

from aiortc import RTCPeerConnection, RTCRtpSender, RTCSessionDescription

URL, TOKEN = sys.argv[1], sys.argv[2]
IDR, STAP_A, FU_A, FU_START = 5, 24, 28, 0x80


def noise(count):
    """Nowhere an IDR, however it is cut: what is one may be any bytes, and is for a decoder to refuse."""
    return bytes(byte for byte in random.randbytes(count) if byte & 0x1F != IDR)


def fragment(start):
    return bytes([FU_A, start | 1]) + noise(200)


def aggregate():
    return bytes([STAP_A]) + struct.pack("!H", 60000) + noise(200)


PAYLOADS = [
    lambda: fragment(0),
    lambda: fragment(FU_START),
    lambda: bytes([FU_A]),
    aggregate,
    lambda: bytes([STAP_A, 0]),
    lambda: bytes([random.choice([0, 29, 30, 31])]) + noise(400),
    lambda: bytes([1]) + noise(1100),
    lambda: b"",
]


def rtp(payload_type, source, sequence):
    first = random.choice([0x80] * 4 + [0xA0, 0x90, 0x8F])  # padded, extended, with sources; and is not
    second = payload_type | random.choice([0, 0x80])
    time = random.getrandbits(32)
    return struct.pack("!BBHII", first, second, sequence & 0xFFFF, time, source) + random.choice(PAYLOADS)()


def rtcp(source):
    """Says that it is longer, or shorter, than it is."""
    kind = random.choice([200, 201, 202, 204, 205, 206])
    words = random.choice([0, 1, 2, 300, 0xFFFF])
    return struct.pack("!BBHI", 0x80 | random.getrandbits(5), kind, words, source) + noise(random.randrange(80))


def post(offer):
    headers = {"Content-Type": "application/sdp", "Authorization": "Bearer " + TOKEN}
    request = urllib.request.Request(URL, offer.encode(), headers)
    return urllib.request.urlopen(request).read().decode()


async def connect():
    connection = RTCPeerConnection()
    transceiver = connection.addTransceiver("video", direction="sendonly")
    known = RTCRtpSender.getCapabilities("video").codecs
    transceiver.setCodecPreferences([codec for codec in known if codec.mimeType in ("video/H264", "video/rtx")])
    await connection.setLocalDescription(await connection.createOffer())
    answer = post(connection.localDescription.sdp)
    await connection.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))
    while connection.connectionState != "connected":
        await asyncio.sleep(0.05)
    types = [int(number) for number in re.search(r"m=video \d+ \S+ ([\d ]+)", answer).group(1).split()]
    return connection, transceiver.sender, types


async def main():
    connection, sender, types = await connect()
    sequence, sent = 0, 0
    while True:
        sequence += random.choice([1] * 9 + [300])
        for packet in (rtp(random.choice(types), sender._ssrc, sequence), rtcp(sender._ssrc)):
            try:
                await sender.transport._send_rtp(packet)
                sent += 1
            except Exception:
                pass  # too malformed for libsrtp to seal, or hung up on
        if sequence % 10 == 0:
            await asyncio.sleep(0.01)
        if sent % 1000 == 0:
            print("sent", sent, connection.connectionState, flush=True)


asyncio.run(main())
