import Evidence
import Visits

extension Caller {
  /// Nil for one who may be a visitor, and for the load test, which is counted by itself.
  var setApart: (kind: Traffic.SetApart.Kind, name: String)? {
    switch self {
    case .browser, .program, .loadTest: nil
    case .monitor(let name): (.monitor, name)
    case .ownMonitor: (.monitor, "Outgrown's monitor")
    case .bot(let name): (.bot, name)
    case .platform(let name): (.platform, name)
    }
  }
}
