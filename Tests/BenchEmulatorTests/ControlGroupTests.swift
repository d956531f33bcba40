import Foundation
import TestSupport
import Testing

@testable import BenchEmulator

@Suite struct ControlGroupTests {
  private let limits = PlanLimits(cpu: 0.1, memoryMegabytes: 512)

  @Test("v1 with controllers mounted apart")
  func v1() {
    let home = ControlGroupHome(
      membership: "4:memory:/service/abc\n2:cpuacct:/\n1:cpu:/\n0::/\n",
      mounts: """
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
        33 31 0:30 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct
        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
        """)
    #expect(
      home.hierarchies == [
        .v1(
          cpu: "/sys/fs/cgroup/cpu", accounting: "/sys/fs/cgroup/cpuacct",
          memory: "/sys/fs/cgroup/memory/service/abc")
      ])
  }

  @Test("v1 of a container, whose mounts show a part of the hierarchy; cpu and cpuacct are one")
  func container() {
    let home = ControlGroupHome(
      membership: "4:memory:/docker/abc/app\n2:cpu,cpuacct:/docker/abc\n",
      mounts: """
        32 31 0:29 /docker/abc /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct
        35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory
        """)
    #expect(
      home.hierarchies == [
        .v1(
          cpu: "/sys/fs/cgroup/cpu,cpuacct", accounting: "/sys/fs/cgroup/cpu,cpuacct",
          memory: "/sys/fs/cgroup/memory/app")
      ])
  }

  @Test("v2, then v1 where both are mounted; nothing without either")
  func hybrid() {
    let home = ControlGroupHome(
      membership: "1:cpu:/\n2:memory:/\n0::/user.slice/session-1.scope\n",
      mounts: """
        30 24 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
        32 31 0:29 / /c/cpu rw - cgroup cgroup rw,cpu
        35 31 0:32 / /c/memory rw - cgroup cgroup rw,memory
        """)
    #expect(
      home.hierarchies == [
        .v2(own: "/sys/fs/cgroup/unified/user.slice/session-1.scope", mount: "/sys/fs/cgroup/unified"),
        .v1(cpu: "/c/cpu", accounting: "/c/cpu", memory: "/c/memory"),
      ])
    #expect(ControlGroupHome(membership: "", mounts: "").hierarchies.isEmpty)
    #expect(ControlGroupHome(membership: "garbage", mounts: "a b c\n- - - -").hierarchies.isEmpty)
  }

  @Test("what v2 writes, and reads back")
  func v2Files() throws {
    let files = ControlGroupFiles.v2(parent: "/g", name: "n", limits: limits)
    #expect(files.directories == ["/g/n"])
    #expect(files.settings.map(\.file) == ["/g/n/cpu.max", "/g/n/memory.max", "/g/n/memory.swap.max"])
    #expect(files.settings.map(\.value) == ["10000 100000", "536870912", "0"])
    let texts = [
      "/g/n/cpu.stat": "usage_usec 1234567\nuser_usec 1\nnr_periods 50\nnr_throttled 40\nthrottled_usec 9\n",
      "/g/n/memory.stat": "anon 4096\nfile 99\n", "/g/n/memory.events": "low 0\nhigh 0\nmax 7\noom 2\noom_kill 1\n",
    ]
    #expect(files.cpuNanoseconds { texts[$0] } == 1_234_567_000)
    #expect(files.residentBytes { texts[$0] } == 4_096)
    #expect(files.memoryKills { texts[$0] } == 1)
    let periods = try #require(files.periods { texts[$0] })
    #expect(periods == (40, 50))
  }

  @Test("what v1 writes, and reads back")
  func v1Files() {
    let files = ControlGroupFiles.v1(cpu: "/c", accounting: "/a", memory: "/m", name: "n", limits: limits)
    #expect(files.directories == ["/c/n", "/a/n", "/m/n"])
    #expect(files.settings.map(\.value) == ["100000", "10000", "536870912", "536870912"])
    let texts = [
      "/a/n/cpuacct.usage": "987654321\n", "/m/n/memory.stat": "rss 1\ntotal_rss 8192\n",
      "/m/n/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
    ]
    #expect(files.cpuNanoseconds { texts[$0] } == 987_654_321)
    #expect(files.residentBytes { texts[$0] } == 8_192)
    #expect(files.memoryKills { texts[$0] } == 3)
    #expect(files.periods { texts[$0] } == nil)
  }

  /// A directory that looks like a v2 hierarchy; its files take any value.
  private func withFakeV2(_ body: (String) throws -> Void) async throws {
    try await withTemporaryDirectory { root in
      let own = "\(root)/system.slice/shell.scope"
      try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
      for directory in [root, "\(root)/system.slice"] {
        try "cpu io memory pids\n".write(toFile: "\(directory)/cgroup.controllers", atomically: false, encoding: .utf8)
        try "cpu memory pids\n".write(
          toFile: "\(directory)/cgroup.subtree_control", atomically: false, encoding: .utf8)
      }
      try "memory pids\n".write(toFile: "\(own)/cgroup.controllers", atomically: false, encoding: .utf8)
      try body(root)
    }
  }

  @Test("v2 makes its group under the nearest ancestor that gives its children cpu and memory")
  func v2Parent() async throws {
    try await withFakeV2 { root in
      let parent = try ControlGroupLimiter.parentWithControllers(
        own: "\(root)/system.slice/shell.scope", mount: root)
      #expect(parent == "\(root)/system.slice")
    }
  }

  @Test("v2 without the controllers is refused with its reason")
  func v2Refused() async throws {
    try await withTemporaryDirectory { root in
      let error = #expect(throws: EmulatorError.self) {
        try ControlGroupLimiter.parentWithControllers(own: root, mount: root)
      }
      #expect(error?.code == .noControlGroups)
      #expect(error?.message.contains("no cpu and memory controllers") == true)
    }
  }

  @Test("a group's name tells whose it is")
  func names() throws {
    let name = GroupName.next(serial: 3)
    #expect(GroupName("\(name)") == name)
    #expect(name.process == getpid())
    #expect(!name.isLeftOver)
    var reused = name
    reused.startTicks += 1
    #expect(reused.isLeftOver)
    var elsewhere = reused
    elsewhere.namespace = "1"
    #expect(!elsewhere.isLeftOver)
    for text in ["outgrown", "outgrown-1-2-3", "docker-1-2-3-4", "outgrown-1-x-3-4"] { #expect(GroupName(text) == nil) }
  }

  @Test("a process's status is read past any name")
  func status() throws {
    let fields = (4...24).map { "\($0)" }.joined(separator: " ")
    let status = try #require(ProcessStatus("77 (a) b (c)) S \(fields)"))
    #expect(status.id == 77 && status.state == "S" && status.parent == 4 && status.session == 6)
    #expect(status.startTicks == 22)
    #expect(ProcessStatus("77 (short) S 1") == nil)
    #expect(ProcessStatus("") == nil)
  }

  @Test("a service's processes are its session and all descendants, however they are listed")
  func tree() throws {
    func process(_ id: Int32, parent: Int32, session: Int32) throws -> ProcessStatus {
      let rest = Array(repeating: "0", count: 18).joined(separator: " ")
      return try #require(ProcessStatus("\(id) (x) S \(parent) \(id) \(session) \(rest)"))
    }
    let all = try [
      process(30, parent: 20, session: 30), process(20, parent: 10, session: 10), process(10, parent: 1, session: 10),
      process(40, parent: 1, session: 10), process(50, parent: 1, session: 50), process(31, parent: 30, session: 30),
    ]
    #expect(Set(ProcessTree.members(of: 10, among: all).map(\.id)) == [10, 20, 30, 31, 40])
  }
}
