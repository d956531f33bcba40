package import AppDomain
package import Channels
import Digests
package import Logging

/// Sends a test to the devices that follow a doctor, some at a time, and stops those whose token is over.
package struct FollowerTester: DeviceTester {
  /// Told at most; the answer says how many there are.
  private static let most = 100
  private static let atOnce = 10
  /// What a device does not get at once it gets within this time, in seconds.
  private static let lifetime = 300.0

  private let store: any DeviceStore & SubscriberStore
  private let channel: any MessageChannel
  private let logger: Logger
  private let now: @Sendable () -> Double

  /// - Parameter now: seconds since 1970.
  package init(
    store: any DeviceStore & SubscriberStore, channel: any MessageChannel, logger: Logger,
    now: @escaping @Sendable () -> Double
  ) {
    self.store = store
    self.channel = channel
    self.logger = logger
    self.now = now
  }

  package func test(_ doctor: String) async throws -> DeviceTest {
    var test = DeviceTest(reachable: try await store.reachableDevices(following: doctor), sent: 0, failed: 0)
    var rest = try await store.addresses(following: doctor, limit: Self.most)[...]
    while !rest.isEmpty {
      let results = await withTaskGroup(of: ChannelError?.self) { group in
        for address in rest.prefix(Self.atOnce) { group.addTask { await send(to: address, doctor) } }
        return await group.reduce(into: [ChannelError?]()) { $0.append($1) }
      }
      rest = rest.dropFirst(Self.atOnce)
      test.sent += results.count { $0 == nil }
      test.failed += results.count { $0 != nil }
      // Where nothing is taken, whoever waits for the answer should not wait for the others too.
      if results.allSatisfy({ $0?.code == .temporary || $0?.code == .configuration }) { break }
    }
    return test
  }

  private func send(to address: SubscriberAddress, _ doctor: String) async -> ChannelError? {
    do throws(ChannelError) {
      try await channel.send(message(to: address, doctor))
      return nil
    } catch {
      logger.warning("a test was not taken", metadata: ["channel": "fcm", "error": "\(error)"])
      if error.code == .gone {
        do {
          try await store.stop(address, at: now())
        } catch {
          logger.error("an address that is gone stays subscribed", metadata: ["error": "\(error)"])
        }
      }
      return error
    }
  }

  /// With the keys that clients read, of no duty.
  private func message(to address: SubscriberAddress, _ doctor: String) -> ChannelMessage {
    let time = now()
    let name = "test|\(address.subscriber)|\(time)"
    let text = "This is a test: you would be told of \(doctor) here."
    return ChannelMessage(
      id: SHA256Digest.name(of: Array(name.utf8)), recipient: address.address,
      title: "Test notification", text: text,
      data: ["doctor_name": doctor, "category": "test", "time_range": "", "starts_in_minutes": "0"],
      expiresAt: time + Self.lifetime)
  }
}
