package import BenchEngine
import Glibc
import Synchronization
package import Terminal

/// Shows a run while it goes on: redrawn in place on a terminal, otherwise a line after the first second and then every
/// five.
///
/// Safe to call from any thread. Nothing about the terminal is changed that would have to be put back: the cursor
/// stays visible, and the end clears what was drawn.
package final class LiveScreen: Sendable {
  private struct State {
    var drawnLines = 0
    var nextLineNanoseconds: UInt64 = 0
    var isFinished = false
  }

  private let view: LiveView
  private let isTerminal: Bool
  private let style: ConsoleStyle
  private let width: @Sendable () -> Int
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  package init(
    view: LiveView, isTerminal: Bool, style: ConsoleStyle, width: @escaping @Sendable () -> Int,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.view = view
    self.isTerminal = isTerminal
    self.style = style
    self.width = width
    self.write = write
  }

  /// On standard error, redrawn when that is a terminal that knows cursor movement.
  package static func standardError(view: LiveView, environment: [String: String]) -> LiveScreen {
    let isTerminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    let style = ConsoleStyle.detect(isTerminal: isTerminal, environment: environment)
    return LiveScreen(
      view: view, isTerminal: isTerminal, style: style, width: { TerminalWidth.columns(of: STDERR_FILENO) ?? 80 },
      write: { writeAll($0, to: STDERR_FILENO) })
  }

  package func show(_ progress: LoadProgress) {
    state.withLock { state in
      guard !state.isFinished else { return }
      if isTerminal {
        let lines = view.render(progress, width: min(width() - 1, 100), style: style)
        let body = lines.map { "\u{1B}[2K\($0)\n" }.joined()
        write(Self.up(state.drawnLines) + body + "\u{1B}[J")
        state.drawnLines = lines.count
      } else if progress.elapsedNanoseconds + 500_000_000 >= state.nextLineNanoseconds {
        state.nextLineNanoseconds = (progress.elapsedNanoseconds / 5_000_000_000 + 1) * 5_000_000_000
        write(view.line(progress) + "\n")
      }
    }
  }

  /// Clears what was drawn, so that the summary takes its place; later calls of `show` do nothing.
  package func finish() {
    state.withLock { state in
      if !state.isFinished, state.drawnLines > 0 { write(Self.up(state.drawnLines) + "\u{1B}[J") }
      state.isFinished = true
    }
  }

  private static func up(_ lines: Int) -> String { lines > 0 ? "\r\u{1B}[\(lines)A" : "" }

  private static func writeAll(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }
}
