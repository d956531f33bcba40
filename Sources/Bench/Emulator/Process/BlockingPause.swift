import Glibc

/// A pause of a thread that may block.
enum BlockingPause {
  static func milliseconds(_ count: UInt32) { usleep(count * 1_000) }
}
