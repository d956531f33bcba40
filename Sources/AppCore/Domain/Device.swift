/// What a mobile client calls itself: who knows it may act for it, so it has to be long.
package struct DeviceID: Sendable, Hashable {
  package static let lengths = 16...200

  package let text: String

  /// Nil for other lengths, and for what is not printable ASCII or holds a blank or a slash.
  package init?(_ text: String) {
    guard Self.lengths.contains(text.utf8.count),
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") })
    else { return nil }
    self.text = text
  }
}

/// Mobile clients, and of which doctors each wants to be told. A device that can be reached is a subscriber, its token an
/// address of the channel `fcm`. Every adapter passes the same conformance tests.
package protocol DeviceStore: Sendable {
  /// Keeps where a device is reached.
  /// - Parameters:
  ///   - token: of Firebase Cloud Messaging.
  ///   - limit: of devices; beyond it only those that are known can come.
  ///   - time: seconds since 1970.
  /// - Returns: whether it could not be reached before.
  /// - Throws: `DevicesFull`.
  func register(_ device: DeviceID, token: String, limit: Int, at time: Double) async throws -> Bool

  /// A device is to be told of a doctor.
  /// - Parameter doctor: as a schedule's row names them.
  /// - Returns: false when it is already.
  /// - Throws: `DevicesFull`, `DoctorsFull`.
  func follow(_ doctor: String, by device: DeviceID, limit: Int, at time: Double) async throws -> Bool

  /// - Returns: false when it wasn't to be told of that doctor.
  func unfollow(_ doctor: String, by device: DeviceID) async throws -> Bool

  /// In the order in which they were chosen.
  func doctors(followedBy device: DeviceID) async throws -> [String]

  /// How many devices that can be reached are to be told of a doctor.
  func reachableDevices(following doctor: String) async throws -> Int

  /// Where they are reached, those that came first first.
  func addresses(following doctor: String, limit: Int) async throws -> [SubscriberAddress]
}

/// Sends devices a notification that is about no duty, so that an operator sees whether they can be reached.
package protocol DeviceTester: Sendable {
  /// - Parameter doctor: whose followers are told.
  func test(_ doctor: String) async throws -> DeviceTest
}

/// What became of such a test.
package struct DeviceTest: Sendable, Equatable {
  /// Devices that can be reached and follow the doctor.
  package var reachable: Int
  package var sent: Int
  package var failed: Int

  package init(reachable: Int, sent: Int, failed: Int) {
    self.reachable = reachable
    self.sent = sent
    self.failed = failed
  }
}

/// No more devices are taken.
package struct DevicesFull: Error, Sendable, Equatable {
  package init() {}
}

/// A device is to be told of as many doctors as one may be.
package struct DoctorsFull: Error, Sendable, Equatable {
  package static let limit = 100

  package init() {}
}
