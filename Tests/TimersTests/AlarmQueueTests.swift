import Synchronization
import Testing

@testable import Timers

struct AlarmQueueTests {
  @Test("what is due is taken by its time, then by its age; what was taken before isn't taken again")
  func order() {
    let done = Mutex<[String]>([])
    var queue = AlarmQueue()
    func add(_ name: String, due: Int64) -> UInt64 {
      let number = queue.reserve()
      queue.add(number, due: due) { done.withLock { $0.append(name) } }
      return number
    }
    let late = add("late", due: 30)
    _ = add("b", due: 20)
    _ = add("c", due: 20)
    let taken = add("taken", due: 5)
    _ = add("a", due: 10)
    #expect(queue.earliest == 5)
    #expect(queue.take(taken) != nil && queue.take(taken) == nil)
    #expect(queue.takeDue(at: 9).isEmpty && queue.earliest == 10)
    for action in queue.takeDue(at: 20) { action() }
    #expect(done.withLock { $0 } == ["a", "b", "c"])
    #expect(queue.earliest == 30 && queue.take(late) != nil && queue.earliest == nil)
  }

  @Test("time goes on with the clock, stands while it is set back, and passes with polls where the clock stands")
  func time() {
    var time = PolledTime(at: 1_000)
    time.advance(to: 1_500)
    #expect(time.now == 500)
    time.advance(to: 0)
    #expect(time.now == 500)
    time.advance(to: 100)
    #expect(time.now == 600)
    time.ranOut(since: 600, after: 1_000, clock: 100)
    #expect(time.now == 1_600)
    // A poll never runs out early: what the clock says counts where it is more.
    time.ranOut(since: 1_600, after: 1_000, clock: 2_100)
    #expect(time.now == 3_600)
  }
}
