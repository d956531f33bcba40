import COpenSSL

/// What a place knows of the parallel group that its iteration is in.
struct GroupState {
  /// Position of the next member to be sent.
  var next: Int32 = 0
  /// Position behind the last member.
  var end: Int32 = 0
  /// Members under way, and one while the first of them are being sent: the group can't end before it has begun.
  var underWay: Int32 = 0
  /// A member failed without an answer, or for want of a value that later steps need.
  var isBroken = false
  /// A connection is being given members: one that ends at once begins nothing by itself.
  var isGiving = false
}

/// Groups of steps that a user asks for at the same time, as a browser fetches what a page needs.
///
/// A place's own connection carries members too; its further lanes follow the places in the worker's table, each with
/// a connection and, for templates, request memory of its own. What a user knows stays with the place.
extension Worker {
  /// The place that a connection's index belongs to.
  @inline(__always)
  func owner(of index: Int) -> Int {
    index < connectionCount ? index : (index &- connectionCount) / lanesPerPlace
  }

  /// The index of a place's lane, counted from 0, which is the place itself.
  @inline(__always)
  private func index(ofLane lane: Int, _ place: Int) -> Int {
    lane == 0 ? place : connectionCount &+ place &* lanesPerPlace &+ lane &- 1
  }

  /// Begins the group whose first member is at the place's position.
  @inline(never)
  mutating func beginGroup(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, count: Int, connections width: Int,
    intended: UInt64, _ now: UInt64
  ) {
    guard let groups else { return }
    let first = connection.pointee.position
    groups[place] = GroupState(next: first, end: first &+ Int32(count), underWay: 1)
    connection.pointee.activity = .group
    var lane = 0
    while lane < width, groups[place].next < groups[place].end {
      let index = index(ofLane: lane, place)
      giveMembers(connections + index, index, place, intended: intended, now)
      lane &+= 1
    }
    groups[place].underWay &-= 1
    endGroupIfDone(place, now)
  }

  /// Gives a connection members until one is under way or none is left.
  private mutating func giveMembers(
    _ connection: UnsafeMutablePointer<Connection>, _ index: Int, _ place: Int, intended: UInt64, _ now: UInt64
  ) {
    guard let groups else { return }
    var intended = intended
    groups[place].isGiving = true
    repeat {
      beginMember(connection, index, place, intended: intended, now)
      intended = now
    } while connection.pointee.activity != .requesting && groups[place].next < groups[place].end
    groups[place].isGiving = false
  }

  private mutating func beginMember(
    _ connection: UnsafeMutablePointer<Connection>, _ index: Int, _ place: Int, intended: UInt64, _ now: UInt64
  ) {
    guard let groups else { return }
    let journey = compiled.journeys[Int(connections[place].journey)]
    connection.pointee.step = compiled.journeySteps[journey.firstStep + Int(groups[place].next)]
    groups[place].next &+= 1
    groups[place].underWay &+= 1
    beginRequest(connection, index, intended: intended, now)
  }

  /// The group that a connection's request is a member of is under way.
  @inline(__always)
  mutating func isInGroup(_ index: Int) -> Bool {
    guard let groups else { return false }
    return groups[owner(of: index)].underWay > 0
  }

  /// A member has ended. Its connection takes the next one; the group ends with its last.
  @inline(never)
  mutating func endMember(
    _ connection: UnsafeMutablePointer<Connection>, _ index: Int, isBroken: Bool, _ now: UInt64
  ) {
    guard let groups else { return }
    let place = owner(of: index)
    if isBroken { groups[place].isBroken = true }
    if isBroken || connection.pointee.iterationFailed { connections[place].iterationFailed = true }
    if index != place { connection.pointee.iterationFailed = false }
    connection.pointee.activity = index == place ? .group : .idle
    groups[place].underWay &-= 1
    if groups[place].isGiving { return }
    if groups[place].next < groups[place].end {
      giveMembers(connection, index, place, intended: now, now)
    }
    endGroupIfDone(place, now)
  }

  private mutating func endGroupIfDone(_ place: Int, _ now: UInt64) {
    guard let groups, groups[place].underWay == 0 else { return }
    let connection = connections + place
    if groups[place].isBroken {
      endFailedIteration(connection, place, now)
      return
    }
    // The pause after a group is its last member's.
    let journey = compiled.journeys[Int(connection.pointee.journey)]
    connection.pointee.position = groups[place].end
    connection.pointee.step = compiled.journeySteps[journey.firstStep + Int(groups[place].end) - 1]
    let think = thinkTime(connection)
    if states != nil { skipSteps(connection, place) }
    goOn(connection, place, after: think, now)
  }

  /// A place's further connections are closed, and what is under way on them is counted as interrupted.
  @inline(never)
  mutating func interruptLanes(_ place: Int) {
    for lane in 1..<(lanesPerPlace + 1) {
      let connection = connections + index(ofLane: lane, place)
      if connection.pointee.activity == .requesting { recordInterrupted(connection, place) }
      connection.pointee.activity = .idle
    }
  }

  @inline(never)
  mutating func closeLanes(_ place: Int) {
    for lane in 1..<(lanesPerPlace + 1) { closeLink(connections + index(ofLane: lane, place)) }
  }

  /// What a new TLS connection takes up: its own last session, or that of its user's first connection.
  mutating func makeSession(
    _ connection: UnsafeMutablePointer<Connection>, _ index: Int
  ) -> OpaquePointer? {
    let descriptor = connection.pointee.descriptor
    if let ticket = connection.pointee.ticket { return tls?.makeSession(on: descriptor, ticket: ticket) }
    guard index >= connectionCount, compiled.plan.endpoint.tls?.resumes == true else {
      return tls?.makeSession(on: descriptor)
    }
    // A copy: OpenSSL takes a TLS 1.3 session for used up once one connection has taken it up.
    let user = connections + owner(of: index)
    if let open = user.pointee.session, SSL_is_init_finished(open) == 1, let newest = SSL_get1_session(open) {
      connection.pointee.ticket = SSL_SESSION_dup(newest)
      SSL_SESSION_free(newest)
    } else if let ticket = user.pointee.ticket {
      connection.pointee.ticket = SSL_SESSION_dup(ticket)
    }
    if let copy = connection.pointee.ticket, SSL_SESSION_is_resumable(copy) == 0 {
      SSL_SESSION_free(copy)
      connection.pointee.ticket = nil
    }
    return tls?.makeSession(on: descriptor, ticket: connection.pointee.ticket)
  }
}
