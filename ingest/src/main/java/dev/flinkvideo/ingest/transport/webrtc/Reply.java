package dev.flinkvideo.ingest.transport.webrtc;

import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpStatus;

/** What an HTTP request is answered. Immutable. */
record Reply(int status, Map<String, String> headers, String body) {
  private static final String LOCATION_AND_LINK = "Location, Link";

  static Reply of(int status) {
    return new Reply(status, Map.of(), "");
  }

  /** With a reason for people. */
  static Reply error(int status, String reason) {
    return new Reply(status, Map.of("Content-Type", "text/plain"), reason + "\n");
  }

  static Reply unauthorised() {
    return error(HttpStatus.UNAUTHORIZED_401, "wrong stream or token")
        .with("WWW-Authenticate", "Bearer");
  }

  static Reply notAllowed(String methods) {
    return error(HttpStatus.METHOD_NOT_ALLOWED_405, "use one of " + methods).with("Allow", methods);
  }

  /** Also what browsers ask for before they let a page of another origin do it. */
  static Reply options(String methods) {
    return of(HttpStatus.OK_200)
        .with("Allow", methods)
        .with("Access-Control-Allow-Methods", methods)
        .with("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match")
        .with("Access-Control-Max-Age", "600");
  }

  static Reply created(String place, String answer) {
    return new Reply(HttpStatus.CREATED_201, Map.of("Content-Type", "application/sdp"), answer)
        .with("Location", place)
        .with("Access-Control-Expose-Headers", LOCATION_AND_LINK);
  }

  Reply with(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new Reply(status, more, body);
  }
}
