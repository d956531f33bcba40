import Glibc
import Synchronization

/// Limits by the kernel's control groups. The groups are made once and removed by `remove`.
package final class ControlGroupLimiter: PlanLimiter {
  private static let serial = Atomic<Int>(0)

  package let files: ControlGroupFiles
  package var kind: LimiterKind { files.kind }

  /// Makes the groups where this process may, v2 where it has the controllers, else v1.
  /// - Throws: `EmulatorError` code `.noControlGroups`, saying why not.
  package init(_ limits: PlanLimits, home: ControlGroupHome = .current) throws(EmulatorError) {
    let name = GroupName.next(serial: Self.serial.add(1, ordering: .relaxed).newValue)
    var reasons: [String] = []
    for hierarchy in home.hierarchies {
      do throws(EmulatorError) {
        let files = try Self.files(hierarchy, name: "\(name)", limits: limits)
        try Self.make(files)
        self.files = files
        return
      } catch {
        reasons.append(error.message)
      }
    }
    if reasons.isEmpty { reasons.append("no control groups are mounted") }
    throw EmulatorError(.noControlGroups, reasons.joined(separator: "; "))
  }

  package func openGroups() throws(EmulatorError) -> [Int32] {
    var descriptors: [Int32] = []
    for directory in files.directories {
      let descriptor = open("\(directory)/cgroup.procs", O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        let reason = GroupFileSystem.reason(errno)
        for descriptor in descriptors { close(descriptor) }
        throw EmulatorError(.system, "\(directory)/cgroup.procs: \(reason)")
      }
      descriptors.append(descriptor)
    }
    return descriptors
  }

  package func begin(_ leader: Int32) {}
  package func end() {}

  package var cpuNanoseconds: UInt64 { files.cpuNanoseconds(GroupFileSystem.read) }
  package var residentBytes: UInt64 { files.residentBytes(GroupFileSystem.read) }
  package var memoryKills: Int { files.memoryKills(GroupFileSystem.read) }

  package var throttledShare: Double? {
    guard let (throttled, all) = files.periods(GroupFileSystem.read), all > 0 else { return nil }
    return Double(throttled) / Double(all)
  }

  package var members: [Int32] { Array(Set(files.directories.flatMap(GroupFileSystem.processes))) }

  package func signalAll(_ signal: Int32) {
    for process in members where process > 1 { kill(process, signal) }
  }

  package func remove() {
    for directory in files.directories { Self.remove(directory) }
  }

  // MARK: Making and taking away

  private static func files(
    _ hierarchy: ControlGroupHome.Hierarchy, name: String, limits: PlanLimits
  ) throws(EmulatorError) -> ControlGroupFiles {
    switch hierarchy {
    case .v1(let cpu, let accounting, let memory):
      for parent in Set([cpu, accounting, memory]) { clean(parent) }
      return .v1(cpu: cpu, accounting: accounting, memory: memory, name: name, limits: limits)
    case .v2(let own, let mount):
      let parent = try parentWithControllers(own: own, mount: mount)
      clean(parent)
      return .v2(parent: parent, name: name, limits: limits)
    }
  }

  /// The nearest group, from one's own upwards, that gives its children cpu and memory, or can be told to. A group with
  /// processes of its own can't (the kernel's rule of no internal processes), hence the way up.
  static func parentWithControllers(own: String, mount: String) throws(EmulatorError) -> String {
    func has(_ path: String) -> Bool {
      let words = Set((GroupFileSystem.read(path) ?? "").split(whereSeparator: \.isWhitespace))
      return words.isSuperset(of: ["cpu", "memory"])
    }
    var directory = own
    while directory.hasPrefix(mount) {
      let control = "\(directory)/cgroup.subtree_control"
      if has("\(directory)/cgroup.controllers") {
        if has(control) { return directory }
        if GroupFileSystem.write("+cpu +memory", to: control) == 0 { return directory }
      }
      guard directory != mount, let slash = directory.lastIndex(of: "/") else { break }
      directory = String(directory[..<slash])
    }
    throw EmulatorError(.noControlGroups, "cgroup v2 at \(mount) gives no cpu and memory controllers here")
  }

  private static func make(_ files: ControlGroupFiles) throws(EmulatorError) {
    func fail(_ what: String, _ code: Int32) -> EmulatorError {
      for directory in files.directories { rmdir(directory) }
      return EmulatorError(.noControlGroups, "\(files.kind.name): \(what): \(GroupFileSystem.reason(code))")
    }
    for directory in files.directories {
      if mkdir(directory, 0o755) != 0 { throw fail(directory, errno) }
    }
    for setting in files.settings where !setting.isOptional || GroupFileSystem.exists(setting.file) {
      let code = GroupFileSystem.write(setting.value, to: setting.file)
      if code != 0 { throw fail("\(setting.value) to \(setting.file)", code) }
    }
  }

  /// Takes away the groups that killed emulations have left, and ends what still runs in them.
  private static func clean(_ parent: String) {
    for name in GroupFileSystem.names(in: parent) {
      if let group = GroupName(name), group.isLeftOver { remove("\(parent)/\(name)") }
    }
  }

  /// A group goes once its processes have been reaped, which takes a moment after SIGKILL.
  private static func remove(_ directory: String) {
    for _ in 0..<500 {
      if rmdir(directory) == 0 || errno == ENOENT { return }
      for process in GroupFileSystem.processes(in: directory) where process > 1 { kill(process, SIGKILL) }
      usleep(10_000)
    }
  }
}
