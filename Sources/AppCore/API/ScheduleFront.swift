package import HTTPService
import HTTPTypes
import NIOCore

/// Answers what is asked most, the schedule, in front of the router as long as the answer is kept. What it tells the inbound
/// log and counts is what the router's way would.
package struct ScheduleFront: FrontAnswers {
  private let answers: AnswerCache
  private let inbound: InboundLog
  private let proxies: TrustedProxies
  private let now: @Sendable () -> Double

  /// - Parameter now: seconds since 1970.
  package init(
    answers: AnswerCache, inbound: InboundLog, proxies: TrustedProxies, now: @escaping @Sendable () -> Double
  ) {
    self.answers = answers
    self.inbound = inbound
    self.proxies = proxies
    self.now = now
  }

  package func answer(to request: FrontRequest) -> FrontAnswer? {
    guard let key = key(of: request), let kept = answers.kept(key) else { return nil }
    inbound.record(
      path: request.path, agent: request.userAgent, peer: request.peer,
      forwarded: request.forwardedFor.map { [$0] } ?? [], proxies)
    let reply = kept.reply(acceptEncoding: request.acceptEncoding, ifNoneMatch: request.ifNoneMatch)
    return FrontAnswer(
      status: reply.status, headers: reply.headers, body: reply.body ?? ByteBuffer(), route: request.path)
  }

  /// Nil for what else can be asked, and what is asked wrong.
  private func key(of request: FrontRequest) -> AnswerCache.Key? {
    switch request.path {
    case "/schedules": try? ScheduleAPI.key(request.query)
    case "/v1/schedules": try? .init(.duties, DutyQuery(request.query, now: now()).question)
    default: nil
    }
  }
}
