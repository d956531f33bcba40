import Addresses

/// Who is closed for whom: connections in the order in which they can be done without, all together and by address.
///
/// First those that never sent a whole request, the oldest first; then those between two requests, the one idle longest
/// first; those that are being answered last. Every change takes the same time, however many there are.
struct ConnectionOrder {
  enum Standing: Int, CaseIterable {
    /// No whole request has come yet.
    case unproven
    /// Between two requests.
    case idle
    /// A whole request has come, its answer has not been written.
    case answering
  }

  /// A place in a list; -1: none.
  private struct Links {
    var previous = -1
    var next = -1
  }

  private struct Ends {
    var first = -1
    var last = -1
  }

  private struct Slot {
    var standing = Standing.unproven
    /// Nil for one whose address is not counted.
    var site: IPAddress?
    var isTaken = false
    var links = Links()
    var siteLinks = Links()
  }

  private var slots: [Slot] = []
  private var free: [Int] = []
  private var ends = [Ends](repeating: Ends(), count: Standing.allCases.count)
  private var sites: [IPAddress: (count: Int, ends: [Ends])] = [:]

  private(set) var count = 0

  func count(of site: IPAddress) -> Int { sites[site]?.count ?? 0 }

  /// Takes in a connection that has just been opened.
  /// - Returns: its number, until it leaves.
  mutating func add(from site: IPAddress?) -> Int {
    let index = free.popLast() ?? slots.count
    if index == slots.count { slots.append(Slot()) }
    slots[index] = Slot(site: site, isTaken: true)
    count += 1
    if let site {
      sites[site, default: (0, [Ends](repeating: Ends(), count: Standing.allCases.count))].count += 1
    }
    link(index)
    return index
  }

  mutating func remove(_ index: Int) {
    guard slots[index].isTaken else { return }
    unlink(index)
    if let site = slots[index].site {
      sites[site]?.count -= 1
      if sites[site]?.count == 0 { sites[site] = nil }
    }
    slots[index] = Slot()
    free.append(index)
    count -= 1
  }

  /// Puts a connection at the end of those that stand alike.
  mutating func move(_ index: Int, to standing: Standing) {
    guard slots[index].isTaken else { return }
    unlink(index)
    slots[index].standing = standing
    link(index)
  }

  /// The connection that can be done without best.
  /// - Parameter index: one that is not to be it.
  func expendable(besides index: Int? = nil) -> Int? {
    for end in ends where end.first >= 0 {
      if end.first != index { return end.first }
      let next = slots[end.first].links.next
      if next >= 0 { return next }
    }
    return nil
  }

  /// The oldest of those that never sent a whole request.
  var unproven: Int? { ends[Standing.unproven.rawValue].first >= 0 ? ends[Standing.unproven.rawValue].first : nil }

  /// The same among those of one address.
  func expendable(of site: IPAddress) -> Int? { sites[site]?.ends.first { $0.first >= 0 }?.first }

  private mutating func link(_ index: Int) {
    let rank = slots[index].standing.rawValue
    slots[index].links = Links(previous: ends[rank].last)
    if ends[rank].last >= 0 { slots[ends[rank].last].links.next = index } else { ends[rank].first = index }
    ends[rank].last = index
    guard let site = slots[index].site, var own = sites[site]?.ends[rank] else { return }
    slots[index].siteLinks = Links(previous: own.last)
    if own.last >= 0 { slots[own.last].siteLinks.next = index } else { own.first = index }
    own.last = index
    sites[site]?.ends[rank] = own
  }

  private mutating func unlink(_ index: Int) {
    let (slot, rank) = (slots[index], slots[index].standing.rawValue)
    if slot.links.previous >= 0 {
      slots[slot.links.previous].links.next = slot.links.next
    } else {
      ends[rank].first = slot.links.next
    }
    if slot.links.next >= 0 {
      slots[slot.links.next].links.previous = slot.links.previous
    } else {
      ends[rank].last = slot.links.previous
    }
    guard let site = slot.site, var own = sites[site]?.ends[rank] else { return }
    if slot.siteLinks.previous >= 0 {
      slots[slot.siteLinks.previous].siteLinks.next = slot.siteLinks.next
    } else {
      own.first = slot.siteLinks.next
    }
    if slot.siteLinks.next >= 0 {
      slots[slot.siteLinks.next].siteLinks.previous = slot.siteLinks.previous
    } else {
      own.last = slot.siteLinks.previous
    }
    sites[site]?.ends[rank] = own
  }
}
