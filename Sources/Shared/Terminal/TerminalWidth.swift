import Glibc

/// How wide a terminal is.
package enum TerminalWidth {
  /// Columns of the terminal behind a descriptor; nil where there is none, or where it doesn't say.
  package static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
