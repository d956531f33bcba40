import CZlib
import Foundation
import Visits

/// A log's lines one after the other, plain or gzip'd, of a file or a pipe, with bounded memory.
final class LogFile {
  /// A longer line is skipped to its end and counted as unreadable.
  static let longestLine = 64 << 10
  private static let chunk = 256 << 10

  private let file: gzFile
  private let path: String
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  private var isBegun = false
  /// Why the file could not be read to its end; nil when it was.
  private(set) var breakage: String?

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
    /// With its first byte.
    case tooLong(UInt8?)
  }

  /// The next line without its end; nil after the last.
  /// - Throws: `TrafficError` code `.unreadable` for what is no text, or compressed otherwise than by gzip.
  func next() throws(TrafficError) -> Line? {
    var isTooLong = false
    var first: UInt8?
    while true {
      if let end = buffer[start...].firstIndex(of: 0x0A) {
        let line = buffer[start..<end]
        start = end + 1
        return isTooLong || line.count > Self.longestLine ? .tooLong(first ?? line.first) : .text(line)
      }
      if buffer.count - start > Self.longestLine {
        isTooLong = true
        first = first ?? buffer[start]
        start = buffer.count
      }
      guard !isAtEnd else {
        let rest = buffer[start...]
        start = buffer.count
        if isTooLong { return .tooLong(first) }
        // What stands behind the last line of a file that breaks off is a part of one.
        return rest.isEmpty || breakage != nil ? nil : .text(rest)
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
    buffer.removeSubrange((old + max(0, Int(read)))...)
    if !isBegun {
      isBegun = true
      if let kind = Self.foreign(buffer) {
        throw TrafficError(.unreadable, "\(path): \(kind.name): nothing of it was read; \(kind.remedy)")
      }
      if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { buffer.removeSubrange(..<3) }
    }
    guard read <= 0 else { return }
    isAtEnd = true
    var code: Int32 = 0
    let reason = gzerror(file, &code).map { String(cString: $0) } ?? ""
    switch code {
    case Z_OK, Z_STREAM_END: break
    case Z_BUF_ERROR: breakage = "the gzip file breaks off"
    case Z_DATA_ERROR:
      breakage =
        reason.contains("crc") || reason.contains("check") || reason.contains("length")
        ? "the gzip file is damaged (its checksum is wrong)" : "the gzip file is damaged (\(reason))"
    default: breakage = "can't be read on (\(reason.isEmpty ? "error \(code)" : reason))"
    }
  }

  /// By the first bytes: other compressions, and text of two bytes a letter.
  /// - Source: RFC 8878 §3.1.1, bzip2 1.0.8 manual, the .xz file format §2.1.1.1, APPNOTE 6.3.10 §4.3.7, Unicode 16
  ///   §23.8.
  private static func foreign(_ bytes: [UInt8]) -> (name: String, remedy: String)? {
    func piped(_ command: String) -> String { "unpack it: \(command) | outgrown … -" }
    if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return ("compressed by zstd", piped("zstd -dc FILE")) }
    if bytes.starts(with: "BZh".utf8) { return ("compressed by bzip2", piped("bzip2 -dc FILE")) }
    if bytes.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) { return ("compressed by xz", piped("xz -dc FILE")) }
    if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return ("a zip archive", piped("unzip -p FILE")) }
    let half = bytes.prefix(512)
    let zeros = half.count { $0 == 0 }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
      || (half.count >= 64 && zeros * 5 > half.count * 2)
    {
      return ("text in UTF-16", piped("iconv -f UTF-16 -t UTF-8 FILE"))
    }
    return nil
  }
}
