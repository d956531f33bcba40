/// Who calls, as far as a User-Agent says.
package enum Caller: Sendable, Equatable {
  /// A visitor until the rhythm says otherwise.
  case browser
  /// An application or a script, or nobody who says who he is: a visitor until the rhythm says otherwise.
  case program
  case monitor(name: String)
  case bot(name: String)
  /// The platform's own check, which resets no idle clock.
  case platform(name: String)
  /// The load of `outgrown bench`: no visitor, though it resets the idle clock like anybody.
  case loadTest
  /// `outgrown monitor` itself.
  case ownMonitor

  package init(agent: LogBytes) { self = CallerRules.caller(agent) }

  package init(agent: String?) { self = CallerRules.caller(Array((agent ?? "").utf8)[...]) }

  /// Whether its requests may be a person's.
  package var isVisitor: Bool { self == .browser || self == .program }
}
