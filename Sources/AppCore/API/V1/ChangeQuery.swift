import HTTPService

/// What `GET /v1/changes` is asked.
struct ChangeQuery: Equatable {
  static let parameters = ["since", "limit"]
  private static let usualLimit = 200

  enum Since: Equatable {
    /// Behind the change with that id.
    case change(Int64)
    /// From a moment on, in seconds since 1970.
    case time(Double)
  }

  var since = Since.change(0)
  var limit: Int

  /// - Throws: `HTTPProblem`, 422 with what was expected of which parameter.
  init(_ query: String?) throws(HTTPProblem) {
    let parameters = try KnownParameters(query, Self.parameters)
    limit = try parameters.number("limit", in: DutyQuery.limits) ?? Self.usualLimit
    guard let text = parameters["since"] else { return }
    if let id = Int64(text), id >= 0, text.first != "+" {
      since = .change(id)
    } else if let time = DutyQuery.moment(text) {
      since = .time(time)
    } else {
      throw KnownParameters.problem(
        "since",
        "the id of the last change that is known, or a moment such as 2026-11-23T20:00:00+05:30, was expected")
    }
  }

  /// The same for every query that means the same.
  var question: String {
    switch since {
    case .change(let id): "\(limit)\n\(id)"
    case .time(let time): "\(limit)\nat \(time)"
    }
  }
}
