import BenchEngine
import Histograms
import Measures

/// Listens to one step of one load: folds spans into silences, and into what a closed model's users withheld in them.
///
/// A silence is settled one span after its end, when this host's own gaps up to then are known.
struct StepSilence: Sendable {
  let step: Int
  /// When the load's warm-up and its planned time end, nanoseconds since its start.
  let warmUpEnd: UInt64
  let plannedEnd: UInt64
  /// Open model: how many answers the plan has due between two times; nil for a closed one.
  let planned: PlannedAnswers?

  private var rate = AnswerRate()
  private var hasAnswered = false
  /// A silence, perhaps: not yet told from a pause.
  private var stretch: Stretch?
  /// Ended by failures, with fewer answers due than a pause may have: silences if nothing is answered any more.
  private var doubtful: [Stretch] = []
  /// Ended in the last span.
  private var fresh: [Stretch] = []
  private var settled: [Stretch] = []
  /// Entries for requests that were not made, by time: all so far, and those since `lately` was emptied.
  private(set) var withheld = Histogram()
  var lately = Histogram()

  init(step: Int, warmUpEnd: UInt64, plannedEnd: UInt64, planned: PlannedAnswers?) {
    self.step = step
    self.warmUpEnd = warmUpEnd
    self.plannedEnd = plannedEnd
    self.planned = planned
  }

  struct Stretch: Sendable {
    var start: UInt64
    /// So far.
    var end: UInt64
    /// At its beginning.
    var perSecond: Double
    var perUser: Double
    /// Who could ask.
    var users: Int
    var due = 0.0
    var isAnsweredAfter = false
    var isOfHost = false
    /// Rates of spans within, for the history if it is none.
    var heldBack: [(answers: UInt64, seconds: Double, users: Int)] = []
    /// Attempts that overlap it.
    var attempts: [SlowAttempt] = []

    /// How often each user would have asked: by Little's law, users over answers a second.
    var cycle: Double? {
      let rate = min(perSecond, perUser * Double(users))
      return rate > 0 && users > 0 ? Double(users) / rate * 1e9 : nil
    }
  }

  // MARK: Folding

  mutating func observe(_ span: LoadSpan, gaps: [HostGap]) {
    settle(gaps)
    let activity = span.activity[step]
    let begun = stretch != nil
    if var open = stretch {
      // Counts that come late are of the time before.
      if let first = activity.firstAnswer, let last = activity.lastAnswer, last > open.start {
        extend(&open, to: max(first, open.start), users: span.active)
        end(open, isAnsweredAfter: true)
      } else if activity.open > 0 || !span.isComplete {
        if span.isComplete { extend(&open, to: span.end, users: span.active) }
        stretch = open
      } else {
        end(open, isAnsweredAfter: false)
      }
    }
    note(activity, of: span, begun: begun)
    if stretch == nil, activity.open > 0, span.isComplete, let oldest = activity.oldestOpen, hasAnswered {
      let start = max(oldest, activity.lastAnswer ?? lastAnswer)
      let medians = rate.medians
      var begun = Stretch(
        start: start, end: start, perSecond: medians.perSecond, perUser: medians.perUser, users: span.active)
      extend(&begun, to: span.end, users: span.active)
      stretch = begun
    }
    if let last = activity.lastAnswer { lastAnswer = max(lastAnswer, last) }
    for attempt in span.slow where attempt.step == step { take(attempt) }
  }

  private var lastAnswer: UInt64 = 0

  /// The run is over: what lasted is judged as such.
  mutating func finish(gaps: [HostGap]) {
    if let stretch { end(stretch, isAnsweredAfter: false) }
    stretch = nil
    for stretch in doubtful where stretch.due >= Silence.leastDue { fresh.append(stretch) }
    doubtful = []
    settle(gaps)
  }

  private mutating func extend(_ stretch: inout Stretch, to end: UInt64, users: Int) {
    let from = min(stretch.end, plannedEnd)
    stretch.end = max(stretch.end, end)
    let to = min(stretch.end, plannedEnd)
    if let planned {
      stretch.due += planned.count(from: from, to: to)
    } else {
      // Fewer users ask less, and more of them need not be answered more often.
      let rate = min(stretch.perSecond, stretch.perUser * Double(users))
      stretch.due += rate * Double(to - from) / 1e9
    }
  }

  private mutating func end(_ ended: Stretch, isAnsweredAfter: Bool) {
    var ended = ended
    ended.isAnsweredAfter = isAnsweredAfter
    stretch = nil
    let isLong = ended.end > ended.start + Silence.shortest
    if isLong, ended.due >= Silence.leastDueBeforeAnswers {
      fresh.append(ended)
    } else if isLong, !isAnsweredAfter, doubtful.count < 100 {
      doubtful.append(ended)
    } else {
      for held in ended.heldBack { rate.add(answers: held.answers, seconds: held.seconds, users: held.users) }
    }
    if isAnsweredAfter { doubtful = [] }
  }

  /// The span's rate, into the history.
  private mutating func note(_ activity: StepActivity, of span: LoadSpan, begun: Bool) {
    guard span.isComplete, span.end > span.start else { return }
    if activity.answers > 0 { hasAnswered = true }
    let seconds = Double(span.end - span.start) / 1e9
    if begun, stretch != nil {
      if stretch?.heldBack.count ?? 0 < 120 {
        stretch?.heldBack.append((activity.answers, seconds, span.active))
      }
      return
    }
    // A span that a stretch begins or ends in counts as far as answers came.
    let isOpen = activity.open > 0 && activity.lastAnswer.map { span.end > $0 + Silence.shortest / 4 } ?? false
    if !begun, !isOpen, seconds >= 0.5 {
      if activity.answers > 0 || activity.open > 0 || !rate.isEmpty {
        rate.add(answers: activity.answers, seconds: seconds, users: span.active)
      }
    } else if rate.isEmpty, let last = activity.lastAnswer, last > span.start {
      rate.add(answers: activity.answers, seconds: Double(last - span.start) / 1e9, users: span.active)
    }
  }

  // MARK: What was withheld

  private mutating func take(_ attempt: SlowAttempt) {
    if let index = fresh.indices.first(where: { Self.overlaps(attempt, fresh[$0]) }) {
      fresh[index].attempts.append(attempt)
    } else if let past = settled.last(where: { Self.overlaps(attempt, $0) }) {
      if !past.isOfHost { enter(attempt, past) }
    } else if stretch.map({ attempt.ended > $0.start }) ?? false {
      stretch?.attempts.append(attempt)
    } else if let index = doubtful.indices.last(where: { Self.overlaps(attempt, doubtful[$0]) }) {
      doubtful[index].attempts.append(attempt)
    }
  }

  private static func overlaps(_ attempt: SlowAttempt, _ stretch: Stretch) -> Bool {
    attempt.intended < stretch.end && attempt.ended > stretch.start
  }

  private mutating func settle(_ gaps: [HostGap]) {
    for var stretch in fresh {
      let stood = gaps.reduce(UInt64(0)) { sum, gap in
        let from = max(gap.start, stretch.start)
        let to = min(gap.end, stretch.end)
        return sum + (to > from ? to - from : 0)
      }
      stretch.isOfHost = stood * 2 >= stretch.end - stretch.start
      if !stretch.isOfHost { for attempt in stretch.attempts { enter(attempt, stretch) } }
      stretch.attempts = []
      stretch.heldBack = []
      settled.append(stretch)
    }
    fresh = []
  }

  /// An attempt is entered once more for each cycle of its user that it covered, with the time that was left of it.
  ///
  /// Source: HdrHistogram, `recordValueWithExpectedInterval`.
  private mutating func enter(_ attempt: SlowAttempt, _ stretch: Stretch) {
    guard planned == nil, let cycle = stretch.cycle, cycle >= 1 else { return }
    let end = Double(min(stretch.end, plannedEnd))
    let first = Double(max(stretch.start, warmUpEnd))
    var count = 1.0
    if first > Double(attempt.intended) {
      count = max(1, ((first - Double(attempt.intended)) / cycle).rounded(.up))
    }
    while true {
      let time = Double(attempt.intended) + count * cycle
      guard time < end else { return }
      count += 1
      if attempt.hasTime {
        let left = Double(attempt.ended) - time
        guard left >= cycle else { return }
        withheld.record(UInt64(left))
        lately.record(UInt64(left))
      } else {
        withheld.recordUnanswered()
        lately.recordUnanswered()
      }
    }
  }

  // MARK: What was found

  /// - Parameter offset: when the load began, nanoseconds since the run's start.
  func silences(phase: Int?, offset: UInt64) -> [Silence] {
    var found = settled + fresh
    if let stretch, stretch.end > stretch.start + Silence.shortest, stretch.due >= Silence.leastDueBeforeAnswers {
      found.append(stretch)
    }
    return found.map { stretch in
      let from = min(max(stretch.start, warmUpEnd), plannedEnd)
      let to = max(from, min(stretch.end, plannedEnd))
      var silence = Silence(
        step: step, phase: phase, start: stretch.start + offset, end: stretch.end + offset,
        measured: (from + offset)..<(to + offset), due: stretch.due, isAnsweredAfter: stretch.isAnsweredAfter)
      silence.isOfHost = stretch.isOfHost
      return silence
    }
  }
}
