/// What one scrape did to the store.
package struct IngestOutcome: Sendable, Equatable {
  /// Raw values are the legacy API's strings.
  package enum Status: String, Sendable, CaseIterable {
    case success
    /// The source answered, but what it said was not believed: nothing was changed.
    case warning
    /// The source or the store failed: nothing was changed.
    case error
  }

  package var status: Status
  /// For anybody to read.
  package var message: String
  /// What went wrong inside, for the log only.
  package var cause: String?
  /// The store failed, not the source.
  package var isStoreFailure = false
  /// Rows read and stored; 0 unless `success`.
  package var count = 0
  package var change = ScheduleChange()
  /// Timings that were stored as text only.
  package var unreadTimings = 0
  /// What could not be read.
  package var warnings: [ScheduleReading.Warning] = []
  /// Rows in the store afterwards; nil when it could not be asked.
  package var storedRows: Int?
  /// Seconds since 1970.
  package var finishedAt: Double

  package init(
    status: Status, message: String, cause: String? = nil, isStoreFailure: Bool = false, count: Int = 0,
    change: ScheduleChange = ScheduleChange(),
    unreadTimings: Int = 0, warnings: [ScheduleReading.Warning] = [], storedRows: Int? = nil, finishedAt: Double
  ) {
    self.status = status
    self.message = message
    self.cause = cause
    self.isStoreFailure = isStoreFailure
    self.count = count
    self.change = change
    self.unreadTimings = unreadTimings
    self.warnings = warnings
    self.storedRows = storedRows
    self.finishedAt = finishedAt
  }
}
