import AppDomain
import AppStore
import TestSupport
import Testing

@Suite struct BootStoreTests {
  @Test("a run knows the last request before it, and keeps who came first")
  func record() async throws {
    try await withTemporaryDirectory { folder in
      let store = try await SQLScheduleStore(path: folder + "/test.sqlite")
      try await store.record(ServiceBoot(id: "a", startedAt: 100))
      let first = ServiceBoot.FirstRequest(at: 105, client: .browser, path: "/schedules")
      try await store.record(
        ServiceBoot(id: "a", startedAt: 100, lastInboundAt: 300, firstRequest: first, stoppedAt: 1_200))
      try await store.record(ServiceBoot(id: "b", startedAt: 2_000))
      let boots = try await store.boots(limit: 10)
      #expect(
        boots == [
          ServiceBoot(id: "b", startedAt: 2_000, previousInboundAt: 300),
          ServiceBoot(id: "a", startedAt: 100, lastInboundAt: 300, firstRequest: first, stoppedAt: 1_200),
        ])
    }
  }

  @Test("no more runs are kept than the bound, the newest")
  func bounded() async throws {
    try await withTemporaryDirectory { folder in
      let store = try await SQLScheduleStore(path: folder + "/test.sqlite")
      for number in 0..<(ServiceBoot.kept + 20) {
        try await store.record(ServiceBoot(id: "boot-\(number)", startedAt: Double(number)))
      }
      let boots = try await store.boots(limit: 5_000)
      #expect(boots.count == ServiceBoot.kept && boots.first?.id == "boot-\(ServiceBoot.kept + 19)")
    }
  }
}
