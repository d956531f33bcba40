package import Foundation
import Glibc

extension EvidenceFile {
  /// Writes a file whole or not at all: into a temporary file beside it, which then takes its name. Makes the folders.
  /// - Throws: `EvidenceError` code `.unwritable`, its message beginning with the path.
  package static func write(_ data: Data, to path: String) throws(EvidenceError) {
    var file = try Replacement(of: path)
    try file.append(data)
    try file.commit()
  }

  /// The same, piece by piece.
  /// - Parameter body: appends each of them.
  /// - Throws: `EvidenceError` likewise, or what `body` throws.
  package static func write(
    to path: String, _ body: (_ append: (Data) throws(EvidenceError) -> Void) throws -> Void
  ) throws {
    var file = try Replacement(of: path)
    try body { piece throws(EvidenceError) in try file.append(piece) }
    try file.commit()
  }

  /// A temporary file that takes the place of another, or is gone.
  private struct Replacement: ~Copyable {
    private let path: String
    private let temporary: String
    private let descriptor: Int32
    private var isDone = false

    init(of path: String) throws(EvidenceError) {
      let url = URL(filePath: path)
      let folder = url.deletingLastPathComponent().path
      if let number = makeFolder(folder) {
        throw EvidenceError(.unwritable, "\(path): its folder can't be made: \(text(number))")
      }
      let suffix = String(UInt32.random(in: .min ... .max), radix: 36)
      let temporary = folder + "/.\(url.lastPathComponent).\(getpid()).\(suffix).tmp"
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw unwritable(path, errno) }
      self.path = path
      self.temporary = temporary
      self.descriptor = descriptor
    }

    deinit {
      close(descriptor)
      if !isDone { unlink(temporary) }
    }

    func append(_ data: Data) throws(EvidenceError) {
      if let number = writeAll(data, to: descriptor) { throw unwritable(path, number) }
    }

    mutating func commit() throws(EvidenceError) {
      guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw unwritable(path, errno) }
      isDone = true
    }
  }

  /// Makes a folder, and the ones that it lies in, and a file in it that is gone afterwards: what is to be written after
  /// long work can be.
  /// - Throws: `EvidenceError` code `.unwritable`, its message beginning with the path.
  package static func requireWritable(folder: String) throws(EvidenceError) {
    if let number = makeFolder(folder) {
      throw EvidenceError(.unwritable, "\(folder): can't be made: \(text(number))")
    }
    let suffix = String(UInt32.random(in: .min ... .max), radix: 36)
    let probe = folder + "/.probe.\(getpid()).\(suffix).tmp"
    let descriptor = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw unwritable(folder, errno) }
    close(descriptor)
    unlink(probe)
  }

  /// The error number when the folder isn't there and can't be made.
  private static func makeFolder(_ path: String) -> Int32? {
    guard mkdir(path, 0o777) != 0 else { return nil }
    switch errno {
    case EEXIST:
      var status = stat()
      guard stat(path, &status) == 0 else { return errno }
      return status.st_mode & S_IFMT == S_IFDIR ? nil : ENOTDIR
    case ENOENT:
      let parent = URL(filePath: path).deletingLastPathComponent().path
      guard !parent.isEmpty, parent.utf8.count < path.utf8.count || !path.hasPrefix("/") else { return ENOENT }
      if let number = makeFolder(parent) { return number }
      return mkdir(path, 0o777) == 0 || errno == EEXIST ? nil : errno
    case let number: return number
    }
  }

  /// The error number when not everything could be written.
  private static func writeAll(_ data: Data, to descriptor: Int32) -> Int32? {
    data.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let written = Glibc.write(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return errno }
        offset += written
      }
      return nil
    }
  }

  private static func unwritable(_ path: String, _ number: Int32) -> EvidenceError {
    EvidenceError(.unwritable, "\(path): can't be written: \(text(number))")
  }

  private static func text(_ number: Int32) -> String { String(cString: strerror(number)) }
}
