import Histograms

/// The last W seconds of one metric.
struct SlidingWindow: Sendable {
  /// What came between two observations.
  enum Added: Sendable {
    case times(Histogram.Counts)
    case share(hits: UInt64, total: UInt64)
    case events(UInt64)
    case users(ActiveUsers)
    /// All that has been so far.
    case time(UInt64, of: UInt64)

    init(_ samples: MetricSamples) {
      self =
        switch samples {
        case .times(let histogram): .times(Histogram.Counts(histogram))
        case .share(let hits, let total): .share(hits: hits, total: total)
        case .events(let count, _): .events(count)
        case .users(let users): .users(users)
        case .time(let part, let whole): .time(part, of: whole)
        }
    }
  }

  private struct Slice {
    var start: Double
    var end: Double
    var added: Added
  }

  let seconds: Double
  private var slices: [Slice] = []
  /// Of all slices: what was added is cheaper to take off than to add up anew each second.
  private var times = Histogram()
  private var last: Added?
  private var lastTime: Double = 0

  init(seconds: Double) { self.seconds = seconds.rounded(.up) }

  /// - Returns: whether this is a full window, and not the last one again.
  mutating func add(_ added: Added, at time: Double) -> Bool {
    guard time > lastTime else { return false }
    slices.append(Slice(start: lastTime, end: time, added: sinceLast(added)))
    if case .times(let counts) = added { times.add(counts) }
    last = added
    lastTime = time
    // Observations come once a second, give or take a few milliseconds: half a second tells them apart.
    while let first = slices.first, first.end <= time - seconds + 0.5 {
      if case .times(let counts) = first.added { times.remove(counts) }
      slices.removeFirst()
    }
    return !slices.isEmpty && time >= seconds - 0.5
  }

  /// From its first slice's beginning to its last one's end.
  var span: ClosedRange<Double> { (slices.first?.start ?? lastTime)...lastTime }

  /// - Parameter length: seconds that it counts as; its span if nil.
  func samples(over length: Double? = nil) -> MetricSamples {
    var hits: UInt64 = 0
    var total: UInt64 = 0
    var users = ActiveUsers()
    for slice in slices {
      switch slice.added {
      case .times: break
      case .share(let addedHits, let addedTotal):
        hits += addedHits
        total += addedTotal
      case .events(let count): total += count
      case .users(let added): users.add(added)
      case .time(let part, let whole):
        hits += part
        total += whole
      }
    }
    switch last {
    case .share?: return .share(hits: hits, total: total)
    case .events?: return .events(total, seconds: length ?? span.upperBound - span.lowerBound)
    case .users?: return .users(users)
    case .time?: return .time(min(hits, total), of: total)
    case .times?, nil: return .times(times)
    }
  }

  private func sinceLast(_ added: Added) -> Added {
    guard case .time(let part, let whole) = added, case .time(let partBefore, let wholeBefore)? = last else {
      return added
    }
    return .time(part - min(part, partBefore), of: whole - min(whole, wholeBefore))
  }
}
