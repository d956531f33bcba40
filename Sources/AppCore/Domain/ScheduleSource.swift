/// Where the schedule comes from: the portal's pages, or anything that stands in for them.
package protocol ScheduleSource: Sendable {
  /// Reads all worksheets. A worksheet that can't be read becomes a warning and does not lose the others.
  /// - Throws: when the source as a whole can't be reached or holds no worksheet list.
  func read() async throws -> ScheduleReading
}

/// What one visit to the source yielded.
package struct ScheduleReading: Sendable, Equatable {
  package var days: [ScheduleDay]
  package var warnings: [Warning]

  package init(days: [ScheduleDay], warnings: [Warning] = []) {
    self.days = days
    self.warnings = warnings
  }

  package var rowCount: Int { days.reduce(0) { $0 + $1.duties.count } }

  /// Timings that say when in a way that could not be read; they are kept as text.
  package var unreadTimings: Int {
    days.reduce(0) { sum, day in
      sum + day.duties.count { !$0.timing.isEmpty && DutyTiming.parse($0.timing) == nil }
    }
  }

  /// Something that was not read, where, and what was seen instead.
  package struct Warning: Sendable, Equatable, CustomStringConvertible {
    /// The worksheet's name, or the page's URL.
    package var place: String
    package var message: String

    package init(place: String, message: String) {
      self.place = place
      self.message = message
    }

    package var description: String { "\(place): \(message)" }
  }
}
