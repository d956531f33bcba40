import Foundation

/// Where this process may make control groups: directories under its own group, by what the kernel says of mounts and
/// membership.
package struct ControlGroupHome: Sendable, Equatable {
  package enum Hierarchy: Sendable, Equatable {
    /// Parents for the cpu, cpuacct and memory controllers; the first two are often one hierarchy.
    case v1(cpu: String, accounting: String, memory: String)
    /// The process's own group and the hierarchy's mount point, which bounds the way up.
    case v2(own: String, mount: String)
  }

  package var hierarchies: [Hierarchy]

  /// v2 first where it is mounted, then v1.
  /// - Parameters:
  ///   - membership: `/proc/self/cgroup`.
  ///   - mounts: `/proc/self/mountinfo`.
  /// - Source: proc(5), cgroups(7).
  package init(membership: String, mounts: String) {
    let memberships = membership.split(separator: "\n").compactMap(Membership.init)
    let mounts = mounts.split(separator: "\n").compactMap(Mount.init)
    hierarchies = []
    if let own = memberships.first(where: { $0.controllers.isEmpty }), let mount = mounts.first(where: \.isV2) {
      hierarchies.append(.v2(own: mount.directory(of: own.path), mount: mount.point))
    }
    func directory(_ controller: String) -> String? {
      guard let own = memberships.first(where: { $0.controllers.contains { $0 == controller } }),
        let mount = mounts.first(where: { !$0.isV2 && $0.options.contains { $0 == controller } })
      else { return nil }
      return mount.directory(of: own.path)
    }
    if let cpu = directory("cpu"), let memory = directory("memory") {
      hierarchies.append(.v1(cpu: cpu, accounting: directory("cpuacct") ?? cpu, memory: memory))
    }
  }

  /// This process's.
  package static var current: ControlGroupHome {
    func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
    return ControlGroupHome(membership: text("/proc/self/cgroup"), mounts: text("/proc/self/mountinfo"))
  }

  /// `4:memory:/path`
  private struct Membership {
    var controllers: [Substring]
    var path: Substring

    init?(_ line: Substring) {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return nil }
      controllers = parts[1].split(separator: ",")
      path = parts[2]
    }
  }

  /// `36 35 0:30 /root /point rw,… - cgroup cgroup rw,cpu,cpuacct`
  private struct Mount {
    var root: Substring
    var point: String
    var isV2: Bool
    var options: [Substring]

    init?(_ line: Substring) {
      let parts = line.split(separator: " ")
      guard let dash = parts.firstIndex(of: "-"), parts.count >= dash + 4, dash >= 6 else { return nil }
      guard parts[dash + 1] == "cgroup" || parts[dash + 1] == "cgroup2" else { return nil }
      root = parts[3]
      point = String(parts[4]).replacing("\\040", with: " ")
      isV2 = parts[dash + 1] == "cgroup2"
      options = parts[dash + 3].split(separator: ",")
    }

    /// A container may see only a part of the hierarchy, from `root` down.
    func directory(of path: Substring) -> String {
      var path = path
      if root != "/" { path = path.hasPrefix(root) ? path.dropFirst(root.count) : "" }
      while path.last == "/" { path.removeLast() }
      return path.isEmpty || path.contains("/..") ? point : "\(point)/\(path.drop { $0 == "/" })"
    }
  }
}
