import Addresses
import HummingbirdCore
import NIOCore
import Synchronization

/// The connections of one server, never more than there are descriptors for: at the cap, the one that can be done without
/// best is closed for the new one.
///
/// Accepting pauses only for as long as that takes: whoever comes then waits a moment, and nobody is locked out.
final class ConnectionTable: Sendable {
  private struct State {
    var order = ConnectionOrder()
    var channels: [Int: any Channel] = [:]
    /// Sockets that were accepted and are not closed yet.
    var open = 0
    /// Of these, those that are not set up yet.
    var arriving = 0
  }

  let cap: Int
  /// The most that one address may have.
  let addressCap: Int
  private let proxies: TrustedProxies
  private let state = Mutex(State())

  init(cap: Int, proxies: TrustedProxies) {
    self.cap = cap
    addressCap = max(1, cap / 4)
    self.proxies = proxies
  }

  var hasRoom: Bool { state.withLock { $0.open < cap } }

  /// A socket was accepted. A burst of sockets that are not set up yet costs nobody who has asked for something his
  /// connection: first they stand among the others.
  func opened() {
    let victims = state.withLock { state in
      state.open += 1
      state.arriving += 1
      var victims: [any Channel] = []
      while state.order.count + state.arriving >= cap, let next = state.order.unproven,
        let channel = Self.giveUp(next, &state)
      {
        victims.append(channel)
      }
      return victims
    }
    for victim in victims { victim.triggerUserOutboundEvent(ClosedForAnother(), promise: nil) }
  }

  func closed() { state.withLock { $0.open -= 1 } }

  /// A socket was closed before it was set up.
  func abandoned() { state.withLock { $0.arriving -= 1 } }

  /// Takes in a connection that was set up; on its event loop.
  /// - Returns: its number.
  func add(_ channel: any Channel) -> Int {
    let address = channel.remoteAddress.flatMap(IPAddress.init(_:))
    let site = address.flatMap { $0.isLoopback || proxies.contains($0) ? nil : $0.site }
    let (number, victims) = state.withLock { state in
      var victims: [any Channel] = []
      state.arriving -= 1
      if let site, state.order.count(of: site) >= addressCap, let own = state.order.expendable(of: site) {
        if let channel = Self.giveUp(own, &state) { victims.append(channel) }
      }
      let number = state.order.add(from: site)
      state.channels[number] = channel
      victims += Self.makeRoom(&state, cap, for: number)
      return (number, victims)
    }
    for victim in victims { victim.triggerUserOutboundEvent(ClosedForAnother(), promise: nil) }
    return number
  }

  func move(_ number: Int, _ channel: any Channel, to standing: ConnectionOrder.Standing) {
    state.withLock { state in
      guard state.channels[number] === channel else { return }
      state.order.move(number, to: standing)
    }
  }

  /// A connection has ended.
  func remove(_ number: Int, _ channel: any Channel) {
    state.withLock { state in
      // Else it was closed for another, and its number may be that one's.
      guard state.channels[number] === channel else { return }
      state.channels[number] = nil
      state.order.remove(number)
    }
  }

  /// Room for one more, now that this one is there. While others are on their way, they are weighed first.
  private static func makeRoom(_ state: inout State, _ cap: Int, for number: Int) -> [any Channel] {
    var victims: [any Channel] = []
    while state.order.count + state.arriving >= cap {
      var next = state.order.expendable()
      if next == number { next = state.arriving == 0 ? state.order.expendable(besides: number) : nil }
      guard let next, let channel = giveUp(next, &state) else { break }
      victims.append(channel)
    }
    return victims
  }

  private static func giveUp(_ number: Int, _ state: inout State) -> (any Channel)? {
    guard let channel = state.channels.removeValue(forKey: number) else { return nil }
    state.order.remove(number)
    return channel
  }
}

/// Counts sockets where they are accepted, before anything is made for them.
struct ConnectionGate: AvailableConnectionsDelegate {
  let table: ConnectionTable

  mutating func connectionOpened() { table.opened() }
  mutating func connectionClosed() { table.closed() }
  func isAcceptingNewConnections() -> Bool { table.hasRoom }
}

extension IPAddress {
  init?(_ address: SocketAddress) {
    guard let parsed = address.withSockAddr({ pointer, _ in IPAddress(pointer) }) else { return nil }
    self = parsed
  }
}
