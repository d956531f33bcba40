import Glibc

/// The name of a group that an emulation makes: it tells whose it is, so that one that a killed emulation left can be
/// recognised and taken away.
package struct GroupName: Sendable, Equatable, CustomStringConvertible {
  /// Of the process-id namespace: ids of others mean nothing here.
  package var namespace: String
  package var process: Int32
  /// When that process started, in ticks since boot: ids are used again.
  package var startTicks: UInt64
  package var serial: Int

  package init(namespace: String, process: Int32, startTicks: UInt64, serial: Int) {
    self.namespace = namespace
    self.process = process
    self.startTicks = startTicks
    self.serial = serial
  }

  /// `outgrown-4026531836-1234-567890-1`
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0] == "outgrown", let process = Int32(parts[2]), let start = UInt64(parts[3]),
      let serial = Int(parts[4])
    else { return nil }
    self.init(namespace: String(parts[1]), process: process, startTicks: start, serial: serial)
  }

  package var description: String { "outgrown-\(namespace)-\(process)-\(startTicks)-\(serial)" }

  /// For this process's next group.
  static func next(serial: Int) -> GroupName {
    GroupName(
      namespace: ownNamespace, process: getpid(), startTicks: ProcessStatus.read(getpid())?.startTicks ?? 0,
      serial: serial)
  }

  /// The process that made it is gone.
  var isLeftOver: Bool {
    namespace == Self.ownNamespace && ProcessStatus.read(process)?.startTicks != startTicks
  }

  private static var ownNamespace: String {
    var buffer = [CChar](repeating: 0, count: 64)
    let count = readlink("/proc/self/ns/pid", &buffer, buffer.count - 1)
    let text = String(decoding: buffer.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return String(text.filter(\.isNumber))
  }
}
