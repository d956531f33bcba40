import Glibc
package import Logging

/// Writes each event as a line: to standard error, and to a file where one is named.
package struct LineLog: LogHandler {
  package var metadata: Logger.Metadata = [:]
  package var logLevel = Logger.Level.info
  package var metadataProvider: Logger.MetadataProvider?
  private let label: String
  private let settings: LogSettings

  init(label: String, settings: LogSettings) {
    self.label = label
    self.settings = settings
    logLevel = settings.level
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var all = metadata
    if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
    if let own = event.metadata { all.merge(own) { $1 } }
    if let error = event.error, all["error"] == nil { all["error"] = "\(error)" }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let time = Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    let pairs = all.sorted { $0.key < $1.key }.map { (key: $0.key, value: "\($0.value)") }
    func line(_ format: LogFormat) -> String {
      format.line(time: time, level: event.level, label: label, message: "\(event.message)", metadata: pairs)
    }
    // A line is one call, so that those of several threads don't mix.
    var text = line(settings.format)
    text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    settings.file?.write(line(settings.fileFormat))
  }
}
