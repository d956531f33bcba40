import Foundation

extension Process {
  /// Waits for its end. Unlike `waitUntilExit`, which turns a run loop by the wall clock, it bears a faked one.
  package func waitForEnd() {
    while isRunning { usleep(2_000) }
  }
}
