package import BenchEngine
package import Terminal

extension EngineError: ExitStating {
  package var exitStatus: ExitStatus {
    switch code {
    case .unresolvable, .unreachable, .tls: .targetNeverAnswered
    case .resources: .generatorBound
    case .system: .internal
    }
  }
}
