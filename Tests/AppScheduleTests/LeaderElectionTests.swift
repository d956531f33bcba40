import AppDomain
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import AppSchedule

@Suite(.timeLimit(.minutes(1)))
struct LeaderElectionTests {
  /// Gives what it is told to, in order; the last answer repeats.
  private final class Store: LeaderStore {
    struct Down: Error {}

    let answers: Mutex<[Result<LeaderTerm?, Down>]>
    let resigned = Mutex<[LeaderTerm]>([])

    init(_ answers: [Result<LeaderTerm?, Down>]) { self.answers = Mutex(answers) }

    private func next() throws -> LeaderTerm? {
      try answers.withLock { answers in answers.count > 1 ? answers.removeFirst() : answers[0] }.get()
    }

    func lead(as holder: String, lease: Duration) async throws -> LeaderTerm? { try next() }
    func leader() async throws -> LeaderTerm? { nil }
    func resign(_ term: LeaderTerm) async throws { resigned.withLock { $0.append(term) } }
  }

  private static func term(_ epoch: Int64) -> LeaderTerm { LeaderTerm(holder: "a", epoch: epoch, expiresAt: 0) }

  @Test("tells of a lead that is won, kept, lost and won again, and gives it back at the end")
  func course() async throws {
    let store = Store([
      .failure(.init()), .success(nil), .success(Self.term(3)), .success(Self.term(3)), .failure(.init()),
      .success(nil), .success(Self.term(5)),
    ])
    let seat = LeaderSeat()
    let told = Mutex<[Int64?]>([])
    let (won, signal) = AsyncStream<Void>.makeStream()
    let election = LeaderElection(
      holder: "a", store: store, seat: seat, logger: silentLogger, wait: { _ in await Task.yield() },
      onChange: { term in
        told.withLock { $0.append(term?.epoch) }
        if term?.epoch == 5 { signal.finish() }
      })
    let group = ServiceGroup(services: [election], logger: silentLogger)
    async let running: Void = group.run()
    for await _ in won {}
    #expect(seat.term?.epoch == 5)
    await group.triggerGracefulShutdown()
    try await running
    #expect(told.withLock { $0 } == [3, nil, 5])
    #expect(store.resigned.withLock { $0 } == [Self.term(5)])
    #expect(seat.term == nil)
  }

  @Test("the lead is given back also when another service has failed, and all are cancelled")
  func failure() async throws {
    let store = Store([.success(Self.term(3))])
    let (won, signal) = AsyncStream<Void>.makeStream()
    let election = LeaderElection(
      holder: "a", store: store, seat: LeaderSeat(), logger: silentLogger, wait: { _ in await Task.yield() },
      onChange: { if $0 != nil { signal.finish() } })
    let group = ServiceGroup(services: [election, Failing(begins: won)], logger: silentLogger)
    await #expect(throws: Store.Down.self) { try await group.run() }
    #expect(store.resigned.withLock { $0 } == [Self.term(3)])
  }

  private struct Failing: Service {
    let begins: AsyncStream<Void>

    func run() async throws {
      for await _ in begins {}
      throw Store.Down()
    }
  }

  @Test("a term counts no longer than its lease, whatever the store would say")
  func expiry() {
    let seat = LeaderSeat()
    seat.set(Self.term(1), validUntil: .now - .seconds(1))
    #expect(seat.term == nil)
    seat.set(Self.term(1), validUntil: .now + .seconds(60))
    #expect(seat.term == Self.term(1))
  }
}
