import COpenSSL
import Glibc

/// Open connections without a user, for whoever asks next: a stack, so that the ones that are not needed grow old.
struct ParkedLinks: ~Copyable {
  struct Entry {
    var descriptor: Int32
    var session: OpaquePointer?
    /// What the kernel's events about it carry: the last user's.
    var eventData: UInt64
    /// As the connection's.
    var connectTime: UInt64
  }

  private let entries: UnsafeMutablePointer<Entry>
  private let capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = capacity
    entries = .allocate(capacity: capacity)
  }

  deinit {
    for index in 0..<count {
      if let session = entries[index].session { SSL_free(session) }
      close(entries[index].descriptor)
    }
    entries.deallocate()
  }

  /// - Returns: false when there is no room.
  mutating func push(_ entry: Entry) -> Bool {
    guard count < capacity else { return false }
    (entries + count).initialize(to: entry)
    count += 1
    return true
  }

  mutating func pop() -> Entry? {
    guard count > 0 else { return nil }
    count -= 1
    return entries[count]
  }

  /// Takes out the one that an event is about; nil when it has a user again, or is gone.
  mutating func remove(eventData: UInt64) -> Entry? {
    guard let index = (0..<count).first(where: { entries[$0].eventData == eventData }) else { return nil }
    let entry = entries[index]
    count -= 1
    for later in index..<count { entries[later] = entries[later + 1] }
    return entry
  }
}
