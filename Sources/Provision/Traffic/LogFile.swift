import CZlib
import Foundation

/// A log's lines one after the other, plain or gzip'd, with bounded memory.
final class LogFile {
  /// A longer line is skipped to its end and counted as unreadable.
  static let longestLine = 64 << 10
  private static let chunk = 256 << 10

  private let file: gzFile
  private let path: String
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false

  /// - Throws: `TrafficError` code `.unreadable`.
  init(path: String) throws(TrafficError) {
    self.path = path
    var isDirectory: ObjCBool = false
    guard path == "-" || FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw TrafficError(.unreadable, "\(path): no such file")
    }
    guard !isDirectory.boolValue else {
      throw TrafficError(.unreadable, "\(path): a directory; name the log files in it, such as \(path)/access.log*")
    }
    guard let file = path == "-" ? gzdopen(dup(0), "rb") : gzopen(path, "rb") else {
      throw TrafficError(.unreadable, "\(path): can't be opened: \(String(cString: strerror(errno)))")
    }
    gzbuffer(file, 128 << 10)
    self.file = file
  }

  deinit { gzclose(file) }

  enum Line {
    case text(LogBytes)
    case tooLong
  }

  /// The next line without its end; nil after the last.
  /// - Throws: `TrafficError` code `.unreadable` for a broken gzip file.
  func next() throws(TrafficError) -> Line? {
    var isTooLong = false
    while true {
      if let end = buffer[start...].firstIndex(of: 0x0A) {
        let line = buffer[start..<end]
        start = end + 1
        return isTooLong || line.count > Self.longestLine ? .tooLong : .text(line)
      }
      if buffer.count - start > Self.longestLine {
        isTooLong = true
        start = buffer.count
      }
      guard !isAtEnd else {
        let rest = buffer[start...]
        start = buffer.count
        if isTooLong { return .tooLong }
        return rest.isEmpty ? nil : .text(rest)
      }
      try fill()
    }
  }

  private func fill() throws(TrafficError) {
    buffer.removeSubrange(..<start)
    start = 0
    let old = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: Self.chunk))
    let read = buffer.withUnsafeMutableBytes { bytes in
      gzread(file, bytes.baseAddress.map { $0 + old }, UInt32(Self.chunk))
    }
    guard read >= 0 else {
      var code: Int32 = 0
      let reason = gzerror(file, &code).map { String(cString: $0) } ?? "unknown"
      throw TrafficError(.unreadable, "\(path): can't be read on: \(reason)")
    }
    buffer.removeSubrange((old + Int(read))...)
    if read == 0 { isAtEnd = true }
  }
}
