import AppDomain
import AppNotify
import AppStore
import Channels
import TestSupport
import Testing

struct FollowerTesterTests {
  private static func run(
    devices: Int, _ channel: RecordingChannel, _ body: (FollowerTester, SQLScheduleStore) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { directory in
      let store = try await SQLScheduleStore(path: directory + "/test.sqlite")
      for number in 0..<devices {
        let device = try #require(DeviceID("number-of-device-\(number)"))
        _ = try await store.register(device, token: "token-\(number)", limit: 999, at: 1)
        _ = try await store.follow("Dr. A", by: device, limit: 999, at: 1)
      }
      try await body(FollowerTester(store: store, channel: channel, logger: silentLogger) { 1_000 }, store)
      try await store.close()
    }
  }

  @Test("who follows a doctor gets a test with the keys that clients read; a token that is over is stopped")
  func sent() async throws {
    let channel = RecordingChannel(answer: { $0.recipient == "token-1" ? ChannelError(.gone, "UNREGISTERED") : nil })
    try await Self.run(devices: 3, channel) { tester, store async throws in
      #expect(try await tester.test("Dr. A") == DeviceTest(reachable: 3, sent: 2, failed: 1))
      #expect(try await tester.test("Dr. A") == DeviceTest(reachable: 2, sent: 2, failed: 0))
      #expect(try await tester.test("Dr. B") == DeviceTest(reachable: 0, sent: 0, failed: 0))
      let message = try #require(channel.taken.first)
      #expect(message.data["doctor_name"] == "Dr. A" && Set(message.data.keys).count == 4)
      #expect(try await store.activeAddresses() == [.fcm: 2])
    }
  }

  @Test("a hundred at most, and where nothing is taken, some at most")
  func bounded() async throws {
    try await Self.run(devices: 105, RecordingChannel()) { tester, _ async throws in
      #expect(try await tester.test("Dr. A") == DeviceTest(reachable: 105, sent: 100, failed: 0))
    }
    try await Self.run(devices: 30, RecordingChannel(answer: { _ in ChannelError(.configuration, "401") })) {
      tester, _ async throws in
      #expect(try await tester.test("Dr. A") == DeviceTest(reachable: 30, sent: 0, failed: 10))
    }
  }
}
