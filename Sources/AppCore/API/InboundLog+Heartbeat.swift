import AppDomain
import Evidence
import Telemetry
package import Visits

extension InboundLog {
  /// What the service says of itself to a monitor: `docs/monitor.md`.
  /// - Parameter now: seconds since 1970.
  package func heartbeat(of boot: Boot, sequence: Int, state: Heartbeat.State, now: Double) -> Heartbeat {
    let visits = visits
    return Heartbeat(
      bootID: boot.id, sequence: sequence, state: state, sentAt: UTCInstant(seconds: now),
      startedAt: UTCInstant(seconds: boot.startedAt), readyAt: readyAt.map { UTCInstant(seconds: $0) },
      lastInboundAt: lastInboundAt.map { UTCInstant(seconds: $0) },
      lastProbeAt: lastOutsideProbeAt.map { UTCInstant(seconds: $0) }, inboundTotal: inboundTotal, visits: visits.all,
      earlyVisits: visits.early,
      firstRequest: firstRequest.map {
        Heartbeat.FirstRequest(at: UTCInstant(seconds: $0.at), path: $0.path, client: $0.client.rawValue)
      }, memory: ProcessMemory.peakBytes.map { Heartbeat.Memory(peak: $0) })
  }
}
