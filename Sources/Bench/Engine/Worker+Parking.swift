import CLinux
import COpenSSL
import Glibc
import Measures

/// Connections that users give back after each answer and take when they ask.
extension Worker {
  /// Gives the connection back, which must be open and between two requests.
  mutating func park(_ connection: UnsafeMutablePointer<Connection>, _ place: Int) {
    guard parked != nil, connection.pointee.link == .open else { return }
    let entry = ParkedLinks.Entry(
      descriptor: connection.pointee.descriptor, session: connection.pointee.session,
      eventData: Self.eventData(connection, place), connectTime: connection.pointee.connectTime)
    guard !connection.pointee.wantsWrite, parked?.push(entry) == true else {
      closeLink(connection)
      return
    }
    connection.pointee.session = nil
    connection.pointee.descriptor = -1
    connection.pointee.link = .none
    connection.pointee.deadline = .max
  }

  /// Takes the connection that was given back last, if there is one.
  mutating func adopt(_ connection: UnsafeMutablePointer<Connection>, _ place: Int) {
    guard parked != nil, connection.pointee.link == .none, let entry = parked?.pop() else { return }
    connection.pointee.descriptor = entry.descriptor
    connection.pointee.session = entry.session
    connection.pointee.link = .open
    connection.pointee.connectTime = entry.connectTime
    connection.pointee.isReused = true
    connection.pointee.wantsWrite = false
    connection.pointee.crossing = .none
    guard entry.eventData != Self.eventData(connection, place) else { return }
    connection.pointee.generation &+= 1
    var event = epoll_event()
    event.events = Self.readEvents
    event.data.u64 = Self.eventData(connection, place)
    epoll_ctl(poll, EPOLL_CTL_MOD, entry.descriptor, &event)
  }

  /// The peer has closed a connection that nobody has, or said something that nobody asked for.
  @inline(never)
  mutating func dropParked(_ eventData: UInt64) {
    guard let entry = parked?.remove(eventData: eventData) else { return }
    snapshot.connections.closedIdle &+= 1
    // Its last user's place answers for it.
    if case .said(let count) = listen(entry.descriptor, entry.session), !isFarewell(count) {
      connections[Int(eventData & 0xFFFF_FFFF)].hasStray = true
    }
    if let session = entry.session { SSL_free(session) }
    close(entry.descriptor)
  }
}
