package dev.flinkvideo.ingest.transport.srt;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The functions of libsrt 1.4 and newer that we call, as {@code srt.h} declares them. */
interface SrtLibrary extends Library {
  int srt_startup();

  int srt_create_socket();

  int srt_bind(int socket, byte[] address, int addressBytes);

  int srt_listen(int socket, int backlog);

  int srt_accept(int socket, byte[] address, IntByReference addressBytes);

  int srt_connect(int socket, byte[] address, int addressBytes);

  int srt_getsockstate(int socket);

  int srt_close(int socket);

  int srt_setsockflag(int socket, int option, byte[] value, int valueBytes);

  int srt_getsockflag(int socket, int option, byte[] value, IntByReference valueBytes);

  int srt_getsockname(int socket, byte[] address, IntByReference addressBytes);

  int srt_recvmsg(int socket, ByteBuffer into, int sizeBytes);

  int srt_epoll_create();

  int srt_epoll_add_usock(int epoll, int socket, IntByReference events);

  int srt_epoll_uwait(int epoll, byte[] ready, int readyCount, long timeoutMs);

  int srt_epoll_release(int epoll);

  int srt_bistats(int socket, Pointer into, int clear, int instantaneous);

  int srt_getlasterror(IntByReference systemError);

  String srt_getlasterror_str();

  int srt_listen_callback(int socket, ListenCallback callback, Pointer opaque);

  int srt_setrejectreason(int socket, int reason);

  int srt_getrejectreason(int socket);

  String srt_rejectreason_str(int reason);

  void srt_setloglevel(int level);

  /** Called in a thread of libsrt for each handshake, before there is a connection. */
  interface ListenCallback extends Callback {
    /**
     * @return 0 to go on, -1 to reject
     */
    int accept(Pointer opaque, int socket, int version, Pointer peerAddress, Pointer streamId);
  }

  /** Loads the library once, or finds that there is none. */
  final class Loaded {
    private static final Logger LOG = LoggerFactory.getLogger(SrtLibrary.class);
    private static final String NAME_PROPERTY = "flinkvideo.srt.library";
    private static final int LOG_CRITICAL = 2;

    /** Debian's two builds, then everybody else's. */
    private static final List<String> NAMES =
        List.of("libsrt-gnutls.so.1.5", "libsrt-openssl.so.1.5", "libsrt.so.1.5", "srt");

    static final Optional<SrtLibrary> LIBRARY = load();

    private Loaded() {}

    private static Optional<SrtLibrary> load() {
      String named = System.getProperty(NAME_PROPERTY);
      for (String name : named == null ? NAMES : List.of(named)) {
        try {
          SrtLibrary library = Native.load(name, SrtLibrary.class);
          library.srt_setloglevel(LOG_CRITICAL);
          library.srt_startup();
          LOG.info("SRT by {}", name);
          return Optional.of(library);
        } catch (UnsatisfiedLinkError e) {
          LOG.debug("no {}: {}", name, e.getMessage());
        }
      }
      return Optional.empty();
    }
  }
}
