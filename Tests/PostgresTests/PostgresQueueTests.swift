import Foundation
import Synchronization
import TestSupport
import Testing
import Timers

@testable import Postgres

@Suite(.timeLimit(.minutes(2)))
struct PostgresQueueTests {
  /// Takes its time to close its connection, the first time.
  private final class SlowWorker: PostgresWorker {
    struct Gate: Sendable {
      let isClosing = DispatchSemaphore(value: 0)
      let mayClose = DispatchSemaphore(value: 0)
    }

    private let gate: Gate
    private var isFirst = true

    init(_ configuration: PostgresConfiguration, _ gate: Gate) {
      self.gate = gate
      super.init(configuration, pause: { _ in true }, onRetry: { _ in })
    }

    override func close() {
      super.close()
      guard isFirst else { return }
      isFirst = false
      gate.isClosing.signal()
      gate.mayClose.wait()
    }
  }

  private final class Count: Sendable {
    private let value = Atomic(0)
    func add() { value.add(1, ordering: .relaxed) }
    var number: Int { value.load(ordering: .relaxed) }
  }

  @Test("work that comes while the only thread closes its idle connection is done, and by that thread")
  func idleTimeOut() async throws {
    let queue = PostgresQueue(maximumThreads: 1, idleTime: .milliseconds(1))
    let configuration = try PostgresConfiguration(url: "postgres://127.0.0.1:9/none")
    let gate = SlowWorker.Gate()
    let (done, made) = (Count(), Count())
    let submit = { @Sendable in
      queue.submit(PostgresJob(deadline: .now + .seconds(60))) { _ in
        done.add()
      } makeWorker: {
        made.add()
        return SlowWorker(configuration, gate)
      }
    }
    submit()
    await withCheckedContinuation { continuation in
      Thread {
        gate.isClosing.wait()
        submit()
        gate.mayClose.signal()
        continuation.resume()
      }.start()
    }
    #expect(await Waiting.until(upTo: 10) { done.number == 2 })
    #expect(made.number == 1)
    await queue.close()
  }

  @Test("where the kernel has no thread for a connection, work is refused rather than kept waiting")
  func noThread() async throws {
    let hasThreads = Atomic(false)
    let queue = PostgresQueue(maximumThreads: 1) { run throws(ThreadError) in
      guard hasThreads.load(ordering: .relaxed) else { throw ThreadError("none left") }
      try OwnThread.detached(run)
    }
    let configuration = try PostgresConfiguration(url: "postgres://127.0.0.1:9/none")
    @Sendable func result() async -> Result<Void, PostgresError> {
      await withCheckedContinuation { continuation in
        queue.submit(PostgresJob(deadline: .now + .seconds(60))) { result in
          continuation.resume(returning: result.map { _ in })
        } makeWorker: {
          PostgresWorker(configuration, pause: { _ in true }, onRetry: { _ in })
        }
      }
    }
    guard case .failure(let error) = await result() else {
      Issue.record("the work was taken")
      return
    }
    #expect(error.code == .busy && error.message.contains("none left"))
    hasThreads.store(true, ordering: .relaxed)
    let later = await result()
    #expect(throws: Never.self) { try later.get() }
    await queue.close()
  }
}
