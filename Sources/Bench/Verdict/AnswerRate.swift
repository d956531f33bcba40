import Statistics

/// How often a step has been answered lately: medians over at most two minutes of spans, so that neither a burst nor a
/// stall moves them.
struct AnswerRate: Sendable {
  private static let limit = 120

  private var perSecond: [Double] = []
  private var perUser: [Double] = []
  private var next = 0

  var isEmpty: Bool { perSecond.isEmpty }

  /// - Parameter users: who could ask at the span's end; 0 where that isn't known.
  mutating func add(answers: UInt64, seconds: Double, users: Int) {
    guard seconds > 0 else { return }
    let rate = Double(answers) / seconds
    let share = users > 0 ? rate / Double(users) : rate
    if perSecond.count < Self.limit {
      perSecond.append(rate)
      perUser.append(share)
    } else {
      perSecond[next] = rate
      perUser[next] = share
      next = (next + 1) % Self.limit
    }
  }

  /// Answers a second, and answers a second of each user.
  var medians: (perSecond: Double, perUser: Double) {
    (SortedSample(perSecond).median ?? 0, SortedSample(perUser).median ?? 0)
  }
}
