/// A stretch of over a second in which a step's requests were open and none was answered, though enough answers were due.
package struct SilenceFigures: Codable, Sendable, Equatable {
  package var step: String
  /// Nil for a scenario without phases.
  package var phase: String?
  /// Since the run's start.
  package var startSeconds: Double
  package var endSeconds: Double
  /// How much of it is measured time.
  package var measuredSeconds: Double
  /// Answers that were due within, by the step's own rate before it or by the plan.
  package var due: Double
  /// Answers came again.
  package var isAnsweredAfter: Bool
  /// This host stood still meanwhile, the generator's control timer too: not the service's.
  package var isOfHost: Bool

  package init(
    step: String, phase: String?, startSeconds: Double, endSeconds: Double, measuredSeconds: Double, due: Double,
    isAnsweredAfter: Bool, isOfHost: Bool
  ) {
    self.step = step
    self.phase = phase
    self.startSeconds = startSeconds
    self.endSeconds = endSeconds
    self.measuredSeconds = measuredSeconds
    self.due = due
    self.isAnsweredAfter = isAnsweredAfter
    self.isOfHost = isOfHost
  }

  private enum CodingKeys: String, CodingKey {
    case step, phase, due
    case startSeconds = "start_s"
    case endSeconds = "end_s"
    case measuredSeconds = "measured_s"
    case isAnsweredAfter = "answered_after"
    case isOfHost = "of_host"
  }
}
