/// Values by key, bounded in number and cost; the one used longest ago goes first.
struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  /// A place in the order of use, which is a ring: place 0 holds nothing, its `older` is the one used last and its `newer`
  /// the one used longest ago.
  private struct Place {
    var key: Key?
    var value: Value?
    var cost = 0
    var newer = 0
    var older = 0
  }

  let maximumCount: Int
  let maximumCost: Int
  private(set) var cost = 0
  private var index: [Key: Int] = [:]
  private var places = [Place()]
  private var free: [Int] = []

  init(maximumCount: Int, maximumCost: Int) {
    self.maximumCount = maximumCount
    self.maximumCost = maximumCost
  }

  var count: Int { index.count }

  /// Makes it the one used last.
  mutating func use(_ key: Key) -> Value? {
    guard let place = index[key] else { return nil }
    if places[0].older != place {
      unlink(place)
      link(place)
    }
    return places[place].value
  }

  /// Keeps it in place of what was there, unless it is too large to be worth it.
  mutating func insert(_ value: Value, for key: Key, cost new: Int) {
    if let old = index[key] { remove(old) }
    guard new <= maximumCost / 4 else { return }
    while !index.isEmpty, index.count >= maximumCount || cost + new > maximumCost { remove(places[0].newer) }
    let place = free.popLast() ?? places.count
    if place == places.count { places.append(Place()) }
    places[place].key = key
    places[place].value = value
    places[place].cost = new
    link(place)
    index[key] = place
    cost += new
  }

  private mutating func unlink(_ place: Int) {
    let (newer, older) = (places[place].newer, places[place].older)
    places[newer].older = older
    places[older].newer = newer
  }

  private mutating func link(_ place: Int) {
    let last = places[0].older
    places[place].newer = 0
    places[place].older = last
    places[last].newer = place
    places[0].older = place
  }

  private mutating func remove(_ place: Int) {
    unlink(place)
    cost -= places[place].cost
    if let key = places[place].key { index[key] = nil }
    places[place] = Place()
    free.append(place)
  }
}
