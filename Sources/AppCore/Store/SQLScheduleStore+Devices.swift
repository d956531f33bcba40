package import AppDomain

extension SQLScheduleStore: DeviceStore {
  package func register(
    _ device: DeviceID, token: String, limit: Int, at time: Double
  ) async throws -> Bool {
    try await engine.write { session in
      try Self.makeKnown(device, below: limit, at: time, in: session)
      let known: Int64? = try session.first("SELECT id FROM subscribers WHERE device_id = $1", [.text(device.text)])
      let subscriber =
        try known
        ?? session.required(
          "INSERT INTO subscribers (created_at, is_counted, device_id) VALUES ($1, 0, $2) RETURNING id",
          [.real(time), .text(device.text)])
      let reached: Int = try session.required(
        "SELECT count(*) FROM subscriber_addresses WHERE subscriber_id = $1 AND channel = 'fcm' AND state = 'active'",
        [.integer(subscriber)])
      try Self.give(NewAddress(.fcm, token), to: subscriber, at: time, in: session)
      try session.run(
        "UPDATE devices SET updated_at = $1 WHERE device_id = $2", [.real(time), .text(device.text)])
      return reached == 0
    }
  }

  package func follow(
    _ doctor: String, by device: DeviceID, limit: Int, at time: Double
  ) async throws -> Bool {
    try await engine.write { session in
      try Self.makeKnown(device, below: limit, at: time, in: session)
      let followed: [String] = try session.rows(Self.followed, [.text(device.text)]) { try $0[0] }
      if followed.contains(where: { $0.utf8.elementsEqual(doctor.utf8) }) { return false }
      guard followed.count < DoctorsFull.limit else { throw DoctorsFull() }
      try session.run(
        "INSERT INTO device_doctors (device_id, doctor_name, created_at) VALUES ($1, $2, $3)",
        [.text(device.text), .text(doctor), .real(time)])
      return true
    }
  }

  package func unfollow(_ doctor: String, by device: DeviceID) async throws -> Bool {
    try await engine.write { session in
      try session.run(
        "DELETE FROM device_doctors WHERE device_id = $1 AND doctor_name = $2",
        [.text(device.text), .text(doctor)]) > 0
    }
  }

  package func doctors(followedBy device: DeviceID) async throws -> [String] {
    try await engine.read { session in try session.rows(Self.followed, [.text(device.text)]) { try $0[0] } }
  }

  package func reachableDevices(following doctor: String) async throws -> Int {
    try await engine.read { session in
      try session.required(SQLText { _ in "SELECT count(*) \(Self.following)" }, [.text(doctor)])
    }
  }

  package func addresses(following doctor: String, limit: Int) async throws -> [SubscriberAddress] {
    try await engine.read { session in
      try session.rows(
        SQLText { _ in "SELECT a.subscriber_id, a.address \(Self.following) ORDER BY a.subscriber_id LIMIT $2" },
        [.text(doctor), .integer(limit)]
      ) { row in
        SubscriberAddress(subscriber: try row[0], channel: .fcm, address: try row[1])
      }
    }
  }

  private static let following = """
    FROM device_doctors AS f JOIN subscribers AS s ON s.device_id = f.device_id
      JOIN subscriber_addresses AS a ON a.subscriber_id = s.id AND a.channel = 'fcm' AND a.state = 'active'
    WHERE f.doctor_name = $1
    """

  private static let followed: SQLText = "SELECT doctor_name FROM device_doctors WHERE device_id = $1 ORDER BY id"

  /// One at a time, so that the limit holds, and so that of two that come for the same device the second finds it.
  private static func makeKnown(
    _ device: DeviceID, below limit: Int, at time: Double, in session: SQLSession
  ) throws {
    try session.lock(notificationsLock)
    let known: String? = try session.first("SELECT device_id FROM devices WHERE device_id = $1", [.text(device.text)])
    guard known == nil else { return }
    let count: Int = try session.required("SELECT count(*) FROM devices")
    guard count < limit else { throw DevicesFull() }
    try session.run(
      "INSERT INTO devices (device_id, created_at, updated_at) VALUES ($1, $2, $2)", [.text(device.text), .real(time)])
  }
}
