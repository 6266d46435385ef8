"""Publishes the video of a file by WHIP with GStreamer's webrtcbin, as it is and in real time.

Arguments: URL, token, file, codec (h264 or vp8). Ends with DELETE: on SIGTERM, and at the end of the file.
"""

import signal
import sys
import urllib.parse
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

URL, TOKEN, FILE, CODEC = sys.argv[1:5]
PAYLOADERS = {
    "h264": "qtdemux ! h264parse ! clocksync ! rtph264pay config-interval=-1 aggregate-mode=zero-latency"
    " ! application/x-rtp,media=video,encoding-name=H264,payload=96",
    "vp8": "matroskademux ! clocksync ! rtpvp8pay picture-id-mode=2"
    " ! application/x-rtp,media=video,encoding-name=VP8,payload=96",
}
REPEATABLE_MS = 500  # how long what was lost may be asked for after the last picture

Gst.init(None)
loop = GLib.MainLoop()
pipeline = Gst.parse_launch(
    f"filesrc location={FILE} ! {PAYLOADERS[CODEC]} ! webrtcbin name=webrtc bundle-policy=max-bundle"
)
webrtc = pipeline.get_by_name("webrtc")
place = None
alive = []


def http(method, url, body=None):
    headers = {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/sdp"}
    return urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method))


def negotiate(_):
    transceiver = webrtc.emit("get-transceiver", 0)
    transceiver.set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
    transceiver.set_property("do-nack", True)
    webrtc.emit("create-offer", None, Gst.Promise.new_with_change_func(offered, None))


def offered(promise, _):
    reply = promise.get_reply()
    offer = reply.get_value("offer")
    alive.extend((promise, reply, offer))  # or the bindings free it under webrtcbin's hands
    webrtc.emit("set-local-description", offer, None)


def gathered(*_):
    if webrtc.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
        GLib.idle_add(post)


def post():
    global place
    if place is None:
        offer = webrtc.get_property("local-description").sdp.as_text()
        response = http("POST", URL, offer.encode())
        place = urllib.parse.urljoin(URL, response.headers["Location"])
        _, answer = GstSdp.SDPMessage.new_from_text(response.read().decode())
        description = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, answer)
        webrtc.emit("set-remote-description", description, None)


def watch_end(_, pad):
    if pad.get_direction() == Gst.PadDirection.SINK:
        pad.add_probe(Gst.PadProbeType.EVENT_DOWNSTREAM, event)


def event(_, info):
    if info.get_event().type != Gst.EventType.EOS:
        return Gst.PadProbeReturn.OK
    GLib.timeout_add(REPEATABLE_MS, end)
    return Gst.PadProbeReturn.DROP


def end():
    if place is not None:
        http("DELETE", place)
    loop.quit()


webrtc.connect("on-negotiation-needed", negotiate)
webrtc.connect("notify::ice-gathering-state", gathered)
for sink in webrtc.sinkpads:
    watch_end(webrtc, sink)
GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGTERM, end)
pipeline.set_state(Gst.State.PLAYING)
loop.run()
pipeline.set_state(Gst.State.NULL)
